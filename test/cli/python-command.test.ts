import { spawn, spawnSync, SpawnSyncReturns } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newFolder } from '../local/assembly-folder';
import { until } from '../local/local-function';
import { testWhere } from '../where';

// The command that the Python package has on the PATH, beside a package that says so if it is imported.

const COMMAND = resolve('scripts/build/python-command.py');
const MAIN = `
  process.on('SIGTERM', () => { console.log('in order'); process.exit(7); });
  console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2) }));
  if (process.argv.includes('wait')) { setInterval(() => {}, 1000); }
`;

const pythonTest = testWhere(spawnSync('python3', ['--version']).status === 0, 'there is no python3');

function installed() {
  const site = newFolder({ 'cdk_websocket_api/__init__.py': 'raise Exception("imported")\n', 'npm/package/lib/cli/main.js': MAIN });
  const archive = join(site, 'cdk_websocket_api/_jsii/cdk-websocket-api@0.0.0.jsii.tgz');
  spawnSync('mkdir', [join(site, 'cdk_websocket_api/_jsii')]);
  expect(spawnSync('tar', ['-czf', archive, '-C', join(site, 'npm'), 'package']).status).toBe(0);
  const cache = join(newFolder(), 'cache');
  return { cache, env: { ...process.env, PYTHONPATH: site, XDG_CACHE_HOME: cache } };
}

const run = (env: NodeJS.ProcessEnv, ...args: string[]): SpawnSyncReturns<string> => spawnSync('python3', [COMMAND, ...args], { env, encoding: 'utf8' });

pythonTest('it hands its arguments to Node.js, and loads nothing of the package', () => {
  const { stdout, stderr, status } = run(installed().env, 'local', '--app', 'a b');

  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ args: ['local', '--app', 'a b'] });
  expect(status).toBe(0);
});

pythonTest('it is the process that Node.js runs in: a signal reaches that, and its status is the command\'s', async () => {
  const child = spawn('python3', [COMMAND, 'wait'], { env: installed().env, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (data) => stdout += data);
  const ended = new Promise((done) => child.once('close', done));
  await until(() => stdout.includes('\n'));
  child.kill('SIGTERM');

  expect(await ended).toBe(7);
  const [first, last] = stdout.trim().split('\n');
  expect(JSON.parse(first).pid).toBe(child.pid);
  expect(last).toBe('in order');
});

pythonTest('it unpacks the npm package once, also for several at a time', async () => {
  const { env, cache } = installed();
  const started = ['one', 'two', 'three'].map((arg) => new Promise((done) => spawn('python3', [COMMAND, arg], { env }).once('close', done)));

  expect(await Promise.all(started)).toEqual([0, 0, 0]);
  expect(run(env, 'four').status).toBe(0);
  expect(readdirSync(join(cache, 'cdk-websocket-api/packages'))).toHaveLength(1);
});

pythonTest('without Node.js, it says what is missing', () => {
  const { env } = installed();
  const which = spawnSync('which', ['python3'], { encoding: 'utf8' }).stdout.trim();
  const { stderr, status } = spawnSync(which, [COMMAND], { env: { ...env, JSII_NODE: 'no-such-node' }, encoding: 'utf8' });

  expect(stderr).toBe('cdk-websocket-api: there is no `no-such-node` on the PATH: install Node.js 20 or newer, which CDK needs too\n');
  expect(status).toBe(1);
});

test('what runs the gateway loads no CDK: the Python package has none beside it', () => {
  if (!existsSync('lib/cli/serve.js')) { throw new Error('there is no `lib` to test: make it with `npx projen compile`'); }
  const script = 'require("./lib/cli/main.js"); require("./lib/cli/serve.js"); console.log(\'CDK:\', Object.keys(require.cache).filter((file) => /node_modules.(aws-cdk-lib|constructs)/.test(file)).length)';
  const { stdout } = spawnSync(process.execPath, ['-e', script, '', '--version'], { encoding: 'utf8' });

  expect(stdout).toContain('CDK: 0\n');
});
