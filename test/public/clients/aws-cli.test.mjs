import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { postingTo } from './posting.mjs';
import { awsEnvironment, FOLDER, needs, PYTHON, run } from '../programs.mjs';

test('the AWS CLI posts to a connection and looks at it', { skip: needs('python') }, async (t) => {
  const { gateway, client, connectionId } = await postingTo(t);
  const aws = (...args) => run(PYTHON, [
    join(FOLDER, '.venv', 'bin', 'aws'), 'apigatewaymanagementapi', ...args, '--connection-id', connectionId, '--endpoint-url', gateway.callbackUrl,
  ], { env: awsEnvironment(gateway) });
  await aws('post-to-connection', '--data', 'from the CLI');

  assert.equal(await client.next(), 'from the CLI');
  assert.equal(JSON.parse(await aws('get-connection')).identity?.sourceIp ?? JSON.parse(await aws('get-connection')).Identity.SourceIp, '127.0.0.1');
});
