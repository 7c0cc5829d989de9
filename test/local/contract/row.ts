import { inProcess, slowly } from './place/arrival';

export interface RowOptions {
  /** The page that says so, or where it was captured. */
  readonly source?: string;
  /** How long it takes where nobody can advance the clock. */
  readonly minutes?: number;
  /** Why it cannot be replayed at a URL. */
  readonly onlyHere?: string;
}

/**
 * A test that is a row of the contract: `scripts/contract/rows.mjs` reads these calls, for the tables of docs/local-gateway.md and for
 * the replay.
 *
 * @param section of the contract
 * @param tag D, AWS's documentation; C, captured from AWS; U, unverified: an assumption
 */
export function row(section: string, tag: 'D' | 'C' | 'U', statement: string, check: () => Promise<void>, { minutes, onlyHere }: RowOptions = {}) {
  if (!inProcess && (onlyHere !== undefined || (minutes !== undefined && !slowly))) { return; }
  test(`${section} [${tag}] ${statement}`, check, inProcess || minutes === undefined ? undefined : (minutes + 5) * 60_000);
}

/** A test of what only the gateway has. */
export function here(statement: string, check: () => Promise<void>) {
  if (inProcess) { test(statement, check); }
}
