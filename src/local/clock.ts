/** The time by which connections age. */
export interface Clock {
  /** How many milliseconds it was put forward; undefined if nobody can do that. For functions, time runs on, and is as far ahead. */
  readonly ahead?: number;
  now(): number;
  /**
   * Calls back once, `milliseconds` from now.
   *
   * @returns a function that cancels it
   */
  after(milliseconds: number, callback: () => void): () => void;
}

export class RealClock implements Clock {
  public now(): number {
    return Date.now();
  }

  public after(milliseconds: number, callback: () => void): () => void {
    const timer = setTimeout(callback, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  }
}

/** A clock that stands still until it is advanced. */
export class ManualClock implements Clock {
  private readonly due = new Set<{ readonly at: number; readonly callback: () => void }>();

  private readonly start: number;

  constructor(private time = Date.now()) {
    this.start = time;
  }

  public get ahead(): number {
    return this.time - this.start;
  }

  public now(): number {
    return this.time;
  }

  public after(milliseconds: number, callback: () => void): () => void {
    const entry = { at: this.time + milliseconds, callback };
    this.due.add(entry);
    return () => this.due.delete(entry);
  }

  /** Callbacks that come due on the way are called at their own time, in order. */
  public advance(milliseconds: number) {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new Error(`a clock cannot be advanced by \`${milliseconds}\`: say how many milliseconds pass`);
    }
    const end = this.time + milliseconds;
    for (let next = this.next(end); next; next = this.next(end)) {
      this.due.delete(next);
      this.time = next.at;
      next.callback();
    }
    this.time = end;
  }

  private next(end: number) {
    let first: { readonly at: number; readonly callback: () => void } | undefined;
    for (const entry of this.due) {
      if (entry.at <= end && (!first || entry.at < first.at)) { first = entry; }
    }
    return first;
  }
}
