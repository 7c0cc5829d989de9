import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiSource } from './api-blocks.mjs';
import { chatOnGateway } from './chat-on-gateway.mjs';
import { onlyOnPath } from './only-on-path.mjs';
import { ESBUILD_RECORDER, expectEsbuild } from './recorded-esbuild.mjs';
import { broadcastSource, layOut } from './snippets.mjs';

export const language = 'go';

/** The oldest supported CDK, and the newest on the module proxy. The scenario uses one in between. */
const FLOOR = '2.250.0';
const NEWEST = '2.269.0';

/** What docs/realtime.md broadcasts with, in the version of the chat example's SDK. */
const LAMBDA_CLIENT = 'v1.71.2';

const CDK = 'github.com/aws/aws-cdk-go/awscdk/v2';
const MODULE = 'github.com/cdk-websocket-api/cdk-websocket-api-go/cdkwebsocketapi';

export function missing() {
  return spawnSync('go', ['version']).status === 0 ? undefined : 'there is no `go` on the PATH';
}

export async function test({ root, work, run, check, note, measure }) {
  const copy = (folder, ...path) => {
    cpSync(join(root, ...path), join(work, folder), { recursive: true, filter: (file) => !/[/\\]cdk\.out$/.test(file) });
    return join(work, folder);
  };
  const go = (cwd, ...args) => run('go', args, { cwd });
  const usePackage = (app) => go(app, 'mod', 'edit', `-require=${MODULE}@v0.0.0`, `-replace=${MODULE}=${join(root, 'dist', 'go', 'cdkwebsocketapi')}`);

  // The apps get only these commands: no npm, no esbuild, no Docker.
  const record = join(work, 'esbuild');
  const synth = (app, executable, assembly) => run(executable, [], {
    cwd: app,
    env: {
      PATH: bare,
      CDK_OUTDIR: assembly,
      CDK_VALIDATION: 'false',
      ESBUILD_RECORD: record,
      NODE_OPTIONS: `--require ${ESBUILD_RECORDER}`,
    },
  });
  const bare = onlyOnPath(join(work, 'bin'), ['node']);

  const scenario = copy('scenario', 'test', 'languages', 'scenario');
  await usePackage(join(scenario, 'go'));
  await check('the scenario compiles', () => go(join(scenario, 'go'), 'build', '-o', join(work, 'scenario-app'), '.'));
  await check('the scenario is synthesized, with nothing but node on the PATH, with the esbuild in the package', async () => {
    await synth(scenario, join(work, 'scenario-app'), join(work, 'assembly'));
    expectEsbuild('esbuild-wasm', record);
  });
  for (const version of [FLOOR, NEWEST]) {
    await check(`the scenario compiles and is synthesized beside aws-cdk-lib ${version}`, async () => {
      await go(join(scenario, 'go'), 'get', `${CDK}@v${version}`);
      await go(join(scenario, 'go'), 'build', '-o', join(work, `scenario-${version}`), '.');
      await synth(scenario, join(work, `scenario-${version}`), join(work, version));
    });
  }

  // One folder: `go test` runs a package's tests where the package is.
  const errors = copy('errors', 'test', 'languages', 'errors');
  cpSync(join(errors, 'go'), errors, { recursive: true });
  await usePackage(errors);
  await check('wrong inputs are answered with the construct\'s own sentences', async () => testsPassed(await go(errors, 'test', '-v', '-count=1', '.')));

  const chat = copy('chat', 'examples', 'go', 'chat');
  await usePackage(chat);
  await check('the chat example is built, and its tests pass', async () => {
    const started = Date.now();
    await go(chat, 'vet', '.');
    // The handlers are built by the synth in it, for Lambda: their packages would be compiled a second time otherwise.
    const tests = testsPassed(await go(chat, 'test', '-v', '-count=1', '.'));
    measure('build and test of the chat example', `${((Date.now() - started) / 1000).toFixed(1)} s`);
    return tests;
  });
  await check('the chat example is synthesized as cdk.json says', async () => {
    const { app } = JSON.parse(readFileSync(join(chat, 'cdk.json'), 'utf8'));
    const shell = () => run('/bin/sh', ['-c', app], { cwd: chat, env: { CDK_OUTDIR: join(chat, 'cdk.out'), CDK_VALIDATION: 'false' } });
    await shell();
    const started = Date.now();
    await shell();
    measure('synth of the chat example, second run', `${((Date.now() - started) / 1000).toFixed(1)} s`);
    if (!existsSync(join(chat, 'cdk.out', 'Chat.template.json'))) { throw new Error('there is no Chat.template.json'); }
  });
  await check('two clients talk through the chat example, whose handlers are in Go, on the local gateway', async () => {
    note(await chatOnGateway(root, work, join(chat, 'cdk.out')));
  });

  // The module's README is docs/go.md. Each of its snippets says which file it is; beside them lies the go.mod of the chat.
  await check('the app and the handlers of docs/go.md and docs/realtime.md are built, the test passes, and docs/api/go.md compiles', async () => {
    const docs = join(work, 'docs');
    layOut(readFileSync(join(root, 'dist', 'go', 'cdkwebsocketapi', 'README.md'), 'utf8'), docs);
    for (const file of ['cdk.json', 'go.mod', 'go.sum']) { cpSync(join(chat, file), join(docs, file)); }
    mkdirSync(join(docs, 'api'));
    const { source } = apiSource('go', readFileSync(join(root, 'docs', 'api', 'go.md'), 'utf8'));
    writeFileSync(join(docs, 'api', 'api.go'), source);
    mkdirSync(join(docs, 'cmd', 'broadcast'));
    const broadcast = broadcastSource('go', readFileSync(join(root, 'docs', 'realtime.md'), 'utf8'));
    writeFileSync(join(docs, 'cmd', 'broadcast', 'main.go'), broadcast);
    await go(docs, 'get', `github.com/aws/aws-sdk-go-v2/service/lambda@${LAMBDA_CLIENT}`);
    await go(docs, 'vet', './...');
    return testsPassed(await go(docs, 'test', '-v', '-count=1', '.'));
  });
  return { scenario: join(work, 'assembly') };
}

/** @returns how many tests passed, not counting those that consist of others */
function testsPassed(output) {
  const names = [...output.matchAll(/--- PASS: (\S+)/g)].map(([, name]) => name);
  return names.filter((name) => !names.some((other) => other.startsWith(`${name}/`))).length;
}
