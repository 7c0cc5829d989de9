import { ManualClock } from '../../../src/local/clock';
import { Throttle } from '../../../src/local/wire/throttle';

test('lets the burst through at once, then as many a second as the rate', () => {
  const clock = new ManualClock(0);
  const throttle = new Throttle(2, 3, clock);
  const taken = () => Array.from({ length: 10 }, () => throttle.take()).filter(Boolean).length;

  expect(taken()).toBe(3);
  clock.advance(1000);
  expect(taken()).toBe(2);
  clock.advance(60_000);
  expect(taken()).toBe(3);
});

test('a rate of none lets nothing through', () => {
  expect(Throttle.of({ ratePerSecond: 0, burst: 0 }, new ManualClock(0))!.take()).toBe(false);
});

test('there is none where neither rate nor burst is given', () => {
  expect(Throttle.of({}, new ManualClock(0))).toBeUndefined();
});

test('the account stands in for the one that is not given', () => {
  const throttle = Throttle.of({ ratePerSecond: 1 }, new ManualClock(0))!;

  expect(Array.from({ length: 6000 }, () => throttle.take()).filter(Boolean).length).toBe(5000);
});
