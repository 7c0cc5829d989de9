import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { FOLDER, needs, PYTHON, run } from '../programs.mjs';
import { serveEcho } from '../served.mjs';

test('Python\'s websockets connects with TLS', { skip: needs('python') }, async (t) => {
  const { secureUrl, caFile } = await serveEcho(t);

  assert.equal(await run(PYTHON, [join(FOLDER, 'python', 'client.py'), secureUrl, caFile, 'hello from Python']), 'hello from Python');
});
