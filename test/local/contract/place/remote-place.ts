import { CannotBeReplayed, Credentials, Place, PlacedApi } from './place';

/** What a place elsewhere is, as scripts/contract.mjs describes it. */
export interface RemoteDescription {
  readonly region: string;
  readonly account: string;
  readonly apis: { readonly [name: string]: PlacedApi };
}

/** How long it takes until a log has what happened. */
export interface Latency {
  /** After this, nothing comes any more. */
  readonly settleMillis: number;
  /** How long something that must come is waited for. */
  readonly patienceMillis: number;
  readonly pollMillis: number;
}

/** A place that is spoken to by URLs alone. What happens there is known from the logs. */
export abstract class RemotePlace implements Place {
  public readonly region: string;
  public readonly account: string;
  public readonly momentMillis = 15_000;
  public abstract readonly addresses: RegExp;

  protected constructor(private readonly description: RemoteDescription, private readonly latency: Latency) {
    this.region = description.region;
    this.account = description.account;
  }

  public abstract credentials(): Promise<Credentials>;
  public abstract credentialsOf(role: string): Promise<Credentials>;
  public abstract gate(): { readonly message: object; open(): void };

  public api(name: string): PlacedApi {
    const api = this.description.apis[name];
    if (!api) { throw new CannotBeReplayed(`the app is there without the API \`${name}\``); }
    return api;
  }

  public async line(text: string, holds: (line: string) => boolean) {
    return this.poll(async () => (await this.readLog()).find((line) => line.includes(text) && holds(line)), `a line of a handler with \`${text}\``);
  }

  public async lines(text: string) {
    await this.settled();
    return (await this.readLog()).filter((line) => line.includes(text));
  }

  public async accessLog(text: string, count: number) {
    return this.poll(async () => {
      const lines = (await this.readAccessLog()).filter((line) => line.includes(text));
      return lines.length >= count ? lines : undefined;
    }, `${count} lines of the access log with \`${text}\``);
  }

  public async settled() {
    await this.pass(this.latency.settleMillis);
  }

  public async pass(milliseconds: number) {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  public async inGateway() {
    // Nobody sees it from here.
  }

  public async close() {
    // Whoever started it ends it.
  }

  /** All lines of the handlers until now. */
  protected abstract readLog(): Promise<readonly string[]>;
  protected abstract readAccessLog(): Promise<readonly string[]>;

  private async poll<T>(read: () => Promise<T | undefined>, what: string): Promise<T> {
    const { patienceMillis, pollMillis } = this.latency;
    const deadline = Date.now() + patienceMillis;
    for (;;) {
      const found = await read();
      if (found !== undefined) { return found; }
      if (Date.now() > deadline) { throw new Error(`${what} did not come in ${patienceMillis / 1000} s`); }
      await this.pass(pollMillis);
    }
  }
}
