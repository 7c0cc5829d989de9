import { ManualClock } from '../../../src/local/clock';
import { localFunction } from '../local-function';

const HANDLER = `
  const early = Date.now;
  exports.handler = async (event, context) => ({
    now: Date.now(),
    early: early(),
    made: new Date().getTime(),
    text: new Date(Date()).getTime(),
    given: new Date(0).toISOString(),
    isDate: new Date() instanceof Date && new Date().constructor === Date,
    remaining: context.getRemainingTimeInMillis(),
  });
`;
const HOUR = 60 * 60_000;

test('what Date tells a function is as far ahead as the clock, however the function asks', async () => {
  const clock = new ManualClock();
  const fn = localFunction({ 'index.js': HANDLER }, { timeoutSeconds: 10 }, { clock });
  const before = await fn.call();
  clock.advance(HOUR);
  const { now, early, made, text, given, isDate, remaining } = await fn.call();

  expect(before.now).toBeLessThan(Date.now() + HOUR / 2);
  expect([now, early, made, text].every((time) => time > before.now + HOUR - 1000)).toBe(true);
  expect({ given, isDate }).toEqual({ given: '1970-01-01T00:00:00.000Z', isDate: true });
  expect(remaining).toBeLessThanOrEqual(10_000);
  expect(remaining).toBeGreaterThan(0);
});

test('a function that starts later has that time from its first line', async () => {
  const clock = new ManualClock();
  clock.advance(HOUR);
  const fn = localFunction({ 'index.js': 'const loaded = Date.now(); exports.handler = async () => loaded;' }, {}, { clock });

  expect(await fn.call()).toBeGreaterThan(Date.now() + HOUR / 2);
});
