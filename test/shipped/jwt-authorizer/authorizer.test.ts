import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, Server, globalAgent } from 'node:https';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attacks } from './attacks';
import { AUDIENCE, claims, inSeconds, ISSUER, IssuerKey, jwksOf, makeKey, tokenOf } from './tokens';
import { Settings } from '../../../src/auth/tokens/settings';
import { certificate } from '../../../src/local/certificate';
import { authorizerOf } from '../../../src/shipped/jwt-authorizer/authorizer';
import { HandshakeEvent } from '../../../src/shipped/jwt-authorizer/token-source';

const METHOD_ARN = 'arn:aws:execute-api:eu-west-1:111111111111:abcdef/dev/$connect';
const POOL = 'eu-west-1_AbCdEf123';
const POOL_ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;

const rsa = makeKey('RS256', 'rsa');
const ec = makeKey('ES256', 'ec');
const ed = makeKey('EdDSA', 'ed');

/** What the function has written to its log. */
let log: string[];

beforeEach(() => {
  log = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    log.push(String(text));
    return true;
  });
});

afterEach(() => jest.restoreAllMocks());

describe('a good token', () => {
  test.each([rsa, ec, ed])('is accepted: $alg', async (key) => {
    expect(await allowed(given(), inQuery(tokenOf(key)))).toEqual({ sub: 'ada', iss: ISSUER, exp: expect.any(Number) });
  });

  test('lets its client connect to the stage that it asked for, and to nothing else', async () => {
    const { principalId, policyDocument } = await authorizerOf(environment(given()))(inQuery(tokenOf(rsa)));

    expect(principalId).toBe('ada');
    expect(policyDocument).toEqual({ Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: METHOD_ARN }] });
  });

  test.each([
    ['expired five seconds ago', { exp: inSeconds(-5) }],
    ['is valid from in five seconds', { nbf: inSeconds(5) }],
  ])('is accepted if it %s: clocks differ', async (_, changes) => {
    expect(await allowed(given(), inQuery(tokenOf(rsa, claims(changes))))).toMatchObject({ sub: 'ada' });
  });

  test('may be for several audiences', async () => {
    expect(await allowed(given(), inQuery(tokenOf(rsa, claims({ aud: ['billing', AUDIENCE] }))))).toMatchObject({ sub: 'ada' });
  });

  test('may have no subject', async () => {
    expect((await authorizerOf(environment(given()))(inQuery(tokenOf(rsa, claims({ sub: undefined }))))).principalId).toBe('client');
  });
});

describe('an attack is refused, and the log says why, in one line without the token', () => {
  test.each(attacks(rsa).map((attack) => [attack.name, attack] as const))('%s', async (_, { token, status, reason }) => {
    await expect(refusal(given(), inQuery(token))).resolves.toEqual({ status, reason: expect.stringContaining(reason) });
    expect(log.join('')).not.toContain(token.slice(0, 20));
  });
});

describe('the context', () => {
  const wanted = (names: string[], changes: { readonly [name: string]: unknown }) =>
    allowed({ ...given(), claims: names }, inQuery(tokenOf(rsa, claims(changes))));

  test('has text, numbers and truth values as they are, and all else as JSON', async () => {
    expect(await wanted(['email', 'age', 'admin', 'roles', 'address', 'none', 'missing'], {
      email: 'a"b\u2028', age: 36, admin: false, roles: ['a', 'b'], address: { city: 'London' }, none: null, scope: 'a b', client_id: 'web',
    })).toEqual({
      sub: 'ada',
      iss: ISSUER,
      exp: expect.any(Number),
      scope: 'a b',
      client_id: 'web',
      email: 'a"b\u2028',
      age: 36,
      admin: false,
      roles: '["a","b"]',
      address: '{"city":"London"}',
    });
  });

  test('has `_` in names instead of other characters than letters, digits and `_`', async () => {
    expect(await wanted(['cognito:groups', 'https://example.com/tenant'], { 'cognito:groups': ['a'], 'https://example.com/tenant': 't' }))
      .toMatchObject({ cognito_groups: '["a"]', https___example_com_tenant: 't' });
  });

  test('takes nothing from what every object has', async () => {
    expect(await wanted(['constructor', '__proto__', 'toString'], {})).toEqual({ sub: 'ada', iss: ISSUER, exp: expect.any(Number) });
  });

  test('of 8 KB is refused, and the log says how large it is', async () => {
    await expect(refusal({ ...given(), claims: ['pad'] }, inQuery(tokenOf(rsa, claims({ pad: 'ü'.repeat(4096) })))))
      .resolves.toEqual({ status: 403, reason: expect.stringMatching(/the context would have 82\d\d bytes/) });
  });

  test('does not count claims that are not wanted', async () => {
    expect(await wanted([], { pad: 'x'.repeat(8192) })).toEqual({ sub: 'ada', iss: ISSUER, exp: expect.any(Number) });
  });
});

describe('the token is found', () => {
  const token = tokenOf(rsa);

  test.each<[string, Settings['token'], Partial<HandshakeEvent>]>([
    ['in the query string', { place: 'queryString', name: 'token' }, { queryStringParameters: { token } }],
    ['in a header', { place: 'header', name: 'authorization' }, { headers: { Authorization: token } }],
    ['in a header, after Bearer', { place: 'header', name: 'authorization' }, { multiValueHeaders: { AUTHORIZATION: [`Bearer ${token}`] } }],
    ['in the subprotocols', { place: 'subprotocol', name: '' }, { headers: { 'Sec-WebSocket-Protocol': `bearer, ${token}` } }],
    ['in the subprotocols, after the client\'s own', { place: 'subprotocol', name: '' }, { headers: { 'Sec-WebSocket-Protocol': `chat.v1,chat.v2,bearer,${token}` } }],
    ['in several headers of subprotocols', { place: 'subprotocol', name: '' }, { multiValueHeaders: { 'sec-websocket-protocol': ['chat.v1', `bearer, ${token}`] } }],
  ])('%s', async (_, place, event) => {
    expect(await allowed({ ...given(), token: place }, handshake(event))).toMatchObject({ sub: 'ada' });
  });

  test.each<[string, Settings['token'], Partial<HandshakeEvent>, string]>([
    ['two parameters', { place: 'queryString', name: 'token' }, { multiValueQueryStringParameters: { token: [token, token] } }, 'several tokens'],
    ['a good and a bad parameter', { place: 'queryString', name: 'token' }, { multiValueQueryStringParameters: { token: ['x', token] } }, 'several tokens'],
    ['no parameter', { place: 'queryString', name: 'token' }, { queryStringParameters: null }, 'no token'],
    ['an empty parameter', { place: 'queryString', name: 'token' }, { queryStringParameters: { token: '' } }, 'no token'],
    ['a parameter in another case', { place: 'queryString', name: 'token' }, { queryStringParameters: { Token: token } }, 'no token'],
    ['two headers', { place: 'header', name: 'authorization' }, { multiValueHeaders: { Authorization: [token], authorization: [token] } }, 'several tokens'],
    ['another scheme', { place: 'header', name: 'authorization' }, { headers: { Authorization: `Basic ${token}` } }, 'no JWT'],
    ['no `bearer`', { place: 'subprotocol', name: '' }, { headers: { 'Sec-WebSocket-Protocol': `chat, ${token}` } }, 'have no `bearer`'],
    ['`bearer` without a token', { place: 'subprotocol', name: '' }, { headers: { 'Sec-WebSocket-Protocol': 'chat, bearer' } }, 'not the last'],
    ['a protocol after the token', { place: 'subprotocol', name: '' }, { headers: { 'Sec-WebSocket-Protocol': `bearer, ${token}, chat` } }, 'not the last'],
    ['two tokens', { place: 'subprotocol', name: '' }, { headers: { 'Sec-WebSocket-Protocol': `bearer, ${token}, bearer, ${token}` } }, 'not the last'],
    ['`bearer` twice', { place: 'subprotocol', name: '' }, { headers: { 'Sec-WebSocket-Protocol': 'bearer, bearer' } }, 'no JWT'],
  ])('and refused: %s', async (_, place, event, reason) => {
    await expect(refusal({ ...given(), token: place }, handshake(event))).resolves
      .toEqual({ status: 401, reason: expect.stringContaining(reason) });
  });
});

describe('keys that are fetched', () => {
  let server: Server;
  let folder: string;
  let keys: object;
  let fetches: string[];
  let uri: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jwks-'));
    const { key, cert, ca } = certificate(folder);
    server = createServer({ key, cert }, (request, response) => {
      fetches.push(request.url!);
      response.end(JSON.stringify(keys));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    uri = `https://localhost:${(server.address() as AddressInfo).port}`;
    globalAgent.options.ca = ca;
  });

  beforeEach(() => {
    keys = jwksOf(rsa);
    fetches = [];
  });

  afterAll(async () => {
    delete globalAgent.options.ca;
    globalAgent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const fetched = (): Settings => ({ ...given(), issuer: { issuer: ISSUER, audience: [AUDIENCE], jwksUri: `${uri}/jwks.json` } });

  test('are fetched once, however many handshakes there are, also at the same time', async () => {
    const authorize = authorizerOf(environment(fetched()));
    await Promise.all(Array.from({ length: 10 }, () => authorize(inQuery(tokenOf(rsa)))));
    await authorize(inQuery(tokenOf(rsa)));

    expect(fetches).toEqual(['/jwks.json']);
  });

  test('are fetched anew for a token of a new key', async () => {
    const authorize = authorizerOf(environment(fetched()));
    await authorize(inQuery(tokenOf(rsa)));
    keys = jwksOf(ec);

    await expect(authorize(inQuery(tokenOf(ec)))).resolves.toMatchObject({ principalId: 'ada' });
    expect(fetches).toHaveLength(2);
  });

  test('are fetched once for tokens of keys that the issuer does not have, and the others go on', async () => {
    const authorize = authorizerOf(environment(fetched()));
    await authorize(inQuery(tokenOf(rsa)));
    for (const kid of ['a', 'b', 'c']) { await expect(authorize(inQuery(tokenOf(rsa, claims(), { kid })))).rejects.toThrow('Unauthorized'); }

    await expect(authorize(inQuery(tokenOf(rsa)))).resolves.toMatchObject({ principalId: 'ada' });
    expect(fetches).toHaveLength(2);
  });

  test('are fetched from nowhere else, whatever the token says', async () => {
    const header = { jku: `${uri}/evil`, x5u: `${uri}/evil`, jwk: { kty: 'RSA' } };
    await expect(allowed(fetched(), inQuery(tokenOf(rsa, claims(), header)))).resolves.toMatchObject({ sub: 'ada' });

    expect(fetches).toEqual(['/jwks.json']);
  });

  test.each<[string, object]>([
    ['no keys', {}],
    ['a page', 'moved' as unknown as object],
    ['a key that is none', { keys: [{ kid: 'rsa' }] }],
  ])('that are %s make the handshake fail, and the token is not to blame', async (_, answer) => {
    keys = answer;

    await expect(authorizerOf(environment(fetched()))(inQuery(tokenOf(rsa)))).rejects.toThrow('the token could not be verified');
    expect(JSON.parse(log.join(''))).toMatchObject({ status: 500 });
  });

  test('come over TLS only, from a server that is trusted', async () => {
    globalAgent.options.ca = [];
    globalAgent.destroy();
    try {
      await expect(authorizerOf(environment(fetched()))(inQuery(tokenOf(rsa)))).rejects.toThrow('the token could not be verified');
    } finally {
      globalAgent.options.ca = certificate(folder).ca;
    }
    expect(fetches).toEqual([]);
  });

  describe('of a user pool', () => {
    const pool = (changes: Partial<NonNullable<Settings['userPool']>> = {}): Settings => ({
      token: given().token, claims: ['cognito:groups'], userPool: { userPoolId: POOL, clients: ['web'], tokenUse: 'access', ...changes },
    });
    const access = (changes = {}) => tokenOf(rsa, { iss: POOL_ISSUER, sub: 'ada', exp: inSeconds(600), token_use: 'access', client_id: 'web', ...changes });
    const id = (changes = {}) => tokenOf(rsa, { iss: POOL_ISSUER, sub: 'ada', exp: inSeconds(600), token_use: 'id', aud: 'web', ...changes });
    const atStandIn = () => ({ AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: uri });

    test.each<[string, Settings, () => string]>([
      ['an access token', pool(), access],
      ['an ID token', pool({ tokenUse: 'id' }), id],
      ['a member of one of the groups', pool({ groups: ['staff', 'admin'] }), () => access({ 'cognito:groups': ['admin', 'other'] })],
      ['any client', pool({ clients: undefined }), () => access({ client_id: 'other' })],
      ['the newer issuer', pool(), () => access({ iss: `https://issuer-cognito-idp.eu-west-1.amazonaws.com/${POOL}` })],
    ])('let in %s', async (_, settings, token) => {
      expect(await allowed(settings, inQuery(token()), atStandIn())).toMatchObject({ sub: 'ada' });
      expect(fetches).toEqual([`/${POOL}/.well-known/jwks.json`]);
    });

    test('take no keys that come by HTTP from another machine', async () => {
      const asking = jest.spyOn(globalThis, 'fetch');
      const far = { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: 'http://stand-in.invalid' };

      await expect(authorizerOf({ ...environment(pool()), ...far })(inQuery(access()))).rejects.toThrow('the token could not be verified');
      expect(asking).not.toHaveBeenCalled();
    });

    test.each<[string, Settings, () => string, 401 | 403, string]>([
      ['an ID token where an access token is wanted', pool(), id, 401, 'for another use'],
      ['an access token where an ID token is wanted', pool({ tokenUse: 'id' }), access, 401, 'for another use'],
      ['a token of no use', pool(), () => access({ token_use: undefined }), 401, 'for another use'],
      ['another client', pool(), () => access({ client_id: 'other' }), 401, 'of another client'],
      ['an ID token for another client', pool({ tokenUse: 'id' }), () => id({ aud: 'other' }), 401, 'of another client'],
      ['another user pool', pool(), () => access({ iss: `${POOL_ISSUER}4` }), 401, 'of another issuer'],
      ['a member of no group', pool({ groups: ['staff'] }), access, 403, 'in none of the groups'],
      ['a member of other groups', pool({ groups: ['staff'] }), () => access({ 'cognito:groups': ['guests'] }), 403, 'in none of the groups'],
      ['groups that are no list', pool({ groups: ['staff'] }), () => access({ 'cognito:groups': { staff: true } }), 403, 'in none of the groups'],
      ['an expired token', pool(), () => access({ exp: inSeconds(-30) }), 401, 'has expired'],
    ])('refuse %s', async (_, settings, token, status, reason) => {
      await expect(refusal(settings, inQuery(token()), atStandIn())).resolves.toEqual({ status, reason: expect.stringContaining(reason) });
    });
  });
});

test('keys that are given are all that there is, and nothing is fetched', async () => {
  const authorize = authorizerOf(environment(given()));
  const fetching = jest.spyOn(globalAgent, 'addRequest' as never);
  await expect(authorize(inQuery(tokenOf(makeKey('ES256', 'new'))))).rejects.toThrow('Unauthorized');

  await expect(authorize(inQuery(tokenOf(ec)))).resolves.toMatchObject({ principalId: 'ada' });
  expect(fetching).not.toHaveBeenCalled();
});

function given(keys: IssuerKey[] = [rsa, ec, ed]): Settings {
  return { token: { place: 'queryString', name: 'token' }, claims: [], issuer: { issuer: ISSUER, audience: [AUDIENCE], jwks: jwksOf(...keys) } };
}

function environment(settings: Settings): NodeJS.ProcessEnv {
  return { TOKENS: JSON.stringify(settings) };
}

function handshake(event: Partial<HandshakeEvent>): HandshakeEvent {
  return { methodArn: METHOD_ARN, requestContext: { requestId: 'request' }, ...event };
}

function inQuery(token: string): HandshakeEvent {
  return handshake({ queryStringParameters: { token } });
}

async function allowed(settings: Settings, event: HandshakeEvent, more: NodeJS.ProcessEnv = {}): Promise<object> {
  const { policyDocument, context } = await authorizerOf({ ...environment(settings), ...more })(event);
  expect(policyDocument).toMatchObject({ Statement: [{ Effect: 'Allow' }] });
  return context;
}

/** How a handshake is refused, and the one line of the log about it. */
async function refusal(
  settings: Settings, event: HandshakeEvent, more: NodeJS.ProcessEnv = {},
): Promise<{ status: number; reason: string }> {
  const answered = await authorizerOf({ ...environment(settings), ...more })(event).catch((error: Error) => error.message);
  const status = typeof answered === 'string' ? { Unauthorized: 401 }[answered] : { Deny: 403 }[(answered.policyDocument as any).Statement[0].Effect as string];
  expect(log).toHaveLength(1);
  expect(log[0]).toMatch(/^[^\n]+\n$/);
  const line = JSON.parse(log[0]);
  expect(line).toEqual({ level: 'WARN', message: 'handshake refused', status, reason: expect.any(String), requestId: 'request' });
  return { status: line.status, reason: line.reason };
}
