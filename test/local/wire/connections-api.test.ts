import { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Caller } from '../../../src/local/iam/callers';
import { handleConnectionsRequest, isConnectionsPath } from '../../../src/local/wire/connections-api';
import { signRequest } from '../../../src/signature/sign-request';
import { apiModel, backendOf, FakeBackend, incomingMessage, openConnection, placeIn, routeModel } from '../fake-backend';

const api = apiModel([routeModel('$default')]);
const ID = 'L0SM9cOFvHcCIhw=';
const DEVELOPER: Caller = { arn: 'arn:aws:iam::111111111111:user/dev', name: 'dev', account: '111111111111' };

function serve() {
  const backend = backendOf(api);
  (backend.addresses as any).find = (_: unknown, path: string) => (path.startsWith('/dev/') ? { ...placeIn(api), rest: path.slice('/dev'.length), domainName: 'x' } : { status: 403 });
  return { backend, ...openConnection(backend, api) };
}

async function call(backend: FakeBackend, method: string, path = `/dev/@connections/${ID}`, { body = '', caller = DEVELOPER, signed = true, headers = {} }: {
  body?: string; caller?: Caller; signed?: boolean; headers?: { [name: string]: string };
} = {}) {
  const credentials = backend.callers.credentialsOf(caller);
  const all: Record<string, string> = { host: 'localhost', ...headers };
  const signature = signed ? signRequest({ method, path, headers: all, body }, { service: 'execute-api', region: 'eu-west-1', credentials, now: Date.now() }) : {};
  const request = Object.assign(Readable.from([Buffer.from(body)]), { ...incomingMessage(path, { ...all, ...signature }), method });
  const response = { status: 0, headers: {} as any, text: '', writeHead(status: number, given: object) { this.status = status; this.headers = given; }, end(text: string) { this.text = text; } };
  await handleConnectionsRequest(backend, request as any, response as unknown as ServerResponse);
  const [event] = (backend.trace.events() as any[]).filter(({ type }) => type === 'connections-api').slice(-1);
  return { ...response, event };
}

test('POST sends, and the trace shows what and by whom', async () => {
  const { backend, sent } = serve();
  const { status, text, event } = await call(backend, 'POST', undefined, { body: 'hello' });

  expect([status, text, sent]).toEqual([200, '', ['hello']]);
  expect(event).toMatchObject({ method: 'POST', connectionId: ID, status: 200, caller: 'dev', body: 'hello', reason: undefined });
});

test('GET tells of a connection, and its trace has no body', async () => {
  const { backend, connection } = serve();
  const { status, text, event } = await call(backend, 'GET');

  expect([status, JSON.parse(text).connectedAt]).toEqual([200, new Date(connection.connectedAt).toISOString()]);
  expect(event.body).toBeUndefined();
});

test('DELETE closes with 1000', async () => {
  const { backend, connection } = serve();

  expect((await call(backend, 'DELETE')).status).toBe(204);
  expect(connection.closing).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
});

test.each<[string, string, string, number, string]>([
  ['a connection that is gone', 'POST', '/dev/@connections/AAAAAAAAAAAAAAA=', 410, 'GoneException'],
  ['what is no id', 'POST', '/dev/@connections/nonsense', 400, 'BadRequestException'],
  ['another method', 'PUT', `/dev/@connections/${ID}`, 403, 'MissingAuthenticationTokenException'],
  ['no id', 'POST', '/dev/@connections/', 403, 'MissingAuthenticationTokenException'],
  ['a stage that there is not', 'POST', `/other/@connections/${ID}`, 403, 'ForbiddenException'],
])('%s is answered as AWS does', async (_, method, path, status, errorType) => {
  expect(await call(serve().backend, method, path)).toMatchObject({ status, headers: { 'x-amzn-errortype': errorType } });
});

test('without a signature it is 403, and the trace has nothing of the header', async () => {
  const { status, event } = await call(serve().backend, 'POST', undefined, { signed: false, headers: { authorization: 'Bearer eyJ-secret' } });

  expect([status, event.caller]).toEqual([403, 'unknown']);
  expect(JSON.stringify(event)).not.toContain('secret');
});

describe('a policy', () => {
  const caller = (condition: object): Caller => ({
    ...DEVELOPER,
    statements: [{ effect: 'Allow', actions: ['execute-api:*'], resources: ['*'] }, { effect: 'Deny', actions: ['*'], resources: ['*'], conditions: condition as any }],
  });

  test.each([
    [{ IpAddress: { 'aws:SourceIp': '127.0.0.1' } }],
    [{ StringLike: { 'aws:UserAgent': 'boto*' } }],
    [{ StringEquals: { 'aws:Referer': 'https://example.com/' } }],
  ])('denies by %j', async (condition) => {
    const headers = { 'user-agent': 'boto3', 'referer': 'https://example.com/' };
    const { status, text, event } = await call(serve().backend, 'POST', undefined, { caller: caller(condition), headers });

    expect(status).toBe(403);
    expect(JSON.parse(text).message).toMatch(/^User: .* is not authorized to perform: execute-api:ManageConnections on resource: .*:\*{8}1111:.* with an explicit deny$/);
    expect(event.reason).toContain('a statement of its policies denies it');
  });
});

test('the path is told by the path alone, however it is encoded', () => {
  expect(['/dev/@connections/x', '/dev/%40connections/x', '/dev/%40CONNECTIONS/x'].map(isConnectionsPath)).toEqual([true, true, true]);
  expect(isConnectionsPath('/dev?x=/@connections/y')).toBe(false);
});
