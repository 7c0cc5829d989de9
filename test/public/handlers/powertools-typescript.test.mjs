import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../programs.mjs';
import { Client, Route, serve, WebSocketApi } from '../served.mjs';

const HANDLER = `
  import { Logger } from '@aws-lambda-powertools/logger';

  const logger = new Logger({ serviceName: 'chat' });
  export const main = async (event, context) => {
    logger.addContext(context);
    logger.info('a message', { connectionId: event.requestContext.connectionId });
    return { statusCode: 200, body: 'logged' };
  };
`;

test('Powertools for TypeScript logs a handler\'s context', { skip: needs('npm') }, async (t) => {
  const gateway = await serve(t, { 'say.mjs': HANDLER }, (stack) => {
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('say.main', { returnResponse: true }) } });
  });
  const client = await Client.connect(t, gateway.url);
  const [{ connectionId }] = gateway.connections();

  assert.equal(await client.ask('hello'), 'logged');
  await gateway.settled();
  const lines = gateway.events().filter(({ type }) => type === 'function-log').map(({ text }) => text).filter((text) => text.startsWith('{'));
  const { message, service, connectionId: logged, function_name: name, cold_start: cold } = JSON.parse(lines[0]);
  assert.deepEqual({ message, service, logged, cold }, { message: 'a message', service: 'chat', logged: connectionId, cold: true });
  assert.match(name, /^Stack-/);
});
