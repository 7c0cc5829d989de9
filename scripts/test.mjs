// `npm test`: all that CI runs, on a fresh clone too. One line for each check, the output of a check only where it fails, and a last line
// that counts.
import { execSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp, setUpBrowser } from './set-up.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// Silences the jsii tools about Node.js 20, which is the oldest that users may have.
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = '20';
process.env.PROJEN_DISABLE_POST = 'true';
process.env.ESLINT_USE_FLAT_CONFIG = 'false';
setUp();
setUpBrowser();
// These need what was installed just now.
const { packageAll } = await import('./package-all.mjs');
const { testLanguages } = await import('./languages.mjs');

const counts = { passed: 0, failed: 0, skipped: 0 };

// Before anything is generated, so that a difference is what somebody forgot to commit.
await checkUnchanged('the generated files are what .projenrc.ts makes', 'npx projen default', '.');
await check('the library compiles, with no warning of jsii', 'npx projen compile');
await Promise.all([
  check('the examples of README and docstrings compile', 'npx jsii-rosetta extract --strict .jsii'),
  checkUnchanged('API.md is up to date', 'npx projen docgen', 'API.md'),
]);
await Promise.all([
  check('the API reference of the other languages is up to date', 'node scripts/api-docs.mjs --check'),
  check('the contract in docs/local-gateway.md is what the tests say', 'node scripts/contract-docs.mjs --check'),
  check('the public API breaks nobody, and is called the same in every language', 'node scripts/api-guard.mjs'),
]);
await check('the guard of the public API can fail', 'node scripts/api-guard.mjs --self-test');
await packages();
await Promise.all([
  check('the source keeps the style', 'npx eslint --ext .ts src test .projenrc.ts'),
  check('the tests type-check', 'npx tsc --noEmit --project tsconfig.dev.json'),
]);
await jest('tests on the oldest aws-cdk-lib', []);
// What is packaged has a CDK of its own, and the gateway has next to nothing to do with it.
await jest('tests on the newest aws-cdk-lib', ['--config', JSON.stringify(onNewestCdk()), '--coverage=false', '--testPathIgnorePatterns', 'packaged.test.ts', 'test/local/'], newestCdk());
await languages();

console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

/** Runs a command: passed where it exits with 0. */
async function check(name, command) {
  const { status, output, seconds } = await run(command);
  counts[status === 0 ? 'passed' : 'failed']++;
  report(name, status === 0, seconds, output);
}

/** Builds the packages of all languages. */
async function packages() {
  const started = Date.now();
  try {
    await packageAll();
    counts.passed++;
    report('the packages of all languages are built', true, secondsSince(started));
  } catch (error) {
    counts.failed++;
    report('the packages of all languages are built', false, secondsSince(started), error.stack);
  }
}

/** Tries the packages as users of each language do. */
async function languages() {
  const { passed, failed, skipped } = await testLanguages(report, { atOnce: 2 });
  counts.passed += passed;
  counts.failed += failed;
  counts.skipped += skipped;
}

/** Runs a command that makes files: passed where they are as they were. */
async function checkUnchanged(name, command, path) {
  const before = versionOf(path);
  const { status, output, seconds } = await run(command);
  const passed = status === 0 && versionOf(path) === before;
  counts[passed ? 'passed' : 'failed']++;
  report(name, passed, seconds, `${output}\n\`${command}\` changed what is committed:\n${execSync(`git --no-pager diff --stat -- ${path}`)}`);
}

function versionOf(path) {
  return execSync(`git ls-files -z -- ${path} | xargs -0 cat | git hash-object --stdin`, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Runs jest, and counts its tests. */
async function jest(name, args, cdkUnderTest) {
  const folder = mkdtempSync(join(tmpdir(), 'jest-'));
  const results = join(folder, 'results.json');
  try {
    const { status, output, seconds } = await run('npx', ['jest', '--ci', '--maxWorkers=2', '--json', '--outputFile', results, ...args], { CDK_UNDER_TEST: cdkUnderTest });
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
    counts.passed += numPassedTests;
    counts.failed += numFailedTests + numRuntimeErrorTestSuites;
    counts.skipped += numPendingTests + numTodoTests;
    // Too little coverage fails no test, but the run.
    if (status !== 0 && numFailedTests + numRuntimeErrorTestSuites === 0) { counts.failed++; }
    report(`${numPassedTests} ${name}`, status === 0, seconds, output);
    const coverage = output.split('\n').find((line) => line.startsWith('All files'));
    if (coverage) {
      const [, , branches, , lines] = coverage.split('|').map((cell) => cell.trim());
      console.log(`    coverage of src: ${lines} % of lines, ${branches} % of branches`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(name, passed, seconds, output) {
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (!passed) { console.log(output); }
}

/** The same tests, with every import of aws-cdk-lib led to the newest. */
function onNewestCdk() {
  const { coverageThreshold, ...config } = JSON.parse(readFileSync('jest.config.json', 'utf8'));
  return {
    ...config,
    rootDir: process.cwd(),
    moduleNameMapper: { ...config.moduleNameMapper, '^aws-cdk-lib$': 'cdk-newest', '^aws-cdk-lib/(.*)$': 'cdk-newest/$1' },
  };
}

function secondsSince(started) {
  return Math.round((Date.now() - started) / 1000);
}

function newestCdk() {
  return JSON.parse(readFileSync('node_modules/cdk-newest/package.json', 'utf8')).version;
}

function run(command, args, env) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args ?? [], { shell: args === undefined, env: { ...process.env, ...Object.fromEntries(Object.entries(env ?? {}).filter(([, value]) => value !== undefined)) }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => output += data);
    child.stderr.on('data', (data) => output += data);
    child.on('close', (status) => resolve({ status, output, seconds: secondsSince(started) }));
  });
}
