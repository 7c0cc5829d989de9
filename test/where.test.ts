import { describeWhere, testWhere } from './where';

/** The titles that jest is given. */
function titlesOf(define: () => void): string[] {
  const given: string[] = [];
  const spies = [jest.spyOn(test, 'skip'), jest.spyOn(describe, 'skip')] as jest.SpyInstance[];
  spies.forEach((spy) => spy.mockImplementation((title: string) => { given.push(title); }));
  define();
  spies.forEach((spy) => spy.mockRestore());
  return given;
}

test('a test that cannot run here says why in its title', () => {
  expect(titlesOf(() => {
    testWhere(false, 'there is no python3')('runs', () => undefined);
    describeWhere(false, 'there is no Go')('a handler in Go', () => undefined);
  })).toEqual(['runs (skipped: there is no python3)', 'a handler in Go (skipped: there is no Go)']);
});

testWhere(true, 'there is nothing')('a test that can run here runs, under its own title', () => {
  expect(expect.getState().currentTestName).toBe('a test that can run here runs, under its own title');
});

testWhere(true, 'there is nothing').each(['one', 'two'])('so do those of a table: %s', (given) => {
  expect(expect.getState().currentTestName).toBe(`so do those of a table: ${given}`);
});
