import { ManualClock } from '../../../src/local/clock';
import { AsynchronousModel } from '../../../src/local/definition/model';
import { GatewayEvent, Trace } from '../../../src/local/events/trace';
import { EventInvocations } from '../../../src/local/lambda/event-invocations';
import { functionModel } from '../local-function';

const MINUTE = 60_000;

/** A function that fails so many times. */
function eventsFor({ failures = Infinity, asynchronous = [] as AsynchronousModel[] } = {}) {
  const clock = new ManualClock(0);
  const trace = new Trace(() => clock.now());
  const fn = functionModel({ asynchronous });
  const attempts: Array<{ at: number; requestId?: string; event: string }> = [];
  const under = new Set<Promise<unknown>>();
  const invocations = new EventInvocations({
    clock,
    trace,
    track: (attempt) => under.add(attempt),
    functions: {
      find: () => fn,
      invoke: async (_, event, __, { requestId } = {}) => {
        attempts.push({ at: clock.now(), requestId, event });
        const failed = attempts.length <= failures;
        return { requestId: requestId!, payload: failed ? '{"errorType":"Error","errorMessage":"no luck"}' : 'null', durationMillis: 1, ...failed ? { functionError: 'Unhandled' } : {} };
      },
    },
  });
  const pass = async (millis: number) => {
    await Promise.all(under);
    clock.advance(millis);
    await Promise.all(under);
  };
  const told = () => (trace.events() as Array<Extract<GatewayEvent, { type: 'event-invocation' }>>).map(({ attempt, reason, retryInMillis }) => [attempt, reason, retryInMillis]);
  return { fn, attempts, invocations, pass, told };
}

test('an event that is handled is handled once', async () => {
  const { fn, attempts, invocations, pass, told } = eventsFor({ failures: 0 });
  invocations.begin(fn.arn, '{"job":1}');
  await pass(60 * MINUTE);

  expect(attempts).toMatchObject([{ at: 0, event: '{"job":1}' }]);
  expect(told()).toEqual([[1, undefined, undefined]]);
});

test('one that fails is tried again after one and after two minutes, as the same request', async () => {
  const { fn, attempts, invocations, pass, told } = eventsFor();
  const requestId = invocations.begin(fn.arn, '{}');
  await pass(MINUTE - 1);
  expect(attempts).toHaveLength(1);
  await pass(1);
  await pass(2 * MINUTE);
  await pass(600 * MINUTE);

  expect(attempts.map(({ at }) => at)).toEqual([0, MINUTE, 3 * MINUTE]);
  expect(new Set(attempts.map((one) => one.requestId))).toEqual(new Set([requestId]));
  expect(told()).toEqual([[1, 'Error: no luck', MINUTE], [2, 'Error: no luck', 2 * MINUTE], [3, 'Error: no luck', undefined]]);
});

test('one that succeeds later is not tried again', async () => {
  const { fn, attempts, invocations, pass } = eventsFor({ failures: 1 });
  invocations.begin(fn.arn, '{}');
  await pass(MINUTE);
  await pass(600 * MINUTE);

  expect(attempts).toHaveLength(2);
});

test.each<[string, AsynchronousModel[], string, number]>([
  ['no retry', [{ maxRetries: 0 }], '', 1],
  ['one retry', [{ maxRetries: 1 }], '', 2],
  ['a maximum age of 90 seconds', [{ maxAgeSeconds: 90 }], '', 2],
  ['no retry for an alias', [{ maxRetries: 0, qualifier: 'live' }], ':live', 1],
  ['no retry for another alias', [{ maxRetries: 0, qualifier: 'next' }], ':live', 3],
  ['no retry for the function, called by an alias', [{ maxRetries: 0 }], ':live', 3],
])('with %s it is tried as often as that says', async (_, asynchronous, qualifier, times) => {
  const { fn, attempts, invocations, pass } = eventsFor({ asynchronous });
  invocations.begin(fn.arn + qualifier, '{}');
  await pass(MINUTE);
  await pass(2 * MINUTE);

  expect(attempts).toHaveLength(times);
});

test('nothing is tried again once the gateway closes', async () => {
  const { fn, attempts, invocations, pass } = eventsFor();
  invocations.begin(fn.arn, '{}');
  await pass(0);
  invocations.close();
  await pass(10 * MINUTE);

  expect(attempts).toHaveLength(1);
});
