import { createServer, Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { certificate } from '../../../src/local/certificate';
import { Listener, ListenerOptions } from '../../../src/local/wire/listener';
import { testWhere } from '../../where';
import { functionFolder, until } from '../local-function';
import { RawClient, upgrade } from '../raw-client';

let folder: string;
const listeners: Listener[] = [];
const servers: Server[] = [];

beforeEach(() => folder = functionFolder());
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

function newListener(options: Partial<ListenerOptions> = {}) {
  const listener = new Listener({
    ...certificate(folder),
    onRequest: (request, response) => response.end(`${'encrypted' in request.socket ? 'https' : 'http'} ${request.url}`),
    onUpgrade: (_, socket) => socket.end('upgraded'),
    ...options,
  });
  listeners.push(listener);
  return listener;
}

async function occupy(host: string, port = 0): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  servers.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return (server.address() as { port: number }).port;
}

const hasIPv6 = Object.values(networkInterfaces()).flat().some((one) => one?.address === '::1');
const testWithIPv6 = testWhere(hasIPv6, 'this machine has no IPv6');

test('one port speaks with and without TLS', async () => {
  const port = await newListener().listen(0);
  const { ca } = certificate(folder);
  const tls = connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' });
  let answer = '';
  tls.on('data', (chunk) => answer += chunk);
  tls.write('GET /secret HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(() => answer.endsWith('https /secret'));
  tls.destroy();

  expect(await (await fetch(`http://127.0.0.1:${port}/plain`)).text()).toBe('http /plain');
});

test('a request may come byte by byte', async () => {
  const client = await RawClient.open(`http://127.0.0.1:${await newListener().listen(0)}`);
  client.socket.setNoDelay();
  for (const byte of 'GET /slowly HTTP/1.1\r\nHost: localhost\r\n\r\n') {
    client.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => client.text.endsWith('http /slowly'));
});

test('it listens on loopback alone', async () => {
  const port = await newListener().listen(0);
  const others = Object.values(networkInterfaces()).flat().filter((one) => one !== undefined && !one.internal && one.family === 'IPv4');

  const answers = await Promise.allSettled(others.map((one) => fetch(`http://${one!.address}:${port}`)));

  expect(answers.filter(({ status }) => status === 'fulfilled')).toEqual([]);
});

testWithIPv6('`localhost` may lead to either address', async () => {
  const port = await newListener().listen(0);

  expect(await (await fetch(`http://[::1]:${port}/six`)).text()).toBe('http /six');
});

test('a port that is in use is an error', async () => {
  const port = await occupy('127.0.0.1');

  await expect(newListener().listen(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

testWithIPv6('a port that is in use at the other address is an error', async () => {
  const port = await occupy('::1');

  await expect(newListener().listen(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

testWithIPv6('where any port will do, it is one that is free at both addresses', async () => {
  const listener = newListener() as any;
  const listenAt = jest.spyOn(listener, 'listenAt');
  listenAt.mockImplementationOnce(async () => {
    // Chosen at one address, and taken at the other.
    const port = await listener.listenAt('127.0.0.1', 0);
    await occupy('::1', port);
    return port;
  });
  const port = await listener.listen(0);

  expect(await (await fetch(`http://[::1]:${port}/six`)).text()).toBe('http /six');
  expect(await (await fetch(`http://127.0.0.1:${port}/four`)).text()).toBe('http /four');
});

test('a machine may have no IPv6', async () => {
  const listener = newListener() as any;
  const { listenAt } = listener;
  listener.listenAt = (host: string, port: number) => host === '::1'
    ? Promise.reject(Object.assign(new Error('no such address'), { code: 'EADDRNOTAVAIL' }))
    : listenAt.call(listener, host, port);
  const port = await listener.listen(0);

  expect(await (await fetch(`http://127.0.0.1:${port}/four`)).text()).toBe('http /four');
});

describe('a client is hung up on', () => {
  test.each([
    ['that says nothing', undefined],
    ['that does not finish its request', 'GET / HTTP/1.1\r\nHost: loc'],
    ['that does not finish its first line', 'G'],
    ['that does not finish its TLS handshake', Buffer.from([0x16, 3, 1, 2, 0, 1])],
  ])('%s', async (_, first) => {
    const port = await newListener({ patienceMillis: 50 }).listen(0);
    await (await RawClient.open(`http://127.0.0.1:${port}`, first)).closed;
  });
});

test('a client whose upgrade takes its time is waited for', async () => {
  let answer = () => undefined as unknown;
  const port = await newListener({ patienceMillis: 20, onUpgrade: (_, socket) => answer = () => socket.end('upgraded') }).listen(0);
  const client = await RawClient.open(`http://127.0.0.1:${port}`, upgrade(`ws://127.0.0.1:${port}/`));
  const silent = await RawClient.open(`http://127.0.0.1:${port}`);
  const unfinished = await RawClient.open(`http://127.0.0.1:${port}`, 'GET /');
  await Promise.all([silent.closed, unfinished.closed]);
  answer();
  await client.closed;

  expect(client.text).toBe('upgraded');
});

test('closing ends whoever is there, and frees the port', async () => {
  const listener = newListener();
  const port = await listener.listen(0);
  const silent = await RawClient.open(`http://127.0.0.1:${port}`);
  const waiting = await RawClient.open(`http://127.0.0.1:${port}`, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const tls = connectTls({ port, host: '127.0.0.1', ca: certificate(folder).ca, servername: 'localhost' }).on('error', () => undefined);
  await new Promise((resolve) => tls.once('secureConnect', resolve));
  const ended = new Promise((resolve) => tls.once('close', resolve));
  await listener.close();
  await Promise.all([silent.closed, waiting.closed, ended]);

  expect(await newListener().listen(port)).toBe(port);
});

test('a request that stalls in its body is answered with 408 and hung up on', async () => {
  const listener = newListener({ patienceMillis: 200, onRequest: (request, response) => request.resume().on('end', () => response.end('never')) });
  const client = await RawClient.open(`ws://127.0.0.1:${await listener.listen(0)}`, 'POST /dev/@connections/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf');
  await client.closed;

  expect(client.text).toMatch(/^HTTP\/1\.1 408 /);
});
