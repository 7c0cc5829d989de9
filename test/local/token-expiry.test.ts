import { Authorization, ConnectionTable, GroupName, Route, WebSocketApi } from '../../src';
import { AUDIENCE, claims, inSeconds, ISSUER, jwksOf, makeKey, tokenOf } from '../shipped/jwt-authorizer/tokens';
import { testStack } from '../test-stack';
import { Client } from './client';
import { serveApp, ServedApp } from './served-app';

const key = makeKey('EdDSA', 'ed');
const JWT = { issuer: ISSUER, audience: [AUDIENCE], jwks: jwksOf(key), closeOnExpiry: true };

describe('with closeOnExpiry', () => {
  let app: ServedApp;

  beforeAll(async () => {
    app = await serveApp({}, (stack) => {
      new WebSocketApi(stack, 'Api', {
        authorization: Authorization.jwt(JWT),
        connections: ConnectionTable.create({ groups: [GroupName.of('lobby')] }),
        routes: { say: Route.sendToGroup(GroupName.of('lobby')) },
      });
    });
  });

  afterAll(() => app.close());

  /** The clocks of an issuer and of Lambda may differ, so a token may let a client in, and expire at once. */
  const connect = (seconds: number) => Client.connect(`${app.gateway.url}?token=${tokenOf(key, claims({ exp: inSeconds(seconds) }))}`);

  test('a connection whose token has expired gets nothing more, and the next broadcast closes it', async () => {
    const [stays, expired] = [await connect(600), await connect(-1)];
    stays.send({ action: 'say', data: 1 });

    expect(JSON.parse(await stays.next()).data).toBe(1);
    await expired.closed;
    expect(expired.unread).toEqual([]);
  });

  test('a connection whose token has expired is closed by what it sends to a group, and nobody gets that', async () => {
    const [stays, expired] = [await connect(600), await connect(-1)];
    expired.send({ action: 'say', data: 'late' });
    await expired.closed;
    stays.send({ action: 'say', data: 2 });

    expect(JSON.parse(await stays.next()).data).toBe(2);
  });
});

describe('with closeOnExpiry, on the manual clock', () => {
  let app: ServedApp;

  beforeAll(async () => {
    app = await serveApp({}, (stack) => {
      new WebSocketApi(stack, 'Api', {
        authorization: Authorization.jwt(JWT),
        connections: ConnectionTable.create({ groups: [GroupName.of('lobby')] }),
        routes: { say: Route.sendToGroup(GroupName.of('lobby')), ping: Route.toMock() },
      });
    }, { clock: 'manual' });
  });

  afterAll(() => app.close());

  const urlOf = (minutes: number) => `${app.gateway.url}?token=${tokenOf(key, claims({ exp: Math.floor(app.gateway.now() / 1000) + minutes * 60 }))}`;

  test('a token that lasts half an hour is good for half an hour, and then its connection is closed', async () => {
    const [hour, halfHour] = [await Client.connect(urlOf(60)), await Client.connect(urlOf(30))];
    for (const data of ['after 9 minutes', 'after 18 minutes', 'after 27 minutes']) {
      await app.gateway.advance(9 * 60_000);
      hour.send({ action: 'say', data });

      expect(JSON.parse(await hour.next()).data).toBe(data);
      expect(JSON.parse(await halfHour.next()).data).toBe(data);
      // What a client gets does not keep its connection open: what it sends does.
      expect(JSON.parse(await halfHour.ask({ action: 'ping' }))).toEqual({ type: 'pong' });
    }
    await app.gateway.advance(4 * 60_000);
    hour.send({ action: 'say', data: 'after 31 minutes' });

    expect(JSON.parse(await hour.next()).data).toBe('after 31 minutes');
    expect(await halfHour.closed).toMatchObject({ code: 1000 });
    expect(halfHour.unread).toEqual([]);
  });

  test('a token that has expired by that clock lets nobody in', async () => {
    const url = urlOf(5);
    (await Client.connect(url)).socket.close();
    await app.gateway.advance(60 * 60_000);

    expect((await Client.refusal(url)).status).toBe(401);
  });
});

test('an API without a table of connections cannot close them', () => {
  expect(() => new WebSocketApi(testStack(), 'Api', { authorization: Authorization.jwt(JWT), routes: {} }))
    .toThrow('`authorization` of `Stack/Api` has `closeOnExpiry`, but nothing knows when the token of a connection expires: write `connections: ConnectionTable.create()`');
});
