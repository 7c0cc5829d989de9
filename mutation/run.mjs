// `npm run mutation -- [room…]`: changes the code of a room, one small thing at a time, and runs the room's tests to see whether one fails.
// A room is a folder of `src`, or a folder or file in one: `routes`, `handlers/python`, `handlers/asset-code.ts`. Without one, all ROOMS.
//   --concurrency <n>  how many mutants at a time; 1 unless given
//   --again            tries all mutants, also those that an earlier run has killed and whose code has not changed since
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { setUp } from '../scripts/set-up.mjs';

const ROOMS = ['domain', 'auth', 'connections', 'routes', 'handlers'];
const GOAL = 85;
const ALIVE = ['Survived', 'NoCoverage'];
/** Tests that run the tool chains of other languages take minutes, and some others need a process to themselves, or replace a module. */
const ALONE = /handlers\/(dotnet\/dotnet-code|go\/go-code|java\/java-code|nodejs\/nodejs-code|python\/(install|python-exports)|asset-hashes|shipped-function)\./;
const HELPERS = ['test/handlers/source-project.ts'];

const { values: { concurrency, again }, positionals } = parseArgs({
  allowPositionals: true, options: { concurrency: { type: 'string', default: '1' }, again: { type: 'boolean', default: false } },
});
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const missing = positionals.find((room) => !existsSync(join('src', room)));
if (missing) { throw new Error(`there is no \`src/${missing}\`: name a folder or a file of \`src\`, such as \`routes\` or \`routes/throttle.ts\``); }

setUp();
installStryker();
compileShipped();
const { Stryker } = await import(pathToFileURL('mutation/node_modules/@stryker-mutator/core/dist/src/index.js').href);
// What `test/setup.ts` says to the modules of a test, the packages that all tests share are told here.
Object.assign(process.env, { CDK_VALIDATION: 'false', JSII_DEPRECATED: 'quiet', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });

const results = [];
for (const room of positionals.length > 0 ? positionals : ROOMS) { results.push({ room, ...count(await mutate(room)) }); }
const all = { room: 'all', killed: 0, mutants: 0 };
for (const { killed, mutants } of results) { all.killed += killed; all.mutants += mutants; }
const below = [...results, ...results.length > 1 ? [all] : []].filter(({ room, killed, mutants }) => {
  const score = mutants === 0 ? 100 : killed / mutants * 100;
  console.log(`${room}: ${score.toFixed(1)} %, ${killed} of ${mutants} mutants killed`);
  return score < GOAL;
});
process.exit(below.length > 0 ? 1 : 0);

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

async function mutate(room) {
  const [folder] = room.split('/');
  process.env.MUTATION_TESTS = JSON.stringify(testsOf(folder));
  process.env.MUTATION_HELPERS = JSON.stringify(HELPERS.filter((file) => file.startsWith(`test/${folder}/`)));
  const reports = join('test-reports', 'mutation', room);
  mkdirSync(reports, { recursive: true });
  const incrementalFile = join(reports, 'incremental.json');
  if (again) { rmSync(incrementalFile, { force: true }); }
  forgetSurvivors(incrementalFile);

  const sandbox = join(tmpdir(), `mutation-${process.pid}`);
  try {
    return await new Stryker({
      mutate: [statSync(join('src', room)).isDirectory() ? `src/${room}/**/*.ts` : `src/${room}`],
      // Tests read more than code: the README, the example, fixtures.
      ignorePatterns: ['/lib/**', '!/lib/shipped/**', '/dist', '/coverage', '/test-reports', '/mutation/node_modules', '/bench', '/.git', '/.cache'],
      tempDirName: sandbox,
      plugins: [resolve('@stryker-mutator/jest-runner/dist/src/index.js'), fileURLToPath(new URL('prose.mjs', import.meta.url))],
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
      checkers: [],
      timeoutMS: 20_000,
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
  for (const one of Object.values(report.files)) { one.mutants = one.mutants.filter(({ status }) => !ALIVE.includes(status)); }
  writeFileSync(file, JSON.stringify(report));
}

function resolve(file) {
  return fileURLToPath(new URL(`node_modules/${file}`, import.meta.url));
}

function testsOf(room) {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', `test/${room}`], { encoding: 'utf8' });
  return files.split('\n').filter((file) => file.endsWith('.test.ts') && existsSync(file) && !ALONE.test(file));
}

/** As Stryker counts: a mutant that no test reaches lives, one that never ends is dead, and what is ignored or cannot run is none. */
function count(mutants) {
  const of = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = of('Killed', 'Timeout');
  return { killed, mutants: killed + of(...ALIVE) };
}
