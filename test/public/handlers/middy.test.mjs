import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../programs.mjs';
import { Client, Route, serve, WebSocketApi } from '../served.mjs';

const HANDLER = `
  import middy from '@middy/core';

  const parseBody = () => ({
    before: ({ event }) => { event.message = JSON.parse(event.body); },
    onError: (request) => { request.response = { statusCode: 200, body: 'refused: ' + request.error.name }; },
  });
  export const main = middy(async ({ message, requestContext }) => ({ statusCode: 200, body: requestContext.routeKey + ' ' + message.text })).use(parseBody());
`;

test('a handler with Middy parses messages, and answers for errors', { skip: needs('npm') }, async (t) => {
  const { url } = await serve(t, { 'say.mjs': HANDLER }, (stack) => {
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('say.main', { returnResponse: true }) } });
  });
  const client = await Client.connect(t, url);

  assert.equal(await client.ask({ text: 'hello' }), '$default hello');
  assert.equal(await client.ask('not JSON'), 'refused: SyntaxError');
});
