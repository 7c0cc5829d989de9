/**
 * Something that is to be done at a time, unless it is put off or called off before, as most are. It has one timer, which looks again when
 * it fires: to set and clear one for each message costs more.
 */
export class Deadline {
  private at = Infinity;
  private firesAt = Infinity;
  private timer?: NodeJS.Timeout;
  private onTime: () => void = () => undefined;

  /** Takes the place of what was to be done before. */
  public set(millis: number, onTime: () => void) {
    this.at = performance.now() + millis;
    this.onTime = onTime;
    if (this.at < this.firesAt) { this.wait(millis); }
  }

  /** The timer stays, for the next. */
  public clear() {
    this.at = Infinity;
  }

  public end() {
    this.clear();
    clearTimeout(this.timer);
  }

  private wait(millis: number) {
    clearTimeout(this.timer);
    this.firesAt = this.at;
    this.timer = setTimeout(() => this.look(), millis);
  }

  private look() {
    const { at, firesAt } = this;
    this.firesAt = Infinity;
    if (at === Infinity) { return; }
    if (at > firesAt) { return this.wait(Math.max(1, at - performance.now())); }
    this.at = Infinity;
    this.onTime();
  }
}
