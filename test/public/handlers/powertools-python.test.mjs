import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../programs.mjs';
import { Client, Route, serve, WebSocketApi } from '../served.mjs';

const HANDLER = `
from aws_lambda_powertools import Logger

logger = Logger(service="chat")


@logger.inject_lambda_context(correlation_id_path="requestContext.connectionId")
def main(event, context):
    logger.info("a message")
    return {"statusCode": 200, "body": logger.get_correlation_id()}
`;

test('Powertools for Python is installed from requirements.txt, and logs a handler\'s context', { skip: needs('python') }, async (t) => {
  const files = { 'src/say.py': HANDLER, 'src/requirements.txt': 'aws-lambda-powertools==3.37.0\n' };
  const gateway = await serve(t, files, (stack) => {
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('say.main', { srcPath: 'src', returnResponse: true }) } });
  });
  const client = await Client.connect(t, gateway.url);
  const [{ connectionId }] = gateway.connections();

  assert.equal(await client.ask('hello'), connectionId);
  await gateway.settled();
  const [line] = gateway.events().filter(({ type }) => type === 'function-log').map(({ text }) => text).filter((text) => text.startsWith('{'));
  const { message, correlation_id: logged } = JSON.parse(line);
  assert.deepEqual([message, logged], ['a message', connectionId]);
});
