// `node test/public/run.mjs [name…]`: tries programs of others against the local gateway in lib. It installs their dependencies on demand,
// from the lock files. If this machine lacks a program's tools, it skips and names the program. The last line counts the results.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { FOLDER, PYTHON } from './programs.mjs';

const names = process.argv.slice(2);
if (!existsSync(join(FOLDER, '..', '..', 'lib', 'index.js'))) {
  console.error('there is no lib: run `npx projen compile`');
  process.exit(2);
}
install('package-lock.json', 'node_modules/.package-lock.json', () => command('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']));
install('requirements.txt', '.venv/bin/python', () => (
  command('python3', ['-m', 'venv', '--clear', '.venv']) && command(PYTHON, ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '-r', 'requirements.txt'])
));
if (spawnSync('go', ['version']).status === 0) { command('go', ['build', '-o', '/dev/null', './client'], 'go'); }

const files = readdirSync(FOLDER, { recursive: true }).map(String)
  .filter((path) => /^(apps|clients|handlers)[/\\].*\.test\.mjs$/.test(path) && (names.length === 0 || names.some((name) => path.includes(name))))
  .sort().map((path) => join(FOLDER, path));
const counts = { passed: 0, failed: 0, skipped: 0 };
await new Promise((resolve) => {
  run({ files, concurrency: 2 })
    .on('test:pass', ({ name, file, skip, details, nesting }) => {
      if (nesting > 0 || name === file) { return; }
      counts[skip === undefined ? 'passed' : 'skipped']++;
      console.log(skip === undefined ? `✓ ${name} (${(details.duration_ms / 1000).toFixed(1)} s)` : `– ${name}: skipped, ${skip}`);
    })
    .on('test:fail', ({ name, file, details, nesting }) => {
      if (nesting > 0) { return; }
      counts.failed++;
      const { cause = details.error } = details.error;
      console.log(`✗ ${name} (${relative(FOLDER, file ?? FOLDER)})\n${cause.stack ?? cause}`);
    })
    .on('test:stderr', ({ message }) => { if (names.length > 0) { process.stderr.write(message); } })
    .on('end', resolve)
    .resume();
});
rmSync(join(FOLDER, '.run'), { recursive: true, force: true });
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

/** Once for each version of a lock file. What could not be installed is removed, so that its tests are skipped. */
function install(lock, made, make) {
  const version = createHash('sha256').update(readFileSync(join(FOLDER, lock))).digest('hex');
  const folder = join(FOLDER, made.split('/')[0]);
  const mark = join(folder, '.installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === version && existsSync(join(FOLDER, made))) { return; }
  if (make()) {
    writeFileSync(mark, version);
  } else {
    rmSync(folder, { recursive: true, force: true });
  }
}

function command(name, args, folder = '.') {
  const { status, stderr } = spawnSync(name, args, { cwd: join(FOLDER, folder), stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) { console.error(`${name} ${args.join(' ')}: ${stderr ?? 'not found'}`); }
  return status === 0;
}
