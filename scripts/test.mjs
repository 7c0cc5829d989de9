// `npm test`: everything that CI runs, on a fresh clone too. `npm test -- <name>…` runs parts, languages, rooms (one room's unit tests take
// seconds) or test files. One line for each check, the output of a check only if it fails, and a last line that counts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp, setUpBrowser } from './set-up.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// Silences the jsii tools about Node.js 20, which is the oldest that users may have.
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = '20';
process.env.PROJEN_DISABLE_POST = 'true';
process.env.ESLINT_USE_FLAT_CONFIG = 'false';
// Files that tests and tools leave there are deleted after this run.
const temporary = process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'test-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) { process.once(signal, () => process.exit(1)); }

setUp();
// These imports need the packages that were just installed.
const { PARTS, unitTestsOf } = await import('./test/parts.mjs');
const { LANGUAGE_NAMES } = await import('./languages/index.mjs');
const { Progress } = await import('./test/progress.mjs');
const { select } = await import('./test/selection.mjs');

const selected = selection();
const parts = [
  ...PARTS.filter(({ name, always }) => selected.everything || selected.parts.includes(name) || always?.(selected)),
  ...selected.paths.length > 0 ? [unitTestsOf(selected.paths)] : [],
];
if (parts.some(({ browser }) => browser)) { setUpBrowser(); }

const counts = { passed: 0, failed: 0, skipped: 0 };
const progress = new Progress(parts);
for (const part of parts) {
  let status = () => '';
  progress.start(part, () => status());
  await part.run({
    languages: selected.languages.length > 0 ? selected.languages : LANGUAGE_NAMES,
    count: (name, number) => { counts[name] += number; },
    /** Prints a line for each check, and the output of a check that failed. */
    report(name, passed, seconds, output) {
      progress.print(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
      if (!passed) { progress.print(output); }
    },
    note: (text) => progress.print(text),
    setStatus: (next) => { status = next; },
  });
}
progress.stop();

console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

function selection() {
  try {
    return select(process.argv.slice(2), PARTS.map(({ name }) => name), LANGUAGE_NAMES);
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
