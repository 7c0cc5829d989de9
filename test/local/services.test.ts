import { Duration, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { Answer, ServiceStandIn } from './service-stand-in';
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
let answer: (body: string) => Answer | Promise<Answer>;

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
        topic: Route.toTopic(new Topic(stack, 'Topic', { fifo: true }), { returnResponse: true }),
        eventBus: Route.toEventBus(new EventBus(stack, 'EventBus'), { returnResponse: true, source: 'chat "$5" #1', authorizerKeys: ['tenant'] }),
        express: Route.toStateMachine(stateMachine(stack, 'Express', StateMachineType.EXPRESS), { returnResponse: true }),
        impatient: Route.toStateMachine(stateMachine(stack, 'Impatient', StateMachineType.EXPRESS), { returnResponse: true, timeout: Duration.millis(200) }),
        standard: Route.toStateMachine(stateMachine(stack, 'Standard', StateMachineType.STANDARD)),
        stream: Route.toStream(new Stream(stack, 'Stream'), { returnResponse: true }),
        http: Route.toHttp(`${standIn.origin}/http/rooms/{room}`, {
          method: HttpMethod.PUT,
          requestParameters: {
            'integration.request.path.room': 'route.request.body.room',
            'integration.request.header.X-Connection': 'context.connectionId',
            'integration.request.querystring.kind': "'chat'",
          },
          returnResponse: true,
        }),
        proxy: Route.toHttp(`${standIn.origin}/http/proxy`, { proxy: true, returnResponse: true }),
        own: Route.toQueue(queue, { requestTemplate: 'Action=SendMessage&MessageBody=$util.urlEncode($input.path("$.text"))' }),
      },
      authorization: Authorization.fromHandler('authorize.main', { identitySource: [HandshakeValue.queryString('tenant')] }),
    });
  }, {
    env: Object.fromEntries(['SQS', 'SNS', 'EVENTBRIDGE', 'SFN', 'KINESIS'].map((service) => [`AWS_ENDPOINT_URL_${service}`, standIn.origin])),
  });
  for (const role of ['Queue', 'Fifo', 'Topic', 'EventBus', 'Express', 'Impatient', 'Standard', 'Stream']) { standIn.trust(served.gateway.credentialsFor(`Stack/Api/Role ${role}`)); }
});
afterAll(async () => {
  await served?.close();
  standIn.close();
});

function stateMachine(stack: Stack, id: string, stateMachineType: StateMachineType) {
  return new StateMachine(stack, id, { stateMachineType, definitionBody: DefinitionBody.fromChainable(new Pass(stack, `${id}Pass`)) });
}

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

describe('Route.toTopic', () => {
  test('publishes to the topic, in a group of the connection if it is a FIFO topic', async () => {
    const client = await connect();
    await client.ask({ action: 'topic', text: NASTY });
    const { Message, MessageDeduplicationId, ...rest } = form();
    const { requestContext: { connectionId, requestId }, body } = JSON.parse(Message);

    expect(rest).toEqual({ Action: 'Publish', Version: '2010-03-31', TopicArn: expect.stringMatching(/^arn:aws:sns:eu-west-1:111111111111:/), MessageGroupId: connectionId });
    expect(MessageDeduplicationId).toBe(requestId);
    expect(JSON.parse(body).text).toBe(NASTY);
  });
});

describe('Route.toEventBus', () => {
  const entry = () => JSON.parse(standIn.last.body).Entries[0];

  test('puts an event whose detail has the fields of a Lambda event', async () => {
    answer = () => ({ body: { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] } });
    const message = JSON.stringify({ action: 'eventBus', text: NASTY });

    expect(JSON.parse(await (await connect(NASTY)).ask(message))).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
    expect(standIn.last.headers).toMatchObject({ 'x-amz-target': 'AWSEvents.PutEvents', 'content-type': 'application/x-amz-json-1.1' });
    expect(entry()).toEqual({
      EventBusName: expect.stringMatching(/^arn:aws:events:eu-west-1:111111111111:event-bus\//), Source: 'chat "$5" #1', DetailType: 'eventBus', Detail: expect.any(String),
    });
    expect(JSON.parse(entry().Detail)).toMatchObject({ requestContext: { authorizer: { tenant: NASTY } }, body: message });
  });

  test('answers the error frame for an event that the bus did not take', async () => {
    answer = () => ({ body: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] } });

    expect(await (await connect()).ask({ action: 'eventBus' })).toMatch(ERROR_FRAME);
  });
});

describe('Route.toStateMachine', () => {
  const input = () => JSON.parse(JSON.parse(standIn.last.body).input);

  test('answers with the output of an express execution', async () => {
    answer = (body) => ({ body: { status: 'SUCCEEDED', output: JSON.stringify({ said: JSON.parse(JSON.parse(JSON.parse(body).input).body).text }) } });

    expect(JSON.parse(await (await connect()).ask({ action: 'express', text: NASTY }))).toEqual({ said: NASTY });
    expect(standIn.last.headers['x-amz-target']).toBe('AWSStepFunctions.StartSyncExecution');
    expect(JSON.parse(standIn.last.body).stateMachineArn).toMatch(/^arn:aws:states:eu-west-1:111111111111:stateMachine:/);
  });

  test.each(['FAILED', 'TIMED_OUT'])('answers the error frame, and nothing of the cause, for an execution that is %s', async (status) => {
    answer = () => ({ body: { status, error: 'Secret', cause: 'secret', output: 'secret' } });

    expect(await (await connect()).ask({ action: 'express' })).toMatch(ERROR_FRAME);
  });

  test('answers what API Gateway answers if the execution takes longer than the route waits', async () => {
    let end = () => {};
    answer = () => new Promise((resolve) => { end = () => resolve({ body: {} }); });

    expect(await (await connect()).ask({ action: 'impatient' })).toContain('"message": "Endpoint request timed out"');
    end();
  });

  test('starts an execution of a standard one, and waits for nothing', async () => {
    const client = await connect();
    client.send({ action: 'standard', text: NASTY });
    await until(() => standIn.last.headers['x-amz-target'] === 'AWSStepFunctions.StartExecution');

    expect(JSON.parse(input().body).text).toBe(NASTY);
    expect(input().requestContext.routeKey).toBe('standard');
  });
});

describe('Route.toStream', () => {
  test('puts a record of the connection', async () => {
    await (await connect()).ask({ action: 'stream', text: NASTY });
    const { StreamARN, PartitionKey, Data } = JSON.parse(standIn.last.body);
    const { requestContext, body } = JSON.parse(Buffer.from(Data, 'base64').toString());

    expect(StreamARN).toMatch(/^arn:aws:kinesis:eu-west-1:111111111111:stream\//);
    expect(PartitionKey).toBe(requestContext.connectionId);
    expect(JSON.parse(body).text).toBe(NASTY);
    expect(standIn.last.headers['x-amz-target']).toBe('Kinesis_20131202.PutRecord');
  });
});

describe('Route.toHttp', () => {
  test('sends the event, with parameters of the message, and answers what the endpoint answers', async () => {
    answer = () => ({ body: 'welcome' });

    expect(await (await connect()).ask({ action: 'http', room: 'a/../b c', text: NASTY })).toBe('welcome');
    const { requestContext, body } = JSON.parse(standIn.last.body);
    expect(standIn.last).toMatchObject({
      method: 'PUT', url: '/http/rooms/a%2F..%2Fb%20c?kind=chat', headers: { 'x-connection': requestContext.connectionId, 'content-type': 'application/json' },
    });
    expect(standIn.last.headers.authorization).toBeUndefined();
    expect(JSON.parse(body).text).toBe(NASTY);
  });

  test.each([400, 404, 500, 503])('answers the error frame for %i', async (status) => {
    answer = () => ({ status, body: 'secret' });

    expect(await (await connect()).ask({ action: 'http', room: 'a' })).toMatch(ERROR_FRAME);
  });

  test('passes message and answer on as they are if it is a proxy, whatever the status', async () => {
    answer = (body) => ({ status: 404, body: `no: ${body}` });
    const message = JSON.stringify({ action: 'proxy', text: NASTY });

    expect(await (await connect()).ask(message)).toBe(`no: ${message}`);
    expect(standIn.last).toMatchObject({ method: 'POST', body: message });
  });
});
