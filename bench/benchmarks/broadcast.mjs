// Compares a broadcast by `connections` with the loop that people write.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atLeast, atMost, ratio, run, spread, times } from '../measure.mjs';
import { project } from '../project.mjs';

const apps = fileURLToPath(new URL('../apps/broadcast', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const OWN = 'Own';
const LOOP = 'Loop';
/** What a network adds to each post, in milliseconds. */
const NETWORK = 20;
const MANY = 10_000;
/** Files that a process needs besides its connections. */
const OTHER_FILES = 500;
/** Not measured: by then, what runs is compiled, and the functions have their sockets. */
const WARM_UPS = 3;
/** As fast as API Gateway allows an account: the pace must not be what is measured. */
const FULL_PACE = 10_000;

export const title = 'A message to many';

export const text = `From the message of one client until the last has it, on the local gateway, which runs two invocations of a function at once on two cores. This library: \`connections\`, a route \
with \`sendToGroup\`, and the defaults; the route's function hands the message to the broadcaster, which reads the group and hands slices of 500 to itself. The loop: a handler that \
queries its table once, and posts with \`Promise.all\` and the SDK's defaults; that is what most people write. Both have their tables in dynalite. With a network, each answer of \
\`@connections\` comes ${NETWORK} ms later. The contenders take turns on one gateway, after ${WARM_UPS} rounds that do not count. A message that is not there after a minute is lost; one that comes after \
its round is late. The last rows have the broadcaster at ${grouped(FULL_PACE)} posts a second (\`maxPostsPerSecond\`), because the default of 1 000 would be all that they measure. \
Memory is the most that any process of the broadcaster has ever had.`;

export async function measure({ quick }) {
  const children = [];
  try {
    return await measureAll(quick, children);
  } finally {
    children.forEach((child) => child.kill('SIGKILL'));
  }
}

async function measureAll(quick, children) {
  const few = quick ? 200 : 1000;
  const runs = quick ? 3 : 9;
  const faults = { lost: 0, twice: 0, late: 0 };
  const [near, far] = await contest({ connections: few, runs, children, faults });
  const rows = [
    row(`${grouped(few)} connections, ${NETWORK} ms of network`, far),
    row(`${grouped(few)} connections, no network`, near),
  ];
  const goals = [atLeast(`broadcast to ${grouped(few)} connections, ${NETWORK} ms of network: faster than a loop`, ratio(far[LOOP], far[OWN]), 2)];

  const files = Number(spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout) || Infinity;
  const many = quick ? 600 : Math.min(MANY, files - OTHER_FILES);
  const small = await alone({ connections: few, runs, children, faults });
  const large = await alone({ connections: many, runs: quick ? runs : 5, children, faults });
  const share = ratio(large.times, small.times) / (many / few);
  rows.push(
    [`${grouped(few)} connections, ${NETWORK} ms of network, ${grouped(FULL_PACE)} posts a second`, `${spread(small.times, runs)}, ${megabytes(small.memory)}`, '', ''],
    [`${grouped(many)} connections, ${NETWORK} ms of network, ${grouped(FULL_PACE)} posts a second`, `${spread(large.times, runs)}, ${megabytes(large.memory)}`, '', ''],
    [`time for each connection, ${grouped(many)} compared with ${grouped(few)}`, times(share), '', ''],
    ['lost, twice, late', `${faults.lost}, ${faults.twice}, ${faults.late}`, '', ''],
  );
  goals.push(
    atMost(`broadcast to ${grouped(many)} connections: time for each, compared with ${grouped(few)}`, share, 1.2, times),
    atMost(`broadcast to ${grouped(many)} connections: memory of the broadcaster`, large.memory / 1e6, 256, (value) => `${Math.round(value)} MB`),
    none('broadcasts: messages lost, twice or late', faults.lost + faults.twice + faults.late),
  );
  return { head: ['', 'this library', 'a loop with `Promise.all`', 'ratio'], rows, goals };
}

/** Both contenders in turn, without a network and with one. */
async function contest({ connections, runs, children, faults }) {
  const gateway = await start(children);
  const clients = {
    [OWN]: await connect(gateway.urls[OWN], connections, children),
    [LOOP]: await connect(gateway.urls[LOOP], connections, children),
  };
  const results = [];
  for (const delay of [0, NETWORK]) {
    await ask(gateway.child, delay);
    const values = { [OWN]: [], [LOOP]: [] };
    for (let index = -WARM_UPS; index < runs; index++) {
      for (const contender of [OWN, LOOP]) {
        const millis = await round(clients[contender], contender === OWN ? faults : undefined);
        if (index >= 0) { values[contender].push(millis); }
      }
    }
    results.push(values);
  }
  await stop([...Object.values(clients), gateway.child]);
  return results;
}

/** This library's broadcaster, at full pace. */
async function alone({ connections, runs, children, faults }) {
  const gateway = await start(children, FULL_PACE);
  const clients = await connect(gateway.urls[OWN], connections, children);
  await ask(gateway.child, NETWORK);
  const values = [];
  for (let index = -WARM_UPS; index < runs; index++) {
    const millis = await round(clients, faults);
    if (index >= 0) { values.push(millis); }
  }
  const memory = peakOf(gateway.child.pid, 'Broadcaster');
  await stop([clients, gateway.child]);
  return { times: values, memory };
}

// Processes

async function start(children, ...options) {
  const folder = project(0);
  cpSync(join(apps, 'handlers'), join(folder, 'src'), { recursive: true });
  rmSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'));
  run(process.execPath, [join(apps, 'app.mjs'), ...options.map(String)], { cwd: folder });
  const child = fork(join(apps, 'gateway.mjs'), { cwd: folder });
  children.push(child);
  return { child, urls: await answerOf(child) };
}

async function connect(url, connections, children) {
  const child = fork(join(apps, 'clients.mjs'), [url, String(connections)]);
  children.push(child);
  await answerOf(child);
  return child;
}

/** The most memory that any process of a function has had, in bytes. Only Linux tells. */
function peakOf(gateway, functionName) {
  if (process.platform !== 'linux') { return NaN; }
  const peaks = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const isMeant = Number(/^PPid:\s+(\d+)/m.exec(status)[1]) === gateway
        && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').some((variable) => /^AWS_LAMBDA_FUNCTION_NAME=/.test(variable) && variable.includes(functionName));
      return isMeant ? Number(/^VmHWM:\s+(\d+) kB/m.exec(status)[1]) * 1024 : 0;
    } catch {
      // It has ended meanwhile.
      return 0;
    }
  });
  return Math.max(...peaks);
}

let rounds = 0;

/** @param faults where to count what went wrong; undefined if nobody promises anything */
async function round(clients, faults) {
  const { millis, ...counts } = await ask(clients, ++rounds);
  for (const name of Object.keys(faults ?? {})) { faults[name] += counts[name]; }
  return millis ?? Infinity;
}

async function ask(child, message) {
  child.send(message);
  return answerOf(child);
}

async function answerOf(child) {
  const answered = new AbortController();
  const failed = once(child, 'exit', answered).then(([status]) => { throw new Error(`\`${child.spawnargs.join(' ')}\` ended with ${status}`); });
  failed.catch(() => {});
  try {
    const [answer] = await Promise.race([once(child, 'message', answered), failed]);
    return answer;
  } finally {
    answered.abort();
  }
}

/** They end when nobody listens to them any more. */
async function stop(children) {
  for (const child of children) {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  }
}

// Cells

function row(name, values) {
  return [name, spread(values[OWN]), spread(values[LOOP]), times(ratio(values[LOOP], values[OWN]))];
}

function none(what, count) {
  return { what, value: String(count), goal: 'none', share: count === 0 ? 1 : 0 };
}

function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

function megabytes(value) {
  return Number.isNaN(value) ? 'memory not measured' : `${Math.round(value / 1e6)} MB`;
}
