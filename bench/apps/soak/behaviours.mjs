// What clients of the soak do, and how often. Each behaviour cleans up after itself, and treats everything unexpected as an error.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { BINARY, CLOSE, CONTINUATION, frame, handshakeOf, PING, PONG, RawSocket, TEXT } from './raw-socket.mjs';

const require = createRequire(import.meta.url);
const { WebSocket } = createRequire(new URL('../../../package.json', import.meta.url))('ws');
const { sign } = require('./handlers/sign.js');

const pause = (millis) => new Promise((done) => setTimeout(done, millis));
/** Returns the next item of a list at each call. */
const turns = (list) => {
  let turn = 0;
  return () => list[turn++ % list.length];
};
const check = (condition, text) => { if (!condition) { throw new Error(text); } };

/** A client that behaves well: it sends a request, and waits for the answer. */
export async function connect(url, ca) {
  const socket = new WebSocket(url, { perMessageDeflate: false, ca });
  const received = [];
  const waiting = [];
  socket.on('message', (data) => (waiting.length > 0 ? waiting.shift()(data.toString()) : received.push(data.toString())));
  socket.on('close', () => waiting.splice(0).forEach((tell) => tell('(closed)')));
  await once(socket, 'open');
  const next = () => (received.length > 0 ? received.shift() : socket.readyState > 1 ? '(closed)' : new Promise((resolve) => waiting.push(resolve)));
  return {
    next,
    ask(message) {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
      return next();
    },
    async close() {
      socket.close(1000);
      if (socket.readyState !== WebSocket.CLOSED) { await once(socket, 'close'); }
    },
    socket,
  };
}

/** Closes the client, whatever happens. */
export async function withClient(url, act, ca) {
  const client = await connect(url, ca);
  try {
    await act(client);
    await client.close();
  } finally {
    client.socket.terminate();
  }
}

const endings = turns([
  async (raw) => raw.destroy(),
  async (raw) => raw.socket.resetAndDestroy(),
  async (raw) => {
    raw.socket.end();
    await raw.closed;
  },
  async (raw) => {
    raw.write(frame(CLOSE, Buffer.from([1000 >> 8, 1000 & 255])));
    await raw.closed;
  },
]);

/** Some do not wait for the handshake. */
async function reconnect({ url }) {
  const raw = await RawSocket.open(url, handshakeOf(url));
  if (Math.random() < 0.2) { return raw.destroy(); }
  const status = await raw.status();
  check(status === 101, `a client was refused with ${status}`);
  await endings()(raw);
}

const talk = (url, ca) => withClient(url, async (client) => {
  for (let count = 0; count < 20; count++) {
    const message = JSON.stringify({ count, text: 'The quick brown fox jumps over the lazy dog.', random: Math.random() });
    const answer = await client.ask(message);
    check(answer === message, `the answer to ${message} was ${answer}`);
  }
}, ca);

async function fragments({ url }) {
  const raw = await RawSocket.connect(url);
  const pieces = Array.from({ length: 20 }, (_, index) => `piece ${index} `);
  const bytes = Buffer.concat(pieces.flatMap((piece, index) => [
    frame(index === 0 ? TEXT : CONTINUATION, piece, { fin: index === pieces.length - 1 }), ...index < pieces.length - 1 ? [frame(PING, String(index)), frame(PONG, 'unasked')] : [],
  ]));
  for (let at = 0; at < bytes.length; at += 7) {
    raw.write(bytes.subarray(at, at + 7));
    if (at % 70 === 0) { await pause(0); }
  }
  await raw.until(() => raw.frames().length === pieces.length);
  const [pongs, [answer]] = [raw.frames().filter(({ opcode }) => opcode === PONG), raw.frames().filter(({ opcode }) => opcode === TEXT)];
  check(pongs.length === pieces.length - 1 && answer.payload.toString() === pieces.join(''), 'fragments did not come back whole');
  raw.destroy();
}

const bad = Buffer.from([0x61, 0xff, 0xfe]);
const garbage = turns([
  () => [frame(TEXT, 'x', { mask: false })],
  () => [frame(TEXT, 'x', { reserved: 4 })],
  () => [frame(3, 'x')],
  () => [frame(11, 'x')],
  () => [frame(CONTINUATION, 'x')],
  () => [frame(TEXT, 'x', { fin: false }), frame(TEXT, 'y')],
  () => [frame(PING, 'x', { fin: false })],
  () => [frame(PING, 'x'.repeat(126))],
  () => [frame(CLOSE, 'x')],
  () => [frame(CLOSE, Buffer.from([1005 >> 8, 1005 & 255]))],
  () => [frame(TEXT, bad)],
  () => [frame(TEXT, 'é', { fin: false }), frame(CONTINUATION, bad)],
  () => Array.from({ length: 20_000 }, (_, index) => frame(index === 0 ? TEXT : CONTINUATION, '', { fin: false })),
  () => [Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), randomBytes(1000)],
]);

async function garbageFrames({ url }) {
  const raw = await RawSocket.connect(url);
  raw.write(Buffer.concat(garbage()()));
  await raw.closed;
}

/** Whatever they happen to mean. */
async function randomFrames({ url }) {
  const raw = await RawSocket.connect(url);
  raw.write(randomBytes(2000));
  await Promise.race([raw.closed, pause(500)]);
  raw.destroy();
}

async function expectClose({ url }, code, bytes) {
  const raw = await RawSocket.connect(url);
  raw.write(Buffer.concat(bytes));
  await raw.until(() => raw.closeCode() !== undefined);
  check(raw.closeCode() === code, `a client was closed with ${raw.closeCode()}, and not with ${code}`);
  raw.write(frame(CLOSE, Buffer.from([code >> 8, code & 255])));
  await raw.closed;
}

const binary = (world) => expectClose(world, 1003, [frame(BINARY, randomBytes(1000))]);
const largeFrame = (world) => expectClose(world, 1009, [frame(TEXT, 'x'.repeat(33 * 1024))]);
const largeMessage = (world) => expectClose(world, 1009, Array.from({ length: 5 }, (_, index) => frame(index === 0 ? TEXT : CONTINUATION, 'x'.repeat(30_000), { fin: index === 4 })));

/** Requests megabytes, and reads none of them. */
async function slowReader({ url }) {
  const raw = await RawSocket.connect(url);
  raw.socket.pause();
  for (let asked = 0; asked < 80 && !raw.ended; asked++) {
    raw.write(frame(TEXT, JSON.stringify({ bytes: 131_072 })));
    await pause(10);
  }
  await pause(1000);
  raw.destroy();
}

async function pingsUnread({ url }) {
  const raw = await RawSocket.connect(url);
  raw.socket.pause();
  for (let round = 0; round < 10; round++) {
    raw.write(Buffer.concat(Array.from({ length: 2000 }, () => frame(PING, 'x'.repeat(125)))));
    await pause(20);
  }
  raw.destroy();
}

/** Sends a request, or half of one, and then nothing. */
const halves = turns([
  async ({ url }) => RawSocket.open(url),
  async ({ url }) => RawSocket.open(url, handshakeOf(url).slice(0, 60)),
  async ({ url }) => RawSocket.open(url, Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])),
  async ({ url }) => RawSocket.connect(url),
  async ({ url }) => {
    const raw = await RawSocket.connect(url);
    raw.write(frame(TEXT, 'x'.repeat(1000), { fin: false }).subarray(0, 500));
    return raw;
  },
  async ({ wss, ca }) => RawSocket.connect(wss, ca),
]);

async function halfOpen(world) {
  const raw = await halves()(world);
  raw.socket.pause();
  await pause(3000);
  raw.destroy();
}

const httpGarbage = turns([
  Buffer.from([0, 255, 254, 1, 2, 3, 10, 13, 10, 13, 10]),
  Buffer.from([0x16, 3, 1, 255, 255, 1, 2, 3, 4, 5, 6, 7, 8]),
  'SSH-2.0-OpenSSH_9.6\r\n',
  'GET /prod HTTP/9.9\r\nHost: localhost\r\n\r\n',
  'GET /prod HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n',
  'POST /prod HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
  'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  `GET /prod HTTP/1.1\r\nHost: localhost\r\n${'X-Long: x\r\n'.repeat(10_000)}\r\n`,
  `GET /prod HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
  'GET / HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n',
  'GET /_console/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  randomBytes(3000),
]);

async function garbageOverHttp({ url }) {
  const raw = await RawSocket.open(url, httpGarbage());
  await Promise.race([raw.closed, pause(3000)]);
  raw.destroy();
}

const refusals = turns([
  ({ url }) => [403, handshakeOf(`${url}x`)],
  ({ url }) => [400, handshakeOf(url, { 'Sec-WebSocket-Key': undefined })],
  ({ url }) => [400, handshakeOf(url, { 'Sec-WebSocket-Version': '12' })],
  ({ url }) => [400, handshakeOf(url, { method: 'POST' })],
  ({ url }) => [403, handshakeOf(url, { Host: 'nowhere.example' })],
  ({ url }) => [414, handshakeOf(`${url}?${'x'.repeat(5000)}`)],
  ({ url }) => [401, handshakeOf(`${url}?status=401`)],
  ({ url }) => [502, handshakeOf(`${url}?throws=1`)],
  ({ url }) => [502, handshakeOf(`${url}?status=101`)],
  ({ closedUrl }) => [403, handshakeOf(closedUrl)],
  ({ closedUrl }) => [403, handshakeOf(`${closedUrl}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=%00&X-Amz-Credential=////&X-Amz-SignedHeaders=;&X-Amz-Signature=%25`)],
]);

async function refusedHandshake(world) {
  const [expected, request] = refusals()(world);
  const raw = await RawSocket.open(world.url, request);
  const status = await raw.status();
  check(status === expected, `a handshake was answered with ${status}, and not with ${expected}`);
  await raw.closed;
}

const faults = turns([
  ['never', 'never'], ['exit', 'exit'], ['nonsense', 'text'], ['fork', 'exit'], ['nonsense', 'list'], ['exit', 'kill'], ['nonsense', 'circle'],
  ['never', 'loop'], ['nonsense', 'status'], ['exit', 'throw'], ['nonsense', 'large'], ['nonsense', 'long'],
]);

/** Only that message fails. */
async function faultOfHandler({ url }) {
  const [action, fault] = faults();
  await withClient(url, async (client) => {
    const failed = await client.ask({ action, fault });
    check(/^\{"message": "Internal server error"/.test(failed), `the handler \`${action}\` (${fault}) answered ${failed.slice(0, 200)}`);
    const echoed = await client.ask('still there');
    check(echoed === 'still there', `after \`${action}\` (${fault}), an echo was ${echoed.slice(0, 200)}`);
  });
}

const isFailure = (text) => text.startsWith('{"message": "Internal server error"');

/**
 * Killing an idle process costs no message: another process answers the next one. A message may fail only if its process is killed while
 * it is busy.
 */
async function killIdle({ url }) {
  await withClient(url, async (client) => {
    const answer = await client.ask({ action: 'mortal' });
    if (isFailure(answer)) { return; }
    try { process.kill(JSON.parse(answer).pid, 'SIGKILL'); } catch { /* Another was faster. */ }
    await client.ask({ action: 'mortal' });
  });
}

async function killBusy({ url }) {
  await withClient(url, async (client) => {
    const answer = await client.ask({ action: 'mortal' });
    if (isFailure(answer)) { return; }
    const next = client.ask({ action: 'mortal', wait: 30 });
    await pause(Math.random() * 30);
    try { process.kill(JSON.parse(answer).pid, 'SIGKILL'); } catch { /* Another was faster. */ }
    await next;
  });
}

/** Asks for the event of a function, and hangs up. */
async function strangerAtRuntimeApi({ url }) {
  await withClient(url, async (client) => {
    const answer = await client.ask({ action: 'mortal' });
    if (isFailure(answer)) { return; }
    const { runtimeApi } = JSON.parse(answer);
    const raw = await RawSocket.open(`ws://${runtimeApi}/`, `GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: ${runtimeApi}\r\n\r\n`).catch(() => undefined);
    if (!raw) { return; }
    await Promise.race([raw.closed, pause(Math.random() * 50)]);
    raw.destroy();
  });
}

const noises = turns(['lines', 'line']);

const noise = ({ url }) => withClient(url, async (client) => {
  const answer = await client.ask({ action: 'noise', fault: noises() });
  check(answer === 'ok', `a handler that prints 10 MB answered ${answer.slice(0, 200)}`);
});

/** The child lives as long as its environment, which other clients end. */
const forked = ({ url }) => withClient(url, async (client) => {
  const answer = await client.ask({ action: 'fork', fault: 'stay' });
  check(answer === 'ok', `a handler that forks answered ${answer.slice(0, 200)}`);
});

const posts = ({ url }) => withClient(url, async (client) => {
  const message = JSON.stringify({ action: 'post', text: String(Math.random()) });
  const posted = await client.ask(message);
  check(posted === message, `the handler that posts sent ${posted.slice(0, 200)}`);
});

async function leavesBeforeAnswer({ url }) {
  const client = await connect(url);
  client.socket.send(JSON.stringify({ action: 'post', wait: 50 }));
  client.socket.send(JSON.stringify({ wait: 50 }));
  client.socket.terminate();
}

const requests = turns([
  (world) => [410, managed(world, { method: 'POST', id: 'AAAAAAAAAAAAAAA=', body: 'x' })],
  (world) => [410, managed(world, { method: 'GET', id: 'AAAAAAAAAAAAAAA=' })],
  (world) => [410, managed(world, { method: 'DELETE', id: 'AAAAAAAAAAAAAAA=' })],
  (world) => [400, managed(world, { method: 'POST', id: 'nonsense', body: 'x' })],
  (world) => [413, managed(world, { method: 'POST', id: 'AAAAAAAAAAAAAAA=', body: 'x'.repeat(200_000) })],
  (world) => [403, managed({ ...world, credentials: { ...world.credentials, secretAccessKey: 'wrong' } }, { method: 'POST', id: 'AAAAAAAAAAAAAAA=', body: 'x' })],
  () => [403, 'POST /prod/@connections/%?%ZZ HTTP/1.1\r\nHost: localhost\r\nAuthorization: AWS4-HMAC-SHA256 =,==\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
  () => [undefined, 'POST /prod/@connections/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf'],
]);

function managed({ url, credentials }, { method, id, body = '' }) {
  const target = new URL(`${url}/@connections/${encodeURIComponent(id)}`);
  const headers = { ...sign({ method, url: target, body, region: 'us-east-1', ...credentials }), 'Connection': 'close', 'Content-Length': Buffer.byteLength(body) };
  return `${method} ${target.pathname} HTTP/1.1\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

async function managementRequest(world) {
  const [expected, request] = requests()(world);
  const raw = await RawSocket.open(world.url, request);
  if (expected === undefined) { return raw.destroy(); }
  const status = await raw.status();
  check(status === expected, `a request to @connections was answered with ${status}, and not with ${expected}`);
  raw.destroy();
}

/** Looks at the page's events for a while; every other one does not read them. */
const readers = turns([true, false]);

async function consolePage({ url }) {
  const raw = await RawSocket.open(url, `GET /_console/events HTTP/1.1\r\nHost: localhost:${new URL(url).port}\r\n\r\n`);
  if (!readers()) { raw.socket.pause(); }
  raw.socket.removeAllListeners('data');
  raw.socket.on('data', () => undefined);
  await pause(2000);
  raw.destroy();
}

/** Name, rate per second, and what each client does. */
export const BEHAVIOURS = [
  ['reconnects', 100, reconnect],
  ['conversations of 20 messages', 8, ({ url }) => talk(url)],
  ['conversations of 20 messages, with TLS', 1, ({ wss, ca }) => talk(wss, ca)],
  ['messages in 20 fragments, control frames between them', 4, fragments],
  ['frames that are not allowed', 6, garbageFrames],
  ['frames of random bytes', 2, randomFrames],
  ['binary frames', 2, binary],
  ['frames over 32 KB', 1, largeFrame],
  ['messages over 128 KB', 1, largeMessage],
  ['slow readers', 0.5, slowReader],
  ['clients that ping and do not read', 0.5, pingsUnread],
  ['half-open sockets', 4, halfOpen],
  ['HTTP garbage', 6, garbageOverHttp],
  ['refused handshakes', 6, refusedHandshake],
  ['faults of handlers', 2, faultOfHandler],
  ['handlers that print 10 MB', 0.2, noise],
  ['handlers that fork', 1, forked],
  ['idle processes that are killed', 3, killIdle],
  ['busy processes that are killed', 3, killBusy],
  ['strangers at a Runtime API', 3, strangerAtRuntimeApi],
  ['handlers that post', 5, posts],
  ['clients that leave before they are answered', 3, leavesBeforeAnswer],
  ['requests to @connections', 4, managementRequest],
  ['listeners of the console', 0.5, consolePage],
];
