import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { FOLDER, needs, run } from '../programs.mjs';
import { Client, Route, serve, WebSocketApi } from '../served.mjs';

const { Architecture, Code, Runtime } = createRequire(import.meta.url)('aws-cdk-lib/aws-lambda');

test('a Go handler with Lambda\'s own library runs as its bootstrap', { skip: needs('go') }, async (t) => {
  const asset = join(FOLDER, '.run', `go-${process.pid}`);
  await run('go', ['build', '-tags', 'lambda.norpc', '-o', join(asset, 'bootstrap'), './bootstrap'], { cwd: join(FOLDER, 'go'), env: { CGO_ENABLED: '0' } });
  const { url } = await serve(t, {}, (stack) => {
    new WebSocketApi(stack, 'Api', {
      routes: {
        $default: Route.toHandler('bootstrap', {
          code: Code.fromAsset(asset),
          runtime: Runtime.PROVIDED_AL2023,
          architecture: process.arch === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
          returnResponse: true,
        }),
      },
    });
  });
  const client = await Client.connect(t, url);

  assert.equal(await client.ask('hello'), '$default hello');
});
