/** Lets at most so many posts start in a second, of one broadcast. */
export class Pace {
  private start = -Infinity;
  private taken = 0;

  constructor(
    private readonly perSecond: number,
    private readonly now: () => number,
    private readonly wait: (milliseconds: number) => Promise<unknown>,
  ) {
  }

  /** Resolves when so many posts may start; not more than a second has. */
  public async take(count: number): Promise<void> {
    for (;;) {
      const since = this.now() - this.start;
      if (since >= 1000) {
        this.start = this.now();
        this.taken = 0;
      }
      if (this.taken + count <= this.perSecond) {
        this.taken += count;
        return;
      }
      await this.wait(Math.max(1, this.start + 1000 - this.now()));
    }
  }
}
