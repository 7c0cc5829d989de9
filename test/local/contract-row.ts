/**
 * A test that is a row of the contract: `scripts/docs/contract.mjs` makes the tables of docs/local-gateway.md from these calls.
 *
 * @param section of the contract
 * @param tag D, AWS's documentation; C, captured from AWS; U, unverified: an assumption
 * @param source the page that says so, or where it was captured
 */
export function row(section: string, tag: 'D' | 'C' | 'U', statement: string, check: () => Promise<void>, source?: string) {
  void source;
  test(`${section} [${tag}] ${statement}`, check);
}
