import { NewEvent, Trace } from '../../../src/local/events/trace';

const warning = (text: string): NewEvent => ({ type: 'warning', text });
const texts = (trace: Trace) => trace.events().map((event) => event.type === 'warning' && event.text);

test('events have the time at which they happened', () => {
  let time = 0;
  const trace = new Trace(() => ++time);
  trace.add(warning('one'));
  trace.add(warning('two'));

  expect(trace.events()).toEqual([{ time: 1, ...warning('one') }, { time: 2, ...warning('two') }]);
});

test('what is asked for does not change with what happens', () => {
  const trace = new Trace(Date.now);
  const before = trace.events();
  trace.add(warning('one'));

  expect(before).toEqual([]);
});

describe('the oldest are forgotten', () => {
  test('after ten thousand, and never the last thousands', () => {
    const trace = new Trace(Date.now);
    for (let count = 0; count < 30_000; count++) {
      trace.add(warning(String(count)));
      expect(trace.events().length).toBeLessThanOrEqual(10_000);
    }

    expect(texts(trace).slice(-5000)).toEqual(Array.from({ length: 5000 }, (_, index) => String(25_000 + index)));
  });

  test('where they are long: 16 million characters are kept', () => {
    const trace = new Trace(Date.now);
    for (let count = 0; count < 100; count++) { trace.add(warning('x'.repeat(1_000_000))); }

    expect(texts(trace).join('').length).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(trace.events().length).toBeGreaterThanOrEqual(8);
  });
});

describe('who listens', () => {
  test('hears what comes from then on, until it listens no more', () => {
    const trace = new Trace(Date.now);
    const heard: string[] = [];
    trace.add(warning('before'));
    const stop = trace.listen((event) => heard.push(event.type === 'warning' ? event.text : ''));
    trace.add(warning('while'));
    stop();
    trace.add(warning('after'));

    expect(heard).toEqual(['while']);
  });

  test('and fails, is told so, and keeps no other from hearing', () => {
    const nextTick = jest.spyOn(process, 'nextTick').mockImplementation(() => undefined);
    const trace = new Trace(Date.now);
    const heard = jest.fn();
    trace.listen(() => { throw new Error('a fault of who listens'); });
    trace.listen(heard);
    trace.add(warning('one'));
    const [thrown] = nextTick.mock.calls.map(([callback]) => callback as () => void);
    nextTick.mockRestore();

    expect(heard).toHaveBeenCalledTimes(1);
    expect(thrown).toThrow('a fault of who listens');
  });
});
