import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { FOLDER, needs, run } from '../programs.mjs';
import { serveEcho } from '../served.mjs';

test('wscat sends a message and prints the answer', { skip: needs('npm') }, async (t) => {
  const { url } = await serveEcho(t);

  const wscat = join(FOLDER, 'node_modules', 'wscat', 'bin', 'wscat');

  assert.match(await run(process.execPath, [wscat, '-c', url, '-x', 'hello from wscat', '-w', '3'], { openInput: true }), /hello from wscat/);
});
