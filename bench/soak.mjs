// Clients and handlers misbehave for minutes; then this script looks for what they left in the gateway:
// `node bench/soak.mjs [--minutes 3]`. It needs Linux, because it reads `/proc`. It exits with 1 if something leaks or fails.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BEHAVIOURS, connect, withClient } from './apps/soak/behaviours.mjs';
import { run } from './measure.mjs';
import { project, removeProjects } from './project.mjs';
import { pause } from './servers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const apps = join(root, 'bench', 'apps', 'soak');
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '3' } } });
if (process.platform !== 'linux') { throw new Error('the soak counts what `/proc` tells: run it on Linux'); }
const minutes = Number(values.minutes);
if (!(minutes > 0)) { throw new Error(`\`--minutes ${values.minutes}\` is no time: write a number`); }

const WARM_UP_SECONDS = 20;
/** How long the gateway may keep working on pending requests after the last client stops. */
const QUIET_LIMIT_MILLIS = 60_000;
/** Longer than HTTP keeps a connection alive: 5 s. */
const STEADY_MILLIS = 7000;
/** The longest time for one behaviour: the longest queue of the slowest handler. */
const BEHAVIOUR_LIMIT_MILLIS = 60_000;
const MAX_AT_ONCE = 100;
/** The trace keeps this many events: after as many new ones, it holds nothing of the load. */
const TRACE_EVENTS = 10_000;
/** Compiled code and caches come and go by a megabyte. In 3 min there are 25 000 connections: so a leak of 200 bytes for each is found. */
const HEAP_TOLERANCE = { share: 0.25, bytes: 5e6 };
/** If one environment waits this long, its function has to start another; the shortest timeout is 1 s. */
const WAIT_MILLIS = 600;
const ENVIRONMENTS = Math.max(2, availableParallelism());
const ACTIONS = ['echo', 'post', 'never', 'exit', 'nonsense', 'noise', 'fork', 'mortal'];
/** All environments of every function (that of `$connect` too), the gateway, and its reaper. */
const PROCESSES = (ACTIONS.length + 1) * ENVIRONMENTS + 2;

['SIGINT', 'SIGTERM'].forEach((signal) => process.on(signal, () => process.exit(1)));
process.on('exit', removeProjects);
const problems = [];
const did = new Map(BEHAVIOURS.map(([name]) => [name, 0]));
const began = performance.now();
const gateway = await start();
try {
  await soak();
} catch (error) {
  problems.push(error.message);
}
if (problems.length > 0) {
  [...new Set(problems)].slice(0, 20).forEach((problem) => console.error(problem));
  process.exit(1);
}
console.log('\nNothing leaks.');
process.exit(0);

async function soak() {
  await load(WARM_UP_SECONDS * 1000);
  const before = await atRest();
  const [done, seen] = [new Map(did), { ...gateway.counts }];
  await load(minutes * 60_000);
  const after = await atRest();
  report(before, after, done, seen);
  compare(before, after);
  await endInTheMiddle();
}

/** Runs all behaviours, each at its own rate, or less often if the machine is too slow. */
async function load(millis) {
  const until = performance.now() + millis;
  const underWay = new Set();
  await Promise.all(BEHAVIOURS.map(async ([name, perSecond, act]) => {
    const own = new Set();
    const started = performance.now();
    for (let count = 0; performance.now() < until && gateway.runs() && problems.length < 100; count++) {
      const late = performance.now() - started - count * 1000 / perSecond;
      if (late < 0) { await pause(Math.min(-late, until - performance.now())); }
      if (own.size >= MAX_AT_ONCE) { await Promise.race(own); }
      did.set(name, did.get(name) + 1);
      const one = inTime(act(gateway), BEHAVIOUR_LIMIT_MILLIS)
        .catch((error) => { if (!gateway.ending) { problems.push(`${name}: ${error.message}`); } })
        .finally(() => { own.delete(one); underWay.delete(one); });
      own.add(one);
      underWay.add(one);
    }
  }));
  if (!gateway.ending) { await Promise.all(underWay); }
}

/** Creates the same state each time: new environments of every function, and only small messages in the trace. */
async function atRest() {
  await Promise.all(ACTIONS.flatMap((action) => Array.from({ length: ENVIRONMENTS }, () => tell({ action, exit: 1, wait: WAIT_MILLIS }))));
  await Promise.all(Array.from({ length: ENVIRONMENTS }, () => gateway.refused(`?exit=1&wait=${WAIT_MILLIS}`)));
  await Promise.all(ACTIONS.flatMap((action) => Array.from({ length: ENVIRONMENTS }, () => tell({ action, wait: WAIT_MILLIS }))));
  const clients = await Promise.all(Array.from({ length: ENVIRONMENTS }, () => connect(`${gateway.url}?wait=${WAIT_MILLIS}`)));
  const { total } = gateway.counts;
  await Promise.all(clients.map(async (client) => {
    while (gateway.counts.total < total + TRACE_EVENTS && gateway.runs()) { await client.ask('to fill the trace'); }
    await client.close();
  }));
  return gateway.quiet();
}

async function tell(message) {
  await withClient(gateway.url, (client) => client.ask(message));
}

function report(before, after, done, seen) {
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const resources = [...new Set([...Object.keys(before.resources), ...Object.keys(after.resources)])].sort();
  console.log(table(['at rest', 'before', 'after'], [
    ['open file descriptors', before.files, after.files],
    ['processes', before.processes, after.processes],
    ['open connections', before.connections, after.connections],
    ['heap after garbage collection', megabytes(before.heap), megabytes(after.heap)],
    ['buffers outside of the heap', megabytes(before.buffers), megabytes(after.buffers)],
    ['resident memory, which Node.js gives back late', megabytes(before.resident), megabytes(after.resident)],
    ...resources.map((name) => [`active: ${name}`, before.resources[name] ?? 0, after.resources[name] ?? 0]),
  ]));
  console.log(`\n${table([`in ${minutes} min, after ${WARM_UP_SECONDS} s of the same to warm up`, 'times'], [
    ...[...did].map(([name, count]) => [name, count - done.get(name)]),
    ...Object.entries(gateway.counts).filter(([name]) => name !== 'total').sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, count]) => [`the gateway said: ${name}`, count - (seen[name] ?? 0)]),
  ])}`);
}

function compare(before, after) {
  const same = (what, one, other, why) => { if (other > one) { problems.push(`${what}: ${one} before, and ${other} after: ${why}`); } };
  same('open file descriptors', before.files, after.files, 'something opens them and does not close them');
  same('processes', before.processes, after.processes, 'something starts them and does not end them');
  for (const name of Object.keys(after.resources)) { same(`active resources of the type ${name}`, before.resources[name] ?? 0, after.resources[name], 'something does not end them'); }
  if (after.connections > 0) { problems.push(`${after.connections} connections are open, whose clients are gone`); }
  for (const [what, one, other] of [['the heap', before.heap, after.heap], ['buffers', before.buffers, after.buffers]]) {
    const most = one + Math.max(one * HEAP_TOLERANCE.share, HEAP_TOLERANCE.bytes);
    if (other > most) { problems.push(`${what}: ${one} bytes before, and ${other} after, which is more than the ${Math.round(most)} that are allowed for`); }
  }
}

/** Sends SIGTERM while all clients are active. */
async function endInTheMiddle() {
  const loading = load(4000);
  await pause(3000);
  gateway.ending = true;
  const processes = gateway.processes();
  const started = performance.now();
  gateway.terminate();
  const status = await inTime(gateway.ended, 15_000).catch(() => 'none: it runs on');
  const took = performance.now() - started;
  await loading;
  // The reaper, and the processes that it kills, may end a moment later.
  await until(() => gateway.processes(processes).length === 0, 5000);
  const [left, files] = [gateway.processes(processes), gateway.temporaryFiles()];
  if (status !== 0) { problems.push(`after SIGTERM in the middle of load the gateway ended with status ${status}`); }
  if (left.length > 0) { problems.push(`after SIGTERM in the middle of load ${left.length} processes run on: ${left.join(', ')}`); }
  if (files.length > 0) { problems.push(`after SIGTERM in the middle of load temporary files are left: ${files.join(', ')}`); }
  if (await listens(gateway.port)) { problems.push('after SIGTERM in the middle of load something still listens on the port'); }
  console.log(`\nSIGTERM in the middle of load, with ${processes.length} processes: ended with status ${status} after ${Math.round(took)} ms; ${left.length} processes and ${files.length} temporary files are left.`);
  console.log(`It took ${Math.round((performance.now() - began) / 1000)} s.`);
}

// The gateway

async function start() {
  const folder = project(0);
  cpSync(join(apps, 'handlers'), join(folder, 'src'), { recursive: true });
  run(process.execPath, [join(apps, 'app.mjs')], { cwd: folder });
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const probe = join(folder, 'probe.json');
  const child = spawn(process.execPath, [join(root, 'lib', 'cli', 'main.js'), 'local', '--app', 'cdk.out', '--port', '0', '--json'], {
    cwd: folder,
    // The gateway writes to a folder of its own, whose name also identifies its processes.
    env: { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: join(folder, 'cache'), NODE_OPTIONS: `--require=${join(apps, 'probe.cjs')}`, SOAK_PROBE: probe },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Leaked processes end with the soak.
  process.prependListener('exit', () => processesOf(child.pid, folder).forEach((pid) => {
    try { process.kill(pid, 'SIGKILL'); } catch { /* It ended by itself. */ }
  }));
  let errors = '';
  child.stderr.on('data', (data) => { errors = `${errors}${data}`.slice(-5000); });
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);

  const counts = { total: 0 };
  const lines = createInterface({ input: child.stdout });
  const [first] = await Promise.race([once(lines, 'line'), ended.then(() => { throw new Error(`the gateway did not start: ${errors}`); })]);
  const { port, apis, credentials, caFile } = JSON.parse(first);
  const [open, shut] = ['Api', 'Closed'].map((name) => apis.find((api) => api.name.includes(`-${name}-`)));
  const gateway = {
    port,
    credentials,
    counts,
    ended,
    url: open.url,
    wss: open.secureUrl,
    closedUrl: shut.url,
    ca: readFileSync(caFile, 'utf8'),
    ending: false,
    runs: () => child.exitCode === null && child.signalCode === null,
    terminate: () => child.kill('SIGTERM'),
    /** All processes of the gateway; with `among`, only those of both that are still alive. */
    processes: (among) => processesOf(child.pid, folder).concat(among ?? [])
      .filter((pid, index, all) => all.indexOf(pid) === index && (!among || isAlive(pid))),
    temporaryFiles: () => readdirSync(temporary),
    async refused(query) {
      await connect(`${open.url}${query}`).then(() => { throw new Error('a handshake was to be refused'); }, () => undefined);
    },
    async quiet() {
      const now = () => ({ files: readdirSync(`/proc/${child.pid}/fd`).length, processes: this.processes().length });
      let last = now();
      let since = performance.now();
      const quiet = await until(() => {
        const present = now();
        const changed = present.files !== last.files || present.processes !== last.processes;
        if (changed || present.processes !== PROCESSES) { since = performance.now(); }
        last = present;
        return performance.now() - since > STEADY_MILLIS || !this.runs();
      }, QUIET_LIMIT_MILLIS, 250);
      if (!quiet) { problems.push(`after ${QUIET_LIMIT_MILLIS / 1000} s at rest the gateway is not quiet: it has ${last.processes} processes, where ${PROCESSES} are due, and ${last.files} open files`); }
      child.kill('SIGUSR2');
      await until(() => existsSync(probe), 10_000);
      const { memory, resources } = JSON.parse(readFileSync(probe, 'utf8'));
      rmSync(probe);
      const { heapUsed, external, arrayBuffers, rss } = memory;
      return { ...last, connections: await connections(port), heap: heapUsed, buffers: external + arrayBuffers, resident: rss, resources };
    },
  };
  lines.on('line', (line) => count(line, counts));
  void ended.then((status) => { if (!gateway.ending) { problems.push(`the gateway ended with ${status} in the middle of it: ${errors}`); } });
  return gateway;
}

/** By the type of an event, and what is of interest of it. */
function count(line, counts) {
  const add = (name) => { counts[name] = (counts[name] ?? 0) + 1; };
  counts.total++;
  const [, type] = /^\{"time":[\d.]+,"type":"([\w-]+)"/.exec(line) ?? [];
  if (type === 'function-log') { return add('lines of functions'); }
  const event = JSON.parse(line);
  switch (type) {
    case 'connect': return add(`handshakes answered with ${event.status}`);
    case 'disconnect': return add(`disconnects with ${event.code}`);
    case 'answer': return add(event.reason === undefined ? 'messages answered' : 'messages answered with an error');
    case 'connections-api': return add(`posts answered with ${event.status}`);
    case 'function': return add(`environments: ${event.what}`);
    case 'warning':
      if (/fault of the gateway itself/.test(event.text)) { problems.push(event.text); }
      return add('warnings');
    default: return undefined;
  }
}

/**
 * All processes below the gateway, and all that lost their parent: a handler and its children have the gateway's folder in their
 * environment.
 */
function processesOf(gateway, folder) {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).flatMap((pid) => {
    try {
      const [, state, parent] = /\) (\w) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'));
      // A zombie does not count as running.
      return state === 'Z' ? [] : [{ pid, parent: Number(parent), own: readFileSync(`/proc/${pid}/environ`, 'latin1').includes(folder) }];
    } catch {
      return [];
    }
  });
  const below = (parent) => processes.filter((one) => one.parent === parent).flatMap(({ pid }) => [pid, ...below(pid)]);
  const own = processes.filter(({ pid, own: isOwn }) => isOwn || pid === gateway).map(({ pid }) => pid);
  return [...new Set([...own, ...below(gateway)])].filter((pid) => pid !== process.pid);
}

function isAlive(pid) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Reads them from the console. */
async function connections(port) {
  const response = await fetch(`http://localhost:${port}/_console/events`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const [, snapshot] = /event: snapshot\ndata: (.*)\n/.exec(text) ?? [];
    if (snapshot) { return JSON.parse(snapshot).connections.length; }
  }
  throw new Error('the console tells nothing');
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: '127.0.0.1', port }, () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** @returns whether the condition became true in time */
async function until(condition, millis, every = 50) {
  for (const started = performance.now(); performance.now() - started < millis; await pause(every)) {
    if (condition()) { return true; }
  }
  return false;
}

function inTime(work, millis) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`it was not done after ${millis / 1000} s`)), millis); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function table(head, rows) {
  return [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
