import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { postingTo } from './posting.mjs';
import { awsEnvironment, FOLDER, needs, PYTHON, run } from '../programs.mjs';

test('boto3 posts to a connection, looks at it, closes it, and sees that it is gone', { skip: needs('python') }, async (t) => {
  const { gateway, client, connectionId } = await postingTo(t);
  const output = await run(PYTHON, [join(FOLDER, 'python', 'post.py'), gateway.callbackUrl, connectionId], { env: awsEnvironment(gateway) });

  assert.equal(await client.next(), 'from boto3');
  assert.equal(output, '127.0.0.1\ngone');
});
