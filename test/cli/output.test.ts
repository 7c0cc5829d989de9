import { Output } from '../../src/cli/output';

const ERASE = '\r\u001b[K';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function outputOn({ isTTY = true, columns = 80 } = {}, footer?: (columns: number) => string) {
  const written: string[] = [];
  const output = new Output({ isTTY, columns, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream, footer);
  return { output, written };
}

test('what is printed at about the same time is written at once', () => {
  const { output, written } = outputOn();
  output.print('one');
  output.print('two');
  jest.runAllTimers();
  output.print('three');
  jest.runAllTimers();

  expect(written).toEqual(['one\ntwo\n', 'three\n']);
});

test('a text that takes time to compose is composed later, in its place, and may be none', () => {
  const { output, written } = outputOn();
  const compose = jest.fn(() => 'two');
  output.print('one');
  output.print(compose);
  output.print(() => undefined);
  output.print('three');
  expect(compose).not.toHaveBeenCalled();
  jest.runAllTimers();

  expect(written).toEqual(['one\ntwo\nthree\n']);
});

test('on a terminal, the footer is the last line, and there once', () => {
  const { output, written } = outputOn({ columns: 40 }, (columns) => `footer of ${columns}`);
  output.print('one');
  jest.runAllTimers();
  output.print('two');
  jest.runAllTimers();

  expect(written).toEqual(['one\nfooter of 39', `${ERASE}two\nfooter of 39`]);
});

test('elsewhere, the footer comes again from time to time, and nothing is erased', () => {
  const { output, written } = outputOn({ isTTY: false }, () => 'footer');
  for (let line = 0; line < 1200; line++) { output.print('x'); }
  jest.runAllTimers();

  expect(written.join('').split('\n').filter((line) => line === 'footer')).toHaveLength(2);
  expect(written.join('')).not.toContain(ERASE);
});
