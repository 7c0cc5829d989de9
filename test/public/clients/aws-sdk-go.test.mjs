import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { postingTo } from './posting.mjs';
import { awsEnvironment, FOLDER, needs, run } from '../programs.mjs';

test('the AWS SDK for Go posts to a connection, looks at it, and closes it', { skip: needs('go') }, async (t) => {
  const { gateway, client, connectionId } = await postingTo(t);
  const output = await run('go', ['run', './post', gateway.callbackUrl, connectionId], { cwd: join(FOLDER, 'go'), env: awsEnvironment(gateway) });

  assert.equal(await client.next(), 'from Go');
  assert.equal(output, '127.0.0.1');
});
