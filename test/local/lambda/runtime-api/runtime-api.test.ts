import { connect, Socket } from 'node:net';
import { RuntimeApi } from '../../../../src/local/lambda/runtime-api/runtime-api';
import { until } from '../../local-function';

const EVENT = { requestId: 'id-1', body: '{"a":"ä"}', deadline: 1234, functionArn: 'arn:f', traceId: 'Root=1' };
const ACCEPTED = 'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"status":"OK"}\n';

let api: RuntimeApi;
let said: string[];
const sockets: Socket[] = [];

beforeEach(async () => {
  said = [];
  api = await RuntimeApi.listen({
    next: () => said.push('next'),
    answer: (body) => said.push(`answer ${body}`),
    error: (body) => said.push(`error ${body}`),
    initError: (body) => said.push(`init error ${body}`),
    hungUp: (event) => said.push(event === 'unread' ? 'hung up with the event unread' : 'hung up'),
  });
});
afterEach(() => {
  api.close();
  sockets.splice(0).forEach((socket) => socket.destroy());
});

/** A runtime's connection, and what came by it. */
function connection() {
  const [host, port] = api.address.split(':');
  const socket = connect(Number(port), host);
  socket.on('error', () => undefined);
  sockets.push(socket);
  const one = { socket, received: '', send: (text: string | Buffer) => socket.write(text) };
  socket.on('data', (chunk) => one.received += chunk);
  return one;
}

function next(headers = `Host: ${api.address}`): string {
  return `GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n${headers}\r\n\r\n`;
}

function post(path: string, body: string, headers = `Content-Length: ${Buffer.byteLength(body)}`): string {
  return `POST /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: ${api.address}\r\n${headers}\r\n\r\n${body}`;
}

/** A connection that has been handed the event. */
async function running() {
  const runtime = connection();
  runtime.send(next());
  await until(() => api.isWaiting);
  api.send(EVENT);
  await until(() => runtime.received.endsWith(EVENT.body));
  runtime.received = '';
  return runtime;
}

test('the next event comes with what Lambda says of it', async () => {
  const runtime = connection();
  runtime.send(next());
  await until(() => api.isWaiting);
  api.send(EVENT);
  await until(() => runtime.received.endsWith('}'));

  expect(runtime.received).toBe([
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    'Lambda-Runtime-Aws-Request-Id: id-1',
    'Lambda-Runtime-Deadline-Ms: 1234',
    'Lambda-Runtime-Invoked-Function-Arn: arn:f',
    'Lambda-Runtime-Trace-Id: Root=1',
    'Content-Length: 10',
    '',
    '{"a":"ä"}',
  ].join('\r\n'));
  expect(api.isWaiting).toBe(false);
});

test.each([
  ['invocation/id-1/response', 'answer body'],
  ['invocation/id-1/error', 'error body'],
])('%s is accepted', async (path, expected) => {
  const runtime = await running();
  runtime.send(post(path, 'body'));
  await until(() => said.length === 2);

  expect(said).toEqual(['next', expected]);
  await until(() => runtime.received === ACCEPTED);
});

test.each([
  ['POST /2018-06-01/runtime/init/error'],
  ['POST /runtime/init/error'],
])('%s tells of a failed start', async (request) => {
  const runtime = connection();
  runtime.send(`${request} HTTP/1.1\r\nHost: ${api.address}\r\nContent-Length: 2\r\n\r\nno`);
  await until(() => runtime.received === ACCEPTED);

  expect(said).toEqual(['init error no']);
});

test('requests may come one after the other in one piece, and in pieces of one byte', async () => {
  const runtime = await running();
  const text = Buffer.from(post('invocation/id-1/response', 'ä€') + next());
  for (const byte of text) { runtime.send(Buffer.from([byte])); }
  await until(() => api.isWaiting);

  expect(said).toEqual(['next', 'answer ä€', 'next']);
});

test.each([
  ['in one piece', (text: string) => [text]],
  ['in pieces of one byte', (text: string) => [...text]],
])('a body may come in chunks, %s', async (_, cut) => {
  const runtime = await running();
  const text = post('invocation/id-1/response', '3\r\nabc\r\nA;name=value\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n', 'transfer-encoding: chunked');
  for (const piece of cut(text + next())) { runtime.send(piece); }
  await until(() => api.isWaiting);

  expect(said).toEqual(['next', 'answer abc0123456789', 'next']);
});

test('a runtime that asks first whether to send is told to go on', async () => {
  const runtime = await running();
  runtime.send(post('invocation/id-1/response', '', 'Content-Length: 4\r\nExpect: 100-continue'));
  await until(() => runtime.received === 'HTTP/1.1 100 Continue\r\n\r\n');
  runtime.send('body');
  await until(() => said.length === 2);

  expect(said[1]).toBe('answer body');
});

test.each([
  ['in one', (size: number) => post('invocation/id-1/response', 'x'.repeat(size))],
  ['in chunks', (size: number) => post('invocation/id-1/response', `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`, 'Transfer-Encoding: chunked')],
])('an answer may have 6 MB and 100 bytes, and not one more (%s)', async (_, request) => {
  const runtime = await running();
  runtime.send(request(6 * 1024 * 1024 + 100) + next());
  await until(() => api.isWaiting);
  expect(said[1] === `answer ${'x'.repeat(6 * 1024 * 1024 + 100)}`).toBe(true);

  api.send(EVENT);
  runtime.send(request(6 * 1024 * 1024 + 101));
  await until(() => said.length === 4);
  expect(said[3]).toBe('error {"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}');
  await until(() => runtime.received.includes('HTTP/1.1 413 Payload Too Large'));
});

test('a runtime that asks for the next event with its answer is not woken before there is one', async () => {
  const runtime = await running();
  runtime.received = '';
  runtime.send(post('invocation/id-1/response', '1') + next());
  await until(() => api.isWaiting);
  expect(runtime.received).toBe('');

  api.send(EVENT);
  await until(() => runtime.received.endsWith(EVENT.body));
  expect(runtime.received).toMatch(/^HTTP\/1\.1 202 Accepted[^]*HTTP\/1\.1 200 OK/);
});

test.each<[string, () => string, number, string]>([
  ['an answer to another request', () => post('invocation/other/response', '1'), 400, 'InvalidRequestID'],
  ['a request for more before the answer', () => next(), 403, 'InvalidStateTransition'],
  ['another path', () => `GET /2018-06-01/runtime/other HTTP/1.1\r\nHost: ${api.address}\r\n\r\n`, 404, 'NotFound'],
  ['another method', () => post('invocation/next', ''), 404, 'NotFound'],
  ['something else than HTTP', () => 'hello\r\n\r\n', 400, 'InvalidRequest'],
  ['a page in a browser', () => next(`Host: ${api.address}\r\nOrigin: http://evil.example`), 400, 'InvalidRequest'],
  ['a page in a browser that sends no origin', () => next(`Host: ${api.address}\r\nSec-Fetch-Site: none`), 400, 'InvalidRequest'],
  ['a page whose name was rebound to this machine', () => next(`Host: evil.example:${api.address.split(':')[1]}`), 400, 'InvalidRequest'],
  ['another name of this machine', () => next(`Host: localhost:${api.address.split(':')[1]}`), 400, 'InvalidRequest'],
  ['a host with a line break of its own, after many spaces', () => next(`Host:${' '.repeat(20_000)}\r${api.address}`), 400, 'InvalidRequest'],
  ['a request with two hosts', () => next(`Host: ${api.address}\r\nHost: evil.example`), 400, 'InvalidRequest'],
  ['a request without a host', () => next('Accept: */*'), 400, 'InvalidRequest'],
  ['chunks that are none', () => post('invocation/id-1/response', 'zz\r\n', 'Transfer-Encoding: chunked'), 400, 'InvalidRequest'],
  ['headers without end', () => `GET / HTTP/1.1\r\nA: ${'x'.repeat(70_000)}`, 400, 'InvalidRequest'],
  ['chunks without end', () => post('invocation/id-1/response', '1'.repeat(70_000), 'Transfer-Encoding: chunked'), 400, 'InvalidRequest'],
])('%s is refused', async (_, request, status, type) => {
  const runtime = await running();
  runtime.send(request());
  await until(() => runtime.received.endsWith('}'));

  expect(runtime.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(runtime.received).toContain(`"errorType":"${type}"`);
  expect(said.filter((one) => !one.startsWith('hung up'))).toEqual(['next']);
});

test('a second answer is refused', async () => {
  const runtime = await running();
  runtime.send(post('invocation/id-1/response', '1') + post('invocation/id-1/response', '2'));
  await until(() => runtime.received.endsWith('}'));

  expect(runtime.received).toContain('HTTP/1.1 403 Forbidden');
  expect(said).toEqual(['next', 'answer 1']);
});

test('a runtime that hangs up waits no longer, and may come again', async () => {
  const first = connection();
  first.send(next());
  await until(() => api.isWaiting);
  first.socket.destroy();
  await until(() => !api.isWaiting);
  connection().send(next());
  await until(() => api.isWaiting);

  expect(said).toEqual(['next', 'hung up', 'next']);
});

test('an event is never sent to a runtime that has hung up', async () => {
  const runtime = connection();
  runtime.send(next());
  await until(() => api.isWaiting);
  runtime.socket.destroy();
  await until(() => !api.isWaiting);

  expect(() => api.send(EVENT)).toThrow('no runtime waits for an event');
});

test('a second request for the next event is refused while the first waits', async () => {
  const runtime = connection();
  runtime.send(next() + next());
  await until(() => api.isWaiting);
  api.send(EVENT);
  await until(() => runtime.received.endsWith(EVENT.body));

  expect(runtime.received).toContain('"errorType":"InvalidStateTransition"');
  expect(said).toEqual(['next']);
});

test.each([
  ['unread', (socket: Socket) => socket.resetAndDestroy(), 'hung up with the event unread'],
  ['read', (socket: Socket) => socket.destroy(), 'hung up'],
])('of a runtime that ends is told that its event is %s', async (_, end, expected) => {
  const runtime = await running();
  end(runtime.socket);
  await until(() => said.length === 2);

  expect(said[1]).toBe(expected);
});

describe('a second connection', () => {
  test('waits until the first has closed', async () => {
    const first = await running();
    const second = connection();
    second.send(post('invocation/id-1/response', '1'));
    await until(() => second.socket.bytesWritten > 0);
    expect(said).toEqual(['next']);
    first.socket.destroy();
    await until(() => second.received === ACCEPTED);

    expect(said).toEqual(['next', 'hung up', 'answer 1']);
  });

  test('is refused if the first goes on', async () => {
    await running();
    const second = connection();
    second.send(next());
    await until(() => second.received.endsWith('}'));

    expect(second.received).toContain('another connection is open');
    expect(said).toEqual(['next']);
  });

  test('is served at once if it is the function\'s', async () => {
    api.close();
    api = await RuntimeApi.listen({
      next: () => said.push('next'), answer: () => said.push('answer'), error: () => undefined, initError: () => undefined, hungUp: () => undefined,
    }, () => 'yes');
    await running();
    const second = connection();
    second.send(post('invocation/id-1/response', '1'));
    await until(() => second.received === ACCEPTED);

    expect(said).toEqual(['next', 'answer']);
  });

  test('is refused if it is a stranger\'s', async () => {
    api.close();
    api = await RuntimeApi.listen({
      next: () => said.push('next'), answer: () => undefined, error: () => undefined, initError: () => undefined, hungUp: () => undefined,
    }, () => 'no');
    const stranger = connection();
    stranger.send(next());
    await until(() => stranger.received.endsWith('}'));

    expect(stranger.received).toContain('only the function itself may call its Runtime API');
    expect(said).toEqual([]);
  });
});
