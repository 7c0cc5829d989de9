import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { ApiGatewayManagementApiClient, DeleteConnectionCommand, GetConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnApiKey, CfnUsagePlan, CfnUsagePlanKey } from 'aws-cdk-lib/aws-apigateway';
import { CfnApi, CfnIntegration, CfnModel, CfnRoute, DomainName, WebSocketApiKeySelectionExpression, WebSocketApiProps } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AccountPrincipal, CfnRole, Role } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { WebSocket } from 'ws';
import { Client } from './client';
import { row } from './contract-row';
import { ServedApp, serveApp } from './served-app';
import { until } from './until';
import { AccessLog, ApiSource, Authorization, CustomDomain, HandshakeValue, Route, StageSource, WebSocketApi, WebSocketStageOptions } from '../../src';
import { Credentials, GatewayEvent, ServedApi } from '../../src/local';
import { presign, signRequest } from '../../src/local/iam/sign-request';
import { FrameLimit } from '../../src/local/wire/frame-limit';

// What API Gateway does, row by row of the contract.

/** What the routes call, as a file of its own: compiled and linted like the rest. */
const HANDLERS = readFileSync(join(__dirname, 'contract-handlers.ts'), 'utf8');

let served: ServedApp;

function define(stack: Stack) {
  /** An API, and a stage of the same name unless another is given. */
  const api = (id: string, routes: { [key: string]: Route }, { stage: stageOptions, api: apiOptions, ...props }: {
    readonly stage?: WebSocketStageOptions;
    readonly api?: WebSocketApiProps;
    readonly authorization?: Authorization;
    readonly customDomain?: CustomDomain;
  } = {}) => new WebSocketApi(stack, id, {
    routes,
    api: ApiSource.fromProps({ apiName: id, ...apiOptions }),
    stage: StageSource.fromOptions({ stageName: id, ...stageOptions }),
    accessLog: AccessLog.format('$context.requestId $context.eventType $context.routeKey $context.status $context.identity.sourceIp $context.error.message $context.authorizer.principalId $context.httpMethod'),
    ...props,
  });
  const echo = (options = {}) => Route.toHandler('handlers.echo', { returnResponse: true, ...options });
  const oneWay = () => Route.toHandler('handlers.echo');

  const main = api('main', {
    $connect: Route.toHandler('handlers.connect'),
    $disconnect: Route.toHandler('handlers.disconnect'),
    $default: echo({ timeout: Duration.seconds(29) }),
    oneWay: oneWay(),
    post: Route.toHandler('handlers.post', { returnResponse: true }),
  }, { stage: { stageName: 'dev', stageVariables: { colour: 'blue' } } });
  api('bare', { known: echo() });
  api('selection', { 'join-': echo(), 'join-room': echo(), '[1, 2]': echo(), '$default': Route.toHandler('handlers.echo', { returnResponse: true }) },
    { api: { routeSelectionExpression: '${request.body.message.action}-${request.body.message.items[0].kind}' } });
  api('literal', { always: echo() }, { api: { routeSelectionExpression: 'always' } });
  api('default-only', { $default: echo() }, { api: { routeSelectionExpression: '\\$default' } });
  api('arrays', { '[1, 2]': echo(), 'true': echo(), '7': echo() });
  api('custom', { $connect: Route.toHandler('handlers.connect'), $disconnect: Route.toHandler('handlers.disconnect'), $default: echo() }, {
    authorization: Authorization.fromHandler('handlers.authorize'),
  });
  api('query', { $connect: Route.toHandler('handlers.connect'), $default: echo() }, {
    authorization: Authorization.fromHandler('handlers.authorize', { identitySource: [HandshakeValue.queryString('token'), HandshakeValue.header('X-Tenant')] }),
  });
  api('sources', { $default: echo(), $connect: Route.toHandler('handlers.connect') }, {
    authorization: Authorization.fromHandler('handlers.authorize', {
      identitySource: [HandshakeValue.stageVariable('colour'), HandshakeValue.context('identity.userAgent')],
    }),
    stage: { stageVariables: { colour: 'blue' } },
  });
  const iam = api('iam', { $connect: Route.toHandler('handlers.connect'), $default: echo() }, { authorization: Authorization.iam() });
  iam.grantConnect(new Role(stack, 'Allowed', { roleName: 'allowed', assumedBy: new AccountPrincipal('111111111111') }));
  new Role(stack, 'Other', { roleName: 'other', assumedBy: new AccountPrincipal('111111111111') });
  const keys = api('keys', { $connect: Route.toHandler('handlers.connect', { apiKeyRequired: true }), $default: echo() });
  const key = new CfnApiKey(stack, 'Key', { enabled: true, value: 'the-key-that-opens-this-stage' });
  const plan = new CfnUsagePlan(stack, 'Plan', { apiStages: [{ apiId: keys.api.apiId, stage: 'keys' }] });
  plan.node.addDependency(keys);
  new CfnUsagePlanKey(stack, 'PlanKey', { keyId: key.ref, keyType: 'API_KEY', usagePlanId: plan.ref });
  const keyOfAuthorizer = api('key-of-authorizer', { $connect: Route.toHandler('handlers.connect', { apiKeyRequired: true }) }, {
    authorization: Authorization.fromHandler('handlers.authorize'),
    api: { apiKeySelectionExpression: WebSocketApiKeySelectionExpression.AUTHORIZER_USAGE_IDENTIFIER_KEY },
  });
  const secondKey = new CfnApiKey(stack, 'SecondKey', { enabled: true, value: 'the-key-of-the-authorizer' });
  const secondPlan = new CfnUsagePlan(stack, 'SecondPlan', { apiStages: [{ apiId: keyOfAuthorizer.api.apiId, stage: 'key-of-authorizer' }] });
  secondPlan.node.addDependency(keyOfAuthorizer);
  new CfnUsagePlanKey(stack, 'SecondPlanKey', { keyId: secondKey.ref, keyType: 'API_KEY', usagePlanId: secondPlan.ref });
  api('throttled', { limited: echo({ throttle: { rateLimit: 1, burstLimit: 2 } }), $default: echo() });
  api('one-at-a-time', { $connect: Route.toHandler('handlers.connect', { throttle: { rateLimit: 1, burstLimit: 1 } }) });
  const strict = api('strict', { order: echo() });
  new CfnModel(stack, 'Order', { apiId: strict.api.apiId, name: 'Order', contentType: 'application/json', schema: { type: 'object', required: ['item'] } });
  const order = strict.node.findAll().find((child): child is CfnRoute => child instanceof CfnRoute && child.routeKey === 'order')!;
  order.requestModels = { $default: 'Order' };
  order.modelSelectionExpression = '$default';
  for (const impatient of [
    api('impatient', { $default: echo() }),
    api('impatient-connect', { $connect: Route.toHandler('handlers.connect') }),
  ]) {
    impatient.node.findAll().filter((child): child is CfnIntegration => child instanceof CfnIntegration)
      .forEach((integration) => { integration.timeoutInMillis = 100; });
  }
  api('slow', {
    slow: Route.toHandler('handlers.echo', { returnResponse: true, timeout: Duration.seconds(1) }),
  });
  const mute = api('mute', { post: Route.toHandler('handlers.post', { returnResponse: true }) });
  // The role of the function, without what the construct grants it.
  mute.node.findAll().filter((child): child is CfnRole => child instanceof CfnRole).forEach((role) => { role.policies = []; });
  const forbidden = api('forbidden', { $connect: Route.toHandler('handlers.connect') });
  forbidden.node.findAll().filter((child): child is CfnPermission => child instanceof CfnPermission).forEach((permission) => { permission.sourceArn = 'arn:aws:execute-api:eu-west-1:111111111111:another/*'; });
  const domain = new DomainName(stack, 'Domain', { domainName: 'api.example.com', certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/x') });
  api('mapped', { $default: echo(), post: Route.toHandler('handlers.post', { returnResponse: true }) }, { customDomain: CustomDomain.fromDomainName(domain, { path: 'v1' }) });
  const hidden = api('hidden', { $default: echo() });
  (hidden.api.node.defaultChild as CfnApi).disableExecuteApiEndpoint = true;
  return main;
}

beforeAll(async () => {
  served = await serveApp({ 'handlers.ts': HANDLERS }, define, { clock: 'manual' });
}, 120_000);
afterAll(() => served?.close());

const apiOf = (name: string): ServedApi => served.gateway.apis.find((api) => api.name === name)!;
const urlOf = (name: string) => apiOf(name).url;
const connect = (name: string, query = '', options: Parameters<typeof Client.connect>[1] = {}) => Client.connect(`${urlOf(name)}${query}`, options);
const refused = (name: string, query = '', options: Parameters<typeof Client.connect>[1] = {}) => Client.refusal(`${urlOf(name)}${query}`, options);
const logsOf = (connectionId: string) => served.gateway.events().filter((event): event is GatewayEvent & { type: 'function-log' } => event.type === 'function-log' && event.text.includes(connectionId));
/** What a handler that answers nobody was given. */
async function eventOf(connectionId: string, eventType: string): Promise<any> {
  await served.gateway.settled();
  const line = logsOf(connectionId).map(({ text }) => text).find((text) => text.startsWith('EVENT ') && text.includes(`"eventType":"${eventType}"`) && !text.includes('"methodArn"'));
  return JSON.parse(line!.slice('EVENT '.length));
}
const last = <T extends GatewayEvent['type']>(type: T) => served.gateway.events().filter((event): event is GatewayEvent & { type: T } => event.type === type).at(-1)!;
const idOf = async (client: Client): Promise<string> => JSON.parse(await client.ask('{}')).requestContext.connectionId;
const management = (name: string, credentials: Credentials = served.gateway.credentials) => new ApiGatewayManagementApiClient({
  endpoint: apiOf(name).callbackUrl.replace('https://', 'http://'), region: 'eu-west-1', credentials, maxAttempts: 1,
});

describe('events', () => {
  row('2.1', 'C', '$connect has the headers as the client wrote them, and what API Gateway adds', async () => {
    const client = await connect('main', '?a=1&a=2&b=%20', { headers: { 'X-Custom-Header': 'Value' } });
    const { headers, multiValueHeaders, queryStringParameters, multiValueQueryStringParameters, body, isBase64Encoded } = await eventOf(await idOf(client), 'CONNECT');

    expect(headers).toMatchObject({ 'X-Custom-Header': 'Value', 'Sec-WebSocket-Version': '13', 'X-Forwarded-Port': String(served.gateway.port), 'X-Forwarded-Proto': 'http' });
    expect(Object.keys(headers)).toEqual(expect.arrayContaining(['Host', 'Sec-WebSocket-Key', 'X-Amzn-Trace-Id', 'X-Forwarded-For']));
    expect(Object.keys(headers).filter((name) => /^(connection|upgrade)$/i.test(name))).toEqual([]);
    expect(multiValueHeaders['X-Custom-Header']).toEqual(['Value']);
    expect({ queryStringParameters, multiValueQueryStringParameters, body, isBase64Encoded })
      .toEqual({ queryStringParameters: { a: '2', b: ' ' }, multiValueQueryStringParameters: { a: ['1', '2'], b: [' '] }, body: undefined, isBase64Encoded: false });
  });

  row('2.1', 'C', '$connect without a query has no queryStringParameters', async () => {
    const event = await eventOf(await idOf(await connect('main')), 'CONNECT');

    expect(Object.keys(event)).toEqual(['headers', 'multiValueHeaders', 'requestContext', 'stageVariables', 'isBase64Encoded']);
  });

  row('2.1', 'C', 'a message has its body and no headers', async () => {
    const event = JSON.parse(await (await connect('main')).ask('{"hello":1}'));

    expect(Object.keys(event)).toEqual(['requestContext', 'stageVariables', 'body', 'isBase64Encoded']);
    expect(event).toMatchObject({ body: '{"hello":1}', isBase64Encoded: false });
  });

  row('2.1', 'C', 'requestContext has its fields in the order of AWS', async () => {
    const { requestContext } = JSON.parse(await (await connect('main', '', { headers: { 'User-Agent': 'tests' } })).ask('{}'));

    expect(Object.keys(requestContext)).toEqual([
      'routeKey', 'messageId', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', 'stage', 'connectedAt', 'requestTimeEpoch', 'identity',
      'requestId', 'domainName', 'connectionId', 'apiId',
    ]);
    expect(requestContext).toMatchObject({ routeKey: '$default', eventType: 'MESSAGE', messageDirection: 'IN', stage: 'dev', apiId: apiOf('main').id });
    expect(requestContext.requestTime).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(requestContext.identity).toEqual({ userAgent: 'tests', sourceIp: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) });
  });

  row('2.1', 'C', 'requestId is extendedRequestId, ids end with `=`, and messageId ends as connectionId does', async () => {
    const { requestContext: { requestId, extendedRequestId, messageId, connectionId } } = JSON.parse(await (await connect('main')).ask('{}'));

    expect(requestId).toBe(extendedRequestId);
    expect([requestId, messageId, connectionId].every((id) => /^.{15}=$/.test(id))).toBe(true);
    expect(messageId.slice(-7)).toBe(connectionId.slice(-7));
  });

  row('2.1', 'C', 'identity has no userAgent where the client sent none', async () => {
    const { requestContext } = JSON.parse(await (await connect('main')).ask('{}'));

    expect(Object.keys(requestContext.identity)).toEqual(['sourceIp']);
  });

  row('2.1', 'C', '$disconnect has a code, a reason, the header Host and three empty ones', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.close(4000, 'enough');
    await client.closed;
    const event = await eventOf(id, 'DISCONNECT');

    expect(event.headers).toEqual({ 'Host': event.requestContext.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' });
    expect(event.multiValueHeaders['x-api-key']).toEqual(['']);
    expect(Object.keys(event.requestContext)).toEqual([
      'routeKey', 'disconnectStatusCode', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', 'disconnectReason', 'stage', 'connectedAt',
      'requestTimeEpoch', 'identity', 'requestId', 'domainName', 'connectionId', 'apiId',
    ]);
    expect(event.requestContext).toMatchObject({ routeKey: '$disconnect', disconnectStatusCode: 4000, disconnectReason: 'enough' });
  });

  row('2.1', 'D', 'stageVariables are there where the stage has some', async () => {
    const [withSome, without] = await Promise.all(['main', 'throttled'].map(async (name) => JSON.parse(await (await connect(name)).ask('{}'))));

    expect(withSome.stageVariables).toEqual({ colour: 'blue' });
    expect(without).not.toHaveProperty('stageVariables');
  });
});

describe('the handshake', () => {
  row('2.2', 'D', 'waits until the $connect route has answered', async () => {
    await connect('main');
    const connected = last('connect');

    expect(connected).toMatchObject({ status: 101, api: 'main' });
    expect(logsOf(connected.connectionId).length).toBeGreaterThan(0);
  }, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html');

  row('2.2', 'D', 'needs no $connect route', async () => {
    expect((await connect('bare')).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.2', 'C', '2xx of $connect opens the connection', async () => {
    expect((await connect('main', '?status=204')).socket.readyState).toBe(WebSocket.OPEN);
  });

  test.each([301, 400, 401, 403, 501])('2.2 [C] %i of $connect is the status of the handshake', async (status) => {
    expect((await refused('main', `?status=${status}`)).status).toBe(status);
  });

  row('2.2', 'C', 'an error of $connect is 502', async () => {
    const { status, body } = await refused('main', '?throws=oops');

    expect(status).toBe(502);
    expect(body).toMatch(/^\{"message": "Internal server error", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/);
  });

  row('2.2', 'U', 'a $connect whose function API Gateway may not invoke is 500', async () => {
    expect((await refused('forbidden')).status).toBe(500);
    expect(last('connect').reason).toContain('add an `AWS::Lambda::Permission`');
  });

  row('2.2', 'U', 'a $connect that takes longer than the timeout of its integration is 504', async () => {
    expect((await refused('impatient-connect', '?sleep=5000')).status).toBe(504);
  });

  row('2.2', 'D', 'a $connect whose answer has another format than that of a proxy is 502', async () => {
    expect((await refused('main', '?nothing=1')).status).toBe(502);
    expect((await refused('main', '?extra=1')).status).toBe(502);
  }, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format');

  row('2.2', 'U', 'a refusal never carries the body that $connect returns', async () => {
    expect((await refused('main', '?status=400&text=secret')).body).not.toContain('secret');
  });

  row('2.2', 'D', 'agrees on the subprotocol that $connect returns', async () => {
    expect((await connect('main', '?protocol=chat', { protocols: ['other', 'chat'] })).socket.protocol).toBe('chat');
  }, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html');

  row('2.2', 'D', 'agrees on no subprotocol where $connect returns none', async () => {
    await expect(connect('main', '', { protocols: ['chat'] })).rejects.toThrow('Server sent no subprotocol');
  });

  row('2.2', 'D', 'posting from inside $connect is 410', async () => {
    const client = await connect('main', '?post=1');
    await eventOf(await idOf(client), 'CONNECT');

    expect(served.gateway.events().some((event) => event.type === 'function-log' && event.text === 'POSTED GoneException 410')).toBe(true);
    expect(client.unread).toEqual([]);
  }, 'https://repost.aws/knowledge-center/410-gone-api-gateway');

  row('2.2', 'U', 'an unknown stage is 403', async () => {
    const { status, body } = await Client.refusal(`ws://localhost:${served.gateway.port}/nowhere`);

    expect([status, body]).toEqual([403, '{"message":"Forbidden"}']);
  });

  row('2.2', 'U', 'compression is not negotiated', async () => {
    expect((await connect('main', '', { perMessageDeflate: true })).socket.extensions).toBe('');
  });

  row('2.2', 'U', 'a request that wants no WebSocket is 426', async () => {
    expect((await fetch(urlOf('main').replace('ws:', 'http:'))).status).toBe(426);
  });

  row('2.7', 'D', 'a URL of more than 4096 characters is refused', async () => {
    expect((await refused('main', `?a=${'x'.repeat(4096)}`)).status).toBe(414);
  });
});

describe('a Lambda authorizer', () => {
  const authorized = (token: string) => ({ headers: { Authorization: token } });

  row('2.3', 'D', 'is not called where its identity source is missing: 401', async () => {
    const before = served.gateway.events().length;

    expect((await refused('custom')).status).toBe(401);
    expect(served.gateway.events().slice(before).some((event) => event.type === 'function-log')).toBe(false);
  });

  row('2.3', 'U', 'needs all of its identity sources', async () => {
    expect((await refused('query', '?token=a')).status).toBe(401);
    expect((await refused('query', '', { headers: { 'X-Tenant': 't' } })).status).toBe(401);
    expect((await connect('query', '?token=a', { headers: { 'x-tenant': 't' } })).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.3', 'D', 'may have stage variables and the context as identity sources', async () => {
    expect((await connect('sources', '', { headers: { 'User-Agent': 'tests', 'Authorization': 'yes' } })).socket.readyState).toBe(WebSocket.OPEN);
    expect((await refused('sources', '', authorized('yes'))).status).toBe(401);
  });

  row('2.3', 'D', 'that denies is 403', async () => {
    expect((await refused('custom', '', authorized('deny'))).status).toBe(403);
  });

  row('2.3', 'D', 'that throws "Unauthorized" is 401', async () => {
    expect((await refused('custom', '', authorized('unauthorized'))).status).toBe(401);
  });

  row('2.3', 'D', 'that throws anything else is 500', async () => {
    expect((await refused('custom', '', authorized('broken'))).status).toBe(500);
  });

  row('2.3', 'D', 'that returns no policy is 500', async () => {
    expect((await refused('custom', '', authorized('nonsense'))).status).toBe(500);
  });

  row('2.3', 'D', 'may return text, numbers and booleans as its context, and nothing else', async () => {
    expect((await refused('custom', '', authorized('nested'))).status).toBe(500);
  });

  row('2.7', 'D', 'may return 8 KB: more is 500', async () => {
    expect((await refused('custom', '', authorized('large'))).status).toBe(500);
  });

  row('2.3', 'D', 'is given the ARN of the $connect route, headers and query', async () => {
    const client = await connect('custom', '?q=1', authorized('yes'));
    const id = await idOf(client);
    await served.gateway.settled();
    const event = JSON.parse(logsOf(id).map(({ text }) => text).find((text) => text.includes('"methodArn"'))!.slice('EVENT '.length));

    expect(event).toMatchObject({
      type: 'REQUEST',
      methodArn: `arn:aws:execute-api:eu-west-1:111111111111:${apiOf('custom').id}/custom/$connect`,
      headers: { Authorization: 'yes' },
      queryStringParameters: { q: '1' },
      requestContext: { routeKey: '$connect', eventType: 'CONNECT', connectionId: id },
    });
    expect(event).not.toHaveProperty('pathParameters');
  });

  row('2.3', 'D', 'sees the headers of the upgrade, which $connect does not', async () => {
    const id = await idOf(await connect('custom', '', authorized('yes')));
    await served.gateway.settled();
    const event = JSON.parse(logsOf(id).map(({ text }) => text).find((text) => text.includes('"methodArn"'))!.slice('EVENT '.length));

    expect(event.headers).toMatchObject({ 'Connection': 'Upgrade', 'Upgrade': 'websocket', 'content-length': '0' });
    expect(event.multiValueHeaders).toMatchObject({ 'Connection': ['Upgrade'], 'Upgrade': ['websocket'], 'content-length': ['0'] });
    expect(Object.keys((await eventOf(id, 'CONNECT')).headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(connection|upgrade|content-length)$/i)]));
  }, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html');

  row('2.3', 'D', 'gives its context, as text, and its principalId to every later event', async () => {
    const client = await connect('custom', '', authorized('yes'));
    const message = JSON.parse(await client.ask('{}')).requestContext;
    client.socket.close();
    await client.closed;
    const events = [await eventOf(message.connectionId, 'CONNECT'), { requestContext: message }, await eventOf(message.connectionId, 'DISCONNECT')];

    for (const { requestContext } of events) {
      expect(requestContext.authorizer).toEqual({ name: 'Ann', age: '42', admin: 'true', team: null, principalId: 'user-1', integrationLatency: expect.any(Number) });
    }
  }, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html');

  row('2.3', 'D', 'is called when a client connects, and not for messages', async () => {
    const client = await connect('custom', '', authorized('yes'));
    const id = await idOf(client);
    await client.ask('{}');
    await served.gateway.settled();

    expect(logsOf(id).filter(({ text }) => text.includes('"methodArn"'))).toHaveLength(1);
  });

  row('2.3', 'U', 'is called whenever a client connects: its answers are not kept', async () => {
    const ids = await Promise.all([1, 2].map(async () => idOf(await connect('custom', '', authorized('yes')))));
    await served.gateway.settled();

    for (const id of ids) { expect(logsOf(id).filter(({ text }) => text.includes('"methodArn"'))).toHaveLength(1); }
  });
});

describe('IAM authorization', () => {
  const signed = (credentials: Credentials, region = 'eu-west-1') => {
    const { host, pathname } = new URL(urlOf('iam'));
    return { headers: signRequest({ method: 'GET', path: pathname, headers: { host } }, { service: 'execute-api', region, credentials, now: Date.now() }) };
  };
  const presigned = (credentials: Credentials) => presign(urlOf('iam'), { service: 'execute-api', region: 'eu-west-1', credentials, now: Date.now() });

  row('2.3', 'D', 'lets a signed handshake in whose role may invoke $connect', async () => {
    const client = await connect('iam', '', signed(served.gateway.credentialsFor('allowed')));

    expect(JSON.parse(await client.ask('{}')).requestContext.identity).toMatchObject({ userArn: expect.stringContaining('allowed'), accountId: '111111111111' });
  });

  row('2.3', 'D', 'lets a presigned URL in, as browsers need it', async () => {
    expect((await Client.connect(presigned(served.gateway.credentialsFor('allowed')))).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.3', 'D', 'refuses a role that may not: 403', async () => {
    expect((await refused('iam', '', signed(served.gateway.credentialsFor('other')))).status).toBe(403);
    expect((await Client.refusal(presigned(served.gateway.credentialsFor('other')))).status).toBe(403);
  });

  row('2.3', 'D', 'refuses who signs with nothing, with another key, or for another region: 403', async () => {
    const credentials = served.gateway.credentialsFor('allowed');
    const wrong = [{}, signed({ ...credentials, secretAccessKey: 'wrong' }), signed(credentials, 'us-east-1'), signed({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x', sessionToken: 'y' })];

    expect(await Promise.all(wrong.map(async (options) => (await refused('iam', '', options)).status))).toEqual([403, 403, 403, 403]);
  });

  row('2.3', 'C', 'is not asked again for messages', async () => {
    const client = await connect('iam', '', signed(served.gateway.credentialsFor('allowed')));

    expect(JSON.parse(await client.ask('{}')).requestContext.routeKey).toBe('$default');
  });
});

describe('an API key', () => {
  row('2.3', 'D', 'of the usage plan of the stage opens it', async () => {
    expect((await connect('keys', '', { headers: { 'x-api-key': 'the-key-that-opens-this-stage' } })).socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.3', 'D', 'may come from the authorizer, as its usageIdentifierKey', async () => {
    expect((await connect('key-of-authorizer', '', { headers: { Authorization: 'key' } })).socket.readyState).toBe(WebSocket.OPEN);
    expect((await refused('key-of-authorizer', '', { headers: { Authorization: 'yes' } })).status).toBe(403);
  });

  row('2.3', 'U', 'that is missing or wrong is 403', async () => {
    expect((await refused('keys')).status).toBe(403);
    expect((await refused('keys', '', { headers: { 'x-api-key': 'another' } })).status).toBe(403);
  });
});

describe('the route of a message', () => {
  const routeOf = async (name: string, message: unknown) => JSON.parse(await (await connect(name)).ask(message)).requestContext?.routeKey;

  row('2.4', 'D', 'is what the expression selects, along nested paths and lists, with several variables and literals', async () => {
    expect(await routeOf('selection', { message: { action: 'join', items: [{ kind: 'room' }] } })).toBe('join-room');
  });

  row('2.4', 'D', 'is selected with nothing in place of a path that leads nowhere', async () => {
    expect(await routeOf('selection', { message: { action: 'join' } })).toBe('join-');
  });

  row('2.4', 'D', 'is $default where no key is selected', async () => {
    expect(await routeOf('selection', { message: { action: 'leave' } })).toBe('$default');
  });

  row('2.4', 'D', 'is $default for what is not JSON', async () => {
    expect(await routeOf('selection', 'plain text')).toBe('$default');
  });

  row('2.4', 'D', 'may be the same for all, by a literal', async () => {
    expect(await routeOf('literal', { anything: 1 })).toBe('always');
  });

  row('2.4', 'D', 'may be \\$default for all', async () => {
    expect(await routeOf('default-only', { action: 'x' })).toBe('$default');
  });

  row('2.4', 'D', 'is selected by a list, a boolean or a number as text', async () => {
    expect(await Promise.all([[1, 2], true, 7].map((action) => routeOf('arrays', { action })))).toEqual(['[1, 2]', 'true', '7']);
  });

  row('2.4', 'D', 'is never $connect or $disconnect', async () => {
    expect(await routeOf('main', { action: '$disconnect' })).toBe('$default');
  });

  row('2.4', 'C', 'that does not exist is answered with an error, to the byte', async () => {
    const client = await connect('bare');
    const { connectionId } = last('connect');
    const frame = await client.ask({ action: 'unknown' });

    expect(frame.replace(/"requestId":"[^"]{15}="/, '"requestId":"R"')).toBe(`{"message": "Forbidden", "connectionId":"${connectionId}", "requestId":"R"}`);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  }, 'https://github.com/aws-samples/simple-websockets-chat-app/issues/24');

  row('2.4', 'U', 'is $default, or none, for what is only nearly JSON', async () => {
    expect(await (await connect('bare')).ask('{"action":"known", body:"hello"}')).toContain('"message": "Forbidden"');
  });
});

describe('an answer', () => {
  row('2.5', 'D', 'comes where the route has a response', async () => {
    expect(await (await connect('main')).ask({ answer: 'yes' })).toBe('yes');
  }, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html');

  row('2.5', 'D', 'does not come where the route has none', async () => {
    const client = await connect('main');
    client.send({ action: 'oneWay', answer: 'never' });
    await served.gateway.settled();

    expect(await client.ask({ answer: 'after' })).toBe('after');
  });

  row('2.5', 'C', 'comes whatever its status code says', async () => {
    expect(await (await connect('main')).ask({ answer: 'all the same', status: 500 })).toBe('all the same');
  });

  row('2.5', 'C', 'to an error is a frame, to the byte, and the connection stays open', async () => {
    const client = await connect('main');
    const { connectionId } = last('connect');
    const frame = await client.ask({ throws: 'oops' });

    expect(frame.replace(/"requestId":"[^"]{15}="/, '"requestId":"R"')).toBe(`{"message": "Internal server error", "connectionId":"${connectionId}", "requestId":"R"}`);
    expect(await client.ask({ answer: 'still here' })).toBe('still here');
  });

  row('2.5', 'C', 'to an error comes on one-way routes, too', async () => {
    expect(await (await connect('main')).ask({ action: 'oneWay', throws: 'oops' })).toContain('"message": "Internal server error"');
  });

  row('2.5', 'D', 'may come before that to an earlier message: messages are handled at the same time', async () => {
    const client = await connect('main');
    const gate = join(served.folder, 'gate');
    client.send({ gate, answer: 'slow' });
    expect(await client.ask({ answer: 'fast' })).toBe('fast');
    writeFileSync(gate, 'open');

    expect(await client.next()).toBe('slow');
  }, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html');

  row('2.5', 'D', 'to a body that the model of the route refuses is "Bad request body", to the byte', async () => {
    const client = await connect('strict');
    const { connectionId } = last('connect');

    expect((await client.ask({ action: 'order' })).replace(/"messageId": "[^"]{15}="/, '"messageId": "M"'))
      .toBe(`{"message" : "Bad request body", "connectionId": "${connectionId}", "messageId": "M"}`);
    expect(JSON.parse(await client.ask({ action: 'order', item: 1 })).requestContext.routeKey).toBe('order');
  });

  row('2.5', 'U', 'to a function that ran out of time is an internal error', async () => {
    expect(await (await connect('slow')).ask({ action: 'slow', sleep: 5000 })).toContain('"message": "Internal server error"');
  });

  row('2.5', 'D', 'of another format than that of a proxy is an internal error, on one-way routes, too', async () => {
    const malformed = ['nonsense', { body: 'x' }, { statusCode: 'soon' }, { statusCode: 200, Data: 'x', ConnectionId: 'y' }, { statusCode: 200, body: { a: 1 } }, { statusCode: 200, headers: 'x' }];
    const client = await connect('main');

    for (const action of ['two-way', 'oneWay']) {
      for (const returns of malformed) { expect(await client.ask({ action, returns })).toContain('"message": "Internal server error"'); }
      expect(await client.ask({ action, nothing: true })).toContain('"message": "Internal server error"');
    }
    expect(last('answer').reason).toBe('the function returned `null`, which has no `statusCode`: return an object with `statusCode`, such as 200');
  }, 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format');

  row('2.5', 'C', 'without a body is an empty frame', async () => {
    const client = await connect('main');

    expect(await client.ask({ returns: { statusCode: 200 } })).toBe('');
    expect(await client.ask({ returns: { statusCode: 200, body: null } })).toBe('');
    expect(await client.ask({ answer: 'next' })).toBe('next');
  }, 'https://github.com/serverless/serverless/issues/6816');

  row('2.5', 'U', 'whose body is a number or a boolean is that as text', async () => {
    expect(await (await connect('main')).ask({ returns: { statusCode: '200', body: 7 } })).toBe('7');
  });

  row('2.7', 'D', 'is waited for as long as the timeout of the integration says', async () => {
    expect(await (await connect('impatient')).ask({ sleep: 5000, answer: 'late' })).toMatch(/^\{"message": "[^"]+", "connectionId":/);
  });

  row('2.5', 'U', 'that the integration did not wait for is "Endpoint request timed out"', async () => {
    expect(await (await connect('impatient')).ask({ sleep: 5000 })).toContain('"message": "Endpoint request timed out"');
  });

  row('2.7', 'D', 'has at most 128 KB, in frames of 32 KB', async () => {
    const client = await connect('main');
    const frames = new FrameLimit();
    const accepted: boolean[] = [];
    (client.socket as any)._socket.prependListener('data', (chunk: Buffer) => accepted.push(frames.accepts(chunk)));

    expect(await client.ask({ bytes: 128 * 1024 })).toHaveLength(128 * 1024);
    expect(accepted).not.toContain(false);
    expect(await client.ask({ bytes: 128 * 1024 + 1 })).toContain('"message": "Internal server error"');
  });
});

describe('a connection is closed', () => {
  row('2.6', 'D', 'with 1001 after ten minutes without a message', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    await served.gateway.advance(10 * 60_000 - 1);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    await served.gateway.advance(1);

    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect((await eventOf(id, 'DISCONNECT')).requestContext).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: 'Going away' });
  });

  row('2.6', 'D', 'later where messages come or go: each starts the ten minutes anew', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    await served.gateway.advance(9 * 60_000);
    await client.ask('{}');
    await served.gateway.advance(9 * 60_000);
    await management('main').send(new PostToConnectionCommand({ ConnectionId: id, Data: 'here' }));
    await served.gateway.advance(9 * 60_000);

    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  row('2.6', 'U', 'after ten minutes of nothing but pings, too: they are no messages', async () => {
    const client = await connect('main');
    await served.gateway.advance(9 * 60_000);
    const pong = new Promise((resolve) => client.socket.once('pong', resolve));
    client.socket.ping();
    await pong;
    await served.gateway.advance(60_000);

    expect((await client.closed).code).toBe(1001);
  });

  row('2.6', 'D', 'with 1001 after two hours, however busy', async () => {
    const client = await connect('main');
    for (let minutes = 0; minutes < 115; minutes += 5) {
      await served.gateway.advance(5 * 60_000);
      await client.ask('{}');
    }
    await served.gateway.advance(5 * 60_000);

    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
  });

  row('2.6', 'D', 'with 1003 for a binary frame', async () => {
    const client = await connect('main');
    client.socket.send(Buffer.from('{}'), { binary: true });

    expect((await client.closed).code).toBe(1003);
  });

  row('2.7', 'D', 'with 1009 for a frame of more than 32 KB', async () => {
    const client = await connect('main');
    expect(await client.ask(JSON.stringify({ answer: 'ok' }).padEnd(32 * 1024))).toBe('ok');
    client.send('x'.repeat(32 * 1024 + 1));

    expect((await client.closed).code).toBe(1009);
  });

  row('2.7', 'D', 'with 1009 for a message of more than 128 KB, in whatever frames', async () => {
    const client = await connect('main');
    const send = (frames: number) => Array.from({ length: frames }).forEach((_, index) => client.socket.send((index === 0 ? '{"answer":"ok"}' : '').padEnd(16 * 1024), { fin: index === frames - 1 }));
    send(8);
    expect(await client.next()).toBe('ok');
    send(9);

    expect((await client.closed).code).toBe(1009);
  });

  row('2.6', 'C', 'by a client without a code: $disconnect is told 1005', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.close();
    await client.closed;

    expect((await eventOf(id, 'DISCONNECT')).requestContext).toMatchObject({ disconnectStatusCode: 1005, disconnectReason: 'Client-side close frame status not set' });
  });

  row('2.6', 'D', 'by a client that goes without a word: $disconnect is told 1006', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.terminate();
    await client.closed;
    await until(() => served.gateway.connections().every(({ connectionId }) => connectionId !== id));

    expect((await eventOf(id, 'DISCONNECT')).requestContext.disconnectStatusCode).toBe(1006);
  });

  row('2.6', 'C', 'by DELETE: the client and $disconnect are told 1000', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    const { $metadata } = await management('main').send(new DeleteConnectionCommand({ ConnectionId: id }));

    expect($metadata.httpStatusCode).toBe(204);
    expect((await client.closed).code).toBe(1000);
    expect((await eventOf(id, 'DISCONNECT')).requestContext).toMatchObject({ disconnectStatusCode: 1000, disconnectReason: 'Connection Closed Normally' });
  }, 'https://github.com/boto/boto3/issues/3789');

  row('2.6', 'U', 'with 1002 for bytes that are no frame', async () => {
    const client = await connect('main');
    (client.socket as any)._socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]));

    expect((await client.closed).code).toBe(1002);
    expect(await (await connect('main')).ask({ answer: 'fine' })).toBe('fine');
  });
});

describe('@connections', () => {
  row('2.8', 'D', 'posts to a connection: 200, empty', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    const { host } = new URL(urlOf('main'));
    const path = `/dev/%40connections/${encodeURIComponent(id)}`;
    const headers = signRequest({ method: 'POST', path, headers: { host }, body: 'hello' }, { service: 'execute-api', region: 'eu-west-1', credentials: served.gateway.credentials, now: Date.now() });
    const response = await fetch(`http://${host}${path}`, { method: 'POST', body: 'hello', headers });

    expect(await client.next()).toBe('hello');
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect([...response.headers.keys()]).toEqual(expect.arrayContaining(['x-amzn-requestid', 'x-amz-apigw-id']));
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  row('2.8', 'D', 'works from a handler with the SDK over TLS, by the URL in its environment', async () => {
    const client = await connect('main');
    const answers = [await client.ask({ action: 'post', data: 'to myself' }), await client.next()];

    expect(answers.sort()).toEqual(['posted 200 ', 'to myself']);
  });

  row('2.8', 'D', 'works from a handler by domainName and stage, as AWS documents it', async () => {
    const client = await connect('main');
    const answers = [await client.ask({ action: 'post', data: 'to myself', from: 'context' }), await client.next()];

    expect(answers.sort()).toEqual(['posted 200 ', 'to myself']);
  });

  row('2.8', 'C', 'tells of a connection: 200', async () => {
    const id = await idOf(await connect('main', '', { headers: { 'User-Agent': 'tests' } }));
    const { ConnectedAt, LastActiveAt, Identity, $metadata } = await management('main').send(new GetConnectionCommand({ ConnectionId: id }));

    expect($metadata.httpStatusCode).toBe(200);
    expect([ConnectedAt, LastActiveAt].every((date) => date instanceof Date)).toBe(true);
    expect(Identity).toMatchObject({ UserAgent: 'tests' });
  });

  row('2.8', 'C', 'is 410, and empty, for a connection that is gone', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.close();
    await client.closed;
    await served.gateway.settled();

    await expect(management('main').send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }))).rejects.toMatchObject({ name: 'GoneException', $metadata: { httpStatusCode: 410 } });
  });

  row('2.8', 'C', 'is 400 for what is no connection id', async () => {
    await expect(management('main').send(new PostToConnectionCommand({ ConnectionId: 'nonsense', Data: 'x' })))
      .rejects.toMatchObject({ name: 'BadRequestException', message: 'Invalid connectionId: nonsense', $metadata: { httpStatusCode: 400 } });
  });

  row('2.7', 'D', 'takes 128 KB: more is 413', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    await management('main').send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x'.repeat(128 * 1024) }));

    expect(await client.next()).toHaveLength(128 * 1024);
    await expect(management('main').send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x'.repeat(128 * 1024 + 1) })))
      .rejects.toMatchObject({ name: 'PayloadTooLargeException', $metadata: { httpStatusCode: 413 } });
  });

  row('2.8', 'D', 'is 403 without a signature, with a wrong one, and with the keys of nobody', async () => {
    const id = await idOf(await connect('main'));
    const unsigned = await fetch(`${apiOf('main').callbackUrl.replace('https:', 'http:')}/@connections/${encodeURIComponent(id)}`, { method: 'POST', body: 'x' });
    const wrong = management('main', { ...served.gateway.credentials, secretAccessKey: 'wrong' });
    const nobody = management('main', { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x', sessionToken: 'y' });

    expect(unsigned.status).toBe(403);
    for (const client of [wrong, nobody]) {
      await expect(client.send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    }
  });

  row('2.8', 'C', 'is 403 for a signature that is more than 5 minutes off', async () => {
    const id = await idOf(await connect('main'));
    const { host } = new URL(urlOf('main'));
    const path = `/dev/%40connections/${encodeURIComponent(id)}`;
    const statusAt = async (now: number) => {
      const headers = signRequest({ method: 'GET', path, headers: { host } }, { service: 'execute-api', region: 'eu-west-1', credentials: served.gateway.credentials, now });
      return (await fetch(`http://${host}${path}`, { headers })).status;
    };

    expect([await statusAt(Date.now() - 6 * 60_000), await statusAt(Date.now() + 6 * 60_000)]).toEqual([403, 403]);
    expect([await statusAt(Date.now() - 4 * 60_000), await statusAt(Date.now() + 4 * 60_000)]).toEqual([200, 200]);
  }, 'https://github.com/aws-amplify/amplify-js/issues/2014');

  row('2.8', 'D', 'is 403 for a function whose role lacks ManageConnections', async () => {
    const answer = await (await connect('mute')).ask({ action: 'post', data: 'x' });

    expect(answer).toMatch(/^(ForbiddenException|AccessDeniedException|Forbidden\w*) 403 /);
    expect(last('connections-api')).toMatchObject({ status: 403, reason: expect.stringContaining('grantManageConnections()') });
  });

  row('2.8', 'D', 'is 403 at a stage that there is not, and 410 at another API', async () => {
    const id = await idOf(await connect('main'));

    await expect(management('bare').send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 410 } });
    const nowhere = new ApiGatewayManagementApiClient({ endpoint: `http://localhost:${served.gateway.port}/nowhere`, region: 'eu-west-1', credentials: served.gateway.credentials, maxAttempts: 1 });
    await expect(nowhere.send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  row('2.8', 'D', 'is 429 for a client that does not read what was posted before', async () => {
    const client = await connect('main');
    const id = await idOf(client);
    client.socket.pause();
    const post = () => management('main').send(new PostToConnectionCommand({ ConnectionId: id, Data: 'x'.repeat(128 * 1024) }));
    let error: any;
    for (let posts = 0; posts < 200 && !error; posts++) { await post().catch((caught) => error = caught); }

    expect(error).toMatchObject({ name: 'LimitExceededException', $metadata: { httpStatusCode: 429 } });
  });
});

describe('throttling', () => {
  row('2.9', 'D', 'lets the burst of a route through, then its rate', async () => {
    const client = await connect('throttled');
    const ask = async () => (await client.ask({ action: 'limited', answer: 'ok' })).slice(0, 31);

    expect([await ask(), await ask()]).toEqual(['ok', 'ok']);
    await served.gateway.advance(1000);
    expect(await ask()).toBe('ok');
  });

  row('2.9', 'U', 'answers a message beyond the limit with "Too Many Requests", and leaves other routes alone', async () => {
    const client = await connect('throttled');
    await served.gateway.advance(10_000);
    await client.ask({ action: 'limited', answer: 'ok' });
    await client.ask({ action: 'limited', answer: 'ok' });

    expect(await client.ask({ action: 'limited' })).toMatch(/^\{"message": "Too Many Requests", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/);
    expect(await client.ask({ action: 'other', answer: 'fine' })).toBe('fine');
  });

  row('2.9', 'C', 'refuses a handshake beyond the limit with 429', async () => {
    await connect('one-at-a-time');

    expect((await refused('one-at-a-time')).status).toBe(429);
  });
});

describe('the access log', () => {
  row('2.9', 'D', 'has a line for each event, in the format of the stage', async () => {
    const client = await connect('custom', '', { headers: { Authorization: 'yes' } });
    await client.ask({ throws: 'oops' });
    client.socket.close();
    await client.closed;
    await served.gateway.settled();
    const lines = served.gateway.events().filter((event) => event.type === 'access-log' && event.api === 'custom').slice(-3).map((event) => (event as { line: string }).line);

    expect(lines.map((line) => line.replace(/^\S{15}= /, ''))).toEqual([
      expect.stringMatching(/^CONNECT \$connect 200 (127\.0\.0\.1|::1) - user-1 -$/),
      expect.stringMatching(/^MESSAGE \$default 502 (127\.0\.0\.1|::1) Internal server error user-1 -$/),
      expect.stringMatching(/^DISCONNECT \$disconnect 200 (127\.0\.0\.1|::1) - user-1 -$/),
    ]);
  });
});

describe('a custom domain', () => {
  const at = (path: string, headers = {}) => [`ws://localhost:${served.gateway.port}${path}`, { headers }] as const;

  row('2.10', 'D', 'leads to its stage by the path of the mapping, with no stage in the URL', async () => {
    const { requestContext } = JSON.parse(await (await Client.connect(...at('/v1/', { Host: 'api.example.com' }))).ask('{}'));

    expect(requestContext).toMatchObject({ apiId: apiOf('mapped').id, stage: 'mapped' });
  });

  test('is reached without its host, too: by its name as the first part of the path', async () => {
    expect(apiOf('mapped').domainUrls).toEqual([`ws://localhost:${served.gateway.port}/api.example.com/v1/`]);
    const client = await Client.connect(apiOf('mapped').domainUrls[0]);

    expect(JSON.parse(await client.ask('{}')).requestContext.domainName).toBe('api.example.com');
  });

  row('2.10', 'U', 'does not find its mapping without the last slash', async () => {
    expect((await Client.refusal(...at('/v1', { Host: 'api.example.com' }))).status).toBe(404);
  });

  row('2.10', 'D', 'does not lead to what is not mapped', async () => {
    expect((await Client.refusal(...at('/mapped/', { Host: 'api.example.com' }))).status).toBe(404);
    expect((await Client.refusal(...at('/v1/', { Host: 'other.example.com' }))).status).toBe(403);
  });

  row('2.10', 'D', 'may be the only way in: disableExecuteApiEndpoint closes the other', async () => {
    expect((await refused('hidden')).status).toBe(403);
  });
});

test('the host of the API, as AWS names it, leads to it', async () => {
  const { id } = apiOf('main');
  const client = await Client.connect(`ws://localhost:${served.gateway.port}/dev`, { headers: { Host: `${id}.execute-api.eu-west-1.amazonaws.com` } });

  expect(JSON.parse(await client.ask('{}')).requestContext.apiId).toBe(id);
});

test('with TLS, it is the same port', async () => {
  const client = await Client.connect(apiOf('main').secureUrl, { ca: served.gateway.ca });

  expect(await client.ask({ answer: 'secret' })).toBe('secret');
});

test('what speaks neither HTTP nor TLS is hung up on', async () => {
  const socket = connectTcp(served.gateway.port, '127.0.0.1');
  socket.write('nonsense\r\n\r\n');

  await new Promise((resolve) => socket.on('close', resolve).resume());
  expect(await (await connect('main')).ask({ answer: 'fine' })).toBe('fine');
});
