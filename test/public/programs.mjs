// Programs of others: whether this machine has them, and running them.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const FOLDER = fileURLToPath(new URL('.', import.meta.url));
export const PYTHON = join(FOLDER, '.venv', 'bin', 'python');
export const CHROMIUM = '/usr/bin/chromium';

/** Why a test cannot run here, by what it needs; false if it can. */
const REASONS = {
  npm: () => (existsSync(join(FOLDER, 'node_modules', '.package-lock.json')) ? false : 'the packages of test/public/package.json could not be installed'),
  python: () => (existsSync(PYTHON) ? false : 'the packages of test/public/requirements.txt could not be installed, or there is no Python'),
  // `go` answers without the network; the modules are fetched when it builds.
  go: () => (spawnSync('go', ['list', './...'], { cwd: join(FOLDER, 'go') }).status === 0 ? false : 'there is no Go, or its modules could not be fetched'),
  java: () => (spawnSync('java', ['-version']).status === 0 ? false : 'there is no Java'),
  chromium: () => (existsSync(CHROMIUM) ? false : `there is no ${CHROMIUM}`),
};

/** For the option `skip` of a test. */
export function needs(...names) {
  return names.map((name) => REASONS[name]()).find(Boolean) ?? false;
}

/** Runs a program to its end. Rejects with its output unless it ends with 0. Some end with their input, so `openInput` leaves it open. */
export function run(command, args, { env = {}, cwd = FOLDER, openInput = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: [openInput ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => { stdout += data; });
    child.stderr.on('data', (data) => { stderr += data; });
    child.on('error', reject);
    child.on('close', (status) => (status === 0 ? resolve(stdout.trim()) : reject(new Error(`${command} ended with ${status}:\n${stdout}${stderr}`))));
  });
}

/** What the tools and SDKs of AWS read. */
export function awsEnvironment({ credentials, caFile }) {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
  };
}
