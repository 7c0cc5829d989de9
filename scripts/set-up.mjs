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

/** A browser for the test of the gateway's page: from Debian's packages, where they can be installed. Without, that test says that it is skipped. */
export function setUpBrowser() {
  if (existsSync('/usr/bin/chromium') || process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) { return; }
  console.log('Installing Chromium (apt-get install chromium)');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: environment });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'ignore', env: environment });
}
