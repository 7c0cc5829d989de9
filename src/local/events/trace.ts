/** What happens in the gateway, for people (terminal, page) and programs (JSON lines). */
export type GatewayEvent = { readonly time: number } & (
  | { readonly type: 'connect'; readonly api: string; readonly stage: string; readonly connectionId: string; readonly status: number; readonly sourceIp: string; readonly durationMillis: number; readonly reason?: string }
  | { readonly type: 'message'; readonly api: string; readonly stage: string; readonly connectionId: string; readonly requestId: string; readonly routeKey: string; readonly body: string }
  | { readonly type: 'answer'; readonly connectionId: string; readonly requestId: string; readonly routeKey: string; readonly status: number; readonly durationMillis: number; readonly body?: string; readonly reason?: string }
  | { readonly type: 'connections-api'; readonly method: 'POST' | 'GET' | 'DELETE'; readonly connectionId: string; readonly status: number; readonly caller: string; readonly body?: string; readonly reason?: string }
  | { readonly type: 'disconnect'; readonly api: string; readonly stage: string; readonly connectionId: string; readonly code: number; readonly reason: string }
  | { readonly type: 'access-log'; readonly api: string; readonly stage: string; readonly line: string }
  | { readonly type: 'function-log'; readonly function: string; readonly requestId?: string; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'function'; readonly function: string; readonly what: 'start' | 'ready' | 'exit' | 'timeout' | 'init-error'; readonly durationMillis?: number; readonly reason?: string }
  | { readonly type: 'reload'; readonly what: string; readonly durationMillis: number }
  | { readonly type: 'warning'; readonly text: string }
);

/** An event without its time: a union keeps its members only if each is stripped for itself. */
type Untimed<T> = T extends GatewayEvent ? Omit<T, 'time'> : never;
export type NewEvent = Untimed<GatewayEvent>;

/** How much is kept for those who ask later. */
const MAX_EVENTS = 10_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Remembers the last events, and tells those who listen. */
export class Trace {
  private kept: GatewayEvent[] = [];
  private characters = 0;
  private readonly listeners = new Set<(event: GatewayEvent) => void>();

  constructor(private readonly now: () => number) {}

  public add(event: NewEvent) {
    const timed = { time: this.now(), ...event } as GatewayEvent;
    this.kept.push(timed);
    this.characters += lengthOf(timed);
    if (this.kept.length > MAX_EVENTS || this.characters > MAX_CHARACTERS) {
      // By halves, so that forgetting costs little for each event.
      this.kept = this.kept.slice(Math.ceil(this.kept.length / 2));
      this.characters = this.kept.reduce((sum, one) => sum + lengthOf(one), 0);
    }
    for (const listener of this.listeners) {
      try {
        listener(timed);
      } catch (error) {
        // A fault of the program that listens, which is to see it: what is done here goes on.
        process.nextTick(() => { throw error; });
      }
    }
  }

  public events(): GatewayEvent[] {
    return [...this.kept];
  }

  /** @returns what ends it */
  public listen(listener: (event: GatewayEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

function lengthOf(event: GatewayEvent): number {
  let length = 0;
  for (const value of Object.values(event)) {
    if (typeof value === 'string') { length += value.length; }
  }
  return length;
}
