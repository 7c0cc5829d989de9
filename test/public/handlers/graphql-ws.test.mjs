import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { needs } from '../programs.mjs';
import { Route, serve, WebSocketApi } from '../served.mjs';

const { WebSocket } = createRequire(import.meta.url)('ws');

// The protocol graphql-transport-ws, without a server that lives on: each message is an invocation, and answers are posted.
const HANDLER = `
  import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
  import { buildSchema, graphql, parse, subscribe } from 'graphql';

  const client = new ApiGatewayManagementApiClient({ endpoint: process.env.WEBSOCKET_CALLBACK_URL });
  const schema = buildSchema('type Query { hello(name: String!): String } type Subscription { countdown(from: Int!): Int }');
  const rootValue = {
    hello: ({ name }) => 'hello ' + name,
    async *countdown({ from }) { for (let i = from; i > 0; i--) { yield { countdown: i }; } },
  };

  export const connect = async ({ headers }) => ({
    statusCode: headers['Sec-WebSocket-Protocol'] === 'graphql-transport-ws' ? 200 : 400,
    headers: { 'Sec-WebSocket-Protocol': 'graphql-transport-ws' },
  });

  export const message = async ({ body, requestContext: { connectionId } }) => {
    const post = (message) => client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(message) }));
    const { id, type, payload } = JSON.parse(body);
    if (type === 'connection_init') { await post({ type: 'connection_ack' }); }
    if (type === 'ping') { await post({ type: 'pong' }); }
    if (type === 'subscribe') {
      const { query, variables: variableValues } = payload;
      const document = parse(query);
      const results = document.definitions[0].operation === 'subscription'
        ? await subscribe({ schema, document, rootValue, variableValues })
        : [await graphql({ schema, source: query, rootValue, variableValues })];
      for await (const result of results) { await post({ id, type: 'next', payload: result }); }
      await post({ id, type: 'complete' });
    }
    return { statusCode: 200 };
  };
`;

test('the client of graphql-ws queries and subscribes', { skip: needs('npm') }, async (t) => {
  const { createClient } = await import('graphql-ws');
  const { url } = await serve(t, { 'graph.mjs': HANDLER }, (stack) => {
    new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler('graph.connect'), $default: Route.toHandler('graph.message') } });
  });
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  t.after(() => client.dispose());
  const results = async (request) => {
    const found = [];
    for await (const { data, errors } of client.iterate(request)) { found.push(errors ?? Object.values(data)[0]); }
    return found;
  };

  assert.deepEqual(await results({ query: 'query ($name: String!) { hello(name: $name) }', variables: { name: 'graph' } }), ['hello graph']);
  assert.deepEqual(await results({ query: 'subscription { countdown(from: 3) }' }), [3, 2, 1]);
});
