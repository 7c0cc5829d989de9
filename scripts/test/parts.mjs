// The parts of `npm test`, in the order in which they run. Seconds are those of a quiet machine with two cores.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, secondsSince } from '../commands.mjs';
import { testLanguages } from '../languages/index.mjs';
import { packageAll } from '../package-all.mjs';
import { testExamples } from './examples.mjs';

/** Tests that have nothing to learn from another CDK: the packages bring their own, and the rest hardly uses it or not at all. */
const WITHOUT_CDK = [
  'packaged.test.ts', 'test/local/', 'test/cli/', 'test/shipped/', 'test/handlers/(compiled|dotnet|go|java|python|source-files)/',
];

/**
 * `always` says when another selection needs the part; `browser` that it needs Chromium.
 */
export const PARTS = [
  {
    name: 'generated',
    title: 'generated files',
    seconds: 6,
    // Runs before anything is generated, so any difference is something that somebody forgot to commit.
    run: (context) => checkUnchanged(context, 'the generated files are what .projenrc.ts makes', 'npx projen default', '.'),
  },
  {
    name: 'compile',
    title: 'compiling the library',
    seconds: 23,
    always: needsCompilation,
    run: (context) => check(context, 'the library compiles, with no warning of jsii', 'npx projen compile'),
  },
  {
    name: 'docs',
    title: 'documentation',
    seconds: 95,
    async run(context) {
      await Promise.all([
        check(context, 'the examples of README and docstrings compile', 'npx projen rosetta'),
        checkUnchanged(context, 'API.md is up to date', 'npx projen docgen', 'API.md'),
      ]);
      await Promise.all([
        check(context, 'the API reference of the other languages is up to date', 'node scripts/docs/api.mjs --check'),
        check(context, 'the contract in docs/local-gateway.md is what the tests say', 'node scripts/docs/contract.mjs --check'),
        check(context, 'the rooms in CONTRIBUTING.md are those of the code', 'node scripts/docs/rooms.mjs --check'),
        check(context, 'the public API breaks nobody, and is called the same in every language', 'node scripts/test/api-guard.mjs'),
      ]);
      await check(context, 'the guard of the public API can fail', 'node scripts/test/api-guard.mjs --self-test');
    },
  },
  {
    name: 'packages',
    title: 'packages',
    seconds: 60,
    always: ({ parts, languages }) => languages.length > 0 || ['languages', 'unit', 'examples'].some((name) => parts.includes(name)),
    run: packages,
  },
  {
    name: 'style',
    title: 'style and types',
    seconds: 100,
    run: (context) => Promise.all([
      check(context, 'the source keeps the style, and imports run downwards', 'npx eslint --ext .ts,.mjs,.cjs,.js src test scripts bench mutation .projenrc.ts'),
      check(context, 'the tests type-check', 'npx tsc --noEmit --project tsconfig.dev.json'),
    ]),
  },
  {
    name: 'unit',
    title: 'unit tests on the oldest aws-cdk-lib',
    seconds: 900,
    browser: true,
    run: (context) => jest(context, 'tests on the oldest aws-cdk-lib', []),
  },
  {
    name: 'newest',
    title: 'unit tests on the newest aws-cdk-lib',
    seconds: 190,
    run: (context) => jest(context, 'tests on the newest aws-cdk-lib',
      ['--config', JSON.stringify(onNewestCdk()), '--coverage=false', '--testPathIgnorePatterns', ...WITHOUT_CDK],
      { CDK_UNDER_TEST: newestCdk() }),
  },
  {
    name: 'contract',
    title: 'the contract, replayed at a URL',
    seconds: 22,
    // The part `unit` has checked the rows on the gateway in its own process.
    run: (context) => check(context, 'the rows of the contract hold at a URL, too', 'node scripts/contract.mjs --alone'),
  },
  {
    name: 'public',
    title: 'public programs on the gateway',
    seconds: 40,
    browser: true,
    run: (context) => program(context, 'public programs', ['test/public/run.mjs']),
  },
  {
    name: 'examples',
    title: 'examples',
    seconds: 110,
    browser: true,
    run: testExamples,
  },
  {
    name: 'deployed',
    title: 'deployed on an emulator',
    seconds: 65,
    run: (context) => program(context, 'checks of what the CDK CLI deploys on an emulator', ['scripts/deploy-emulated.mjs']),
  },
  {
    name: 'languages',
    title: 'languages',
    seconds: 300,
    always: ({ languages }) => languages.length > 0,
    async run({ languages, count, note, report }) {
      const { passed, failed, skipped } = await testLanguages({ report, note }, { names: languages, atOnce: 2 });
      count('passed', passed);
      count('failed', failed);
      count('skipped', skipped);
    },
  },
];

/** The unit tests in some folders or files. */
export function unitTestsOf(paths) {
  return {
    name: 'selected',
    title: paths.join(', '),
    seconds: 20,
    browser: paths.some((path) => /console|^test$|local$/.test(path)),
    run: (context) => jest(context, `tests in ${paths.join(', ')}`, ['--coverage=false', ...paths]),
  };
}

/** Unit tests need the code of the shipped functions in lib; tests of the command and of the packages run all of lib. */
function needsCompilation({ everything, parts, languages, paths }) {
  if (everything || languages.length > 0 || parts.some((part) => ['docs', 'packages', 'unit', 'newest', 'contract', 'public', 'examples', 'deployed', 'languages'].includes(part))) { return true; }
  return paths.length > 0 && (!existsSync('lib/index.js') || (paths.some((path) => /cli|packaged|shipped|^test$/.test(path)) && newest('src') > newest('lib')));
}

/** Runs a command: passed if it exits with 0. */
async function check({ count, report }, name, command) {
  const { status, output, seconds } = await run(command);
  count(status === 0 ? 'passed' : 'failed', 1);
  report(name, status === 0, seconds, output);
}

/** Runs a command that makes files: passed if the files stay the same. */
async function checkUnchanged({ count, report }, name, command, path) {
  const before = versionOf(path);
  const { status, output, seconds } = await run(command);
  const passed = status === 0 && versionOf(path) === before;
  count(passed ? 'passed' : 'failed', 1);
  report(name, passed, seconds, `${output}\n\`${command}\` changed what is committed:\n${execSync(`git --no-pager diff --stat -- ${path}`)}`);
}

function versionOf(path) {
  return execSync(`git ls-files -z -- ${path} | xargs -0 cat | git hash-object --stdin`, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Builds the packages: one check for each language that can be built here. */
async function packages({ count, languages, report, note }) {
  const outcomes = await packageAll({ languages: ['typescript', ...languages] });
  for (const { language, seconds, failure, missing } of outcomes) {
    if (missing) {
      note(`- the ${language} package is not built, only its source is: \`${missing}\` is not on the PATH`);
    } else {
      count(failure ? 'failed' : 'passed', 1);
      report(`the ${language} package is built`, !failure, seconds, failure);
    }
  }
}

/** Runs jest, and counts its tests. */
async function jest({ count, report, note, setStatus }, name, args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'jest-'));
  const results = join(folder, 'results.json');
  const started = Date.now();
  let files = 0;
  setStatus(() => `${files} test files are done`);
  try {
    const { status, output, seconds } = await run('npx', ['jest', '--ci', '--maxWorkers=2', '--json', '--outputFile', results, ...args], {
      env, onOutput: (text) => { files += [...text.matchAll(/^(PASS|FAIL) /gm)].length; },
    });
    if (!existsSync(results)) {
      count('failed', 1);
      report(name, false, secondsSince(started), output);
      return;
    }
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(results, 'utf8'));
    count('passed', numPassedTests);
    count('failed', numFailedTests + numRuntimeErrorTestSuites);
    count('skipped', numPendingTests + numTodoTests);
    // Too little coverage fails the run, but no single test.
    if (status !== 0 && numFailedTests + numRuntimeErrorTestSuites === 0) { count('failed', 1); }
    report(`${numPassedTests} ${name}`, status === 0, seconds, output);
    for (const { assertionResults } of testResults) {
      assertionResults.filter(({ status: of }) => of === 'pending').forEach(({ fullName }) => note(`- skipped: ${fullName}`));
    }
    const coverage = output.split('\n').find((line) => line.startsWith('All files'));
    if (coverage) {
      const [, , branches, , lines] = coverage.split('|').map((cell) => cell.trim());
      note(`  coverage of src: ${lines} % of lines, ${branches} % of branches`);
    }
  } finally {
    setStatus(() => '');
    rmSync(folder, { recursive: true });
  }
}

/** Runs a program that prints a line for each check, and at the end how many there were. */
async function program({ count, report, note }, what, args) {
  const { status, output, seconds } = await run('node', args, {
    onOutput: (text) => text.split('\n').filter((line) => /^[✓–] /.test(line)).forEach(note),
  });
  const [, passed = 0, failed = 0, skipped = 0] = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output) ?? [];
  count('passed', Number(passed));
  count('failed', Number(failed) || (status === 0 ? 0 : 1));
  count('skipped', Number(skipped));
  report(`${passed} ${what}`, status === 0, seconds, output);
}

/** The same tests, with every import of aws-cdk-lib redirected to the newest version. */
function onNewestCdk() {
  const { coverageThreshold, ...config } = JSON.parse(readFileSync('jest.config.json', 'utf8'));
  return {
    ...config,
    rootDir: process.cwd(),
    moduleNameMapper: { ...config.moduleNameMapper, '^aws-cdk-lib$': 'cdk-newest', '^aws-cdk-lib/(.*)$': 'cdk-newest/$1' },
  };
}

function newestCdk() {
  return JSON.parse(readFileSync('node_modules/cdk-newest/package.json', 'utf8')).version;
}

/** The time of the last change in a folder. */
function newest(folder) {
  return Math.max(...readdirSync(folder, { recursive: true }).map((file) => statSync(join(folder, file)).mtimeMs));
}
