import type { GatewayEvent, NewEvent } from './gateway-event';

export type { GatewayEvent, NewEvent };

/** How much is kept for whoever asks later. */
const MAX_EVENTS = 10_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Remembers the last events, and passes each on to the listeners. */
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
      // Drop half at once: that costs little per event.
      this.kept = this.kept.slice(Math.ceil(this.kept.length / 2));
      this.characters = this.kept.reduce((sum, one) => sum + lengthOf(one), 0);
    }
    for (const listener of this.listeners) {
      try {
        listener(timed);
      } catch (error) {
        // Rethrow a listener's error asynchronously so that the gateway carries on.
        process.nextTick(() => { throw error; });
      }
    }
  }

  public events(): GatewayEvent[] {
    return [...this.kept];
  }

  /** @returns a function that stops listening */
  public listen(listener: (event: GatewayEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

function lengthOf(event: GatewayEvent): number {
  let length = 0;
  for (const name in event) {
    const value = event[name as keyof GatewayEvent];
    if (typeof value === 'string') { length += value.length; }
  }
  return length;
}
