import { Clock } from '../clock';
import { ThrottleModel } from '../definition/model';

/** Whether more limits it than what the account allows. */
export function isLimited({ ratePerSecond, burst }: ThrottleModel): boolean {
  return ratePerSecond !== undefined || burst !== undefined;
}

/** A token bucket: `burst` at once, then `ratePerSecond`. */
export class Throttle {
  /** Undefined if only the account's own limits apply. */
  public static of(limits: ThrottleModel, clock: Clock): Throttle | undefined {
    if (!isLimited(limits)) { return undefined; }
    const { ratePerSecond, burst } = limits;
    // The account's limit replaces a missing one.
    return new Throttle(ratePerSecond ?? 10_000, burst ?? 5_000, clock);
  }

  private tokens: number;
  private filledAt: number;

  constructor(private readonly rate: number, private readonly burst: number, private readonly clock: Clock) {
    this.tokens = burst;
    this.filledAt = clock.now();
  }

  public take(): boolean {
    const now = this.clock.now();
    this.tokens = Math.min(this.burst, this.tokens + (now - this.filledAt) / 1000 * this.rate);
    this.filledAt = now;
    if (this.tokens < 1) { return false; }
    this.tokens -= 1;
    return true;
  }
}
