import { ManualClock, RealClock } from '../../src/local/clock';

describe('a manual clock', () => {
  test('stands still until it is advanced', () => {
    const clock = new ManualClock(1000);
    const called = jest.fn();
    clock.after(10, called);

    expect(clock.now()).toBe(1000);
    clock.advance(9);
    expect(called).not.toHaveBeenCalled();
    clock.advance(1);
    expect(called).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBe(1010);
  });

  test('calls back in the order of time, each at its own', () => {
    const clock = new ManualClock(0);
    const calls: Array<[string, number]> = [];
    clock.after(20, () => calls.push(['second', clock.now()]));
    clock.after(10, () => {
      calls.push(['first', clock.now()]);
      clock.after(5, () => calls.push(['between', clock.now()]));
    });
    clock.advance(100);

    expect(calls).toEqual([['first', 10], ['between', 15], ['second', 20]]);
  });

  test.each([-1, NaN, Infinity])('cannot be advanced by %p', (milliseconds) => {
    expect(() => new ManualClock(0).advance(milliseconds)).toThrow(`a clock cannot be advanced by \`${milliseconds}\`: say how many milliseconds pass`);
  });

  test('forgets what is cancelled', () => {
    const clock = new ManualClock(0);
    const called = jest.fn();
    clock.after(10, called)();
    clock.advance(100);

    expect(called).not.toHaveBeenCalled();
  });
});

describe('the real clock', () => {
  test('tells the time', () => {
    const before = Date.now();
    const now = new RealClock().now();

    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  test('calls back, unless it is cancelled', async () => {
    const clock = new RealClock();
    const cancelled = jest.fn();
    clock.after(0, cancelled)();
    await new Promise<void>((resolve) => clock.after(1, resolve));

    expect(cancelled).not.toHaveBeenCalled();
  });
});
