import { createServer, Server } from 'node:http';
import { AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { bytesOf, listOf } from './text';
import { UnderWay } from '../../../src/local/dispatch/under-way';
import { Requests } from '../../../src/local/requests';
import { PoolKeys } from '../../../src/local/user-pools/pool-keys';
import { AddressBook } from '../../../src/local/wire/address';
import { Upgrades } from '../../../src/local/wire/upgrade';
import { apiModel, backendOf, FakeBackend, routeModel } from '../../local/fake-backend';
import { Target } from '../engine';

const MODEL = { type: 'object', properties: { a: { type: 'string', pattern: '^a' } } };
const api = apiModel([
  routeModel('$connect'), routeModel('$disconnect'), routeModel('$default'), routeModel('checked', { requestModels: new Map([['$default', MODEL]]) }),
]);

interface Served {
  readonly server: Server;
  readonly backend: FakeBackend;
  readonly port: number;
}

let served: Promise<Served> | undefined;

async function serve(): Promise<Served> {
  const backend = backendOf(api, (event) => ({ statusCode: 200, body: String(event.body ?? '').slice(0, 100) }));
  const server = createServer({ headersTimeout: 1000 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // It does not keep the process alive.
  server.unref();
  const { port } = server.address() as AddressInfo;
  Object.assign(backend, { addresses: new AddressBook(backend.model, port) });
  const underWay = new UnderWay(backend.trace);
  const upgrades = new Upgrades({ backend, underWay, originRules: () => ({ allowed: [], domains: [], reachable: false }) });
  const requests = new Requests({ backend, underWay, poolKeys: new PoolKeys(), isPage: () => false, answerPage: () => undefined });
  server.on('upgrade', (request, socket, head) => void underWay.track(upgrades.handle(request, socket, head)));
  server.on('request', (request, response) => requests.handle(request, response));
  return { server, backend, port };
}

/** Says this to a server, and nothing more. Resolves with what came back, when the server has ended it. */
function talk(port: number, chunks: readonly Buffer[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let received = '';
    socket.on('data', (chunk) => { received += chunk.toString('latin1'); });
    socket.on('error', () => undefined).on('close', () => resolve(received));
    socket.on('connect', () => {
      socket.setNoDelay();
      const [first, ...others] = chunks;
      socket.write(first ?? '');
      setImmediate(() => {
        for (const chunk of others) { socket.write(chunk); }
        socket.end();
      });
    });
  });
}

const HANDSHAKE = 'GET /dev HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const HTTP = [
  'GET ', 'POST ', '/dev', '/dev/%40connections/', '/@connections/a%3D', '/2015-03-31/functions/f/invocations', '?a=b', '%', '%ff', '//', '..', ' HTTP/1.1\r\n', 'Host: localhost\r\n', 'Host: \r\n',
  'Connection: Upgrade\r\nUpgrade: websocket\r\n', 'Sec-WebSocket-Version: 13\r\n', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n', 'Sec-WebSocket-Extensions: permessage-deflate; x=1\r\n',
  'Sec-WebSocket-Protocol: a, b\r\n', 'Origin: http://[\r\n', 'Authorization: AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=f\r\n', 'Content-Length: 3\r\n', '\r\n', 'abc',
];

/** A frame with a mask of zeros. */
function frame([first, body, length]: [number, string, number | undefined]): string {
  const size = length ?? body.length;
  const bytes = [24, 16, 8, 0].map((bits) => Math.floor(size / 2 ** bits) % 256);
  const head = size < 126 ? [128 + size] : size < 65_536 ? [254, ...bytes.slice(2)] : [255, 0, 0, 0, 0, ...bytes];
  return String.fromCharCode(first, ...head, 0, 0, 0, 0) + body;
}
const frames = fc.tuple(
  fc.oneof(fc.constantFrom(0x81, 0x82, 0x88, 0x89, 0x8a, 0x01, 0x80, 0x00), fc.nat(255)),
  fc.oneof(fc.constantFrom('{"action":"checked","a":1}', '{"action":"$connect"}', '{"action":["__proto__"]}', '\x03\xe8', '\x00\x00', '\xff\xff', 'x'.repeat(200)), fc.string()),
  fc.option(fc.constantFrom(125, 126, 127, 32_768, 32_769, 131_073, 2 ** 31), { nil: undefined, freq: 8 }),
).map(frame);

/** A client that writes whatever it likes to the socket: handshakes, frames, requests. */
export const webSockets: Target<string[]> = {
  inputs: fc.oneof(
    fc.array(fc.oneof(frames, fc.string({ maxLength: 5 })), { maxLength: 6 }).map((all) => [HANDSHAKE, ...all]),
    fc.array(fc.constantFrom(...HTTP), { maxLength: 12 }).map((words) => [words.join('')]),
  ),
  reaches: true,
  patience: 3000,
  async run(input) {
    served ??= serve();
    const { backend, port } = await served;
    const before = backend.trace.events().length;
    await talk(port, listOf(input).map(bytesOf));
    const fault = backend.trace.events().slice(before).flatMap((event) => event.type === 'warning' && /fault of the gateway/.test(event.text) ? [event.text] : [])[0];
    if (fault !== undefined) { throw new TypeError(fault); }
    // It is still there, for others.
    if (!(await talk(port, [Buffer.from(HANDSHAKE)])).startsWith('HTTP/1.1 101')) { throw new TypeError('it serves nobody any more'); }
  },
};
