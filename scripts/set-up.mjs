import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const INSTALLED = 'node_modules/.package-lock.json';

/** Installs what the lock file names, unless it is already installed. */
export function setUp() {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync('package-lock.json').mtimeMs) { return; }
  console.log('Installing dependencies (npm ci), about a minute');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) { process.exit(1); }
}

/**
 * A browser for the tests of the gateway's page. On a machine without one, the administrator has it installed from Debian's packages unless
 * SKIP_BROWSER says not to; everybody else is told, and those tests are skipped by name.
 */
export function setUpBrowser() {
  if (existsSync('/usr/bin/chromium')) { return; }
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0 && !process.env.SKIP_BROWSER;
  if (!mayInstall) {
    console.log('There is no /usr/bin/chromium: the tests of the gateway\'s page in a browser are skipped');
    return;
  }
  console.log('Installing Chromium for the tests of the gateway\'s page (apt-get install chromium; SKIP_BROWSER=1 leaves it out)');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: environment });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'ignore', env: environment });
}
