import { Client } from './client';
import { serveApp, ServedApp } from './served-app';
import { Authorization, HandshakeValue, Route, WebSocketApi } from '../../src';
import { attacks } from '../shipped/jwt-authorizer/attacks';
import { AUDIENCE, claims, ISSUER, jwksOf, makeKey, tokenOf } from '../shipped/jwt-authorizer/tokens';

const key = makeKey('RS256', 'rsa');
const GOOD = tokenOf(key);

let app: ServedApp;
let inQuery: string;
let inHeader: string;

beforeAll(async () => {
  app = await serveApp({
    'handlers.js': `
      exports.connect = async () => ({ statusCode: 200 });
      exports.whoami = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) });`,
  }, (stack) => {
    const tokens = { issuer: ISSUER, audience: [AUDIENCE], jwks: jwksOf(key), claims: ['roles', 'pad'] };
    const routes = { $connect: Route.toHandler('handlers.connect'), whoami: Route.toHandler('handlers.whoami', { returnResponse: true }) };
    new WebSocketApi(stack, 'Query', { routes, authorization: Authorization.jwt(tokens) });
    new WebSocketApi(stack, 'Header', { routes, authorization: Authorization.jwt({ ...tokens, token: HandshakeValue.header('Authorization') }) });
  });
  const url = (path: string) => app.gateway.apis.find((api) => api.name.includes(path))!.url;
  [inQuery, inHeader] = [url('Query'), url('Header')];
});

afterAll(() => app.close());

test('a good token opens a connection, and functions see its claims as text', async () => {
  const client = await Client.connect(`${inQuery}?token=${tokenOf(key, claims({ roles: ['a'] }))}`);

  expect(JSON.parse(await client.ask({ action: 'whoami' })))
    .toEqual({ principalId: 'ada', sub: 'ada', iss: ISSUER, exp: expect.stringMatching(/^\d+$/), roles: '["a"]', integrationLatency: expect.any(Number) });
});

test('a header may hold the token after `Bearer`', async () => {
  await Client.connect(inHeader, { headers: { Authorization: `Bearer ${GOOD}` } });
});

test.each(attacks(key).filter(({ token }) => token.length < 4096).map((attack) => [attack.name, attack] as const))('refuses %s', async (_, { token, status }) => {
  expect((await Client.refusal(`${inQuery}?token=${encodeURIComponent(token)}`)).status).toBe(status);
});

test.each([
  ['no token', '', 401],
  ['two tokens', `?token=${GOOD}&token=${GOOD}`, 401],
  ['a token under another name', `?jwt=${GOOD}`, 401],
])('refuses %s', async (_, query, status) => {
  expect((await Client.refusal(`${inQuery}${query}`)).status).toBe(status);
});

test('refuses claims that have no room in the context with 403', async () => {
  const { status } = await Client.refusal(inHeader, { headers: { Authorization: tokenOf(key, claims({ pad: 'x'.repeat(7100) })) } });

  expect(status).toBe(403);
});

test('neither the trace nor the log of a function has a token in it', () => {
  const trace = JSON.stringify(app.gateway.events());

  expect(trace).toContain('handshake refused');
  expect(trace).not.toContain(GOOD.split('.')[2]);
});
