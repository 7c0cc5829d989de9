// Idle clients: `node hold.mjs <url> <connections>`. It prints the number of open connections as soon as all are open, and holds them
// until its input ends.
import { createRequire } from 'node:module';

const { WebSocket } = createRequire(new URL('../../../package.json', import.meta.url))('ws');
const [url, connections] = [process.argv[2], Number(process.argv[3])];
/** How many handshakes are under way at a time. */
const PACE = 50;

const sockets = [];
let asked = 0;
await Promise.all(Array.from({ length: PACE }, async () => {
  while (asked++ < connections) {
    await new Promise((done) => {
      const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: 10_000 });
      sockets.push(socket);
      socket.once('open', done).once('error', done);
    });
  }
}));
console.log(sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length);
process.stdin.on('end', () => process.exit()).resume();
