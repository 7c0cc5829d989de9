import { ApiModel, Model } from '../../../../src/local/definition/model';
import { handshake } from '../../../../src/local/wire/handshake/handshake';
import { faultOf, incomingOf } from '../../../../src/local/wire/handshake/handshake-request';
import { refusalBytes } from '../../../../src/local/wire/handshake/refusal';
import { apiModel, backendOf, Handler, incomingMessage, placeIn, routeModel, stageModel } from '../../fake-backend';

async function knock(api: ApiModel, { handler, url = '/dev', headers = {}, model }: {
  handler?: Handler; url?: string; headers?: { [name: string]: string }; model?: Partial<Model>;
} = {}) {
  const backend = backendOf(api, handler, model ? { model: model as Model } : {});
  const result = await handshake(backend, incomingMessage(url, headers), { ...placeIn(api), rest: '', domainName: 'localhost:3001' });
  const [connect] = backend.trace.events() as any[];
  return { backend, result, connect };
}

const allowed = { principalId: 'me', policyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } };
const authorized = (change: object = {}) => routeModel('$connect', { authorization: { type: 'CUSTOM', id: 'x', name: 'keeper', functionArn: 'fn', identitySource: [] }, ...change });
const key = (apiId = 'a1b2c3d4e5') => new Map([['secret', { id: 'key', name: 'key', enabled: true, stages: [{ apiId, stageName: 'dev', throttle: {} }] }]]);

describe('a handshake opens a connection', () => {
  test('of an API without a `$connect` route', async () => {
    const { result, connect } = await knock(apiModel([]));

    expect(result).toMatchObject({ open: true });
    expect(connect).toMatchObject({ type: 'connect', status: 101, sourceIp: '127.0.0.1', reason: undefined });
  });

  test('with the subprotocol that `$connect` chose, whatever the case of its header', async () => {
    const { result } = await knock(apiModel([routeModel('$connect')]), { handler: () => ({ statusCode: 200, headers: { 'sec-websocket-PROTOCOL': 'chat' } }) });

    expect(result).toMatchObject({ open: true, subprotocol: 'chat' });
  });

  test('that knows what its authorizer returned', async () => {
    const handler: Handler = (event) => (event.methodArn ? { ...allowed, context: { age: 42 } } : { statusCode: event.requestContext.authorizer.age === '42' ? 200 : 400 });

    expect((await knock(apiModel([authorized()]), { handler })).result).toMatchObject({ open: true, connection: { authorizer: { age: '42', principalId: 'me' } } });
  });
});

describe('a handshake is refused', () => {
  test.each<[string, number, Parameters<typeof knock>]>([
    ['the status of `$connect`', 418, [apiModel([routeModel('$connect')]), { handler: () => ({ statusCode: 418 }) }]],
    ['a status that ends no request', 502, [apiModel([routeModel('$connect')]), { handler: () => ({ statusCode: 101 }) }]],
    ['a malformed answer', 502, [apiModel([routeModel('$connect')]), { handler: () => ({ statusCode: 200, connectionId: 'x' }) }]],
    ['a subprotocol that is none', 502, [apiModel([routeModel('$connect')]), { handler: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'a\r\nb' } }) }]],
    ['no signature', 403, [apiModel([routeModel('$connect', { authorization: { type: 'AWS_IAM' } })])]],
    ['an authorizer that denies', 403, [apiModel([authorized()]), { handler: () => ({ ...allowed, policyDocument: { Statement: [] } }) }]],
    ['no API key', 403, [apiModel([routeModel('$connect', { apiKeyRequired: true })]), { model: { apiKeys: key() } }]],
    ['an API key of another API', 403, [apiModel([routeModel('$connect', { apiKeyRequired: true })]), { headers: { 'x-api-key': 'secret' }, model: { apiKeys: key('other') } }]],
    ['a full throttle', 429, [apiModel([], { stages: [stageModel({ defaultThrottle: { ratePerSecond: 0, burst: 0 } })] })]],
  ])('for %s with %i', async (_, status, [api, options]) => {
    const { result, connect } = await knock(api, options);

    expect(result).toMatchObject({ open: false, answer: expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status} .*"connectionId":"[^"]+", "requestId":"[^"]+"\\}$`, 's')) });
    expect(connect).toMatchObject({ status, reason: expect.any(String) });
  });

  test('for an API key before the authorizer is asked', async () => {
    const { backend } = await knock(apiModel([authorized({ apiKeyRequired: true })]), { handler: () => allowed });

    expect((backend.functions as any).invoked).toEqual([]);
  });

  test('and the trace has nothing of its query or its token', async () => {
    const url = '/dev?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Security-Token=eyJ-secret&X-Amz-Date=20240219T071142Z&X-Amz-Credential=a/20240219/b/c/d&X-Amz-SignedHeaders=host&X-Amz-Signature=x';
    const { connect } = await knock(apiModel([routeModel('$connect', { authorization: { type: 'AWS_IAM' } })]), { url });

    expect(JSON.stringify(connect)).not.toContain('secret');
  });
});

test('what is no handshake is found before `$connect` is called', () => {
  const good = { 'Upgrade': 'websocket', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version': '13' };

  expect(faultOf(incomingMessage('/dev', good))).toBeUndefined();
  expect(faultOf(incomingMessage('/dev', { ...good, Upgrade: 'h2c' }))).toContain('"h2c"');
  expect(faultOf(incomingMessage('/dev', good, { method: 'POST' }))).toContain('POST');
  expect(faultOf(incomingMessage('/dev', { ...good, 'Sec-WebSocket-Key': 'x' }))).toContain('`Sec-WebSocket-Key`');
  expect(faultOf(incomingMessage('/dev', { ...good, 'Sec-WebSocket-Version': '7' }))).toContain('`Sec-WebSocket-Version`');
});

test('headers of the connection itself are kept apart', () => {
  const { headers, connectionHeaders, queryString, multiValueQueryString } = incomingOf(incomingMessage('/dev?a=1&a=2', { Host: 'x', CONNECTION: 'Upgrade', upgrade: 'websocket' }), 'api.example.com', 0);

  expect(headers!.Host).toBe('api.example.com');
  expect(connectionHeaders).toEqual({ CONNECTION: 'Upgrade', upgrade: 'websocket' });
  expect(Object.keys(headers!)).toEqual(['Host', 'X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto']);
  expect([queryString, multiValueQueryString]).toEqual([{ a: '2' }, { a: ['1', '2'] }]);
});

test('a refusal before the handshake began has no ids', () => {
  expect(refusalBytes({ status: 414, message: 'Request-URI Too Long' })).toMatch(/^HTTP\/1\.1 414 .*\r\n\r\n\{"message":"Request-URI Too Long"\}$/s);
});
