type Title = (title: string) => string;

/**
 * `test` if what it needs is on this machine. Otherwise the test is skipped, and its title says why.
 *
 * @param missing why it is skipped: "there is no python3"
 */
export function testWhere(isHere: boolean, missing: string) {
  const named = titles(isHere, missing);
  const run = isHere ? test : test.skip;
  return Object.assign((title: string, body: jest.ProvidesCallback, timeout?: number) => run(named(title), body, timeout), {
    each: <T>(cases: readonly T[]) => (title: string, body: (given: T) => unknown, timeout?: number) => {
      run.each(cases as T[])(named(title), body as never, timeout);
    },
  });
}

/** `describe`, likewise. */
export function describeWhere(isHere: boolean, missing: string) {
  const named = titles(isHere, missing);
  return (title: string, body: () => void) => (isHere ? describe : describe.skip)(named(title), body);
}

function titles(isHere: boolean, missing: string): Title {
  return (title) => isHere ? title : `${title} (skipped: ${missing})`;
}
