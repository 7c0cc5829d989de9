import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { FOLDER, needs, run } from '../programs.mjs';
import { serveEcho } from '../served.mjs';

test('Go\'s coder/websocket connects, also with TLS', { skip: needs('go') }, async (t) => {
  const { url, secureUrl, caFile } = await serveEcho(t);
  const client = (at) => run('go', ['run', './client', at, 'hello from Go'], { cwd: join(FOLDER, 'go'), env: { SSL_CERT_FILE: caFile, GOFLAGS: '-mod=mod' } });

  assert.equal(await client(url), 'hello from Go');
  assert.equal(await client(secureUrl), 'hello from Go');
});
