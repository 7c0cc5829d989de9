// Clients that are in a group: `node clients.mjs <url> <connections>`. Whenever the parent sends the number of a round, one of them sends a
// message to the group. The answer is how long it took until the last one had it, and what was lost, came twice, or came late.
import { createRequire } from 'node:module';

const { WebSocket } = createRequire(new URL('../../../package.json', import.meta.url))('ws');
const [url, connections] = [process.argv[2], Number(process.argv[3])];
/** How many handshakes are under way at a time. */
const PACE = 20;
/** A message that has not come by then is lost. */
const PATIENCE_MILLIS = 60_000;
/** What comes twice comes within this time. */
const REST_MILLIS = 250;

let round = 0;
let late = 0;
let twice = 0;
let missing = new Set();
let arrived = () => {};

const sockets = [];
let asked = 0;
await Promise.all(Array.from({ length: PACE }, async () => {
  while (asked++ < connections) { sockets.push(await open()); }
}));
process.on('message', async (number) => process.send(await broadcast(number)));
process.on('disconnect', () => process.exit());
process.send('ready');

function open() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: 60_000 });
    socket.once('open', () => resolve(socket)).once('error', reject);
    socket.on('message', (data) => receive(socket, JSON.parse(data)));
  });
}

function receive(socket, { type, data }) {
  if (type !== 'message') { return; }
  if (data.round !== round) { late++; } else if (!missing.delete(socket)) { twice++; }
  if (missing.size === 0) { arrived(performance.now()); }
}

async function broadcast(number) {
  [round, late, twice, missing] = [number, 0, 0, new Set(sockets)];
  const sentAt = performance.now();
  const end = await new Promise((resolve) => {
    arrived = resolve;
    setTimeout(resolve, PATIENCE_MILLIS, NaN).unref();
    sockets[0].send(JSON.stringify({ action: 'say', data: { round, text: 'The quick brown fox jumps over the lazy dog.' } }));
  });
  await new Promise((done) => setTimeout(done, REST_MILLIS));
  return { millis: end - sentAt, lost: missing.size, twice, late };
}
