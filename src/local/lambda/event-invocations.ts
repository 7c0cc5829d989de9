import { randomUUID } from 'node:crypto';
import { describeFunctionError } from './function-error';
import { Functions } from './functions';
import { Clock } from '../clock';
import { qualifierOf } from '../definition/function-arn';
import { AsynchronousModel } from '../definition/model';
import { Trace } from '../events/trace';

/** How long Lambda waits before the second attempt, and before the third. */
const WAITS_MILLIS = [60_000, 120_000];
const SIX_HOURS_SECONDS = 21_600;

export interface EventInvocationsOptions {
  readonly functions: Pick<Functions, 'find' | 'invoke'>;
  readonly clock: Clock;
  readonly trace: Pick<Trace, 'add'>;
  /** Gets a promise for every attempt. The wait between two attempts is in none. */
  readonly track: (attempt: Promise<unknown>) => void;
}

/** One event on its way to a function. */
interface QueuedEvent {
  readonly arn: string;
  readonly payload: string;
  readonly requestId: string;
  readonly traceId?: string;
  readonly acceptedAt: number;
}

/**
 * Asynchronous invocations, as Lambda queues and retries them. Its queue is gone with the gateway.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class EventInvocations {
  private readonly cancels = new Set<() => void>();
  private closed = false;

  constructor(private readonly options: EventInvocationsOptions) {}

  /** @returns the id of the request, which each attempt has */
  public begin(arn: string, payload: string, traceId?: string): string {
    const event = { arn, payload, requestId: randomUUID(), traceId, acceptedAt: this.options.clock.now() };
    this.attempt(event, 1);
    return event.requestId;
  }

  /** Nothing is tried again. */
  public close() {
    this.closed = true;
    this.cancels.forEach((cancel) => cancel());
  }

  private attempt(event: QueuedEvent, attempt: number) {
    this.options.track(this.invoke(event, attempt));
  }

  private async invoke(event: QueuedEvent, attempt: number) {
    const { functions, trace } = this.options;
    const { arn, payload, requestId, traceId } = event;
    const { functionError, durationMillis, payload: answer } = await functions.invoke(arn, payload, undefined, { requestId, traceId });
    if (this.closed) { return; }
    const failed = functionError !== undefined;
    const retryInMillis = failed ? this.retryInMillis(event, attempt) : undefined;
    trace.add({
      type: 'event-invocation',
      function: functions.find(arn)?.path ?? arn,
      requestId,
      attempt,
      durationMillis,
      ...failed ? { reason: describeFunctionError(answer) } : {},
      ...retryInMillis === undefined ? {} : { retryInMillis },
    });
    if (retryInMillis === undefined) { return; }
    const cancel = this.options.clock.after(retryInMillis, () => {
      this.cancels.delete(cancel);
      this.attempt(event, attempt + 1);
    });
    this.cancels.add(cancel);
  }

  /** Undefined if there is no further attempt. */
  private retryInMillis({ arn, acceptedAt }: QueuedEvent, attempt: number): number | undefined {
    const { functions, clock } = this.options;
    const fn = functions.find(arn);
    const qualifier = qualifierOf(arn);
    const settings: AsynchronousModel = fn?.asynchronous?.find((one) => one.qualifier === qualifier) ?? {};
    const { maxRetries = WAITS_MILLIS.length, maxAgeSeconds = SIX_HOURS_SECONDS } = settings;
    if (!fn || attempt > maxRetries) { return undefined; }
    const wait = WAITS_MILLIS[attempt - 1];
    return clock.now() + wait - acceptedAt > maxAgeSeconds * 1000 ? undefined : wait;
  }
}
