import { UnderWay } from '../../../src/local/dispatch/under-way';
import { Trace } from '../../../src/local/events/trace';

test('work is under way until it is done', async () => {
  const underWay = new UnderWay(new Trace(() => 0));
  let finish = () => {};
  const tracked = underWay.track(new Promise<void>((resolve) => finish = resolve));
  expect(underWay.isEmpty).toBe(false);

  finish();
  await tracked;
  expect(underWay.isEmpty).toBe(true);
});

test('work that fails is reported, and nobody who waits for it fails', async () => {
  const trace = new Trace(() => 0);
  const underWay = new UnderWay(trace);
  void underWay.track(Promise.reject(new Error('broken')));
  await underWay.done();

  expect(trace.events()).toEqual([{ time: 0, type: 'warning', text: expect.stringMatching(/^a fault of the gateway itself: Error: broken\n/) }]);
});
