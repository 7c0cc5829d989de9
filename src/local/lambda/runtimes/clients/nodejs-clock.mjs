// The clock of a gateway that somebody puts forward, as tests do: for its functions, time runs on, and is as far ahead.

/**
 * Changes `Date` before any module of the function has it.
 *
 * @param ahead milliseconds
 * @returns a function that puts the clock forward anew
 */
export function clockThatIsAhead(ahead) {
  const RealDate = Date;
  const realTime = RealDate.now;
  const now = () => realTime() + ahead;
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  });
  RealDate.prototype.constructor = globalThis.Date;
  return (milliseconds) => { ahead = milliseconds; };
}
