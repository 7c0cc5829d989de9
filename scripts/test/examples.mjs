// The examples that are products in small: each is installed as a user would do it, with the package that was built, and its own tests run.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { isOnPath, runOrThrow, secondsSince } from '../commands.mjs';
import { packaged } from '../package-all.mjs';

/** By folder below `examples`: the language decides how one is installed and tested. */
const EXAMPLES = ['python/job-progress', 'typescript/assistant', 'typescript/rooms'];

const LANGUAGES = {
  python: { needs: 'python3', test: testPython },
  typescript: { needs: 'npm', test: testTypeScript },
};

/** Reports each example as one check, and counts its tests. */
export async function testExamples({ count, note, report }) {
  for (const name of EXAMPLES) {
    const { needs, test } = LANGUAGES[name.split('/')[0]];
    if (!isOnPath(needs)) {
      count('skipped', 1);
      note(`- skipped: the example ${name}: \`${needs}\` is not on the PATH`);
      continue;
    }
    const app = mkdtempSync(join(tmpdir(), 'example-'));
    const started = Date.now();
    try {
      cpSync(join('examples', name), app, { recursive: true, filter: (path) => !/[/\\](node_modules|cdk\.out|\.venv|__pycache__|\.pytest_cache)$/.test(path) });
      const { passed, skipped } = await test(app);
      count('passed', passed);
      count('skipped', skipped);
      if (skipped > 0) { note(`- skipped: ${skipped} of the example ${name}, in a browser that this machine does not have`); }
      report(`the example ${name}: ${passed} tests of its own pass`, true, secondsSince(started));
    } catch (error) {
      count('failed', 1);
      report(`the example ${name}`, false, secondsSince(started), error.message);
    } finally {
      rmSync(app, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

async function testPython(app) {
  const bin = join(app, '.venv', 'bin');
  await runOrThrow('python3', ['-m', 'venv', '.venv'], { cwd: app });
  const wheel = packageOf('python', '.whl');
  await runOrThrow(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', wheel, '--requirement', 'requirements-dev.txt'], { cwd: app });
  const output = await runOrThrow(join(bin, 'python'), ['-m', 'pytest', '--quiet', '-p', 'no:cacheprovider'], { cwd: app, env: environment(bin) });
  return { passed: numberOf(/(\d+) passed/, output), skipped: numberOf(/(\d+) skipped/, output) };
}

async function testTypeScript(app) {
  await runOrThrow('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: app });
  await runOrThrow('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', packageOf('js', '.tgz')], { cwd: app });
  const output = await runOrThrow('npm', ['test'], { cwd: app, env: environment() });
  // As the test runner of Node.js counts.
  return { passed: numberOf(/^\W+pass (\d+)$/m, output), skipped: numberOf(/^\W+skipped (\d+)$/m, output) };
}

/** Dynalite is on the PATH, as `npx -p dynalite` puts it there. */
function environment(...folders) {
  return { PATH: [...folders, resolve('node_modules', '.bin'), process.env.PATH].join(delimiter), CI: 'true' };
}

function packageOf(target, ending) {
  const file = packaged(target).find((path) => path.endsWith(ending));
  if (file === undefined) { throw new Error(`there is no package ${ending} in dist/${target}: run the part \`packages\` first`); }
  return resolve(file);
}

function numberOf(pattern, output) {
  return Number(pattern.exec(output)?.[1] ?? 0);
}
