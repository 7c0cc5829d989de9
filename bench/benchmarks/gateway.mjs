// Compares the local gateway with other tools that run WebSocket handlers without Docker, and with plain `ws`.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atLeast, atMost, median, run, times } from '../measure.mjs';
import { clean, project } from '../project.mjs';
import { pause, SERVERS, stopServers } from '../servers.mjs';

const { WebSocket } = createRequire(new URL('../../package.json', import.meta.url))('ws');
const apps = fileURLToPath(new URL('../apps/gateway', import.meta.url));
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const OWN = 'this gateway';
const OFFLINE = 'serverless-offline, with osls';
const LIMIT = 'bare `ws` echo';
const START = { [OWN]: SERVERS.gateway, [OFFLINE]: SERVERS.serverlessOffline, [LIMIT]: SERVERS.ws };
const IDLE = 10_000;
/** Files that a process needs besides its connections. */
const OTHER_FILES = 500;
const TIMEOUT_MILLIS = 10_000;

export const title = 'The local gateway';

export const text = `Each started as a user does, its output in a file: \`cdk-websocket-api local --json\`, \`osls offline\`, and a server of some lines. One Node.js handler, for \`$connect\` and \
\`$default\`, echoes; each connection sends the next message, of about 100 bytes, when the answer to the last has come. Clients are a process of their own, on the same machine. p50 and p99 are of whole round \
trips; an answer that does not come in ${TIMEOUT_MILLIS / 1000} s is a time-out, and ends its connection. What is measured begins once each connection has had some answers, or after ${TIMEOUT_MILLIS / 1000} s. Each figure is the median of servers started for it. Memory is the resident memory of all processes of a \
server, and counts for each what they share. This gateway runs a function in as many processes as there are CPUs, at least two, and has the others wait in line; serverless-offline starts a thread for each message under way. \
Reloading is \`--watch\` here, which builds the handler with esbuild and has a new process ready, and \`--reloadHandler\` there, which reads the file again for each message; half a second passes between an answer and the next save. \
A cold start is what the first handshake, which calls the function, takes longer than later ones; in parentheses, what of that the process takes until it asks for its first event.

Where the time of a round trip goes, by V8's profiler, at 1 connection: the process of the function takes a fifth of the processor time, the gateway the rest. Of the gateway's, \
about 40 % is writing to the function and to the client, which wakes them; 17 % chooses the route, makes the event and reads the answer; 9 % is for queues and time limits; 8 % writes events \
as JSON, while the function works; 7 % collects garbage; 5 % is the access log and the trace; the rest is Node.js's streams and timers, and the frames of the client. \
At 100 connections, by \`perf\`, the gateway takes 62 % of the processor time, the two processes of the function 21 %, and the clients 17 %. The gateway is one thread, but for the collection of garbage, \
and takes more than all others together: it is the limit, and the function waits for it. Of its time, about 16 % is writing to the function and to the clients; 15 % reads from them, and takes the frames apart; \
15 % collects garbage, of which half comes from the events that the trace keeps; 15 % chooses the route, makes the event, writes it as JSON and reads the answer; \
9 % writes events as JSON to the output; 7 % is the access log and the trace; 8 % is the event loop, which turns once or twice for a message; the rest is spread over promises, queues and time limits. \
No part is larger than a sixth. \
Of the time from a save to its answer, 10 ms wait for an editor to finish writing, esbuild takes 5 to 8 ms, and the waiting process about 10 ms to load the code.`;

export async function measure({ quick }) {
  try {
    return await measureAll(quick);
  } finally {
    stopServers();
  }
}

async function measureAll(quick) {
  const folders = { [OWN]: own('nodejs'), [OFFLINE]: offline('nodejs', `nodejs${process.versions.node.split('.')[0]}.x`), [LIMIT]: project(0) };
  const goals = [];
  const rows = [
    ...await roundTrips(folders, quick, goals),
    ...quick ? [] : await idleConnections(folders),
    ...await reloads(folders, quick, goals),
    ...quick ? [] : await coldStarts(),
  ];
  return { head: ['', OWN, OFFLINE, LIMIT, 'ratio'], rows, goals };
}

// Round trips

async function roundTrips(folders, quick, goals) {
  const runs = quick ? 1 : 5;
  const sizes = quick ? [1, 100] : [1, 100, 1000];
  const contenders = quick ? [OWN, OFFLINE] : [OWN, OFFLINE, LIMIT];
  const values = new Map(sizes.map((connections) => [connections, new Map(contenders.map((contender) => [contender, []]))]));
  for (let index = 0; index < runs; index++) {
    for (const connections of sizes) {
      for (const contender of contenders) {
        // A thread for each of a thousand messages: one run is enough to see the result.
        if (contender === OFFLINE && connections === 1000 && index > 0) { continue; }
        values.get(connections).get(contender).push(await load(contender, folders[contender], connections, quick ? 0.5 : 4));
      }
    }
  }

  const of = (connections, contender, field) => (values.get(connections).get(contender) ?? []).map((one) => one[field]);
  const ratio = (connections, field = 'perSecond') => median(of(connections, OWN, field)) / median(of(connections, OFFLINE, field));
  const row = (name, connections, cell, last = '') => [
    `${connections === 1 ? '1 connection' : `${connections} connections`}: ${name}`, ...[OWN, OFFLINE, LIMIT].map((contender) => (contenders.includes(contender) ? cell(contender) : '')), last,
  ];
  const failures = (connections, contender) => of(connections, contender, 'timeOuts').concat(of(connections, contender, 'wrong')).reduce((sum, count) => sum + count, 0);

  goals.push(atLeast('the gateway: round trips a second at 1 connection, compared with serverless-offline', ratio(1), 1.3));
  goals.push(atLeast('the gateway: round trips a second at 100 connections, compared with serverless-offline', ratio(100), 3));
  goals.push(atMost('the gateway: memory at 100 connections', median(of(100, OWN, 'loaded')), 200e6, megabytes));
  if (!quick) { goals.push(none('the gateway: time-outs and wrong answers at 1000 connections', failures(1000, OWN))); }
  return sizes.flatMap((connections) => [
    row('round trips a second', connections, (contender) => range(of(connections, contender, 'perSecond'), (value) => grouped(Math.round(value)), runs), compared(ratio(connections))),
    row('p50, p99', connections, (contender) => ['p50', 'p99'].map((field) => millis(median(of(connections, contender, field)))).join(', ')),
    row('time-outs and wrong answers', connections, (contender) => grouped(failures(connections, contender))),
    row('memory at rest, under load', connections, (contender) => ['rest', 'loaded'].map((field) => megabytes(median(of(connections, contender, field)))).join(', '), times(1 / ratio(connections, 'loaded'))),
  ]);
}

async function load(contender, folder, connections, seconds) {
  const server = await START[contender](folder);
  await echo(server.url);
  const rest = server.memory();
  const clients = spawn(process.execPath, [join(apps, 'load.mjs'), server.url, String(connections), String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  clients.stdout.on('data', (chunk) => output += chunk);
  let loaded = rest;
  const sampler = setInterval(() => loaded = Math.max(loaded, server.memory()), 1000);
  const [status] = await once(clients, 'close');
  clearInterval(sampler);
  await server.stop();
  if (status !== 0) { throw new Error(`${contender} with ${connections} connections: the clients failed`); }
  return { ...JSON.parse(output), rest, loaded };
}

// Idle connections

async function idleConnections(folders) {
  const contenders = [OWN, LIMIT];
  const files = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })) || Infinity;
  const connections = Math.min(IDLE, files - OTHER_FILES);
  const values = new Map(contenders.map((contender) => [contender, []]));
  for (let index = 0; index < 3; index++) {
    for (const contender of contenders) { values.get(contender).push(await hold(contender, folders[contender], connections)); }
  }
  const cells = (cell) => [cell(values.get(OWN)), '', cell(values.get(LIMIT))];
  const of = (field, format) => (all) => range(all.map((one) => one[field]), format);
  const name = `${grouped(connections)} idle connections${connections < IDLE ? ' (`ulimit -n` allows no more)' : ''}`;
  return [
    [`${name}: held`, ...cells(of('held', grouped)), ''],
    [`${name}: memory for each`, ...cells(of('bytes', (value) => `${(value / 1000).toFixed(1)} kB`)), ''],
    [`${name}: an echo while they are held`, ...cells(of('echo', millis)), ''],
  ];
}

async function hold(contender, folder, connections) {
  const server = await START[contender](folder);
  // The memory that only the first connections need does not count.
  await Promise.all(Array.from({ length: 20 }, () => echo(server.url)));
  const before = server.memory();
  const clients = spawn(process.execPath, [join(apps, 'hold.mjs'), server.url, String(connections)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [held] = await once(clients.stdout, 'data');
  await pause(1000);
  const bytes = (server.memory() - before) / connections;
  const client = await connect(server.url);
  const echoes = [];
  for (let index = 0; index < 20; index++) { echoes.push(await client.ask('one')); }
  clients.stdin.end();
  client.close();
  await once(clients, 'close');
  await server.stop();
  return { held: Number(held), bytes, echo: median(echoes) };
}

// Reloading

async function reloads(folders, quick, goals) {
  const contenders = quick ? [OWN] : [OWN, OFFLINE];
  const values = new Map();
  for (const contender of contenders) { values.set(contender, await reload(contender, folders[contender], quick ? 3 : 15)); }
  const cells = (cell) => [OWN, OFFLINE].map((contender) => (values.has(contender) ? cell(values.get(contender)) : ''));
  const of = (contender, field) => median(values.get(contender)[field]);
  goals.push(atMost('the gateway: a handler saved to its new code answering', of(OWN, 'saved') / 1000, 0.06, (value) => `${value.toFixed(3)} s`));
  return [
    ['a handler saved: its new code answers after', ...cells(({ saved }) => range(saved, millis)), '', quick ? '' : times(of(OFFLINE, 'saved') / of(OWN, 'saved'))],
    ['a message while handlers are reloaded', ...cells(({ warm }) => range(warm, millis)), '', quick ? '' : times(of(OFFLINE, 'warm') / of(OWN, 'warm'))],
  ];
}

async function reload(contender, folder, edits) {
  const file = join(folder, contender === OWN ? 'src/handler.js' : 'handler.js');
  const source = readFileSync(file, 'utf8');
  const server = await START[contender](folder, { reload: true });
  const client = await connect(server.url);
  const saved = [];
  const warm = [];
  for (let edit = 0; edit <= edits; edit++) {
    const started = performance.now();
    writeFileSync(file, source.replace('event.body', `event.body && 'edit ${edit}'`));
    while (await client.answer('one') !== `edit ${edit}`) {
      if (performance.now() - started > TIMEOUT_MILLIS) { throw new Error(`${contender} did not reload:\n${server.log().slice(-2000)}`); }
      await pause(1);
    }
    // The first reload starts what later ones reuse.
    if (edit > 0) { saved.push(performance.now() - started); }
    // Nobody saves ten times a second: what the server does after a reload has time to end.
    await pause(500);
    for (let index = 0; index < 3; index++) { warm.push(await client.ask('one')); }
  }
  client.close();
  await server.stop();
  writeFileSync(file, source);
  return { saved, warm };
}

// Cold starts

async function coldStarts() {
  const rows = [];
  for (const [runtime, { name, needs = [], offlineRuntime }] of Object.entries(RUNTIMES)) {
    const absent = needs.find((command) => spawnSync('which', [command]).status !== 0);
    if (absent) {
      rows.push([`cold start: ${name}`, `not measured: there is no \`${absent}\``, '', '', '']);
      continue;
    }
    const starts = [[OWN, own(runtime)], ...offlineRuntime ? [[OFFLINE, offline(runtime, offlineRuntime)]] : []];
    const values = new Map(starts.map(([contender]) => [contender, []]));
    for (let index = 0; index < 5; index++) {
      for (const [contender, folder] of starts) { values.get(contender).push(await coldStart(contender, folder)); }
    }
    const of = (contender, field) => values.get(contender)?.map((one) => one[field]);
    rows.push([
      `cold start: ${name}`,
      `${range(of(OWN, 'cold'), millis)} (${millis(median(of(OWN, 'ready')))})`,
      of(OFFLINE, 'cold') ? range(of(OFFLINE, 'cold'), millis) : '',
      '',
      of(OFFLINE, 'cold') ? times(median(of(OFFLINE, 'cold')) / median(of(OWN, 'cold'))) : '',
    ]);
  }
  return rows;
}

const RUNTIMES = {
  nodejs: { name: 'Node.js', offlineRuntime: `nodejs${process.versions.node.split('.')[0]}.x` },
  python: { name: 'Python', needs: ['python3'], offlineRuntime: 'python3.13' },
  provided: { name: '`provided`, a bootstrap in Python', needs: ['python3'] },
  java: { name: 'Java', needs: ['java', 'javac'] },
};

/** A handshake calls the function too, so the first is the cold one. */
async function coldStart(contender, folder) {
  const server = await START[contender](folder);
  const handshakes = [];
  for (let index = 0; index < 6; index++) {
    const client = await connect(server.url);
    handshakes.push(client.handshake);
    client.close();
  }
  const [first, ...others] = handshakes;
  const ready = Number(/"what":"ready","durationMillis":([\d.]+)/.exec(server.log())?.[1]);
  await server.stop();
  return { cold: first - median(others), ready };
}

// Clients

/** A client that sends a message, and waits for the answer. */
async function connect(url) {
  const started = performance.now();
  const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: TIMEOUT_MILLIS });
  await once(socket, 'open');
  const handshake = performance.now() - started;
  const answer = async (message) => {
    socket.send(message);
    const [data] = await once(socket, 'message', { signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
    return data.toString();
  };
  return {
    handshake,
    answer,
    /** @returns how long it took */
    async ask(message) {
      const asked = performance.now();
      await answer(message);
      return performance.now() - asked;
    },
    close: () => socket.terminate(),
  };
}

async function echo(url) {
  const client = await connect(url);
  await client.ask('one');
  client.close();
}

// Apps

function own(runtime) {
  const folder = project(0);
  cpSync(join(apps, 'handlers', runtime), join(folder, 'src'), { recursive: true });
  if (runtime === 'java') { run('javac', ['-parameters', 'Handler.java'], { cwd: join(folder, 'src') }); }
  clean(folder);
  run(process.execPath, [join(apps, 'app.mjs'), runtime], { cwd: folder });
  return folder;
}

function offline(runtime, name) {
  const folder = project(0);
  cpSync(join(apps, 'handlers', runtime), folder, { recursive: true });
  symlinkSync(join(modules, 'serverless-offline'), join(folder, 'node_modules', 'serverless-offline'));
  writeFileSync(join(folder, 'serverless.yml'), `service: bench
frameworkVersion: '4'
provider: { name: aws, runtime: ${name}, region: us-east-1, timeout: 10 }
plugins: [serverless-offline]
functions:
  echo:
    handler: handler.main
    events:
      - websocket: $connect
      - websocket: { route: $default, routeResponseSelectionExpression: $default }
`);
  return folder;
}

// Cells

/** Adds the number of runs if it differs from the others. */
function range(values, format, runs = values.length) {
  if (values.length === 1) { return runs > 1 ? `${format(values[0])} (1 run)` : format(values[0]); }
  return `${format(median(values))} (${format(Math.min(...values))} to ${format(Math.max(...values))})`;
}

function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

function millis(value) {
  return value === undefined || Number.isNaN(value) ? 'none' : `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

function megabytes(value) {
  return `${grouped(Math.round(value / 1e6))} MB`;
}

function compared(value) {
  return Number.isFinite(value) ? times(value) : '';
}

function none(what, count) {
  return { what, value: String(count), goal: 'none', share: count === 0 ? 1 : 0 };
}
