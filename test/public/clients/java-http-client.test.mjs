import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { FOLDER, needs, run } from '../programs.mjs';
import { serveEcho } from '../served.mjs';

test('Java\'s HttpClient opens a WebSocket', { skip: needs('java') }, async (t) => {
  const { url } = await serveEcho(t);

  assert.equal(await run('java', [join(FOLDER, 'java', 'Client.java'), url, 'hello from Java']), 'hello from Java');
});
