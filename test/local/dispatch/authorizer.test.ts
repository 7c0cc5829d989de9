import { authorize } from '../../../src/local/dispatch/authorizer';
import { Exchange, Incoming } from '../../../src/local/dispatch/exchange';
import { apiModel, functionsOf, Handler, peer, placeIn, routeModel, stageModel } from '../fake-backend';

const ALLOW = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] };
const api = apiModel([routeModel('$connect')], { stages: [stageModel({ variables: { colour: 'blue' } })] });

function ask(handler: Handler, { incoming = {}, identitySource = [], conditions = {}, functionArn = 'fn' }: {
  incoming?: Incoming; identitySource?: string[]; conditions?: Record<string, string>; functionArn?: string;
} = {}) {
  const exchange = Exchange.connect(peer(), placeIn(api), incoming);
  const functions = functionsOf(handler);
  return { functions, exchange, verdict: authorize({ type: 'CUSTOM', id: 'x', name: 'keeper', functionArn, identitySource }, exchange, functions, () => conditions) };
}

const policy = (...statements: object[]) => ({ principalId: 'me', policyDocument: { Version: '2012-10-17', Statement: statements } });
const statement = (Effect: string, Condition?: object) => ({ Effect, Action: 'execute-api:Invoke', Resource: '*', ...Condition ? { Condition } : {} });

describe('what an authorizer returns as its context', () => {
  test('is text in every event, and null stays null', async () => {
    const { verdict } = ask(() => ({ principalId: 'me', policyDocument: ALLOW, context: { text: 'a', number: 1.5, truth: false, nothing: null } }));

    expect(await verdict).toMatchObject({ status: 200, context: { text: 'a', number: '1.5', truth: 'false', nothing: null, principalId: 'me', integrationLatency: 1 } });
  });

  test.each([[{ list: [1] }], [{ map: {} }], ['text'], [[1]]])('is an error as %j', async (context) => {
    expect(await ask(() => ({ principalId: 'me', policyDocument: ALLOW, context })).verdict).toMatchObject({ status: 500, reason: expect.stringContaining('`keeper`') });
  });
});

describe('the policy of an authorizer', () => {
  const conditions = { 'aws:SourceIp': '127.0.0.1', 'aws:SecureTransport': 'true', 'aws:CurrentTime': '2026-01-01T00:00:00Z', 'aws:UserAgent': 'curl/8' };
  const statusWith = async (...statements: object[]) => (await ask(() => policy(...statements), { conditions }).verdict).status;

  test.each<[string, object]>([
    ['the address', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }],
    ['the client', { StringLike: { 'aws:UserAgent': 'curl/*' } }],
    ['the time', { DateGreaterThan: { 'aws:CurrentTime': '2025-01-01T00:00:00Z' } }],
    ['an operator that is not known here', { StringResembles: { 'aws:UserAgent': 'curl' } }],
  ])('denies by %s', async (_, condition) => {
    expect(await statusWith(statement('Allow'), statement('Deny', condition))).toBe(403);
  });

  test.each<[string, object, number]>([
    ['another address', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 200],
    ['no TLS', { Bool: { 'aws:SecureTransport': 'false' } }, 200],
    ['a key that the request has not', { StringEquals: { 'aws:SourceVpc': 'vpc-1' } }, 200],
    ['what a key that the request has not is not', { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } }, 403],
    ['the lack of a key', { Null: { 'aws:Referer': 'true' } }, 403],
  ])('denies by %s as IAM does', async (_, condition, status) => {
    expect(await statusWith(statement('Allow'), statement('Deny', condition))).toBe(status);
  });

  test('allows by a condition that holds alone', async () => {
    expect(await statusWith(statement('Allow', { IpAddress: { 'aws:SourceIp': '127.0.0.1' } }))).toBe(200);
    expect(await statusWith(statement('Allow', { IpAddress: { 'aws:SourceIp': '10.0.0.1' } }))).toBe(403);
  });
});

describe('an authorizer', () => {
  test('is asked at the ARN that the stage variables make', async () => {
    const { functions, verdict } = ask(() => policy(statement('Allow')), { functionArn: 'fn-${stageVariables.colour}' });
    await verdict;

    expect(functions.invoked).toEqual(['fn-blue']);
    expect(functions.asked).toEqual(['arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/authorizers/x']);
  });

  test.each(['route.request.header.Auth', 'route.request.querystring.token', 'stageVariables.size', 'context.identity.userAgent', 'nonsense'])('is not asked without `%s`', async (source) => {
    const { functions, verdict } = ask(() => policy(statement('Allow')), { identitySource: [source] });

    expect(await verdict).toMatchObject({ status: 401 });
    expect(functions.invoked).toEqual([]);
  });

  test('sees the headers of the upgrade', async () => {
    let event: any;
    await ask((given) => { event = given; }, { incoming: { headers: { Host: 'x' }, multiValueHeaders: { Host: ['x'] }, connectionHeaders: { Connection: 'Upgrade', Upgrade: 'websocket' } } }).verdict;

    expect(event.headers).toEqual({ 'Connection': 'Upgrade', 'Upgrade': 'websocket', 'content-length': '0', 'Host': 'x' });
    expect(event.multiValueHeaders).toEqual({ 'Connection': ['Upgrade'], 'Upgrade': ['websocket'], 'content-length': ['0'], 'Host': ['x'] });
  });

  test.each<[string, () => unknown, number]>([
    ['throws "Unauthorized"', () => { throw new Error('Unauthorized'); }, 401],
    ['throws anything else', () => { throw new Error('oops'); }, 500],
    ['returns nothing', () => undefined, 500],
    ['returns no policy', () => ({ principalId: 'me' }), 500],
    ['returns null as its policy', () => ({ principalId: 'me', policyDocument: null }), 500],
    ['returns a policy that is none', () => ({ principalId: 'me', policyDocument: { Statement: [{ Effect: 'Maybe' }] } }), 500],
    ['returns more than 8 KB', () => ({ principalId: 'me', policyDocument: ALLOW, context: { text: 'x'.repeat(9000) } }), 500],
  ])('that %s is told', async (_, handler, status) => {
    const { exchange, verdict } = ask(handler);

    expect(await verdict).toMatchObject({ status, reason: expect.stringContaining('authorizer `keeper`') });
    expect(exchange.progress.authorizer).toMatchObject({ status, latencyMillis: 1 });
  });
});
