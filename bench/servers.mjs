// Starts servers as a user does, each in a process of its own, and measures them together with their child processes.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const START_MILLIS = 30_000;
const running = new Set();

/** A server for WebSockets: its app is in `folder`, and its output goes there. */
export const SERVERS = {
  async gateway(folder, { reload = false } = {}) {
    const server = launch([join(root, 'lib', 'cli', 'main.js'), 'local', '--app', 'cdk.out', '--port', '0', '--json', ...reload ? ['--watch'] : []], folder);
    const [, url] = await server.printed(/"type":"listening".*?"url":"(.*?)"/);
    return { ...server, url };
  },

  async serverlessOffline(folder, { reload = false } = {}) {
    const [websocketPort, httpPort, lambdaPort] = await freePorts(3);
    const options = Object.entries({ websocketPort, httpPort, lambdaPort }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const server = launch([join(root, 'bench', 'node_modules', 'osls', 'bin', 'serverless.js'), 'offline', ...options, '--noSponsor', ...reload ? ['--reloadHandler'] : []], folder);
    await server.printed(/http for websocket\] listening/);
    return { ...server, url: `ws://localhost:${websocketPort}` };
  },

  async ws(folder) {
    const server = launch([join(root, 'bench', 'apps', 'gateway', 'echo.mjs')], folder);
    const [, port] = await server.printed(/listening on (\d+)/);
    return { ...server, url: `ws://localhost:${port}` };
  },
};

export function stopServers() {
  for (const child of running) { child.kill('SIGKILL'); }
}

function launch(args, cwd) {
  // The file is not in the app's own folder, because the server watches that.
  const log = join(mkdtempSync(join(cwd, 'log-')), 'server.log');
  const output = openSync(log, 'w');
  // Keeps the server from reading or writing credentials and schemas in the user's home.
  const env = { ...process.env, CI: 'true', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none', XDG_CACHE_HOME: cwd, SLS_SCHEMA_CACHE_BASE_DIR: cwd, NODE_COMPILE_CACHE: undefined };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', output, output] });
  running.add(child);
  const gone = new Promise((done) => child.once('exit', done)).then(() => running.delete(child));
  return {
    log: () => readFileSync(log, 'utf8'),
    async printed(pattern) {
      for (const started = performance.now(); performance.now() - started < START_MILLIS; await pause(10)) {
        const found = statSync(log).size < 1e6 && pattern.exec(readFileSync(log, 'utf8'));
        if (found) { return found; }
        if (child.exitCode !== null) { break; }
      }
      throw new Error(`\`${args.join(' ')}\` did not start:\n${readFileSync(log, 'utf8')}`);
    },
    /** Memory of the server and all its children, in bytes. */
    memory: () => memoryOf(child.pid),
    async stop() {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(patience);
    },
  };
}

/** Each page counts once for each process that has it, so shared pages count more than once. */
function memoryOf(pid) {
  const processes = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' }).stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent) => processes.filter(([, ppid]) => ppid === parent)
    .reduce((sum, [own, , kilobytes]) => sum + kilobytes * 1024 + below(own), 0);
  return below(pid) + (processes.find(([own]) => own === pid)?.[2] ?? 0) * 1024;
}

async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
    const server = createServer().listen(0, 'localhost', () => resolve(server));
  })));
  return Promise.all(servers.map((server) => new Promise((resolve) => {
    const { port } = server.address();
    server.close(() => resolve(port));
  })));
}

export function pause(millis) {
  return new Promise((done) => setTimeout(done, millis));
}
