import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, serve } from '../served.mjs';

const require = createRequire(import.meta.url);
const { CfnRouteResponse, WebSocketApi, WebSocketStage } = require('aws-cdk-lib/aws-apigatewayv2');
const { WebSocketLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda');

// The shape of chats with a model: the handler posts parts of the answer as it makes them, the route response says that the work is
// accepted, and the route leads to an alias of a published version.
const HANDLER = `
  const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi');

  exports.main = async ({ body, requestContext: { domainName, stage, connectionId } }, { invokedFunctionArn }) => {
    const api = new ApiGatewayManagementApi({ endpoint: \`https://\${domainName}/\${stage}\` });
    for (const part of JSON.parse(body).prompt.split(' ')) { await api.postToConnection({ ConnectionId: connectionId, Data: part }); }
    return { statusCode: 200, body: 'done by ' + invokedFunctionArn.split(':').slice(7).join(':') };
  };
`;

test('a chat with a model streams by posts, and answers by the route response of an alias', async (t) => {
  const { url } = await serve(t, { 'code/index.js': HANDLER }, (stack, _, folder) => {
    const fn = new Function(stack, 'Chat', { runtime: Runtime.NODEJS_24_X, handler: 'index.main', code: Code.fromAsset(join(folder, 'code')) });
    const webSocketApi = new WebSocketApi(stack, 'Api');
    const route = webSocketApi.addRoute('chat', { integration: new WebSocketLambdaIntegration('Chat', fn.addAlias('live')), returnResponse: true });
    assert.ok(route.node.findAll().some((one) => one instanceof CfnRouteResponse));
    webSocketApi.grantManageConnections(fn);
    new WebSocketStage(stack, 'Stage', { webSocketApi, stageName: 'prod', autoDeploy: true });
  });
  const client = await Client.connect(t, url);
  client.send({ action: 'chat', prompt: 'once upon a time' });

  assert.deepEqual([await client.next(), await client.next(), await client.next(), await client.next()], ['once', 'upon', 'a', 'time']);
  assert.equal(await client.next(), 'done by live');
});
