import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { ApiKeys, CustomDomain, Dns, Route, WebSocketApi } from '../../src';

// API keys, and an API that is at its domain alone.

const POST = `const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require('@aws-sdk/client-apigatewaymanagementapi');
exports.main = async ({ requestContext: { connectionId } }) => {
  const client = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_CALLBACK_URL });
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: process.env.WEBSOCKET_CALLBACK_URL }));
  return { statusCode: 200 };
};`;

let served: ServedApp;

beforeAll(async () => {
  served = await serveApp({ 'post.js': POST }, (stack) => {
    new WebSocketApi(stack, 'Keys', { routes: { $connect: Route.toMock(), ping: Route.toMock() }, apiKeys: ApiKeys.create({ names: ['partner'] }) });
    new WebSocketApi(stack, 'Alone', {
      routes: { $default: Route.toHandler('post.main') },
      customDomain: CustomDomain.fromName('api.domain.com', {
        dns: Dns.external(), certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/0'), path: 'v1',
      }),
      disableExecuteApiEndpoint: true,
    });
  });
});
afterAll(() => served?.close());

const urlOf = (name: string) => served.gateway.apis.find((api) => api.name.includes(name))!.url;

describe('an API with keys', () => {
  test('lets in nobody without one', async () => {
    expect((await Client.refusal(urlOf('Keys'))).status).toBe(403);
    expect((await Client.refusal(urlOf('Keys'), { headers: { 'x-api-key': 'guessed' } })).status).toBe(403);
  });

  test('lets in whoever sends one', async () => {
    const warning = served.gateway.events().find((event) => event.type === 'warning' && event.text.includes('API key')) as { text: string };
    const [, key] = /here it is `(\w+)`/.exec(warning.text)!;
    const client = await Client.connect(urlOf('Keys'), { headers: { 'x-api-key': key } });

    expect(await client.ask({ action: 'ping' })).toBe('{"type":"pong"}');
  });
});

describe('an API at its domain alone', () => {
  test('takes connections and posts of its functions at the domain', async () => {
    const client = await Client.connect(`ws://localhost:${served.gateway.port}/api.domain.com/v1/`);

    expect(await client.ask('hello')).toBe(`https://localhost:${served.gateway.port}/api.domain.com/v1`);
  });

  test('refuses its own address', async () => {
    const { id, stage } = served.gateway.apis.find(({ name }) => name.includes('Alone'))!;

    expect((await Client.refusal(`ws://localhost:${served.gateway.port}/${id}/${stage}`)).status).toBe(403);
  });
});
