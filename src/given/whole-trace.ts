/**
 * Runs something that goes deep, so that errors of it name the line that called: Node.js keeps the last ten lines of a trace, and all of
 * them may be of this library.
 *
 * @param entry the function that was called from outside
 */
export function withWholeTrace<T>(entry: Function, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && error.stack !== undefined) {
      const outside: { stack?: string } = {};
      Error.captureStackTrace(outside, entry);
      const has = new Set(error.stack.split('\n'));
      const more = outside.stack!.split('\n').slice(1).filter((line) => !has.has(line));
      error.stack = [error.stack, ...more].join('\n');
    }
    throw error;
  }
}
