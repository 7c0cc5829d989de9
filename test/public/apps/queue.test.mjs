import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { Client, serve, Stack } from '../served.mjs';

const require = createRequire(import.meta.url);
const { PassthroughBehavior, WebSocketApi, WebSocketStage } = require('aws-cdk-lib/aws-apigatewayv2');
const { WebSocketAwsIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { Role, ServicePrincipal } = require('aws-cdk-lib/aws-iam');
const { Queue } = require('aws-cdk-lib/aws-sqs');

test('messages go to a queue by an integration, as Solutions Constructs has it, in the form that SQS takes', async (t) => {
  const received = [];
  const sqs = createServer(async (request, response) => {
    received.push(new URLSearchParams(await text(request)));
    response.setHeader('content-type', 'text/xml').end('<SendMessageResponse/>');
  }).listen(0, '127.0.0.1');
  t.after(() => sqs.close());
  await once(sqs, 'listening');
  const gateway = await serve(t, {}, (stack) => {
    const queue = new Queue(stack, 'Queue', { fifo: true });
    const credentialsRole = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    queue.grantSendMessages(credentialsRole);
    const webSocketApi = new WebSocketApi(stack, 'Api');
    const integration = new WebSocketAwsIntegration('Queue', {
      integrationUri: `arn:${Stack.of(stack).partition}:apigateway:${stack.region}:sqs:path/${stack.account}/${queue.queueName}`,
      integrationMethod: 'POST',
      credentialsRole,
      passthroughBehavior: PassthroughBehavior.NEVER,
      templateSelectionExpression: '\\$default',
      requestTemplates: {
        $default: 'Action=SendMessage&MessageGroupId=$input.path(\'$.group\')&MessageDeduplicationId=$context.requestId&MessageAttribute.1.Name=connectionId'
          + '&MessageAttribute.1.Value.StringValue=$context.connectionId&MessageAttribute.1.Value.DataType=String&MessageBody=$util.urlEncode($input.json(\'$\'))',
      },
      requestParameters: { 'integration.request.header.Content-Type': '\'application/x-www-form-urlencoded\'' },
    });
    webSocketApi.addRoute('say', { integration });
    new WebSocketStage(stack, 'Stage', { webSocketApi, stageName: 'dev', autoDeploy: true });
  }, { env: { AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${sqs.address().port}` } });
  const client = await Client.connect(t, gateway.url);
  const [{ connectionId }] = gateway.connections();
  client.send({ action: 'say', group: 'room', text: 'a & b' });
  while (received.length === 0) { await once(sqs, 'request'); await new Promise((done) => setImmediate(done)); }

  const [form] = received;
  assert.deepEqual([form.get('Action'), form.get('MessageGroupId'), form.get('MessageAttribute.1.Value.StringValue')], ['SendMessage', 'room', connectionId]);
  assert.deepEqual(JSON.parse(form.get('MessageBody')), { action: 'say', group: 'room', text: 'a & b' });
});
