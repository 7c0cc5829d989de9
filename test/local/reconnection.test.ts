import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import { Client } from './client';
import { serveApp, ServedApp } from './served-app';
import { until } from './until';
import { Authorization, ConnectionTable, GroupName, Route, WebSocketApi } from '../../src';
import { ManualClock } from '../../src/local/clock';
import { AUDIENCE, claims, ISSUER, jwksOf, makeKey, tokenOf } from '../shipped/jwt-authorizer/tokens';

/** The client that docs/realtime.md tells users to take. */
const [, SOURCE] = /^```js\n\/\/ stay-connected\.mjs\n(.*?)^```/ms.exec(readFileSync('docs/realtime.md', 'utf8'))!;
const MINUTE = 60_000;
const key = makeKey('EdDSA', 'ed');

let served: ServedApp;
/** The one of the clients. It is advanced together with that of the gateway. */
let clock: ManualClock;
const stops: Array<() => void> = [];

beforeAll(async () => {
  const room = GroupName.fromMessage('$.room', { prefix: 'room:' });
  served = await serveApp({}, (stack) => {
    new WebSocketApi(stack, 'Api', {
      authorization: Authorization.jwt({ issuer: ISSUER, audience: [AUDIENCE], jwks: jwksOf(key) }),
      connections: ConnectionTable.create(),
      routes: {
        join: Route.joinGroup(room, { returnResponse: true }),
        say: Route.sendToGroup(room, { members: false }),
        ping: Route.toMock(),
      },
    });
  }, { clock: 'manual' });
});
afterAll(() => served?.close());
beforeEach(() => { clock = new ManualClock(); });
afterEach(() => stops.splice(0).forEach((stop) => stop()));

test('a client that sends nothing is closed after 10 minutes, comes back into its groups, and is told what it may have missed', async () => {
  const client = stayConnected({ pingEvery: Infinity });
  await until(() => client.resumed.length === 1);
  const before = clock.now();
  await pass(9);
  expect(client.sockets).toHaveLength(1);

  await pass(1);
  await until(() => client.sockets[0].readyState === WebSocket.CLOSED);
  await say('while it is away');
  await comesBack(client, 2);
  await say('now');
  await until(() => client.heard.includes('now'));

  expect(client.heard).not.toContain('while it is away');
  expect(client.resumed).toEqual([undefined, before]);
});

test('a client that pings stays until two hours are over, and comes back too', async () => {
  const client = stayConnected();
  await until(() => client.resumed.length === 1);
  await pass(119, client);
  await say('as ever');
  await until(() => client.heard.includes('as ever'));
  expect(client.sockets).toHaveLength(1);

  await pass(1, client);
  await until(() => client.sockets[0].readyState === WebSocket.CLOSED);
  await comesBack(client, 2);
  await say('now');
  await until(() => client.heard.includes('now'));

  expect(client.resumed).toHaveLength(2);
  // The answer to its last ping was the last that it heard.
  expect(clock.now() - client.resumed[1]!).toBeGreaterThan(0);
  expect(clock.now() - client.resumed[1]!).toBeLessThan(6 * MINUTE);
  expect(new Set(client.tokens).size).toBe(2);
});

test('a client that is refused waits longer each time, gives up, and can be asked to try again', async () => {
  const client = stayConnected({ tokens: () => 'forged', attempts: 4 });
  for (const attempt of [1, 2, 3, 4]) {
    await until(() => client.tokens.length === attempt && client.sockets[attempt - 1].readyState === WebSocket.CLOSED);
    // The longest pause, for Math.random() is always 1.
    clock.advance(1000 * 2 ** attempt - 1);
    expect(client.tokens).toHaveLength(attempt);
    clock.advance(1);
  }
  expect(client.givenUp).toBe(1);
  clock.advance(60 * MINUTE);
  expect(client.tokens).toHaveLength(4);

  client.tokenOf = fresh;
  client.retry();
  await until(() => client.resumed.length === 1);
});

test('a client that gets no token tries again, and tells that it cannot send meanwhile', async () => {
  const client = stayConnected({ tokens: () => { throw new Error('the session has ended'); } });
  expect(client.send({ action: 'ping' })).toBe(false);
  client.tokenOf = fresh;

  await comesBack(client, 1);
  expect(client.send({ action: 'ping' })).toBe(true);
});

test('a connection on which nothing is answered any more is given up', async () => {
  const client = stayConnected();
  await until(() => client.resumed.length === 1);
  client.sockets[0].onmessage = null;
  clock.advance(4 * MINUTE);
  expect(client.sockets[0].readyState).toBe(WebSocket.OPEN);
  clock.advance(4 * MINUTE);
  await until(() => client.sockets[0].readyState === WebSocket.CLOSED);

  await comesBack(client, 2);
});

interface TestedClient {
  readonly sockets: WebSocket[];
  readonly tokens: string[];
  readonly heard: unknown[];
  readonly resumed: Array<number | undefined>;
  pings: number;
  pongs: number;
  givenUp: number;
  tokenOf: () => string;
  send(message: object): boolean;
  retry(): void;
}

interface TestedOptions {
  readonly tokens?: () => string;
  readonly pingEvery?: number;
  readonly attempts?: number;
}

function stayConnected({ tokens = fresh, ...options }: TestedOptions = {}): TestedClient {
  const client: TestedClient = {
    sockets: [],
    tokens: [],
    heard: [],
    resumed: [],
    pings: 0,
    pongs: 0,
    givenUp: 0,
    tokenOf: tokens,
    send: () => false,
    retry: () => {},
  };
  const { send, retry, close } = recipe()({
    ...options,
    open: async () => {
      const token = client.tokenOf();
      client.tokens.push(token);
      const socket = new WebSocket(`${served.gateway.url}?token=${token}`);
      client.sockets.push(socket);
      const sendOn = socket.send.bind(socket);
      socket.send = (text: string) => {
        if (text.includes('"ping"')) { client.pings++; }
        sendOn(text);
      };
      return socket;
    },
    joins: () => [{ action: 'join', room: 'a' }],
    onMessage: (message: { type?: string; data?: unknown }) => {
      if (message.type === 'message') { client.heard.push(message.data); } else if (message.type === 'pong') { client.pongs++; }
    },
    onResumed: (since?: number) => client.resumed.push(since),
    onGivenUp: () => { client.givenUp++; },
  });
  stops.push(close);
  return Object.assign(client, { send, retry });
}

/** Runs what the page says, with the time of the test. */
function recipe() {
  const after = (callback: () => void, milliseconds: number) => clock.after(milliseconds, callback);
  const every = (callback: () => void, milliseconds: number) => {
    let cancel = () => {};
    const next = () => { cancel = after(() => { next(); callback(); }, milliseconds); };
    next();
    return () => cancel();
  };
  return runInNewContext(`${SOURCE.replace('export ', '')}; stayConnected`, {
    setTimeout: after,
    clearTimeout: (cancel?: () => void) => cancel?.(),
    setInterval: every,
    clearInterval: (cancel?: () => void) => cancel?.(),
    Date: { now: () => clock.now() },
    Math: Object.assign(Object.create(Math), { random: () => 1 }),
  });
}

/** Lets minutes pass, for a client and for the gateway. Pings are answered on the way. */
async function pass(minutes: number, client?: TestedClient) {
  for (let minute = 0; minute < minutes; minute++) {
    clock.advance(MINUTE);
    await until(() => client === undefined || client.pongs === client.pings);
    await served.gateway.advance(MINUTE);
  }
}

async function comesBack(client: TestedClient, times: number) {
  await until(() => {
    clock.advance(1000);
    return client.resumed.length === times;
  });
}

async function say(data: string) {
  const speaker = await Client.connect(`${served.gateway.url}?token=${fresh()}`);
  speaker.send({ action: 'say', room: 'a', data });
  await until(() => served.gateway.events().some(({ type, ...event }) => type === 'message' && JSON.stringify(event).includes(data)));
  await served.gateway.settled();
}

let issued = 0;

function fresh(): string {
  return tokenOf(key, claims({ jti: String(++issued), exp: Math.floor(served.gateway.now() / 1000) + 600 }));
}
