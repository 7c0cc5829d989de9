import { existsSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const INSTALLED = 'node_modules/.package-lock.json';

/** Installs what the lock file says, unless that is there already. */
export function setUp() {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync('package-lock.json').mtimeMs) { return; }
  console.log('Installing dependencies (npm ci)');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) { process.exit(1); }
}
