import { Credentials } from './place';
import { endpointOf, signedFetch } from './signing';

/** Lines come late, and not in order: this much is read again. */
const LATE_MILLIS = 120_000;

interface Page {
  readonly events: ReadonlyArray<{ readonly eventId: string; readonly message: string; readonly timestamp: number }>;
  readonly nextToken?: string;
}

/** A log group, read as far as nothing of it is known yet. */
export class CloudWatchLog {
  private readonly known = new Map<string, string>();
  private since = Date.now() - LATE_MILLIS;

  constructor(
    private readonly region: string,
    private readonly logGroupName: string,
    private readonly credentials: () => Promise<Credentials>,
  ) {}

  /** All lines until now. */
  public async read(): Promise<string[]> {
    const startTime = this.since - LATE_MILLIS;
    let nextToken: string | undefined;
    do {
      const { events, ...page } = await this.page({ logGroupName: this.logGroupName, startTime, nextToken });
      nextToken = page.nextToken;
      for (const { eventId, message, timestamp } of events) {
        this.known.set(eventId, message);
        this.since = Math.max(this.since, timestamp);
      }
    } while (nextToken !== undefined);
    return [...this.known.values()];
  }

  private async page(request: object): Promise<Page> {
    const response = await signedFetch(endpointOf('logs', this.region), {
      service: 'logs',
      region: this.region,
      credentials: await this.credentials(),
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
    });
    if (!response.ok) { throw new Error(`the log group ${this.logGroupName} cannot be read: ${response.status} ${await response.text()}`); }
    return response.json() as any;
  }
}
