import { readdirSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { Duration, Stack } from 'aws-cdk-lib';
import { Client } from './client';
import { isAlive, until } from './local-function';
import { frame, OPCODES, RawClient, upgrade } from './raw-client';
import { ServedApp, serveApp } from './served-app';
import { ApiSource, Authorization, Route, StageSource, WebSocketApi } from '../../src';
import { GatewayEvent } from '../../src/local';
import { Exchange } from '../../src/local/dispatch/exchange';

// What goes wrong at clients and in handlers: what the client sees, whether others are still served, and whether the gateway says what
// happened.

const HANDLERS = `
const { spawn } = require('node:child_process');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

exports.connect = async (event) => {
  const { sleep: millis, status, protocol } = event.queryStringParameters ?? {};
  console.log('CONNECT ' + JSON.stringify(event));
  if (millis) { await sleep(Number(millis)); }
  return { statusCode: Number(status ?? 200), headers: protocol ? { 'Sec-WebSocket-Protocol': protocol } : {} };
};
exports.disconnect = async (event) => console.log('DISCONNECT ' + JSON.stringify(event));
exports.message = async (event) => {
  const body = (() => { try { return JSON.parse(event.body); } catch { return { answer: event.body }; } })();
  if (body.never) { await new Promise(() => setInterval(() => {}, 1000)); }
  if (body.loop) { for (;;) { /* for ever */ } }
  if (body.exit !== undefined) { process.exit(body.exit); }
  if (body.kill) { process.kill(process.pid, 'SIGKILL'); await sleep(10_000); }
  if (body.throws) { setImmediate(() => { throw new Error('thrown on the side'); }); await sleep(10_000); }
  if (body.rejects) { Promise.reject(new Error('rejected on the side')); await sleep(10_000); }
  if (body.abort) { process.abort(); }
  if (body.lines) { for (let i = 0; i < body.lines; i++) { process.stdout.write('x'.repeat(1023) + '\\n'); } }
  if (body.line) { process.stdout.write('x'.repeat(body.line)); process.stderr.write('x'.repeat(body.line)); }
  if (body.mute) { process.stdout.destroy(); process.stderr.destroy(); }
  if (body.fork) { return { statusCode: 200, body: String(spawn('sleep', ['1000'], { stdio: 'inherit' }).pid) }; }
  if ('returns' in body) { return body.returns; }
  if (body.cycle) { const cycle = {}; cycle.cycle = cycle; return cycle; }
  if (body.bytes) { return { statusCode: 200, body: 'x'.repeat(body.bytes) }; }
  return { statusCode: 200, body: String(body.answer) };
};
`;

let served: ServedApp;

function define(stack: Stack) {
  const api = (id: string, props: object = {}) => new WebSocketApi(stack, id, {
    routes: {
      $connect: Route.toHandler('handlers.connect'),
      $disconnect: Route.toHandler('handlers.disconnect'),
      $default: Route.toHandler('handlers.message', { returnResponse: true, timeout: Duration.seconds(29) }),
      brief: Route.toHandler('handlers.message', { returnResponse: true, timeout: Duration.seconds(1) }),
    },
    api: ApiSource.fromProps({ apiName: id }),
    stage: StageSource.fromOptions({ stageName: id }),
    ...props,
  });
  api('main');
  api('iam', { authorization: Authorization.iam() });
}

beforeAll(async () => {
  served = await serveApp({ 'handlers.js': HANDLERS }, define, { clock: 'manual', maxConcurrency: 2 });
  bystander = await connect();
}, 120_000);
afterAll(() => served?.close());

/** Connected from the first test to the last: whatever the others do, it is answered. */
let bystander: Client;

afterEach(async () => {
  bystander = bystander.socket.readyState === 1 ? bystander : await connect();
  expect(await bystander.ask({ answer: 'as ever' })).toBe('as ever');
});

const urlOf = (name = 'main') => served.gateway.apis.find((api) => api.name === name)!.url;
const connect = (query = '', options = {}) => Client.connect(`${urlOf()}${query}`, options);
const eventsOf = <T extends GatewayEvent['type']>(type: T) => served.gateway.events().filter((event): event is GatewayEvent & { type: T } => event.type === type);
const warnings = () => eventsOf('warning').map(({ text }) => text);
const newestConnection = () => served.gateway.connections().at(-1)!.connectionId;
const disconnectOf = (id: string) => eventsOf('disconnect').find(({ connectionId }) => connectionId === id);
const post = (id: string) => new ApiGatewayManagementApiClient({
  endpoint: urlOf().replace('ws:', 'http:'), region: 'eu-west-1', credentials: served.gateway.credentials, maxAttempts: 1,
}).send(new PostToConnectionCommand({ ConnectionId: id, Data: 'posted' }));
const INTERNAL_ERROR = /^\{"message": "Internal server error", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/;

describe('before a handshake', () => {
  test.each([
    ['bytes without sense', Buffer.from([0, 255, 254, 1, 2, 3, 10, 13, 10, 13, 10])],
    ['a line of something else', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a version of HTTP that there is none', 'GET /main HTTP/9.9\r\nHost: localhost\r\n\r\n'],
    ['a header without a name', 'GET /main HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n'],
    ['a header with a line break', 'GET /main HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n'],
    ['two lengths', 'POST /main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a length that is none', 'POST /main/@connections/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: lots\r\n\r\n'],
    ['100 KB of headers', `GET /main HTTP/1.1\r\nHost: localhost\r\n${'X-Long: x\r\n'.repeat(10_000)}\r\n`],
    ['a header of 100 KB', `GET /main HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`],
  ])('%s is refused', async (_, bytes) => {
    const client = await RawClient.open(urlOf(), bytes);
    await client.closed;

    expect(client.text).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  test.each([
    ['the first byte of TLS and nonsense', Buffer.from([0x16, 3, 1, 255, 255, 1, 2, 3, 4, 5, 6, 7, 8])],
    ['a method that leads elsewhere', 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('%s is hung up on', async (_, bytes) => {
    await (await RawClient.open(urlOf(), bytes)).closed;
  });

  test('TLS that ends in the middle of a request ends nothing else', async () => {
    const { socket } = await RawClient.open(urlOf());
    const tls = connectTls({ socket, ca: served.gateway.ca, servername: 'localhost' }).on('error', () => undefined);
    await new Promise<void>((resolve) => tls.once('secureConnect', resolve));
    tls.write('GET /main HTTP/1.1\r\nHo');
    socket.destroy();
  });

  test.each([
    ['without a key', { 'Sec-WebSocket-Key': undefined }, 'GET', '`Sec-WebSocket-Key`'],
    ['with a key that is too short', { 'Sec-WebSocket-Key': 'abc' }, 'GET', '`Sec-WebSocket-Key`'],
    ['of another version', { 'Sec-WebSocket-Version': '12' }, 'GET', '`Sec-WebSocket-Version` is not 13'],
    ['without a version', { 'Sec-WebSocket-Version': undefined }, 'GET', '`Sec-WebSocket-Version` is not 13'],
    ['by POST', {}, 'POST', 'its method is POST, not GET'],
    ['to another protocol', { Upgrade: 'h2c' }, 'GET', 'it asks for an upgrade to "h2c"'],
  ])('an upgrade %s is 400, and `$connect` is not called', async (_, headers, method, reason) => {
    const before = eventsOf('connect').length;
    const client = await RawClient.open(urlOf(), upgrade(urlOf(), headers, method));
    await client.closed;

    expect(client.text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(eventsOf('connect')).toHaveLength(before);
    expect(warnings().at(-1)).toMatch(/^a client was refused with 400 at "\/main": /);
    expect(warnings().at(-1)).toContain(reason);
  });

  test('a URL that leads nowhere is 403, and it is said what there is', async () => {
    const { status } = await Client.refusal(urlOf().replace('/main', '/mian'));

    expect(status).toBe(403);
    const host = JSON.stringify(new URL(urlOf()).host);
    expect(warnings().at(-1)).toBe(
      `a client was refused with 403 at "/mian": nothing is served at this path of the host ${host}; there is ${urlOf()}, ${urlOf('iam')}`,
    );
  });

  test('headers and parameters may be called what every object has', async () => {
    const client = await RawClient.open(urlOf(), upgrade(`${urlOf()}?constructor=a&toString=b&toString=c&hasOwnProperty`, { constructor: 'd', valueOf: 'e', __proto__x: 'f' })
      .replace('__proto__x', '__proto__').replace('?', '?__proto__=g&'));
    await until(() => client.text.includes('\r\n\r\n'));
    await served.gateway.settled();
    const event = JSON.parse(eventsOf('function-log').filter(({ text }) => text.startsWith('CONNECT ')).at(-1)!.text.slice('CONNECT '.length));

    expect(client.text).toMatch(/^HTTP\/1\.1 101 /);
    expect(Object.entries(event.multiValueQueryStringParameters)).toEqual([['__proto__', ['g']], ['constructor', ['a']], ['toString', ['b', 'c']], ['hasOwnProperty', ['']]]);
    expect(Object.entries(event.headers)).toEqual(expect.arrayContaining([['constructor', 'd'], ['valueOf', 'e'], ['__proto__', 'f']]));
  });

  test.each([
    '?%ZZ',
    '?&&&&&&&&&&=&=&',
    '?X-Amz-Algorithm=%ZZ',
    '?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=%00&X-Amz-Credential=////&X-Amz-SignedHeaders=;&X-Amz-Signature=%',
  ])('a signature of nonsense is 403: %s', async (query) => {
    const client = await RawClient.open(urlOf('iam'), upgrade(urlOf('iam')).replace('/iam', `/iam${query}`));
    await client.closed;

    expect(client.text).toMatch(/^HTTP\/1\.1 403 /);
  });

  test.each(['@connections/%', '@connections/', '@connections/../..', '%40connections/%00?%ZZ', '@connections/x/y'])('@connections with a path of nonsense is 403: %s', async (path) => {
    const client = await RawClient.open(urlOf(), `POST /main/${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: AWS4-HMAC-SHA256 =,==\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    await client.closed;

    expect(client.text).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('a post that breaks off is nobody\'s fault', async () => {
    const before = warnings().length;
    const client = await RawClient.open(urlOf(), 'POST /main/@connections/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf');
    client.socket.end();
    await client.closed;
    await served.gateway.settled();

    expect(warnings()).toHaveLength(before);
  });

  test('of who is refused, whatever it sent after its request, no socket stays', async () => {
    const open = () => readdirSync('/proc/self/fd').length;
    await served.gateway.settled();
    const before = open();
    for (let i = 0; i < 50; i++) {
      const client = await RawClient.open(urlOf(), upgrade(urlOf().replace('main', 'nothing')) + 'x'.repeat(1000));
      await client.closed;
    }
    await until(() => open() <= before + 5);
  });
});

describe('in a handshake', () => {
  test('a client that goes while `$connect` runs was never there, and `$disconnect` is told', async () => {
    const client = await RawClient.open(urlOf(), upgrade(`${urlOf()}?sleep=100&who=goes`));
    const log = () => eventsOf('function-log').find(({ text }) => text.includes('"who":"goes"'));
    await until(() => log() !== undefined);
    client.socket.destroy();
    const id = JSON.parse(log()!.text.slice('CONNECT '.length)).requestContext.connectionId;
    await until(() => disconnectOf(id) !== undefined);
    await served.gateway.settled();

    expect(disconnectOf(id)).toMatchObject({ code: 1006 });
    expect(eventsOf('function-log').some(({ text }) => text.startsWith('DISCONNECT ') && text.includes(id))).toBe(true);
    await expect(post(id)).rejects.toMatchObject({ name: 'GoneException' });
  });

  test('what a client sends before it is let in comes after that', async () => {
    const client = await RawClient.open(urlOf(), Buffer.concat([Buffer.from(upgrade(`${urlOf()}?sleep=20`)), frame(OPCODES.text, '{"answer":"early"}')]));
    await until(() => client.text.endsWith('early'));
  });

  test.each([100, 101, 199])('`$connect` cannot answer %i: the client gets 502', async (status) => {
    expect((await Client.refusal(`${urlOf()}?status=${status}`)).status).toBe(502);
    expect(eventsOf('connect').at(-1)).toMatchObject({ status: 502, reason: `the route \`$connect\` answered ${status}, which does not end a request` });
  });

  test('a subprotocol that is none is 502, and nothing of it is sent', async () => {
    const { status, headers } = await Client.refusal(`${urlOf()}?protocol=a%0D%0AX-Injected:b`);

    expect(status).toBe(502);
    expect(headers).not.toHaveProperty('x-injected');
    expect(eventsOf('connect').at(-1)!.reason).toMatch(/is not the name of a subprotocol$/);
  });

  test('a client may ask for subprotocols of nonsense, which are for `$connect` to judge', async () => {
    const client = await RawClient.open(urlOf(), upgrade(urlOf(), { 'Sec-WebSocket-Protocol': 'a,,"b",a', 'Sec-WebSocket-Extensions': '"' }));
    await until(() => client.text.includes('\r\n\r\n'));

    expect(client.text).toMatch(/^HTTP\/1\.1 101 /);
  });
});

describe('a client is closed, and it is said why,', () => {
  const bad = Buffer.from([0x61, 0xff, 0xfe]);
  test.each<[string, number, Buffer[]]>([
    ['that does not mask', 1002, [frame(OPCODES.text, 'x', { mask: false })]],
    ['that sets reserved bits', 1002, [frame(OPCODES.text, 'x', { reserved: 4 })]],
    ['that compresses, which nobody agreed to', 1002, [frame(OPCODES.ping, '', { reserved: 1 })]],
    ['with an opcode that is reserved', 1002, [frame(3, 'x')]],
    ['with a control opcode that is reserved', 1002, [frame(11, 'x')]],
    ['that goes on with what it did not begin', 1002, [frame(OPCODES.continuation, 'x')]],
    ['that begins anew in the middle of a message', 1002, [frame(OPCODES.text, 'x', { fin: false }), frame(OPCODES.text, 'y')]],
    ['that sends a ping in pieces', 1002, [frame(OPCODES.ping, 'x', { fin: false })]],
    ['that sends a ping that is too long', 1002, [frame(OPCODES.ping, 'x'.repeat(126))]],
    ['with half a close code', 1002, [frame(OPCODES.close, 'x')]],
    ['with a close code that is for nobody to send', 1002, [frame(OPCODES.close, Buffer.from([1005 / 256, 1005 % 256]))]],
    ['with a reason that is no text', 1007, [frame(OPCODES.close, Buffer.concat([Buffer.from([1000 / 256, 1000 % 256]), bad]))]],
    ['with a message that is no text', 1007, [frame(OPCODES.text, bad)]],
    ['with a message that is no text as a whole', 1007, [frame(OPCODES.text, 'é', { fin: false }), frame(OPCODES.continuation, bad)]],
    ['with more fragments than sense', 1008, Array.from({ length: 20_000 }, (_, i) => frame(i === 0 ? OPCODES.text : OPCODES.continuation, '', { fin: false }))],
  ])('%s: %i', async (_, code, frames) => {
    const client = await RawClient.connect(urlOf());
    const id = newestConnection();
    client.write(Buffer.concat(frames));
    await client.closed;
    await until(() => disconnectOf(id) !== undefined);

    expect(client.closeCode).toBe(code);
    expect(warnings().at(-1)).toMatch(new RegExp(`^connection \`${id}\` is closed: .`));
  });
});

describe('messages', () => {
  test('come whole in however many pieces, with pings between them that are answered', async () => {
    const client = await RawClient.connect(urlOf());
    const bytes = Buffer.concat([
      frame(OPCODES.text, '{"ans', { fin: false }), frame(OPCODES.ping, 'one'), frame(OPCODES.continuation, 'wer":"in pie', { fin: false }), frame(OPCODES.pong, 'unasked'),
      frame(OPCODES.continuation, '', { fin: false }), frame(OPCODES.ping, 'two'), frame(OPCODES.continuation, 'ces"}'),
    ]);
    for (const byte of bytes) { client.write(Buffer.from([byte])); }
    await until(() => client.frames.length === 3);

    expect(client.frames.map(({ opcode, payload }) => [opcode, payload.toString()]))
      .toEqual([[OPCODES.pong, 'one'], [OPCODES.pong, 'two'], [OPCODES.text, 'in pieces']]);
  });

  test('of a client that is being closed are not taken', async () => {
    const client = await RawClient.connect(urlOf());
    const id = newestConnection();
    client.write(Buffer.concat([frame(OPCODES.binary, 'x'), frame(OPCODES.text, '{"answer":"too late"}'), frame(OPCODES.text, '{"answer":"too late"}')]));
    await until(() => client.closeCode === 1003);
    client.write(Buffer.concat([frame(OPCODES.text, '{"answer":"too late"}'), frame(OPCODES.close)]));
    await served.gateway.settled();

    expect(eventsOf('message').filter(({ connectionId }) => connectionId === id)).toEqual([]);
    expect(disconnectOf(id)).toMatchObject({ code: 1003 });
  });

  test('may come by the thousand on one connection', async () => {
    const client = await connect();
    for (let i = 0; i < 2000; i++) { client.send({ answer: i }); }
    const answers = [];
    for (let i = 0; i < 2000; i++) { answers.push(Number(await client.next())); }

    expect(answers.sort((a, b) => a - b)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
  });

  test('may be nested as deep as they like', async () => {
    const depth = 60_000;
    const client = await connect();
    for (const fragment of [`{"action":${'['.repeat(depth)}`, `${']'.repeat(depth)},"answer":"deep"}`]) {
      client.socket.send(fragment.slice(0, 30_000), { fin: false });
      client.socket.send(fragment.slice(30_000), { fin: fragment.endsWith('}') });
    }

    expect(await client.next()).toBe('deep');
  });

  test('may be answered when their client is gone', async () => {
    const client = await connect();
    client.send({ answer: 'for nobody' });
    client.socket.terminate();
    await served.gateway.settled();
  });
});

describe('clients', () => {
  test('that do not read are closed with 1008 once 1 MB waits for them', async () => {
    const client = await RawClient.connect(urlOf());
    const id = newestConnection();
    client.socket.pause();
    // The kernel takes some megabytes before anything waits here.
    for (let sent = 0; disconnectOf(id) === undefined && sent < 1000; sent++) {
      client.write(frame(OPCODES.text, '{"bytes":131072}'));
      const answered = eventsOf('answer').length;
      await until(() => eventsOf('answer').length > answered || disconnectOf(id) !== undefined);
    }

    expect(disconnectOf(id)).toMatchObject({ code: 1008, reason: 'Too many requests' });
  });

  test('that send pings and do not read are closed', async () => {
    const client = await RawClient.connect(urlOf());
    const id = newestConnection();
    client.socket.pause();
    const pings = Buffer.concat(Array.from({ length: 5000 }, () => frame(OPCODES.ping, 'x'.repeat(125))));
    while (disconnectOf(id) === undefined) {
      client.write(pings);
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(disconnectOf(id)).toMatchObject({ code: 1006 });
  });

  test('that are gone without a word are closed when they idle', async () => {
    const client = await RawClient.connect(urlOf());
    const id = newestConnection();
    client.socket.pause();
    await served.gateway.advance(10 * 60_000);

    expect(disconnectOf(id)).toMatchObject({ code: 1001 });
    expect(served.gateway.connections().map(({ connectionId }) => connectionId)).not.toContain(id);
  });

  test('may come and go by the hundred, and leave nothing', async () => {
    const before = served.gateway.connections().length;
    const gone = eventsOf('disconnect').length;
    const ends = [
      (client: RawClient) => client.socket.destroy(),
      (client: RawClient) => client.socket.resetAndDestroy(),
      (client: RawClient) => client.write(frame(OPCODES.close)),
    ];
    for (let round = 0; round < 10; round++) {
      const clients = await Promise.all(Array.from({ length: 30 }, () => RawClient.connect(urlOf())));
      clients.forEach((client, i) => ends[i % ends.length](client));
    }
    await until(() => eventsOf('disconnect').length === gone + 300);
    await served.gateway.settled();

    expect(served.gateway.connections()).toHaveLength(before);
  });

  test('a thousand of them at once are served by two environments', async () => {
    const starts = eventsOf('function').filter(({ what }) => what === 'start').length;
    const clients = await Promise.all(Array.from({ length: 1000 }, () => connect()));
    const answers = await Promise.all(clients.map((client, i) => client.ask({ answer: i })));

    expect(answers).toEqual(clients.map((_, i) => String(i)));
    // Two for `$connect`, two for `$default`, two for the `$disconnect` of tests before.
    expect(eventsOf('function').filter(({ what }) => what === 'start').length - starts).toBeLessThanOrEqual(6);
    clients.forEach((client) => client.socket.terminate());
    await served.gateway.settled();
  });
});

describe('a handler', () => {
  const lastError = () => eventsOf('answer').filter(({ reason }) => reason !== undefined).at(-1)!.reason!;

  test.each<[string, { readonly action?: string } & Record<string, unknown>, string]>([
    ['never returns', { action: 'brief', never: true }, 'Task timed out after 1.00 seconds'],
    ['loops for ever', { action: 'brief', loop: true }, 'Task timed out after 1.00 seconds'],
    ['exits', { exit: 0 }, 'Runtime exited without providing a reason'],
    ['exits with a status', { exit: 3 }, 'exit status 3'],
    ['is killed', { kill: true }, 'signal: killed'],
    ['aborts', { abort: true }, 'signal: aborted'],
    ['throws on the side', { throws: true }, 'thrown on the side'],
    ['rejects on the side', { rejects: true }, 'rejected on the side'],
    ['returns what holds itself', { cycle: true }, 'Unable to stringify response body'],
    ['returns text', { returns: 'text' }, 'which has no `statusCode`'],
    ['returns a list', { returns: [1, 2] }, 'which has no `statusCode`'],
    ['returns a status that is none', { returns: { statusCode: 'fine' } }, 'the `statusCode` `"fine"`: return a number from 100 to 599'],
    ['returns 8 MB', { bytes: 8_000_000 }, 'exceeded maximum allowed payload size'],
    ['returns more than a message may have', { bytes: 140_000 }, 'API Gateway sends at most 131072'],
  ])('that %s fails that message alone, and it is said how', async (_, message, reason) => {
    const client = await connect();

    expect(await client.ask(message)).toMatch(INTERNAL_ERROR);
    expect(lastError()).toContain(reason);
    expect(await client.ask({ ...message.action ? { action: message.action } : {}, answer: 'recovered' })).toBe('recovered');
  });

  test.each([['lines', { lines: 10_240 }], ['two lines', { line: 10_000_000 }]])('may print 10 MB in %s: it is answered, and its output bounded', async (_, message) => {
    const client = await connect();

    expect(await client.ask({ ...message, answer: 'printed' })).toBe('printed');
    expect(served.gateway.events().reduce((sum, event) => sum + JSON.stringify(event).length, 0)).toBeLessThan(40_000_000);
  });

  test('may close its output', async () => {
    expect(await (await connect()).ask({ mute: true, answer: 'silent' })).toBe('silent');
  });

  test('that forks leaves no child when its environment ends', async () => {
    const client = await connect();
    const pids = await Promise.all([client.ask({ fork: true }), client.ask({ fork: true }), client.ask({ fork: true })]);
    expect(pids.map(Number).every(isAlive)).toBe(true);
    while (pids.map(Number).some(isAlive)) { await client.ask({ exit: 1 }); }
  });
});

describe('the gateway itself', () => {
  test('says what it failed at, and goes on', async () => {
    jest.spyOn(Exchange, 'message').mockImplementationOnce(() => { throw new Error('broken message'); });
    const client = await connect();
    client.send('x');
    await until(() => warnings().some((text) => text.startsWith('a fault of the gateway itself: Error: broken message')));

    expect(await client.ask({ answer: 'fine' })).toBe('fine');
  });

  test('refuses with 500 whom it fails to let in', async () => {
    jest.spyOn(Exchange, 'connect').mockImplementationOnce(() => { throw new Error('broken handshake'); });

    expect((await Client.refusal(urlOf())).status).toBe(500);
    expect(warnings().at(-1)).toMatch(/^a fault of the gateway itself: Error: broken handshake/);
  });
});
