// `npm run mutation -- [room…]`: changes the code of a room, one small thing at a time, and runs the room's tests to see whether one fails.
// A room is a folder of `src`, or a folder or file in one: `routes`, `handlers/python`, `handlers/asset-code.ts`. Without one, all ROOMS.
//   --concurrency <n>  how many mutants at a time; 1 unless given
//   --sample <part>    tries only a part of the mutants, such as 0.25, the same ones each time
//   --again            tries all mutants, also those that an earlier run has killed and whose code has not changed since
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { apartFrom, codeOf, isRoom, piecesOf, testsOf } from './tests.mjs';
import { setUp } from '../scripts/set-up.mjs';

const ROOMS = ['domain', 'auth', 'connections', 'routes', 'handlers'];
const GOAL = 85;
const ALIVE = ['Survived', 'NoCoverage'];
/** So Stryker calls a mutant that is not in the sample, and one with which no test could start. */
const NOT_TRIED = ['CompileError', 'RuntimeError'];

const { values: { concurrency, again, sample }, positionals } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: 'string', default: '1' }, again: { type: 'boolean', default: false }, sample: { type: 'string', default: '1' } },
});
const part = Number(sample);
if (!(part > 0 && part <= 1)) { throw new Error(`\`--sample\` is \`${sample}\`: write the part of the mutants to try, more than 0 and at most 1, such as \`0.25\``); }
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const missing = positionals.find((room) => !isRoom(room));
if (missing) { throw new Error(`there is no \`src/${missing}\`: name a folder or a file of \`src\`, such as \`routes\` or \`routes/throttle.ts\``); }

setUp();
installStryker();
compileShipped();
const { Stryker } = await import(pathToFileURL('mutation/node_modules/@stryker-mutator/core/dist/src/index.js').href);
// It needs what was installed just now.
const { countsInSample } = await import('./sample.mjs');
// What `test/setup.ts` says to the modules of a test, the packages that all tests share are told here.
Object.assign(process.env, { CDK_VALIDATION: 'false', JSII_DEPRECATED: 'quiet', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });

const results = [];
for (const room of positionals.length > 0 ? positionals : ROOMS) {
  const pieces = [];
  for (const piece of piecesOf(room)) {
    pieces.push(count(await mutate(piece)));
    if (piece !== room) { tell(piece, pieces.at(-1)); }
  }
  results.push([room, sum(pieces)]);
}
if (results.length > 1) { results.push(['all', sum(results.map(([, result]) => result))]); }
const below = results.filter(([room, result]) => tell(room, result) < GOAL);
process.exit(below.length > 0 ? 1 : 0);

/** @returns the score */
function tell(what, { killed, timeouts, mutants, errors }) {
  const score = mutants === 0 ? 100 : killed / mutants * 100;
  console.log(`${what}: ${score.toFixed(1)} %, ${killed} of ${mutants} mutants killed, ${timeouts} of them because they did not end` +
    (errors > 0 ? `; ${errors} more could not be tried` : '') + (part < 1 ? `; a sample, ${part} of all` : ''));
  return score;
}

function sum(counts) {
  const total = { killed: 0, timeouts: 0, mutants: 0, errors: 0 };
  for (const one of counts) { Object.keys(total).forEach((name) => { total[name] += one[name]; }); }
  return total;
}

/** `npm ci` of this repository does not bring Stryker. */
function installStryker() {
  const time = (file) => existsSync(file) ? statSync(file).mtimeMs : 0;
  if (time('mutation/node_modules/.package-lock.json') >= time('mutation/package-lock.json')) { return; }
  const { status } = spawnSync('npm', ['ci', '--prefix', 'mutation', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) { process.exit(1); }
}

/** Tests deploy the functions of the library as they are in the package. */
function compileShipped() {
  if (existsSync('lib/shipped')) { return; }
  const { status } = spawnSync('npx', ['projen', 'compile'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) { process.exit(1); }
}

async function mutate(piece) {
  const { first, tests, left } = testsOf(piece);
  if (apartFrom(piece).length > 0) { console.log(`${piece}: not with ${apartFrom(piece).map((file) => `src/${file}`).join(', ')}`); }
  if (left.length > 0) { console.log(`${piece}: its mutants need not pass ${left.join(', ')}`); }
  Object.assign(process.env, { MUTATION_FIRST: JSON.stringify(first), MUTATION_TESTS: JSON.stringify(tests), MUTATION_SAMPLE: sample });
  const reports = join('test-reports', 'mutation', piece.replace('*', '_'));
  mkdirSync(reports, { recursive: true });
  const incrementalFile = join(reports, 'incremental.json');
  if (again) { rmSync(incrementalFile, { force: true }); }
  forgetSurvivors(incrementalFile);

  const sandbox = join(tmpdir(), `mutation-${process.pid}`);
  try {
    return await new Stryker({
      mutate: codeOf(piece),
      // Tests read more than code: the README, the example, fixtures.
      ignorePatterns: ['/lib/**', '!/lib/shipped/**', '/dist', '/coverage', '/test-reports', '/mutation/node_modules', '/bench', '/.git', '/.cache/*', '!/.cache/uv-*'],
      tempDirName: sandbox,
      plugins: [resolve('@stryker-mutator/jest-runner/dist/src/index.js'), ...['prose.mjs', 'sample.mjs'].map((file) => fileURLToPath(new URL(file, import.meta.url)))],
      ignorers: ['prose'],
      // What runs when a module is loaded is mostly tables; each of their mutants would run all tests.
      ignoreStatic: true,
      testRunner: 'jest',
      jest: { projectType: 'custom', configFile: 'mutation/jest.config.cjs', enableFindRelatedTests: false },
      coverageAnalysis: 'perTest',
      concurrency: Number(concurrency),
      // What the CDK remembers of an app stays in its process.
      maxTestRunnerReuse: 100,
      // The transform of jest checks no types.
      disableTypeChecks: false,
      checkers: part < 1 ? ['sample'] : [],
      // A busy machine must not make a slow mutant look like one that never ends.
      timeoutMS: 30_000,
      timeoutFactor: 4,
      dryRunTimeoutMinutes: 15,
      incremental: true,
      incrementalFile,
      reporters: [process.stdout.isTTY ? 'progress' : 'progress-append-only', 'clear-text', 'json'],
      clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
      jsonReporter: { fileName: join(reports, 'mutants.json') },
      logLevel: 'warn',
      allowConsoleColors: false,
      thresholds: { break: null },
    }).runMutationTest();
  } finally {
    rmSync(sandbox, { recursive: true, force: true });
  }
}

/** Stryker does not see that a test has changed, because all are called from one file. A mutant that nobody has killed is tried again. */
function forgetSurvivors(file) {
  if (!existsSync(file)) { return; }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const isDone = ({ status }) => ![...ALIVE, ...NOT_TRIED].includes(status);
  for (const one of Object.values(report.files)) { one.mutants = one.mutants.filter(isDone); }
  writeFileSync(file, JSON.stringify(report));
}

function resolve(file) {
  return fileURLToPath(new URL(`node_modules/${file}`, import.meta.url));
}

/** As Stryker counts: what no test reaches lives, what never ends is dead, and what is ignored or cannot run is no mutant. */
function count(mutants) {
  const tried = mutants.filter((mutant) => countsInSample(mutant, part));
  const of = (...statuses) => tried.filter(({ status }) => statuses.includes(status)).length;
  const killed = of('Killed', 'Timeout');
  return { killed, timeouts: of('Timeout'), mutants: killed + of(...ALIVE), errors: of('RuntimeError') };
}
