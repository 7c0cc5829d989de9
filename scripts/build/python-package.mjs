// `node scripts/build/python-package.mjs`: builds the wheel and the sdist in dist/python. jsii-pacmak generates the project, this script
// adds our own command to it, and then builds it as jsii-pacmak does.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'python-package-'));

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) { throw error ?? new Error(`\`${[command, ...args].join(' ')}\` ended with status ${status}`); }
}

try {
  run('npx', 'jsii-pacmak', '--code-only', '--target', 'python', '--outdir', work);
  const project = join(work, 'python');
  const command = join(project, 'src', 'cdk_websocket_api', '_jsii', 'bin', 'cdk-websocket-api');
  if (!existsSync(command)) { throw new Error(`jsii-pacmak made no \`${command}\`: see where it puts the scripts of \`bin\` now`); }
  copyFileSync(join(root, 'scripts', 'build', 'python-command.py'), command);

  const venv = join(work, 'venv');
  const python = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  const output = join(root, 'dist', 'python');
  rmSync(output, { recursive: true, force: true });
  run(process.platform === 'win32' ? 'python' : 'python3', '-m', 'venv', venv);
  const tools = createRequire(import.meta.url).resolve('jsii-pacmak/lib/targets/python/requirements-dev.txt');
  run(python, '-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--requirement', tools);
  run(python, '-m', 'build', '--outdir', output, project);
  run(python, '-m', 'twine', 'check', join(output, '*'));
} finally {
  rmSync(work, { recursive: true, force: true });
}
