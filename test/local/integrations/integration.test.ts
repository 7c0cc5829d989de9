import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { parseTarget } from '../../../src/local/definition/integration-target';
import { IntegrationModel, IntegrationResponseModel } from '../../../src/local/definition/model';
import { verifySignature } from '../../../src/local/iam/verify-signature';
import { EVALUATIONS } from '../../../src/local/integrations/evaluations';
import { IntegrationHost, IntegrationRequest, IntegrationResult, runIntegration } from '../../../src/local/integrations/integration';

const ROLE = 'arn:aws:iam::123456789012:role/integration';
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:fn';
const FUNCTION_URI = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const CREDENTIALS = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server | undefined;
let received: Received[];

beforeEach(() => {
  received = [];
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Remembers what it is asked, and answers the same each time. */
async function startEndpoint(status = 200, body = '{"ok":true}', headers: Record<string, string> = {}): Promise<string> {
  server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ method: request.method!, url: request.url!, headers: request.headers, body: String(Buffer.concat(chunks)) });
      answer.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An integration as a template has it: with a URI. */
type Change = Partial<IntegrationModel> & { readonly uri?: string };

function model({ uri = '', ...change }: Change): IntegrationModel {
  return {
    type: 'MOCK',
    path: 'Chat/Api/Route',
    target: parseTarget(uri),
    method: 'POST',
    requestTemplates: {},
    requestParameters: {},
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutMillis: 5000,
    responses: [],
    ...change,
  };
}

function response(change: Partial<IntegrationResponseModel> = {}): IntegrationResponseModel {
  return { key: '$default', templates: {}, parameters: {}, ...change };
}

const BODY = '{"action":"send","text":"hi","id":"a/b"}';

async function run(
  change: Change, request: Partial<IntegrationRequest> = {}, host: Partial<IntegrationHost> = {},
): Promise<IntegrationResult> {
  return runIntegration(model(change), {
    routeKey: 'send',
    eventType: 'MESSAGE',
    body: BODY,
    headers: {},
    multiValueHeaders: {},
    queryString: {},
    multiValueQueryString: {},
    context: { connectionId: 'abc=', apiId: 'a1b2c3' },
    stageVariables: { host: '127.0.0.1' },
    ...request,
  }, {
    region: 'eu-west-1',
    endpointFor: () => undefined,
    originFor: () => undefined,
    credentialsFor: () => CREDENTIALS,
    isAllowed: () => true,
    invokeFunction: async () => ({ payload: '{}' }),
    invokeLater: () => { throw new Error('no asynchronous invocation is expected'); },
    evaluate: async (_, name, ...args) => (EVALUATIONS[name] as any)(...args),
    ...host,
  });
}

/** What a test is about: how long it took is not. */
function essence({ integrationLatencyMillis, ...rest }: IntegrationResult) {
  return rest;
}

describe('mock', () => {
  const requestTemplates = { 'application/json': '{"statusCode": 200}' };

  test('the template tells the status', async () => {
    expect(essence(await run({ requestTemplates }))).toEqual({ statusCode: 200, integrationStatus: 200, body: undefined, headers: {} });
  });

  test('the time that it took is told', async () => {
    expect((await run({ requestTemplates })).integrationLatencyMillis).toBeGreaterThanOrEqual(0);
  });

  test.each(['{statusCode: 403}', '{ "statusCode" : "403" }', "{'statusCode':403}"])('`%s` is taken too', async (template) => {
    expect((await run({ requestTemplates: { $default: template } })).statusCode).toBe(403);
  });

  test('without a status it is an error', async () => {
    expect(essence(await run({}))).toEqual({
      statusCode: 500,
      body: undefined,
      headers: {},
      error: { kind: 'internal', message: `the request template of a mock integration made \`${BODY}\`: it has to make \`{"statusCode": 200}\`` },
    });
  });

  test('without a body it is an error', async () => {
    expect((await run({}, { body: undefined })).error?.message).toContain('made ``');
  });

  test('the response template makes the answer', async () => {
    const responses = [response({ templates: { 'application/json': '{"pong":"$context.connectionId"}' } })];
    expect(essence(await run({ requestTemplates, responses }))).toEqual({ statusCode: 200, integrationStatus: 200, body: '{"pong":"abc="}', headers: {} });
  });

  test('the response is selected by the status', async () => {
    const responses = [response({ templates: { $default: 'other' } }), response({ key: '/4\\d\\d/', templates: { $default: 'refused' } }), response({ key: '200', templates: { $default: 'good' } })];
    const bodies = await Promise.all([200, 401, 500].map((status) => run({ requestTemplates: { $default: `{"statusCode": ${status}}` }, responses })));
    expect(bodies.map(({ body }) => body)).toEqual(['good', 'refused', 'other']);
  });

  test('a key has to match all of the status', async () => {
    expect((await run({ requestTemplates, responses: [response({ key: '/20/' })] })).error)
      .toEqual({ kind: 'internal', message: 'there is no integration response for `200`: add one with the key `$default`' });
  });

  test('what had answered is told when the answer cannot be made', async () => {
    expect(essence(await run({ requestTemplates, responses: [response({ templates: { $default: '#set($x = )' } })] }))).toMatchObject({
      integrationStatus: 200, error: { kind: 'internal', message: expect.stringMatching(/^the template is not Velocity/) },
    });
  });

  test('the subprotocol can be answered', async () => {
    const responses = [response({ parameters: { 'route.response.header.Sec-WebSocket-Protocol': 'route.request.header.Sec-WebSocket-Protocol' } })];
    const { headers } = await run({ requestTemplates, responses }, { headers: { 'sec-websocket-protocol': 'chat' } });
    expect(headers).toEqual({ 'Sec-WebSocket-Protocol': 'chat' });
  });

  test('the template of a response is selected by its expression', async () => {
    const responses = [response({ templateSelectionExpression: '${request.body.action}-$integration.response.statuscode', templates: { 'send-200': 'this one', '$default': 'x' } })];
    expect((await run({ requestTemplates, responses })).body).toBe('this one');
  });
});

describe('request templates', () => {
  const templates = { send: '{"statusCode": 201}', $default: '{"statusCode": 202}' };

  test.each([
    ['$request.body.action', 201],
    ['$request.body.other', 202],
    ['send', 201],
    ['\\$default', 202],
    ['$default', 202],
    [undefined, 202],
  ])('`%s` selects the one for %d', async (templateSelectionExpression, status) => {
    expect((await run({ requestTemplates: templates, templateSelectionExpression })).statusCode).toBe(status);
  });

  test.each<[IntegrationModel['passthroughBehavior'], Record<string, string>, string]>([
    ['WHEN_NO_MATCH', { other: 'x' }, BODY],
    ['WHEN_NO_MATCH', {}, BODY],
    ['WHEN_NO_TEMPLATES', {}, BODY],
  ])('`%s` with templates %j lets the message pass', async (passthroughBehavior, requestTemplates, expected) => {
    const uri = await startEndpoint();
    await run({ type: 'HTTP', uri, passthroughBehavior, requestTemplates });
    expect(received[0].body).toBe(expected);
  });

  test.each<[IntegrationModel['passthroughBehavior'], Record<string, string>]>([['WHEN_NO_TEMPLATES', { other: 'x' }], ['NEVER', {}]])(
    '`%s` with templates %j lets nothing pass', async (passthroughBehavior, requestTemplates) => {
      expect((await run({ type: 'HTTP', uri: 'http://localhost:1', passthroughBehavior, requestTemplates })).error).toEqual({
        kind: 'unsupported',
        message: `there is no request template \`application/json\`, and \`${passthroughBehavior}\` does not let a message pass without one: add the template, or one with the key \`$default\``,
      });
    },
  );
});

describe('http', () => {
  test('what the template makes is sent, and what comes is answered', async () => {
    const uri = await startEndpoint(201, 'made', { 'x-a': 'b' });
    const result = await run({ type: 'HTTP', uri, method: 'PUT', requestTemplates: { 'application/json': "{\"got\":$input.json('$.text')}" } });
    expect([essence(result), received[0].method, received[0].body, received[0].headers['content-type']]).toEqual([
      { statusCode: 201, integrationStatus: 201, body: 'made', headers: {} }, 'PUT', '{"got":"hi"}', 'application/json',
    ]);
  });

  test('the endpoint is told who calls', async () => {
    const uri = await startEndpoint();
    await run({ type: 'HTTP', uri });
    expect(received[0].headers).toMatchObject({ 'user-agent': 'AmazonAPIGateway_a1b2c3', 'x-amzn-apigateway-api-id': 'a1b2c3' });
  });

  test('parameters become headers, query and path', async () => {
    const uri = await startEndpoint();
    await run({
      type: 'HTTP',
      uri: `${uri.replace('127.0.0.1', '${stageVariables.host}')}/items/{id}/{other}?a=b`,
      requestParameters: {
        'integration.request.header.Content-Type': "'text/plain'",
        'integration.request.header.X-Id': 'context.connectionId',
        'integration.request.querystring.text': 'route.request.body.text',
        'integration.request.path.id': 'route.request.body.id',
      },
    });
    expect(received[0]).toMatchObject({ url: '/items/a%2Fb/%7Bother%7D?a=b&text=hi', headers: { 'content-type': 'text/plain', 'x-id': 'abc=' } });
  });

  describe.each<[string, Change, string]>([
    ['an HTTP endpoint', { type: 'HTTP', method: 'GET' }, '/items/{a}{b}/rest'],
    ['an AWS service', { type: 'AWS', credentials: ROLE }, 'arn:aws:apigateway:eu-west-1:s3:path/items/{a}{b}/rest'],
  ])('a path parameter of %s', (_, change, path) => {
    const ask = async (a: string, b = '') => {
      const origin = await startEndpoint();
      return run(
        { ...change, uri: path.startsWith('/') ? `${origin}${path}` : path, requestParameters: { 'integration.request.path.a': 'route.request.body.a', 'integration.request.path.b': 'route.request.body.b' } },
        { body: JSON.stringify({ a, b }) },
        { endpointFor: () => origin },
      );
    };

    test.each([['..', ''], ['.', ''], ['.', '.'], ['', '..']])('never leads out of its path: %j %j', async (a, b) => {
      expect((await ask(a, b)).error).toMatchObject({ kind: 'forbidden', message: expect.stringContaining('leads out of the path of') });
      expect(received).toEqual([]);
    });

    test.each([['%2e%2e', '%252e%252e'], ['a/../b', 'a%2F..%2Fb'], ['...', '...'], ['x?y=1#z', 'x%3Fy%3D1%23z']])('is sent as it is: `%s`', async (a, sent) => {
      await ask(a);

      expect(received[0].url).toBe(`/items/${sent}/rest`);
    });
  });

  test('a host of the assembly is this gateway, which still sees that host', async () => {
    const origin = await startEndpoint();
    const originFor = jest.fn(() => origin);
    await run({ type: 'HTTP', uri: 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/dev/%40connections/x?y=1' }, {}, { originFor });

    expect(originFor).toHaveBeenCalledWith('a1b2c3.execute-api.eu-west-1.amazonaws.com');
    expect(received[0]).toMatchObject({ url: '/dev/%40connections/x?y=1', headers: { host: 'a1b2c3.execute-api.eu-west-1.amazonaws.com' } });
  });

  test('a message never has the query of a URL: tokens are sent in it', async () => {
    const query = '?token=eyJ-secret';
    const messages = await Promise.all([
      run({ type: 'HTTP', uri: `ftp://127.0.0.1/${query}` }),
      run({ type: 'AWS', uri: `https://example.com/${query}`, credentials: ROLE }),
      run({ type: 'HTTP', uri: `http://127.0.0.1/{id}${query}`, requestParameters: { 'integration.request.path.id': "'..'" } }),
      run({ type: 'HTTP', uri: `http://127.0.0.1:1/${query}` }),
    ]);

    for (const { error } of messages) { expect(error!.message).not.toContain('secret'); }
  });

  test('a stage variable that there is not is empty', async () => {
    const uri = await startEndpoint();
    await run({ type: 'HTTP', uri: `${uri}/\${stageVariables.missing}` });
    expect(received[0].url).toBe('/');
  });

  test('headers of the client are not sent on', async () => {
    const uri = await startEndpoint();
    await run({ type: 'HTTP', uri }, { headers: { 'X-Secret': 'x' } });
    expect(received[0].headers).not.toHaveProperty('x-secret');
  });

  test('the response template sees the body, and parameters the headers', async () => {
    const uri = await startEndpoint(200, '{"name":"x"}', { 'x-next': 'y' });
    const responses = [response({
      templates: { 'application/json': "hello $input.path('$.name')" },
      parameters: { 'route.response.header.Next': 'integration.response.header.X-Next', 'route.response.header.Name': 'integration.response.body.name' },
    })];
    expect(essence(await run({ type: 'HTTP', uri, responses }))).toEqual({ statusCode: 200, integrationStatus: 200, body: 'hello x', headers: { Next: 'y', Name: 'x' } });
  });

  test('without a template the body of the answer passes', async () => {
    const uri = await startEndpoint(200, 'plain');
    expect((await run({ type: 'HTTP', uri, responses: [response()] })).body).toBe('plain');
  });

  test('an empty answer is none', async () => {
    const uri = await startEndpoint(200, '');
    expect((await run({ type: 'HTTP', uri })).body).toBeUndefined();
  });

  test('who does not answer in time is a timeout', async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(essence(await run({ type: 'HTTP', uri, timeoutMillis: 50 }))).toEqual({
      statusCode: 504, body: undefined, headers: {}, error: { kind: 'timeout', message: `\`${uri}\` did not answer within 50 ms` },
    });
  });

  test('who is not there is unreachable', async () => {
    const uri = await startEndpoint();
    await new Promise((resolve) => server!.close(resolve));
    expect((await run({ type: 'HTTP', uri })).error?.kind).toBe('unreachable');
  });

  test.each(['nonsense', 'file:///etc/passwd'])('`%s` is no endpoint', async (uri) => {
    expect((await run({ type: 'HTTP', uri })).error).toEqual({ kind: 'internal', message: `\`${uri}\` is not the URL of an HTTP endpoint: write \`https://…\`` });
  });

  test('a header that cannot be sent is told', async () => {
    const uri = await startEndpoint();
    const requestParameters = { 'integration.request.header.X': 'route.request.body.text' };
    expect((await run({ type: 'HTTP', uri, requestParameters }, { body: '{"text":"a\\r\\nb"}' })).error)
      .toEqual({ kind: 'internal', message: expect.stringContaining('Invalid character in header') });
  });
});

describe('http proxy', () => {
  test('the message passes, and so does all of the answer', async () => {
    const uri = await startEndpoint(202, 'answer', { 'x-a': 'b' });
    const result = await run({ type: 'HTTP_PROXY', uri, method: 'ANY', requestTemplates: { $default: 'ignored' }, responses: [response({ templates: { $default: 'ignored' } })] });
    expect([result.statusCode, result.body, result.headers['x-a'], received[0].method, received[0].body]).toEqual([202, 'answer', 'b', 'POST', BODY]);
  });

  test('what a client connects with passes', async () => {
    const uri = await startEndpoint();
    await run({ type: 'HTTP_PROXY', uri, method: 'ANY', requestParameters: { 'integration.request.header.Sec-WebSocket-Version': "'0'" } }, {
      eventType: 'CONNECT', body: undefined, headers: { 'Host': 'client', 'X-A': 'b', 'Sec-WebSocket-Version': '13' }, multiValueQueryString: { room: ['red', 'blue'] },
    });
    expect(received[0]).toMatchObject({
      method: 'GET', url: '/?room=red&room=blue', body: '', headers: { 'host': new URL(uri).host, 'x-a': 'b', 'sec-websocket-version': '0' },
    });
  });

  test('a disconnect is posted', async () => {
    const uri = await startEndpoint();
    await run({ type: 'HTTP_PROXY', uri, method: 'ANY' }, { eventType: 'DISCONNECT', body: undefined });
    expect(received[0]).toMatchObject({ method: 'POST', body: '' });
  });
});

describe('functions', () => {
  function answering(payload: string, functionError?: string) {
    return { invokeFunction: jest.fn(async () => ({ payload, functionError })) };
  }

  test('a function gets what the template makes', async () => {
    const host = answering('"done"');
    const result = await run({ type: 'AWS', uri: FUNCTION_URI, requestTemplates: { $default: '{"id":"$context.connectionId"}' } }, {}, host);
    expect(host.invokeFunction).toHaveBeenCalledWith(FUNCTION, '{"id":"abc="}', 5000);
    expect(essence(result)).toEqual({ statusCode: 200, integrationStatus: 200, body: '"done"', headers: {} });
  });

  test('without a body it gets an empty object', async () => {
    const host = answering('null');
    await run({ type: 'AWS', uri: FUNCTION_URI }, { body: undefined }, host);
    expect(host.invokeFunction).toHaveBeenCalledWith(FUNCTION, '{}', 5000);
  });

  test('an error selects the response by its message', async () => {
    const responses = [response(), response({ key: '/.*\\[BadRequest\\].*/', templates: { $default: "no: $input.path('$.errorMessage')" } })];
    const result = await run({ type: 'AWS', uri: FUNCTION_URI, responses }, {}, answering('{"errorMessage":"[BadRequest] text"}', 'Unhandled'));
    expect(result.body).toBe('no: [BadRequest] text');
  });

  test('an answer that is no error selects the default', async () => {
    const responses = [response({ key: '/.+/', templates: { $default: 'error' } }), response({ templates: { $default: 'good' } })];
    expect((await run({ type: 'AWS', uri: FUNCTION_URI, responses }, {}, answering('{}'))).body).toBe('good');
  });

  test('an error that no response is for is the error of the integration', async () => {
    const result = await run({ type: 'AWS', uri: FUNCTION_URI }, {}, answering('{"errorMessage":"boom"}', 'Unhandled'));
    expect([result.statusCode, result.error]).toEqual([500, { kind: 'function', message: 'boom' }]);
  });

  test('a function that takes too long is a timeout', async () => {
    expect((await run({ type: 'AWS', uri: FUNCTION_URI }, {}, answering('{}', 'Timeout'))).error)
      .toEqual({ kind: 'timeout', message: 'the function did not answer within the 5000 ms of its integration' });
  });

  test('nobody waits for an event, which is left to the host', async () => {
    const host = { ...answering('{}'), invokeLater: jest.fn() };
    const result = await run({ type: 'AWS', uri: FUNCTION_URI, requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" } }, { body: '{"a":1}' }, host);
    expect(essence(result)).toEqual({ statusCode: 202, integrationStatus: 202, body: undefined, headers: {} });
    expect([host.invokeLater.mock.calls, host.invokeFunction.mock.calls]).toEqual([[[FUNCTION, '{"a":1}']], []]);
  });

  test('a host that fails is told', async () => {
    expect((await run({ type: 'AWS', uri: FUNCTION_URI }, {}, { invokeFunction: async () => { throw new Error('no such function'); } })).error)
      .toEqual({ kind: 'internal', message: 'no such function' });
  });

  test('a URI that names no function is told', async () => {
    expect((await run({ type: 'AWS', uri: 'arn:aws:apigateway:eu-west-1:lambda:path/nothing' })).error?.message).toMatch(/^the URI `.*` names no function: write /);
  });
});

describe('AWS services', () => {
  const QUEUE = 'arn:aws:apigateway:eu-west-1:sqs:path/123456789012/jobs';

  test('a message is sent to a queue, signed', async () => {
    const endpoint = await startEndpoint(200, '<SendMessageResponse/>');
    const result = await run({
      type: 'AWS',
      uri: QUEUE,
      credentials: ROLE,
      requestTemplates: { 'application/json': "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$.text'))" },
      requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
      responses: [response({ key: '/2\\d\\d/', templates: { $default: '{"sent":true}' } })],
    }, {}, { endpointFor: () => endpoint });
    const { method, url, headers, body } = received[0];
    const verified = verifySignature({ method, path: url, headers, body }, { service: 'sqs', region: 'eu-west-1', now: Date.now(), secretOf: () => 'secret' });
    expect([result.body, method, url, body, headers['content-type'], verified]).toEqual([
      '{"sent":true}', 'POST', '/123456789012/jobs', 'Action=SendMessage&MessageBody=%22hi%22', 'application/x-www-form-urlencoded', { ok: true, accessKeyId: 'ASIAEXAMPLE' },
    ]);
  });

  test('an action is called by its name', async () => {
    const endpoint = await startEndpoint();
    const endpointFor = jest.fn(() => endpoint);
    await run({ type: 'AWS', uri: 'arn:aws:apigateway:eu-west-1:states:action/StartExecution', method: 'ANY', credentials: ROLE }, {}, { endpointFor });
    expect(endpointFor).toHaveBeenCalledWith('sfn');
    expect(received[0]).toMatchObject({ method: 'POST', url: '/', headers: { 'x-amz-target': 'AWSStepFunctions.StartExecution', 'content-type': 'application/x-amz-json-1.0' } });
  });

  test('an endpoint may have a path, and a request a query', async () => {
    const endpoint = await startEndpoint();
    await run({
      type: 'AWS',
      uri: 'arn:aws:apigateway::sns:action/Publish',
      credentials: ROLE,
      requestParameters: { 'integration.request.querystring.Message': "'a b&c'" },
    }, {}, { endpointFor: () => `${endpoint}/base/` });
    const { method, url, headers, body } = received[0];
    const verified = verifySignature({ method, path: url, headers, body }, { service: 'sns', region: 'eu-west-1', now: Date.now(), secretOf: () => 'secret' });
    expect([url, verified.ok]).toEqual(['/base/?Action=Publish&Version=2010-03-31&Message=a%20b%26c', true]);
  });

  test('a service that refuses is answered with its status', async () => {
    const endpoint = await startEndpoint(400, '{"__type":"ValidationException"}');
    expect(await run({ type: 'AWS', uri: QUEUE, credentials: ROLE }, {}, { endpointFor: () => endpoint })).toMatchObject({ statusCode: 400, integrationStatus: 400 });
  });

  test('without an endpoint it is told which variable names one', async () => {
    expect((await run({ type: 'AWS', uri: 'arn:aws:apigateway:eu-west-1:events:action/PutEvents', credentials: ROLE })).error).toEqual({
      kind: 'unreachable', message: '`events` is not called on AWS from here: set `AWS_ENDPOINT_URL_EVENTBRIDGE` to the URL of one on this machine',
    });
  });

  test('the role has to be allowed, on what the request is about', async () => {
    const isAllowed = jest.fn(() => false);
    const uri = 'arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem';
    const { error } = await run({ type: 'AWS', uri, credentials: ROLE, requestTemplates: { $default: '{"TableName":"t"}' } }, {}, { isAllowed });
    expect(isAllowed).toHaveBeenCalledWith(ROLE, 'dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:123456789012:table/t', 'eu-west-1');
    expect(error?.kind).toBe('forbidden');
  });

  test('without a role nothing is called', async () => {
    expect((await run({ type: 'AWS', uri: QUEUE })).error).toEqual({
      kind: 'forbidden', message: 'an integration with `sqs` has no role to call it with: give it one as `credentialsRole`',
    });
  });

  test('a URI that is none of a service is told', async () => {
    expect((await run({ type: 'AWS', uri: 'https://example.com', credentials: ROLE })).error?.message).toMatch(/does not name an AWS service/);
  });
});

test('a Lambda proxy is not called here', async () => {
  expect((await run({ type: 'AWS_PROXY' })).error).toEqual({ kind: 'internal', message: '`AWS_PROXY` is called elsewhere' });
});

test('a message that is no JSON has no values', async () => {
  const result = await run({ requestTemplates: { $default: '{"statusCode": 200}', send: 'x' }, templateSelectionExpression: '$request.body.action' }, { body: 'plain' });
  expect(result.statusCode).toBe(200);
});
