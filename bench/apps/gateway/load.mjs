// Clients that send their next message as soon as the previous one is answered: `node load.mjs <url> <connections> <seconds>`.
// It prints its measurements as JSON.
import { createRequire } from 'node:module';

const { WebSocket } = createRequire(new URL('../../../package.json', import.meta.url))('ws');
const url = process.argv[2];
const [connections, seconds] = process.argv.slice(3).map(Number);
const TIMEOUT_MILLIS = 10_000;
/** A server is warm after this many answers on each connection. */
const WARM_UP_ANSWERS = 5;
const MIN_WARM_UP_MILLIS = 500;
/** How many handshakes are under way at a time. */
const PACE = 20;

const clients = [];
await Promise.all(Array.from({ length: Math.min(PACE, connections) }, async () => {
  while (clients.length < connections) {
    const client = { sentAt: 0, number: clients.length, messages: 0 };
    clients.push(client);
    client.socket = await open();
  }
}));

const started = performance.now();
let from = Infinity;
let to = Infinity;
const latencies = [];
let answered = 0;
let wrong = 0;
let timeOuts = 0;

await Promise.all(clients.map((client) => new Promise((done) => {
  client.done = done;
  client.socket.on('message', (data) => receive(client, data.toString()));
  client.socket.on('close', () => {
    if (client.sentAt > 0) { wrong++; }
    done();
  });
  send(client);
})).concat(warmUp(), watchTimes()));

clients.forEach(({ socket }) => socket.terminate());
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
console.log(JSON.stringify({ perSecond: answered / seconds, p50: at(0.5), p99: at(0.99), wrong, timeOuts }));

function open() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: TIMEOUT_MILLIS });
    socket.once('open', () => resolve(socket)).once('error', reject);
  });
}

function send(client) {
  client.message = JSON.stringify({ action: 'send', from: client.number, count: client.messages++, text: 'The quick brown fox jumps over the lazy dog.' });
  client.sentAt = performance.now();
  client.socket.send(client.message);
}

function receive(client, answer) {
  const now = performance.now();
  if (client.sentAt >= from && client.sentAt < to) { latencies.push(now - client.sentAt); }
  if (now >= from && now < to) { answered++; }
  if (answer !== client.message) { wrong++; }
  client.sentAt = 0;
  if (now < to) { send(client); } else { client.done(); }
}

/** Waits for a minimum time, then until it is done, but no longer than an answer may take. */
async function warmUp() {
  for (let warm = false; !warm;) {
    await new Promise((done) => setTimeout(done, 50));
    const elapsed = performance.now() - started;
    warm = elapsed > TIMEOUT_MILLIS || (elapsed > MIN_WARM_UP_MILLIS && clients.every(({ messages }) => messages > WARM_UP_ANSWERS));
  }
  from = performance.now();
  to = from + seconds * 1000;
}

/** Checks all connections from time to time: a timer for each message would cost more than the message. */
async function watchTimes() {
  while (clients.some(({ sentAt }) => sentAt > 0)) {
    await new Promise((done) => setTimeout(done, 100));
    for (const client of clients) {
      if (client.sentAt > 0 && performance.now() - client.sentAt > TIMEOUT_MILLIS) {
        timeOuts++;
        client.sentAt = 0;
        client.done();
      }
    }
  }
}
