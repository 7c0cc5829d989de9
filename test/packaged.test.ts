import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';

// The tarball that users install, in a folder outside of this repository, with only what npm installs for them.

const DIST = 'dist/js';
const tarball = resolve(DIST, (existsSync(DIST) ? readdirSync(DIST) : []).find((file) => file.endsWith('.tgz')) ?? 'none.tgz');
if (!existsSync(tarball)) {
  throw new Error('there is no tarball to test: make it with `npx projen compile && npx projen rosetta && npx projen package:js`');
}

describe('the tarball', () => {
  const files = execFileSync('tar', ['--list', '--gzip', '--file', tarball], { encoding: 'utf8' }).trim().split('\n').map((path) => path.replace(/^package\//, ''));
  const bundled = [...new Set(files.filter((path) => path.startsWith('node_modules/')).map((path) => path.split('/')[1]))];

  test('holds the compiled library, its assembly, its documents, and what is bundled', () => {
    const others = files.filter((path) => !/^lib\/([\w/.-]+\.(js|d\.ts)|local\/.+|shipped\/functions\/[\w-]+\.mjs)$/.test(path) && !path.startsWith('node_modules/'));

    expect(others.sort()).toEqual(['.jsii', '.jsii.tabl.json', 'API.md', 'LICENSE', 'NOTICE', 'README.md', 'package.json']);
  });

  test('has a compiled file for each source file, and no other', () => {
    const sources = (readdirSync('src', { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
      .map(({ parentPath, name }) => relative('src', join(parentPath, name))).filter((path) => !isBundled(path));

    expect(files.filter((path) => path.startsWith('lib/') && !path.endsWith('.d.ts') && !isBundled(path.slice('lib/'.length))).sort())
      .toEqual(sources.map((path) => `lib/${path.replace(/\.ts$/, '.js')}`).sort());
  });

  test('has one file for each function that the library deploys, and beside it only what they share', () => {
    const functions = readdirSync('src/shipped').filter((name) => isBundled(`shipped/${name}/index.ts`) && existsSync(join('src/shipped', name, 'index.ts')));

    expect(files.filter((path) => isBundled(path.slice('lib/'.length)) && !/\/shared-\w+\.mjs$/.test(path)).sort())
      .toEqual(functions.map((name) => `lib/shipped/functions/${name}.mjs`).sort());
  });

  test('bundles esbuild and what the local gateway needs, and NOTICE credits all of it', () => {
    expect(bundled.sort()).toEqual(['debug', 'esbuild-wasm', 'jsonschema', 'ms', 'pend', 'smol-toml', 'velocityjs', 'ws', 'yauzl']);
    bundled.forEach((name) => expect(files).toContainEqual(expect.stringMatching(new RegExp(`^node_modules/${name}/licen[sc]e(\\.md)?$`, 'i'))));
    bundled.forEach((name) => expect(readFileSync('NOTICE', 'utf8')).toContain(name));
  });

  test('has no map of this repository', () => {
    const javascript = execFileSync('tar', ['--extract', '--to-stdout', '--gzip', '--wildcards', '--file', tarball, 'package/lib/*.js'], { encoding: 'utf8', maxBuffer: 1e8 });

    expect(javascript).not.toMatch(/^\/\/# sourceMappingURL/m);
  });

  test('stays small: most of it is esbuild', () => {
    expect(statSync(tarball).size).toBeLessThan(4_900_000);
  });

  test('has at most 160 KB, compressed, of functions that the library deploys, SDK clients included', () => {
    const code = execFileSync('tar', ['--extract', '--to-stdout', '--gzip', '--wildcards', '--file', tarball, 'package/lib/shipped/functions/*'], { maxBuffer: 1e8 });

    expect(gzipSync(code).length).toBeLessThan(160_000);
  });
});

/** Whether a path below src or lib is bundled: see scripts/build/shipped.mjs. */
function isBundled(path: string): boolean {
  return path.startsWith('shipped/') && !path.startsWith('shipped/account-log-role/');
}

describe('installed by npm', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'packaged-'));
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'handler.ts'), 'export const main = async (event: { body: string }): Promise<object> => ({ statusCode: 200, body: event.body });\n');
    writeFileSync(join(folder, 'app.js'), `
      const { App, Stack } = require('aws-cdk-lib');
      const { Route, WebSocketApi } = require('cdk-websocket-api');
      const loaded = Object.keys(require.cache);
      const app = new App({ outdir: 'cdk.out' });
      new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { $default: Route.toHandler('handler.main', { returnResponse: true }) } });
      const resources = Object.values(app.synth().getStackByName('Stack').template.Resources);
      const fn = resources.find(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.Runtime === 'nodejs24.x');
      console.log(JSON.stringify({ asset: fn.Properties.Code.S3Key, before: loaded, after: Object.keys(require.cache) }));
    `);
    npm('install', tarball, `aws-cdk-lib@${devDependencies['aws-cdk-lib']}`, `constructs@${devDependencies.constructs}`);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('it bundles a TypeScript handler, natively', () => {
    const { asset, after } = synth();

    expect(asset).toMatch(/^[0-9a-f]{64}\.zip$/);
    expect(after).toContainEqual(expect.stringMatching(/node_modules\/esbuild\/lib\/main\.js$/));
  });

  test('it gives the same asset where native esbuild is left out', () => {
    const native = synth();
    npm('install', '--omit=optional', '--no-save');
    const wasm = synth();

    expect(existsSync(join(folder, 'node_modules/esbuild'))).toBe(false);
    expect(wasm.after).toContainEqual(expect.stringMatching(/node_modules\/esbuild-wasm\/lib\/main\.js$/));
    expect(wasm.asset).toBe(native.asset);
  }, 60_000);

  test('importing it loads no esbuild before there is something to bundle, and never the local gateway', () => {
    expect(synth().before.filter((path) => /esbuild(-wasm)?\/lib|cdk-websocket-api\/lib\/local\//.test(path))).toEqual([]);
  });

  test('it and its local gateway can be imported by ES modules', () => {
    writeFileSync(join(folder, 'imports.mjs'), `
      import { WebSocketApi } from 'cdk-websocket-api';
      import { startLocalGateway } from 'cdk-websocket-api/local';
      console.log(WebSocketApi.name, startLocalGateway.name);
    `);

    expect(execFileSync('node', ['imports.mjs'], { cwd: folder, encoding: 'utf8' })).toBe('WebSocketApi startLocalGateway\n');
  });

  test('it runs the app on this machine, from the folder of the app', async () => {
    synth();
    const gateway = spawn(join('node_modules', '.bin', 'cdk-websocket-api'), ['local', '--port', '0', '--json'], { cwd: folder });
    try {
      const [first] = await once(createInterface(gateway.stdout), 'line');
      const client = new WebSocket(JSON.parse(first).apis[0].url);
      client.on('open', () => client.send('ping'));
      const [message] = await once(client, 'message');

      expect(String(message)).not.toBe('');
      client.close();
    } finally {
      gateway.kill('SIGINT');
    }
    expect(await once(gateway, 'exit')).toEqual([0, null]);
  }, 60_000);

  function npm(...args: string[]) {
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: folder, stdio: 'pipe' });
  }

  function synth(): { asset: string; before: string[]; after: string[] } {
    rmSync(join(folder, 'cdk.out'), { recursive: true, force: true });
    // npm puts this repository's esbuild on the PATH of its scripts, where users have none.
    const PATH = process.env.PATH!.split(delimiter).filter((directory) => !existsSync(join(directory, 'esbuild'))).join(delimiter);
    return JSON.parse(execFileSync('node', ['app.js'], { cwd: folder, env: { ...process.env, PATH }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  }
});
