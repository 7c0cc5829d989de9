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

test('an API without a table of connections cannot close them', () => {
  expect(() => new WebSocketApi(testStack(), 'Api', { authorization: Authorization.jwt(JWT), routes: {} }))
    .toThrow('`authorization` of `Stack/Api` has `closeOnExpiry`, but nothing knows when the token of a connection expires: write `connections: ConnectionTable.create()`');
});
