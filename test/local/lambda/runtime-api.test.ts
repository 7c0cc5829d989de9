import { connect, Socket } from 'node:net';
import { RuntimeApi } from '../../../src/local/lambda/runtime-api';
import { until } from '../local-function';

const EVENT = { requestId: 'id-1', body: '{"a":"ä"}', deadline: 1234, functionArn: 'arn:f', traceId: 'Root=1' };
const NEXT = 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n';
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

function post(path: string, body: string, headers = `Content-Length: ${Buffer.byteLength(body)}`): string {
  return `POST /2018-06-01/runtime/${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`;
}

/** A connection that has been handed the event. */
async function running() {
  const runtime = connection();
  runtime.send(NEXT);
  await until(() => api.isWaiting);
  api.send(EVENT);
  await until(() => runtime.received.endsWith(EVENT.body));
  runtime.received = '';
  return runtime;
}

test('the next event comes with what Lambda says of it', async () => {
  const runtime = connection();
  runtime.send(NEXT);
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
  runtime.send(`${request} HTTP/1.1\r\nContent-Length: 2\r\n\r\nno`);
  await until(() => runtime.received === ACCEPTED);

  expect(said).toEqual(['init error no']);
});

test('requests may come one after the other in one piece, and in pieces of one byte', async () => {
  const runtime = await running();
  const text = Buffer.from(post('invocation/id-1/response', 'ä€') + NEXT);
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
  for (const piece of cut(text + NEXT)) { runtime.send(piece); }
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
  runtime.send(request(6 * 1024 * 1024 + 100) + NEXT);
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
  runtime.send(post('invocation/id-1/response', '1') + NEXT);
  await until(() => api.isWaiting);
  expect(runtime.received).toBe('');

  api.send(EVENT);
  await until(() => runtime.received.endsWith(EVENT.body));
  expect(runtime.received).toMatch(/^HTTP\/1\.1 202 Accepted[^]*HTTP\/1\.1 200 OK/);
});

test.each([
  ['an answer to another request', post('invocation/other/response', '1'), 400, 'InvalidRequestID'],
  ['a request for more before the answer', NEXT, 403, 'InvalidStateTransition'],
  ['another path', 'GET /2018-06-01/runtime/other HTTP/1.1\r\n\r\n', 404, 'NotFound'],
  ['another method', post('invocation/next', ''), 404, 'NotFound'],
  ['something else than HTTP', 'hello\r\n\r\n', 400, 'InvalidRequest'],
  ['a page in a browser', NEXT.replace('Host', 'Origin: http://evil\r\nHost'), 400, 'InvalidRequest'],
  ['chunks that are none', post('invocation/id-1/response', 'zz\r\n', 'Transfer-Encoding: chunked'), 400, 'InvalidRequest'],
  ['headers without end', `GET / HTTP/1.1\r\nA: ${'x'.repeat(70_000)}`, 400, 'InvalidRequest'],
  ['chunks without end', post('invocation/id-1/response', '1'.repeat(70_000), 'Transfer-Encoding: chunked'), 400, 'InvalidRequest'],
])('%s is refused', async (_, request, status, type) => {
  const runtime = await running();
  runtime.send(request);
  await until(() => runtime.received.endsWith('}'));

  expect(runtime.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(runtime.received).toContain(`"errorType":"${type}"`);
  expect(said).toEqual(['next']);
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
  first.send(NEXT);
  await until(() => api.isWaiting);
  first.socket.destroy();
  await until(() => !api.isWaiting);
  connection().send(NEXT);
  await until(() => api.isWaiting);

  expect(said).toEqual(['next', 'next']);
});
