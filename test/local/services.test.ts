import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { ServiceStandIn } from './service-stand-in';
import { until } from './until';
import { Authorization, HandshakeValue, Route, WebSocketApi } from '../../src';

// Routes to services, from the client to what stands for the service and back.

const ERROR_FRAME = /^\{"message": "Internal server error", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/;

/** What is nasty in each place that it may get to. */
const NASTY = '"\',\\"}&MessageGroupId=x #set($x = 1) $context.apiId \\\' %22 \u2028 \u0000 </script> 😀';

const AUTHORIZE = `exports.main = async ({ methodArn, queryStringParameters: { tenant } }) => ({
  principalId: 'anna',
  policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: methodArn }] },
  context: { tenant, level: 5 },
});`;

let served: ServedApp;
let standIn: ServiceStandIn;
let answer: (body: string) => { readonly status?: number; readonly body: unknown };

beforeEach(() => { answer = () => ({ body: { MessageId: 'm' } }); });

beforeAll(async () => {
  standIn = await ServiceStandIn.start(({ body }) => answer(body));
  served = await serveApp({ 'authorize.js': AUTHORIZE }, (stack) => {
    const queue = new Queue(stack, 'Queue');
    const fifo = new Queue(stack, 'Fifo', { fifo: true });
    new WebSocketApi(stack, 'Api', {
      routes: {
        $connect: Route.toMock(),
        ping: Route.toMock(),
        who: Route.toMock({ responseTemplate: '{"you":"$context.connectionId"}' }),
        literal: Route.toMock({ response: '$context.apiId #set($x = 1) \\$x \\#' }),
        mute: Route.toMock({ returnResponse: false }),
        queue: Route.toQueue(queue, { returnResponse: true, authorizerKeys: ['tenant', 'level', 'absent'] }),
        oneWay: Route.toQueue(queue),
        fifo: Route.toQueue(fifo, { returnResponse: true }),
        own: Route.toQueue(queue, { requestTemplate: 'Action=SendMessage&MessageBody=$util.urlEncode($input.path("$.text"))' }),
      },
      authorization: Authorization.fromHandler('authorize.main', { identitySource: [HandshakeValue.queryString('tenant')] }),
    });
  }, {
    env: Object.fromEntries(['SQS', 'SNS', 'EVENTBRIDGE', 'SFN', 'KINESIS'].map((service) => [`AWS_ENDPOINT_URL_${service}`, standIn.origin])),
  });
  for (const role of ['Queue', 'Fifo']) { standIn.trust(served.gateway.credentialsFor(`Stack/Api/Role ${role}`)); }
});
afterAll(async () => {
  await served?.close();
  standIn.close();
});

const connect = (tenant = 'zoo', headers = {}) => Client.connect(`${served.gateway.url}?tenant=${encodeURIComponent(tenant)}`, { headers });
const form = () => Object.fromEntries(new URLSearchParams(standIn.last.body));

describe('Route.toMock', () => {
  test('answers a ping without a function and without `returnResponse`', async () => {
    expect(await (await connect()).ask({ action: 'ping' })).toBe('{"type":"pong"}');
  });

  test('answers by a template', async () => {
    expect(JSON.parse(await (await connect()).ask({ action: 'who' }))).toEqual({ you: served.gateway.connections().at(-1)!.connectionId });
  });

  test('answers a text to the letter, though Velocity would read it', async () => {
    expect(await (await connect()).ask({ action: 'literal' })).toBe('$context.apiId #set($x = 1) \\$x \\#');
  });

  test('answers nothing where `returnResponse` is false', async () => {
    const client = await connect();
    client.send({ action: 'mute' });

    expect(await client.ask({ action: 'ping' })).toBe('{"type":"pong"}');
  });
});

describe('Route.toQueue', () => {
  test('sends what a Lambda event has, signed by a role of its own, and answers what SQS answers', async () => {
    const client = await connect('zoo', { 'user-agent': 'browser' });
    const { connectionId } = served.gateway.connections().at(-1)!;

    expect(JSON.parse(await client.ask({ action: 'queue', text: 'hello' }))).toEqual({ MessageId: 'm' });
    const { MessageBody, ...rest } = form();
    expect(standIn.last).toMatchObject({ method: 'POST', url: expect.stringMatching(/^\/111111111111\/[\w-]+$/), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(rest).toEqual({ Action: 'SendMessage', Version: '2012-11-05' });
    expect(JSON.parse(MessageBody)).toEqual({
      requestContext: {
        messageId: expect.stringMatching(/=$/),
        routeKey: 'queue',
        eventType: 'MESSAGE',
        stage: 'dev',
        connectedAt: expect.any(Number),
        requestTimeEpoch: expect.any(Number),
        requestId: expect.stringMatching(/=$/),
        domainName: `${served.gateway.apis[0].id}.execute-api.eu-west-1.amazonaws.com`,
        connectionId,
        apiId: served.gateway.apis[0].id,
        identity: { sourceIp: '127.0.0.1', userAgent: 'browser' },
        authorizer: { tenant: 'zoo', level: '5', absent: '' },
      },
      body: '{"action":"queue","text":"hello"}',
    });
  });

  test('sends nasty text in messages, headers and claims as text', async () => {
    const client = await connect(NASTY, { 'user-agent': '"},\'\\ $context.apiId #set($x) %22 &Action=Delete' });
    const message = JSON.stringify({ action: 'queue', text: NASTY });
    await client.ask(message);
    const { MessageBody, ...rest } = form();
    const { requestContext, body } = JSON.parse(MessageBody);

    expect(rest).toEqual({ Action: 'SendMessage', Version: '2012-11-05' });
    expect({ body, tenant: requestContext.authorizer.tenant, userAgent: requestContext.identity.userAgent })
      .toEqual({ body: message, tenant: NASTY, userAgent: '"},\'\\ $context.apiId #set($x) %22 &Action=Delete' });
  });

  test('answers an error of SQS with the error frame', async () => {
    answer = () => ({ status: 400, body: { Error: 'secret' } });

    expect(await (await connect()).ask({ action: 'queue' })).toMatch(ERROR_FRAME);
  });

  test('answers nothing without `returnResponse`', async () => {
    const client = await connect();
    client.send({ action: 'oneWay' });

    expect(await client.ask({ action: 'ping' })).toBe('{"type":"pong"}');
  });

  test('sends what a template of your own makes', async () => {
    const client = await connect();
    client.send({ action: 'own', text: 'a b' });
    await until(() => standIn.received.some(({ body }) => body === 'Action=SendMessage&MessageBody=a+b'));
  });

  test('keeps the order of each of 50 clients in a FIFO queue, and takes equal messages for two', async () => {
    const rounds = [0, 1, 2, 2, 3];
    const before = standIn.received.length;
    await Promise.all(Array.from({ length: 50 }, async () => {
      const client = await connect();
      for (const round of rounds) { await client.ask({ action: 'fifo', round }); }
    }));
    const sent = standIn.received.slice(before).map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    const groups = new Set(sent.map(({ MessageGroupId }) => MessageGroupId));

    expect(groups.size).toBe(50);
    expect(new Set(sent.map(({ MessageDeduplicationId }) => MessageDeduplicationId)).size).toBe(sent.length);
    for (const group of groups) {
      const events = sent.filter(({ MessageGroupId }) => MessageGroupId === group).map(({ MessageBody }) => JSON.parse(MessageBody));
      expect(events.map(({ body }) => JSON.parse(body).round)).toEqual(rounds);
      expect(events.map(({ requestContext }) => requestContext.connectionId)).toEqual(rounds.map(() => group));
    }
  });
});
