/** So many processes wait at a time: those of the functions that somebody works on. */
const MAX_SPARES = 2;

interface Spare<T> {
  /** What it depends on, as text. */
  readonly key: string;
  readonly process: T;
}

/** Processes that are started ahead, and wait for code: a handler that is saved again answers sooner. The oldest make room for others. */
export class Spares<T extends { readonly gone: Promise<void>; end(): void }> {
  private readonly kept = new Map<object, Spare<T>>();

  /** @param owner what runs the function: there is one for each */
  public has(owner: object): boolean {
    return this.kept.has(owner);
  }

  public keep(owner: object, key: string, process: T) {
    this.drop(owner);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= MAX_SPARES) { this.drop(oldest); }
    this.kept.set(owner, { key, process });
    void process.gone.then(() => { if (this.kept.get(owner)?.process === process) { this.kept.delete(owner); } });
  }

  /** @returns the one that waits, unless it depends on what has changed */
  public take(owner: object, key: string): T | undefined {
    const spare = this.kept.get(owner);
    if (spare?.key !== key) {
      this.drop(owner);
      return undefined;
    }
    this.kept.delete(owner);
    return spare.process;
  }

  public drop(owner: object) {
    const spare = this.kept.get(owner);
    this.kept.delete(owner);
    spare?.process.end();
  }
}
