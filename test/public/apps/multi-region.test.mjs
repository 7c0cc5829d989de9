import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { App, Client, Route, serve, Stack, WebSocketApi } from '../served.mjs';

const { Topic } = createRequire(import.meta.url)('aws-cdk-lib/aws-sns');

// The shape of multi-Region chats: one stack for each Region, each with the same API. A message goes to the connections of its own Region
// through the API, and to the others through what the Regions share: here, the ARN of the topic in the environment.
const HANDLER = `
  import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi';

  const api = new ApiGatewayManagementApi({ endpoint: process.env.WEBSOCKET_CALLBACK_URL });
  export const main = async ({ requestContext: { connectionId } }) => {
    const { AWS_REGION, OTHER_TOPIC } = process.env;
    await api.postToConnection({ ConnectionId: connectionId, Data: AWS_REGION + ' -> ' + OTHER_TOPIC.split(':')[3] });
    return { statusCode: 200 };
  };
`;

test('an API in two Regions is served in both, each with its own name and environment', async (t) => {
  const gateway = await serve(t, { 'say.mjs': HANDLER }, (_, app) => {
    assert.ok(app instanceof App);
    const account = '111111111111';
    const stacks = ['eu-west-1', 'us-east-1'].map((region) => new Stack(app, `Chat-${region}`, { env: { account, region }, crossRegionReferences: true }));
    const [here, there] = stacks;
    stacks.forEach((stack) => new Topic(stack, 'Topic', { topicName: `chat-${stack.region}` }));
    // Each knows the other by its name: a reference in both directions would be a cycle.
    [[here, there], [there, here]].forEach(([stack, other]) => new WebSocketApi(stack, 'Api', {
      routes: { $default: Route.toHandler('say.main', { environment: { OTHER_TOPIC: `arn:aws:sns:${other.region}:${account}:chat-${other.region}` } }) },
    }));
  });
  const answers = await Promise.all(gateway.apis.map(async ({ url }) => (await Client.connect(t, url)).ask('hello')));

  assert.deepEqual(answers.sort(), ['eu-west-1 -> us-east-1', 'us-east-1 -> eu-west-1']);
  assert.equal(new Set(gateway.apis.map(({ url }) => url)).size, 2);
});
