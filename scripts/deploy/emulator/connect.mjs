import { WebSocket } from 'ws';
import { Client } from '../../example/client.mjs';

/**
 * Connects to an API in the emulator.
 *
 * @param url as the stack gives it: `wss://<api>.execute-api.<region>.amazonaws.com/<stage>`
 * @param query what follows the `?`
 */
export function connect(emulator, url, name, query = '') {
  return Client.connect(new WebSocket(...address(emulator, url, query)), name, () => undefined);
}

/** @returns the status with which a client is refused, or 101 */
export function handshakeStatus(emulator, url, query) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(...address(emulator, url, query));
    socket.on('unexpected-response', (_, { statusCode }) => {
      resolve(statusCode);
      socket.on('error', () => undefined).terminate();
    }).on('open', () => {
      resolve(101);
      socket.close();
    }).on('error', reject);
  });
}

/** The emulator knows an API by the name of its host. */
function address(emulator, url, query) {
  const { host, pathname } = new URL(url);
  return [`ws://127.0.0.1:${emulator.port}${pathname}${query && `?${query}`}`, { headers: { host } }];
}
