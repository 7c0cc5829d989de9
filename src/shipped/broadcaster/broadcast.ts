import { Delivery, Outcome, Recipient } from './delivery';
import { Pace } from './pace';
import { Report, reportLine } from './report';
import { Services } from './services';
import { removeStale } from './stale-connections';
import { Member } from '../table/connection';
import { isUnicode } from '../table/unicode';

/** How many connections one invocation posts to. */
const SLICE = 500;

/** A message to the connections of a partition of the table, or of all that everybody is in. */
export interface Broadcast {
  readonly action: string;
  /** Undefined if they are everybody's. */
  readonly partition?: string;
  readonly data: string;
  readonly excluded: readonly string[];
}

/** A part of a broadcast that one invocation hands to another. It hands nothing on in its turn. */
export interface Slice extends Pick<Broadcast, 'partition' | 'data'> {
  readonly action: 'slice';
  /** What the broadcast is. */
  readonly of: string;
  readonly recipients: ReadonlyArray<readonly [connectionId: string, connectedAt: number, closesAt?: number]>;
}

/**
 * Sends a message to the connections that are read, however many: to the last 500 itself, and to the others by slices of 500, for other
 * invocations of this function. They are handed out as fast as posts may start. What it holds is a page of the table.
 */
export async function broadcast(message: Broadcast, pages: AsyncIterable<Member[]>, services: Services): Promise<Report> {
  const { functions, self, maxPostsPerSecond, now, wait } = services;
  const { action, partition, data } = message;
  const size = Math.min(SLICE, maxPostsPerSecond);
  const pace = new Pace(maxPostsPerSecond, now, wait);
  const excluded = new Set(message.excluded);
  let waiting: Member[] = [];
  const handing = { handedOn: 0, notHandedOn: 0 };
  for await (const page of pages) {
    waiting = [...waiting, ...page.filter(({ connectionId }) => !excluded.has(connectionId))];
    while (waiting.length > size) {
      const slice: Slice = { action: 'slice', of: action, partition, data, recipients: waiting.slice(0, size).map(({ connectionId, connectedAt, closesAt }) => [connectionId, connectedAt, closesAt]) };
      waiting = waiting.slice(size);
      await pace.take(size);
      await functions.hand(self, slice).then(() => { handing.handedOn += size; }, () => { handing.notHandedOn += size; });
    }
  }
  await pace.take(waiting.length);
  return deliver(message, waiting, services, handing);
}

/** Whether an event is a slice: only this function makes any, but whoever may invoke it can send what looks like one. */
export function isSlice(event: unknown): event is Slice {
  const { action, of, data, partition, recipients } = (event ?? {}) as Partial<Record<keyof Slice, unknown>>;
  return action === 'slice' && [of, data].every((one) => typeof one === 'string') && ['string', 'undefined'].includes(typeof partition)
    && Array.isArray(recipients) && recipients.every((one) => Array.isArray(one) && typeof one[0] === 'string' && isUnicode(one[0])
      && one.slice(1).every((time) => ['number', 'undefined'].includes(typeof (time ?? undefined))));
}

/** Delivers a slice, as `isSlice` knows it. */
export async function deliverSlice({ of: action, partition, data, recipients }: Slice, services: Services): Promise<Report> {
  const members = recipients
    .map(([connectionId, connectedAt, closesAt]) => ({ connectionId, connectedAt, closesAt: closesAt ?? undefined }));
  return deliver({ action, partition, data }, members, services);
}

/** Delivers a message to connections, as many as one invocation can, and removes those that are gone. */
export async function deliver(
  { action, partition, data }: Omit<Broadcast, 'excluded'>, recipients: readonly Recipient[], services: Services,
  { handedOn, notHandedOn } = { handedOn: 0, notHandedOn: 0 },
): Promise<Report> {
  const { stale, failed, ...outcome }: Outcome = await new Delivery(Buffer.from(data), services).to(recipients);
  const report: Report = { ...outcome, failed: notHandedOn > 0 ? { ...failed, notHandedOn } : failed, handedOn };
  services.log(reportLine(action, report, services.dimensions, services.now()));
  await removeStale(stale, partition, services);
  return report;
}
