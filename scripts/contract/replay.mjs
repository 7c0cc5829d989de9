import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../commands.mjs';

/**
 * Runs the tests that check the rows: in a place, or on the gateway in a process of its own.
 *
 * @returns by the name of a row, its status, and why it failed
 */
export async function replay({ description, slow = false, only, timeout = 60_000 }) {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  try {
    const [place, results] = ['place.json', 'results.json'].map((name) => join(folder, name));
    // It has credentials.
    if (description !== undefined) { writeFileSync(place, JSON.stringify(description), { mode: 0o600 }); }
    const { output } = await run('npx', [
      'jest', '--ci', '--coverage=false', '--reporters=default', '--json', '--outputFile', results, `--testTimeout=${timeout}`,
      ...only === undefined ? [] : ['--testNamePattern', only.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')],
      'test/local/contract.test.ts',
    ], { env: { CONTRACT_PLACE: description === undefined ? undefined : place, CONTRACT_SLOW: String(slow) } });
    if (!existsSync(results)) { throw new Error(`the tests did not run:\n${output}`); }
    const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
    const assertions = testResults.flatMap(({ assertionResults }) => assertionResults);
    if (assertions.length === 0) { throw new Error(`the tests did not run:\n${output}`); }
    return new Map(assertions.map(({ fullName, status, failureMessages }) => [fullName, { status, message: failureMessages.join('\n') }]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
