import { Deadline } from '../../../../src/local/lambda/process/deadline';

let deadline: Deadline;
let done: string[];

beforeEach(() => {
  jest.useFakeTimers();
  deadline = new Deadline();
  done = [];
});
afterEach(() => jest.useRealTimers());

const set = (millis: number, what = 'done') => deadline.set(millis, () => done.push(what));

test('what is to be done is done at its time, and once', () => {
  set(1000);
  jest.advanceTimersByTime(999);
  expect(done).toEqual([]);
  jest.advanceTimersByTime(5000);
  expect(done).toEqual(['done']);
});

test('it is put off', () => {
  set(1000, 'first');
  jest.advanceTimersByTime(600);
  set(1000, 'second');
  jest.advanceTimersByTime(999);
  expect(done).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(done).toEqual(['second']);
});

test('it is brought forward', () => {
  set(1000, 'first');
  set(10, 'second');
  jest.advanceTimersByTime(10);
  expect(done).toEqual(['second']);
  jest.advanceTimersByTime(5000);
  expect(done).toEqual(['second']);
});

test('it is called off, and set again', () => {
  set(1000, 'first');
  deadline.clear();
  jest.advanceTimersByTime(5000);
  expect(done).toEqual([]);
  set(1000, 'second');
  jest.advanceTimersByTime(1000);
  expect(done).toEqual(['second']);
});

test('one that is put off again and again has one timer', () => {
  for (let count = 0; count < 100; count++) {
    set(1000);
    deadline.clear();
  }
  expect(jest.getTimerCount()).toBe(1);
  deadline.end();
  expect(jest.getTimerCount()).toBe(0);
});
