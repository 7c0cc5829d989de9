import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { UnderWay } from '../../../src/local/dispatch/under-way';
import { AddressBook, isLocal } from '../../../src/local/wire/address';
import { Upgrades } from '../../../src/local/wire/upgrade';
import { apiModel, backendOf, FakeBackend, Handler, routeModel } from '../fake-backend';
import { until } from '../local-function';
import { frame, OPCODES, RawClient, upgrade } from '../raw-client';

let server: Server;
afterEach(() => server.close());

const api = apiModel(['$connect', '$default', '$disconnect'].map((key) => routeModel(key)));

async function serve(handler?: Handler): Promise<{ backend: FakeBackend; url: string; events: any[] }> {
  const backend = backendOf(api, handler);
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(backend, { addresses: new AddressBook(backend.model, port) });
  const originRules = () => ({ allowed: [], domains: [], reachable: false });
  const upgrades = new Upgrades({ backend, underWay: new UnderWay(backend.trace), originRules });
  server.on('upgrade', (request, socket, head) => void upgrades.handle(request, socket, head));
  return { backend, url: `ws://localhost:${port}/dev`, events: backend.trace.events() };
}

const warnings = ({ trace }: FakeBackend) => trace.events().flatMap((event) => event.type === 'warning' ? [event.text] : []);

describe('a client is refused, and its query is not printed', () => {
  test.each<[string, number, { [name: string]: string | undefined }, string, RegExp]>([
    ['that speaks another version of the protocol', 400, { 'Sec-WebSocket-Version': '12' }, '', /refused with 400/],
    ['that is a page of another origin', 403, { Origin: 'https://evil.example' }, '', /the page has the origin "https:\/\/evil\.example"/],
    ['whose URL is too long', 414, {}, 'x'.repeat(4096), /its URL has more than 4096 characters/],
    ['that asks for another host', 403, { Host: 'evil.example' }, '', /nothing is served at this path of the host "evil\.example"; there is ws:\/\/localhost:\d+\/dev$/],
  ])('%s', async (_, status, headers, more, reason) => {
    const { backend, url } = await serve();
    const client = await RawClient.open(url, upgrade(`${url}?token=secret${more}`, headers));
    await client.closed;

    expect(client.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(warnings(backend)).toEqual([expect.stringMatching(reason)]);
    expect(warnings(backend).join()).not.toContain('secret');
  });

  test('that `$connect` refuses', async () => {
    const { backend, url } = await serve(() => ({ statusCode: 401 }));
    const client = await RawClient.open(url, upgrade(url));
    await client.closed;

    expect(client.text).toMatch(/^HTTP\/1\.1 401 /);
    expect(backend.connections.size).toBe(0);
  });
});

test.each(['LOCALHOST', 'Chat.LocalHost'])('the host %s is this machine: case does not matter', async (name) => {
  const { url } = await serve();
  const client = await RawClient.open(url, upgrade(url, { Host: `${name}:${new URL(url).port}` }));
  await until(() => client.text !== '');

  expect(client.text).toMatch(/^HTTP\/1\.1 101 /);
  expect(isLocal(name)).toBe(true);
});

describe('an open connection', () => {
  test('has the subprotocol that `$connect` chose, whatever the client would have', async () => {
    const { url } = await serve(() => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'b' } }));
    const client = await RawClient.open(url, upgrade(url, { 'Sec-WebSocket-Protocol': 'a, b' }));
    await until(() => client.text.includes('\r\n\r\n'));

    expect(client.text).toMatch(/\r\nSec-WebSocket-Protocol: b\r\n/);
  });

  test('carries messages, and their answers', async () => {
    const { url } = await serve((event) => ({ statusCode: 200, body: `${event.requestContext.routeKey} ${event.body}` }));
    const client = await RawClient.connect(url);
    client.write(frame(OPCODES.text, 'hello'));
    await until(() => client.frames.length > 0);

    expect(client.frames.map(({ payload }) => payload.toString())).toEqual(['$default hello']);
  });

  test('is closed with 1003 for a binary message, and `$disconnect` is told', async () => {
    const seen: any[] = [];
    const { backend, url } = await serve((event) => {
      seen.push(event.requestContext);
      return { statusCode: 200 };
    });
    const client = await RawClient.connect(url);
    client.write(frame(OPCODES.binary, 'x'));
    await until(() => client.closeCode !== undefined);
    client.socket.destroy();
    await until(() => seen.length === 2);

    expect(client.closeCode).toBe(1003);
    expect(seen[1]).toMatchObject({ eventType: 'DISCONNECT', disconnectStatusCode: 1003, disconnectReason: 'Binary is not supported' });
    expect(backend.connections.size).toBe(0);
  });

  test('that breaks the protocol is closed, and the trace says with what', async () => {
    const { backend, url } = await serve();
    const client = await RawClient.connect(url);
    client.write(frame(OPCODES.text, Buffer.from([0xff, 0xff])));
    await until(() => client.closeCode !== undefined);

    expect(client.closeCode).toBe(1007);
    expect(warnings(backend)).toEqual([expect.stringMatching(/^connection `.*` is closed: Invalid WebSocket frame: invalid UTF-8 sequence$/)]);
  });

  test('whose client left while `$connect` ran is disconnected, and never listed', async () => {
    let leave: () => void = () => undefined;
    const seen: string[] = [];
    const { backend, url } = await serve(async (event) => {
      seen.push(event.requestContext.eventType);
      leave();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { statusCode: 200 };
    });
    const client = await RawClient.open(url);
    leave = () => client.socket.destroy();
    client.write(upgrade(url));
    await until(() => seen.length === 2);

    expect(seen).toEqual(['CONNECT', 'DISCONNECT']);
    expect(backend.connections.size).toBe(0);
  });
});
