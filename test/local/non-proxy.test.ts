import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import { Stack } from 'aws-cdk-lib';
import { CfnApi, CfnDeployment, CfnIntegration, CfnIntegrationResponse, CfnRoute, CfnRouteResponse, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Client } from './client';
import { row } from './contract-row';
import { ServedApp, serveApp } from './served-app';

// Integrations without a Lambda proxy, in an API of plain CloudFormation resources, as part of the contract.

let served: ServedApp;
let backend: Server;
const received: Array<{ method?: string; url?: string; headers: { [name: string]: unknown }; body: string }> = [];

beforeAll(async () => {
  backend = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) { body += chunk; }
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(request.url!.includes('teapot') ? 418 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ said: body, MessageId: 'm' }));
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const origin = `http://127.0.0.1:${(backend.address() as { port: number }).port}`;
  served = await serveApp({}, (stack) => define(stack, origin), { env: { AWS_ENDPOINT_URL_SQS: origin } });
});
afterAll(async () => {
  await served?.close();
  backend.close();
});

function define(stack: Stack, origin: string) {
  const { ref: apiId } = new CfnApi(stack, 'Api', { name: 'plain', protocolType: 'WEBSOCKET', routeSelectionExpression: '$request.body.action' });
  const deployment = new CfnDeployment(stack, 'Deployment', { apiId });
  new CfnStage(stack, 'Stage', { apiId, stageName: 'dev', deploymentId: deployment.ref, stageVariables: { path: 'there', role: 'powerless' } });
  const route = (
    routeKey: string,
    integration: object,
    responses: { [key: string]: { [template: string]: string } } = {},
    templateSelectionExpression?: string,
  ) => {
    const id = routeKey.replace(/\W/g, 'X');
    const { ref } = new CfnIntegration(stack, `Integration${id}`, { apiId, ...integration } as any);
    const { ref: routeId } = new CfnRoute(stack, `Route${id}`, { apiId, routeKey, target: `integrations/${ref}`, routeResponseSelectionExpression: '$default' });
    if (routeKey !== '$connect') { new CfnRouteResponse(stack, `RouteResponse${id}`, { apiId, routeId, routeResponseKey: '$default' }); }
    Object.entries(responses).forEach(([integrationResponseKey, responseTemplates], index) => new CfnIntegrationResponse(stack, `Response${id}${index}`, {
      apiId, integrationId: ref, integrationResponseKey, responseTemplates, templateSelectionExpression,
    }));
  };
  const ok = { integrationType: 'MOCK', requestTemplates: { $default: '{"statusCode": 200}' }, templateSelectionExpression: '\\$default' };
  route('$connect', ok);
  route('ping', ok, { $default: { $default: '{"pong": "$context.connectionId", "to": "$stageVariables.path"}' } }, '\\$default');
  route('http', {
    integrationType: 'HTTP',
    integrationMethod: 'POST',
    integrationUri: `${origin}/\${stageVariables.path}`,
    requestParameters: { 'integration.request.header.X-Connection': 'context.connectionId', 'integration.request.querystring.kind': '\'fixed\'' },
    requestTemplates: { $default: '{"text": "$input.path(\'$.text\')"}' },
    templateSelectionExpression: '\\$default',
  },
  { '/2\\d\\d/': { $default: 'fine: $input.path(\'$.said\')' }, '$default': { $default: 'other' } }, '\\$default');
  route('teapot', { integrationType: 'HTTP', integrationMethod: 'GET', integrationUri: `${origin}/teapot` }, { '/2\\d\\d/': { $default: 'fine' }, '$default': { $default: 'other' } }, '\\$default');
  route('strict', { ...ok, requestTemplates: { other: '{"statusCode": 200}' }, templateSelectionExpression: 'none', passthroughBehavior: 'NEVER' });
  route('proxy', { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: `${origin}/proxy` });
  route('nowhere', { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: 'http://127.0.0.1:1/' });
  const queue = new Queue(stack, 'Queue');
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
  queue.grantSendMessages(role);
  const send = (credentialsArn: string) => ({
    integrationType: 'AWS',
    integrationMethod: 'POST',
    credentialsArn,
    integrationUri: `arn:aws:apigateway:eu-west-1:sqs:path/111111111111/${queue.queueName}`,
    requestParameters: { 'integration.request.header.Content-Type': '\'application/x-www-form-urlencoded\'' },
    requestTemplates: { $default: 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' },
    templateSelectionExpression: '\\$default',
    passthroughBehavior: 'NEVER',
  });
  route('queue', send(role.roleArn), { $default: { $default: 'queued' } }, '\\$default');
  route('forbidden', send(new Role(stack, 'Powerless', { roleName: 'powerless', assumedBy: new ServicePrincipal('apigateway.amazonaws.com') }).roleArn), { $default: { $default: 'queued' } }, '\\$default');
  route('variable', send('arn:aws:iam::111111111111:role/${stageVariables.role}'), { $default: { $default: 'queued' } }, '\\$default');
  const regional = new Role(stack, 'Regional', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
  regional.addToPolicy(new PolicyStatement({ actions: ['sqs:*'], resources: ['*'] }));
  regional.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['*'], resources: ['*'], conditions: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }));
  route('regional', send(regional.roleArn), { $default: { $default: 'queued' } }, '\\$default');
  const fn = new Function(stack, 'Function', { code: Code.fromInline('exports.main = async () => "called"'), handler: 'index.main', runtime: Runtime.NODEJS_24_X });
  const integrationUri = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${fn.functionArn}/invocations`;
  route('unpermitted', { integrationType: 'AWS', integrationMethod: 'POST', integrationUri });
  route('topic', { integrationType: 'AWS', integrationMethod: 'POST', credentialsArn: role.roleArn, integrationUri: 'arn:aws:apigateway:eu-west-1:sns:action/Publish' });
}

const ask = async (message: object) => (await Client.connect(served.gateway.url)).ask(message);
const lastError = () => served.gateway.events().filter((event) => event.type === 'answer').at(-1)!.reason;

describe('without a Lambda proxy', () => {
  row('2.5', 'D', 'MOCK answers by its templates, with $context and $stageVariables', async () => {
    const { pong, to } = JSON.parse(await ask({ action: 'ping' }));

    expect([pong, to]).toEqual([served.gateway.events().filter((event) => event.type === 'connect').at(-1)!.connectionId, 'there']);
  });

  row('2.5', 'D', 'HTTP gets what the request template and the parameters make of a message, stage variables in its URI', async () => {
    expect(await ask({ action: 'http', text: 'hello' })).toBe('fine: {"text": "hello"}');
    expect(received.at(-1)).toMatchObject({ method: 'POST', url: '/there?kind=fixed', headers: { 'x-connection': expect.stringMatching(/=$/) }, body: '{"text": "hello"}' });
  });

  row('2.5', 'D', 'the integration response is chosen by the status', async () => {
    expect(await ask({ action: 'teapot' })).toBe('other');
  });

  row('2.5', 'D', 'HTTP_PROXY passes message and answer on as they are', async () => {
    expect(JSON.parse(await ask({ action: 'proxy', text: 1 }))).toMatchObject({ said: '{"action":"proxy","text":1}' });
  });

  row('2.5', 'U', 'what PassthroughBehavior lets not pass is "Unsupported Media Type", and 415 in the access log', async () => {
    expect(await ask({ action: 'strict' })).toMatch(/^\{"message": "Unsupported Media Type", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/);
    expect(served.gateway.events().filter((event) => event.type === 'answer').at(-1)).toMatchObject({ status: 415, reason: expect.stringContaining('`NEVER` does not let a message pass') });
  });

  row('2.5', 'U', 'a backend that is not there is an internal error', async () => {
    expect(await ask({ action: 'nowhere' })).toContain('"message": "Internal server error"');
  });

  row('2.5', 'D', 'an AWS service is called with what the template makes, signed, at the endpoint that AWS_ENDPOINT_URL names', async () => {
    expect(await ask({ action: 'queue', text: 'a b' })).toBe('queued');
    expect(received.at(-1)).toMatchObject({
      method: 'POST',
      url: expect.stringMatching(/^\/111111111111\//),
      headers: { authorization: expect.stringContaining('/eu-west-1/sqs/aws4_request') },
      body: 'Action=SendMessage&MessageBody=%7B%22action%22%3A%22queue%22%2C%22text%22%3A%22a+b%22%7D',
    });
  });

  row('2.5', 'D', 'an AWS service is not called where the role of the integration may not', async () => {
    expect(await ask({ action: 'forbidden' })).not.toBe('queued');
    expect(lastError()).toMatch(/sqs:SendMessage/);
  });

  row('2.9', 'D', 'an AWS service is called with the role that a stage variable names', async () => {
    expect(await ask({ action: 'variable' })).not.toBe('queued');
    expect(lastError()).toContain('the role `arn:aws:iam::111111111111:role/powerless` may not `sqs:SendMessage`');
  });

  test('the conditions of policies are asked with what the request is', async () => {
    expect(await ask({ action: 'regional' })).toBe('queued');
  });

  row('2.5', 'D', 'a function is not called that API Gateway may not invoke', async () => {
    expect(await ask({ action: 'unpermitted' })).toContain('"message": "Internal server error"');
    expect(lastError()).toMatch(/^API Gateway may not invoke `Stack\/Function`/);
  });

  row('2.5', 'U', 'an AWS service for which no endpoint is named is refused, and never called', async () => {
    expect(await ask({ action: 'topic' })).toContain('"message": "Internal server error"');
    expect(lastError()).toContain('AWS_ENDPOINT_URL_SNS');
  });
});
