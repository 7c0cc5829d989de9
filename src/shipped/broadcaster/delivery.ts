import { Pace } from './pace';
import { ConnectionsApi } from '../posts/connections-api';
import { Member } from '../table/connection';

/** Whom a message goes to. */
export type Recipient = Pick<Member, 'connectionId' | 'closesAt'> & Partial<Pick<Member, 'connectedAt'>>;

/** What became of the posts. */
export interface Outcome {
  readonly delivered: number;
  /** Connections that are not there any more, and those that were not there yet. */
  readonly gone: number;
  /** How many were closed because their token has expired. */
  readonly closed: number;
  /** How many did not get it, by the reason. */
  readonly failed: { readonly [reason: string]: number };
  /** Of those that are gone: those that can be removed. A connection that is still in its handshake looks as if it had gone, too. */
  readonly stale: readonly Recipient[];
}

export interface DeliveryServices {
  readonly connections: ConnectionsApi;
  /** Milliseconds. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** How many posts may start in a second. */
  readonly maxPostsPerSecond: number;
  /** How many posts are on their way at once. */
  readonly atOnce: number;
}

/** A connection that has opened less than this ago may not have completed its handshake. */
const YOUNG = 30_000;
const SECOND_LOOK = 1_000;

/** How often a post is tried again. */
const THROTTLED = 6;
const BROKEN = 2;

/** Posts one message to many connections, and tells what became of it. */
export class Delivery {
  private delivered = 0;
  private gone = 0;
  private closed = 0;
  private readonly failed: { [reason: string]: number } = {};
  private readonly stale: Recipient[] = [];
  private readonly pace: Pace;

  constructor(private readonly data: Buffer, private readonly services: DeliveryServices) {
    this.pace = new Pace(services.maxPostsPerSecond, services.now, services.wait);
  }

  public async to(recipients: readonly Recipient[]): Promise<Outcome> {
    const { now, wait } = this.services;
    const again: Recipient[] = [];
    await this.each(recipients, async (recipient) => {
      if (await this.post(recipient) === 'gone') { again.push(recipient); }
    });
    const young = again.filter((recipient) => this.isYoung(recipient));
    this.stale.push(...again.filter((recipient) => !young.includes(recipient)));
    this.gone += again.length - young.length;
    if (young.length > 0) {
      const before = now();
      await wait(SECOND_LOOK);
      await this.each(young, async (recipient) => {
        if (await this.post(recipient) !== 'gone') { return; }
        this.gone++;
        // As old as it was when it was first looked for.
        if (recipient.connectedAt !== undefined && before - recipient.connectedAt > YOUNG) { this.stale.push(recipient); }
      });
    }
    const { delivered, gone, closed, failed, stale } = this;
    return { delivered, gone, closed, failed, stale };
  }

  private isYoung({ connectedAt }: Recipient): boolean {
    return connectedAt === undefined || this.services.now() - connectedAt <= YOUNG;
  }

  private async each(recipients: readonly Recipient[], post: (recipient: Recipient) => Promise<void>): Promise<void> {
    const left = recipients.values();
    await Promise.all(Array.from({ length: Math.min(this.services.atOnce, recipients.length) }, async () => {
      for (const recipient of left) { await post(recipient); }
    }));
  }

  private async post({ connectionId, closesAt }: Recipient): Promise<'gone' | undefined> {
    const { connections, now, wait } = this.services;
    if (closesAt !== undefined && closesAt * 1000 <= now()) {
      await this.close(connectionId);
      return undefined;
    }
    for (let attempt = 1; ; attempt++) {
      await this.pace.take(1);
      const status = await connections.post(connectionId, this.data).catch(() => undefined);
      if (status !== undefined && status >= 200 && status < 300) {
        this.delivered++;
        return undefined;
      }
      if (status === 410) { return 'gone'; }
      if (attempt > attemptsFor(status)) {
        this.fail(status);
        return undefined;
      }
      // The client's buffer may be full, or the account's rate of requests. At different times, so that they do not come all at once again.
      await wait(Math.random() * Math.min(2_000, 100 * 2 ** attempt));
    }
  }

  private async close(connectionId: string): Promise<void> {
    await this.pace.take(1);
    const status = await this.services.connections.close(connectionId).catch(() => undefined);
    if (status === 410 || (status !== undefined && status < 300)) { this.closed++; } else { this.fail(status); }
  }

  private fail(status: number | undefined): void {
    const reason = status === undefined ? 'unanswered' : REASONS[status] ?? `status${status}`;
    this.failed[reason] = (this.failed[reason] ?? 0) + 1;
  }
}

const REASONS: { readonly [status: number]: string } = { 403: 'forbidden', 413: 'tooLarge', 429: 'throttled' };

function attemptsFor(status: number | undefined): number {
  if (status === 429) { return THROTTLED; }
  return status === undefined || status >= 500 ? BROKEN : 0;
}
