import { Readable } from 'node:stream';
import { FunctionModel } from '../../../src/local/definition/model';
import { Caller } from '../../../src/local/iam/callers';
import { handleInvokeRequest, isLambdaPath } from '../../../src/local/invoke/invoke-api';
import { signRequest } from '../../../src/signature/sign-request';
import { apiModel, backendOf, FUNCTION, Handler, incomingMessage } from '../fake-backend';
import { functionModel } from '../local-function';

const DEVELOPER: Caller = { arn: 'arn:aws:iam::111111111111:user/dev', name: 'dev', account: '111111111111' };
const LIMITED: Caller = { ...DEVELOPER, arn: 'arn:aws:iam::111111111111:role/Limited', name: 'Limited', statements: [{ effect: 'Allow', actions: ['lambda:InvokeFunction'], resources: [FUNCTION] }] };
const fn: FunctionModel = functionModel({ arn: FUNCTION });

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly caller?: Caller;
  readonly signed?: boolean;
  readonly headers?: { readonly [name: string]: string };
}

async function invoke(asked: Asked = {}, handler: Handler = (event) => ({ got: event })) {
  const { path = '/2015-03-31/functions/chat/invocations', method = 'POST', body = '{"a":1}', caller = DEVELOPER, signed = true, headers = {} } = asked;
  const begun: Array<[string, string]> = [];
  const backend = backendOf(apiModel([]), handler, { eventInvocations: { begin: (arn, payload) => { begun.push([arn, payload]); return 'later'; } }, model: { functions: new Map([[FUNCTION, fn]]) } as any });
  (backend.functions as any).find = (arn: string) => (arn.split(':').slice(0, 7).join(':') === FUNCTION ? fn : undefined);
  const all: Record<string, string> = { host: 'localhost', ...headers };
  const credentials = backend.callers.credentialsOf(caller);
  const signature = signed ? signRequest({ method, path, headers: all, body }, { service: 'lambda', region: 'eu-west-1', credentials, now: Date.now() }) : {};
  const request = Object.assign(Readable.from([Buffer.from(body)]), { ...incomingMessage(path, { ...all, ...signature }), method });
  const response = { status: 0, headers: {} as any, text: '', writeHead(status: number, given: object) { this.status = status; this.headers = given; }, end(text = '') { this.text = text; } };
  await handleInvokeRequest(backend, request as any, response as any);
  const [event] = backend.trace.events().filter(({ type }) => type === 'invoke-api') as any[];
  const { status, text } = response;
  return { status, text, headers: response.headers, event, begun, invoked: (backend.functions as any).invoked as string[] };
}

test('the answer of a function comes back, and the trace shows who asked for what', async () => {
  const { status, text, headers, event } = await invoke();

  expect([status, text, headers['x-amz-function-error']]).toEqual([200, '{"got":{"a":1}}', undefined]);
  expect(event).toMatchObject({ function: 'Stack/Chat', invocationType: 'RequestResponse', status: 200, caller: 'dev', body: '{"a":1}', answer: '{"got":{"a":1}}' });
});

test('no payload is an empty object', async () => {
  expect((await invoke({ body: '' })).text).toBe('{"got":{}}');
});

test('an error of the function is 200 with its kind in a header', async () => {
  const { status, text, headers, event } = await invoke({}, () => { throw new Error('no luck'); });

  expect([status, headers['x-amz-function-error'], JSON.parse(text).errorMessage]).toEqual([200, 'Unhandled', 'no luck']);
  expect(event.reason).toContain('no luck');
});

test('`Event` is accepted with 202, for later', async () => {
  const { status, text, headers, begun, invoked } = await invoke({ headers: { 'x-amz-invocation-type': 'Event' } });

  expect([status, text, headers['x-amzn-requestid']]).toEqual([202, '', 'later']);
  expect([begun, invoked]).toEqual([[[FUNCTION, '{"a":1}']], []]);
});

test('`DryRun` is 204, and nothing runs', async () => {
  const { status, begun, invoked } = await invoke({ headers: { 'x-amz-invocation-type': 'DryRun' } });

  expect([status, begun, invoked]).toEqual([204, [], []]);
});

test.each([
  ['ARN', encodeURIComponent(FUNCTION), FUNCTION],
  ['ARN, not encoded', FUNCTION, FUNCTION],
  ['ARN with an alias', encodeURIComponent(`${FUNCTION}:live`), `${FUNCTION}:live`],
  ['name with an alias', 'chat%3Alive', `${FUNCTION}:live`],
  ['part of an ARN', '111111111111%3Afunction%3Achat', FUNCTION],
])('a function is called by its %s', async (_, name, arn) => {
  expect((await invoke({ path: `/2015-03-31/functions/${name}/invocations` })).invoked).toEqual([arn]);
});

test('a qualifier in the query is one', async () => {
  expect((await invoke({ path: '/2015-03-31/functions/chat/invocations?Qualifier=live' })).invoked).toEqual([`${FUNCTION}:live`]);
});

test.each<[string, Asked, number, string]>([
  ['no signature', { signed: false }, 403, 'MissingAuthenticationTokenException'],
  ['a role that may not', { caller: { ...LIMITED, statements: [] } }, 403, 'AccessDeniedException'],
  ['a role that may invoke the function, for an alias of it', { caller: LIMITED, path: '/2015-03-31/functions/chat:live/invocations' }, 403, 'AccessDeniedException'],
  ['a function that there is not', { path: '/2015-03-31/functions/other/invocations' }, 404, 'ResourceNotFoundException'],
  ['a function of another Region', { path: `/2015-03-31/functions/${FUNCTION.replace('eu-west-1', 'us-east-1')}/invocations` }, 404, 'ResourceNotFoundException'],
  ['what is no name', { path: '/2015-03-31/functions/a%20b/invocations' }, 400, 'ValidationException'],
  ['what is no JSON', { body: '{' }, 400, 'InvalidRequestContentException'],
  ['another type', { headers: { 'x-amz-invocation-type': 'Maybe' } }, 400, 'InvalidParameterValueException'],
  ['more than 6 MB', { body: `"${'x'.repeat(6_291_455)}"` }, 413, 'RequestTooLargeException'],
  ['more than 1 MB for later', { body: `"${'x'.repeat(1_048_575)}"`, headers: { 'x-amz-invocation-type': 'Event' } }, 413, 'RequestTooLargeException'],
  ['another method', { method: 'GET' }, 404, 'UnknownOperationException'],
  ['another operation', { path: '/2015-03-31/functions/chat/configuration' }, 404, 'UnknownOperationException'],
])('%s is refused as Lambda does', async (_, asked, status, errorType) => {
  const answer = await invoke(asked);

  expect([answer.status, answer.headers['x-amzn-errortype'], answer.invoked, answer.begun]).toEqual([status, errorType, [], []]);
  expect(answer.event).toMatchObject({ status, reason: expect.any(String) });
});

test('the functions of the app are listed, and that is no trace', async () => {
  const { status, text, event } = await invoke({ path: '/2015-03-31/functions/', method: 'GET', body: '' });

  expect([status, JSON.parse(text), event]).toEqual([200, { Functions: [expect.objectContaining({ FunctionName: 'chat', ConstructPath: 'Stack/Chat', FunctionArn: FUNCTION })] }, undefined]);
});

test('a role that may invoke a function may not list them all', async () => {
  expect((await invoke({ path: '/2015-03-31/functions/', method: 'GET', body: '', caller: LIMITED })).status).toBe(403);
});

test('a role that may invoke the function does', async () => {
  expect((await invoke({ caller: LIMITED })).status).toBe(200);
});

test('a refusal says how to grant it, and shows nothing of the header', async () => {
  expect((await invoke({ caller: { ...LIMITED, statements: [] } })).event.reason).toContain('`fn.grantInvoke()`');
  expect(JSON.stringify((await invoke({ signed: false, headers: { authorization: 'Bearer eyJ-secret' } })).event)).not.toContain('secret');
});

test.each([
  ['/2015-03-31/functions/chat/invocations', true], ['/2015-03-31/functions', true], ['/2015-03-31/functions/?MaxItems=1', true],
  ['/dev', false], ['/dev/2015-03-31/functions/chat', false], ['/2015-03-31/@connections/x', false],
])('%s is for Lambda: %s', (path, expected) => {
  expect(isLambdaPath(path)).toBe(expected);
});
