import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import * as native from 'esbuild';
import * as wasm from 'esbuild-wasm';
import { Bundling, EsbuildOptions, ModuleFormat, Route, WebSocketApi } from '../../../src';
import { sourceProject, filesOf, invoke, SynthesizedFunction, synthesize, write } from '../source-project';

// Which esbuild is found is a matter of `esbuild.test.ts`: here, both are asked.
let esbuild: typeof native | typeof wasm = native;
const buildSync = jest.fn();
jest.mock('../../../src/handlers/nodejs/esbuild', () => {
  const { BuildError } = jest.requireActual('../../../src/handlers/nodejs/esbuild');
  return {
    BuildError,
    buildWithEsbuild: (options: any) => {
      buildSync(options);
      try {
        return esbuild.buildSync({ ...options, write: false, metafile: true, logLevel: 'silent' });
      } catch (error: any) {
        throw error.errors ? new BuildError(esbuild.formatMessagesSync(error.errors, { kind: 'error', color: false }).join('').trimEnd(), []) : error;
      }
    },
  };
});
beforeEach(() => { esbuild = native; });

const SHARED = 'export const reply = (body: unknown) => ({ statusCode: 200, body: JSON.stringify(body) });\n';
const HANDLER = (answer: string) => `import { reply } from './shared';\nexport const main = async (event: any) => reply({ answer: ${JSON.stringify(answer)}, event });\n`;

describe('handlers are bundled', () => {
  test('in one call of esbuild for all that share options, whatever their props', () => {
    sourceProject({ 'shared.ts': SHARED, 'a.ts': HANDLER('a'), 'b.ts': HANDLER('b'), 'c.ts': HANDLER('c') });
    synthesize({ a: Route.toHandler('a.main'), b: Route.toHandler('b.main', { memorySize: 256 }), c: Route.toHandler('c.main') });

    expect(buildSync).toHaveBeenCalledTimes(1);
  });

  test('in a call for each set of options', () => {
    sourceProject({ 'shared.ts': SHARED, 'a.ts': HANDLER('a'), 'b.ts': HANDLER('b'), 'c.ts': HANDLER('c') });
    synthesize({
      a: Route.toHandler('a.main'),
      b: Route.toHandler('b.main', { bundling: Bundling.esbuild({ minify: false }) }),
      c: Route.toHandler('c.main', { runtime: Runtime.NODEJS_22_X }),
    });

    expect(buildSync.mock.calls.map(([{ minify, target }]) => [minify, target])).toEqual([[true, 'node24'], [false, 'node24'], [true, 'node22']]);
  });

  test('not at all where bundling is disabled and the export is plain to see', () => {
    sourceProject({ 'dist/a.js': 'exports.main = async () => 1;', 'dist/b.mjs': 'export async function main() {}', 'dist/c.js': 'const o = exports; o.main = 1;' });
    const plain = (name: string) => synthesize({ a: Route.toHandler(`${name}.main`, { srcPath: 'dist', bundling: Bundling.disabled() }) });
    ['a', 'b'].forEach(plain);
    expect(buildSync).not.toHaveBeenCalled();

    plain('c');
    expect(buildSync).toHaveBeenCalledTimes(1);
  });

  test('not at all for a stack that is not going to be deployed', () => {
    sourceProject({ 'a.ts': 'this is no TypeScript' });
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('a.main') } });

    expect(() => app.synth()).not.toThrow();
    expect(buildSync).not.toHaveBeenCalled();
  });

  test('without a look at what they copy, for a stack that is not going to be deployed', () => {
    sourceProject({ 'a.ts': '' });
    const bundling = Bundling.esbuild({ nodeModules: ['absent'], copyFiles: [{ source: 'absent' }] });
    const app = new App({ context: { 'aws:cdk:bundling-stacks': ['Other'] } });
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('a.main', { bundling }) } });

    expect(() => app.synth()).not.toThrow();
  });

  test('each into an asset of its own, though CDK would take assets with equal options for one', () => {
    sourceProject({ 'shared.ts': SHARED, ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.ts`, HANDLER(name)])) });
    const functions = synthesize(Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, Route.toHandler(`${name}.main`)])));

    expect(Object.values(functions).map((fn) => JSON.parse(invoke(fn).body).answer)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('once where two routes have the same handler', () => {
    sourceProject({ 'shared.ts': SHARED, 'a.ts': HANDLER('a') });
    const { one, two } = synthesize({ one: Route.toHandler('a.main'), two: Route.toHandler('a.main') });

    expect(buildSync.mock.calls[0][0].entryPoints).toHaveLength(1);
    expect(one.asset).toBe(two.asset);
  });

  test('anew when an import that they share was edited, in the same process and the same output folder', () => {
    sourceProject({ 'shared.ts': SHARED, 'a.ts': HANDLER('a'), 'b.ts': HANDLER('b') });
    const routes = () => ({ a: Route.toHandler('a.main'), b: Route.toHandler('b.main') });
    const before = synthesize(routes());
    write({ 'shared.ts': SHARED.replace('200', '201') });
    const after = synthesize(routes());

    const statusCodes = [before, after].map(({ a, b }) => [a, b].map((fn) => invoke(fn).statusCode));
    expect(statusCodes).toEqual([[200, 200], [201, 201]]);
  });

  test('without the AWS SDK, which the runtime carries', () => {
    sourceProject({ 'a.ts': 'import { S3 } from "@aws-sdk/client-s3";\nexport const main = async () => new S3();' });

    expect(codeOf(synthesize({ a: Route.toHandler('a.main') }).a)).toContain('require("@aws-sdk/client-s3")');
  });

  test('without the modules that are named, and then with the AWS SDK', () => {
    sourceProject({
      'a.ts': 'import { S3 } from "@aws-sdk/client-s3";\nimport { layer } from "layer/deep";\nexport const main = async () => [S3, layer];',
      'node_modules/@aws-sdk/client-s3/index.js': 'exports.S3 = "bundled";',
    });
    const code = codeOf(synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild({ externalModules: ['layer/*'] }) }) }).a);

    expect(code).toContain('require("layer/deep")');
    expect(code).toContain('"bundled"');
  });

  test('small, or as they are written', () => {
    sourceProject({ 'a.ts': '// Answers.\nconst answerOfMine = Math.random();\nexport const main = async () => answerOfMine;' });
    const [small, asWritten] = [undefined, false].map((minify) => codeOf(synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild({ minify }) }) }).a));

    expect(small).not.toContain('answerOfMine');
    expect(asWritten).toContain('var answerOfMine = Math.random();');
  });
});

describe.each([['native', native], ['WebAssembly', wasm]])('what %s esbuild bundled', (_, engine) => {
  beforeEach(() => { esbuild = engine; });

  test('runs: an event in, the answer out', () => {
    sourceProject({ 'src/shared.ts': SHARED, 'src/a.ts': HANDLER('a') });
    const { a } = synthesize({ a: Route.toHandler('src/a.main') });

    expect(filesOf(a.asset)).toEqual(['index.js']);
    expect(JSON.parse(invoke(a, { body: 'hello' }).body)).toEqual({ answer: 'a', event: { body: 'hello' } });
  });

  test.each<[string, { [path: string]: string }, EsbuildOptions, unknown]>([
    ['as an ECMAScript module', { 'a.ts': 'export const main = async () => import.meta.url.slice(0, 5);' }, { format: ModuleFormat.ESM }, 'file:'],
    ['from JSX', { 'a.tsx': 'const h = (tag: string) => tag;\nexport const main = async () => <b/>;' }, { banner: 'const React = { createElement: (tag) => `<${tag}>` };' }, '<b>'],
    ['with constants defined', { 'a.ts': 'declare const STAGE: string;\nexport const main = async () => STAGE;' }, { define: { STAGE: '"prod"' } }, 'prod'],
    ['with text before and after', { 'a.ts': 'export const main = async () => [globalThis.before, globalThis.after];' }, { banner: 'globalThis.before = 1;', footer: 'globalThis.after = 2;' }, [1, 2]],
    ['with files loaded as text', { 'a.ts': 'import query from "./q.graphql";\nexport const main = async () => query;', 'q.graphql': '{ me }' }, { loader: { '.graphql': 'text' } }, '{ me }'],
    ['with names kept', { 'a.ts': 'class NotFound extends Error {}\nexport const main = async () => new NotFound().constructor.name;' }, { keepNames: true }, 'NotFound'],
    ['for an older Node.js', { 'a.ts': 'let value: number | undefined;\nexport const main = async () => value ?? "none";' }, { target: 'node12' }, 'none'],
    ['with another entry of a dependency', {
      'a.ts': 'import { which } from "dual";\nexport const main = async () => which;',
      'node_modules/dual/package.json': '{ "main": "main.js", "module": "module.js" }',
      'node_modules/dual/main.js': 'exports.which = "main";',
      'node_modules/dual/module.js': 'export const which = "module";',
    }, { mainFields: ['module', 'main'] }, 'module'],
    ['with paths of a tsconfig', {
      'a.ts': 'import { where } from "lib/where";\nexport const main = async () => where;',
      'deep/where.ts': 'export const where = "deep";',
      'other.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "lib/*": ["deep/*"] } } }',
    }, { tsconfig: 'other.json' }, 'deep'],
  ])('runs %s', (__, files, options, answer) => {
    sourceProject(files);

    expect(invoke(synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild(options) }) }).a)).toEqual(answer);
  });

  test('finds the files that it loads beside it', () => {
    sourceProject({ 'src/a.ts': 'import { readFileSync } from "fs";\nimport path from "./logo.png";\nexport const main = async () => readFileSync(__dirname + "/" + path, "utf8");', 'src/logo.png': 'pixels' });
    const { a } = synthesize({ a: Route.toHandler('src/a.main', { bundling: Bundling.esbuild({ loader: { '.png': 'file' } }) }) });

    expect(filesOf(a.asset)).toEqual(['index.js', expect.stringMatching(/^logo-\w+\.png$/)]);
    expect(invoke(a)).toBe('pixels');
  });

  test('finds the modules that are copied beside it, such as native addons', () => {
    sourceProject({ 'src/a.ts': 'import addon from "./addon.node";\nexport const main = async () => addon;', 'src/addon.node': 'module.exports = "native";' });
    const { a } = synthesize({ a: Route.toHandler('src/a.main', { bundling: Bundling.esbuild({ loader: { '.node': 'copy' } }) }) });

    expect(filesOf(a.asset)).toEqual([expect.stringMatching(/^addon-\w+\.node$/), 'index.js']);
    // No addon, but text: that Node.js tries to load it is enough.
    expect(() => invoke(a)).toThrow(/addon-\w+\.node: (file too short|invalid ELF header)|not a mach-o file|is not a valid Win32/);
  });

  test('carries none of the files that other handlers load', () => {
    sourceProject({
      'a.ts': 'import path from "./a.png";\nexport const main = async () => path;',
      'a.png': 'a',
      'b.ts': 'import path from "./b.png";\nexport const main = async () => path;',
      'b.png': 'b',
    });
    const bundling = Bundling.esbuild({ loader: { '.png': 'file' } });
    const { a, b } = synthesize({ a: Route.toHandler('a.main', { bundling }), b: Route.toHandler('b.main', { bundling }) });

    expect([a, b].map(({ asset }) => filesOf(asset).find((file) => file.endsWith('.png'))![0])).toEqual(['a', 'b']);
  });

  test('shows the lines of the source in a stack trace', () => {
    sourceProject({ 'src/a.ts': 'interface Padding {\n  a: string;\n}\n\nexport const main = async () => {\n  return new Error("here").stack;\n};\n' });
    const { a } = synthesize({ a: Route.toHandler('src/a.main', { bundling: Bundling.esbuild({ sourceMap: true }) }) });

    expect(a.properties.Environment.Variables.NODE_OPTIONS).toBe('--enable-source-maps');
    expect(invoke(a)).toMatch(/src\/a\.ts:6:/);
  });
});

describe('the asset of a handler', () => {
  const FILES = { 'package.json': '{}', 'src/shared.ts': SHARED, 'src/a.ts': HANDLER('a'), 'src/b.ts': 'import { main as a } from "./a";\nexport const main = a;\n' };
  const assets = (sourceMap: boolean) => Object.values(synthesize({
    a: Route.toHandler('src/a.main', { bundling: Bundling.esbuild({ sourceMap, minify: !sourceMap }) }),
    b: Route.toHandler('src/b.main', { bundling: Bundling.esbuild({ sourceMap, minify: !sourceMap }) }),
  })).map(({ properties }) => properties.Code.S3Key);

  test.each([true, false])('is the same for native and WebAssembly esbuild, in every folder and run (source map: %s)', (sourceMap) => {
    sourceProject(FILES);
    const inOneFolder = assets(sourceMap);
    esbuild = wasm;
    sourceProject(FILES);

    expect(assets(sourceMap)).toEqual(inOneFolder);
  });

  test('is the same in every folder with all that is copied into it', () => {
    const files = {
      ...FILES,
      'templates/hello.txt': 'hello',
      'node_modules/dep/package.json': '{}',
      'node_modules/dep/index.js': 'exports.dep = 1;',
      'src/logo.png': 'pixels',
      'src/c.ts': 'import { dep } from "dep";\nimport logo from "./logo.png";\nexport const main = async () => [dep, logo];',
    };
    const bundling = Bundling.esbuild({ format: ModuleFormat.ESM, nodeModules: ['dep'], copyFiles: [{ source: 'templates' }], loader: { '.png': 'file' } });
    const [one, two] = [1, 2].map(() => {
      sourceProject(files);
      return synthesize({ c: Route.toHandler('src/c.main', { bundling }) }).c.properties.Code.S3Key;
    });

    expect(two).toBe(one);
  });

  test('is the same where its source is a link to another folder', () => {
    sourceProject(FILES);
    const plain = synthesize({ a: Route.toHandler('src/a.main') }, {}, 'one.out').a.properties.Code.S3Key;
    renameSync('src', 'elsewhere');
    symlinkSync('elsewhere', 'src');

    expect(synthesize({ a: Route.toHandler('src/a.main') }, {}, 'two.out').a.properties.Code.S3Key).toBe(plain);
  });

  test('does not depend on what else is bundled with it', () => {
    sourceProject(FILES);
    const { b: alone } = synthesize({ b: Route.toHandler('src/b.main') }, {}, 'one.out');
    const { b: together } = synthesize({ a: Route.toHandler('src/a.main'), b: Route.toHandler('src/b.main') }, {}, 'two.out');

    expect(together.properties.Code.S3Key).toBe(alone.properties.Code.S3Key);
  });
});

describe('nodeModules', () => {
  const MODULES = {
    'a.ts': 'import outer from "outer";\nexport const main = async () => outer;',
    'node_modules/outer/package.json': '{ "version": "1.0.0", "dependencies": { "inner": "2", "shared": "1" }, "optionalDependencies": { "absent": "1" } }',
    'node_modules/outer/index.js': 'module.exports = [require("inner"), require("shared")];',
    'node_modules/outer/node_modules/inner/package.json': '{ "version": "2.0.0" }',
    'node_modules/outer/node_modules/inner/index.js': 'module.exports = "inner 2";',
    'node_modules/inner/package.json': '{ "version": "1.0.0" }',
    'node_modules/inner/index.js': 'module.exports = "inner 1";',
    'node_modules/shared/package.json': '{ "dependencies": { "inner": "1" } }',
    'node_modules/shared/index.js': 'module.exports = "shared with " + require("inner");',
  };
  /** Without those of the project, which Node.js would find from the cloud assembly upwards. */
  const invokeAlone = (fn: SynthesizedFunction) => {
    rmSync('node_modules', { recursive: true });
    return invoke(fn);
  };
  const withModules = (...nodeModules: string[]) => synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild({ nodeModules }) }) }).a;

  test('are copied with what they depend on, in the versions that each finds', () => {
    sourceProject(MODULES);
    const fn = withModules('outer');

    expect(invokeAlone(fn)).toEqual(['inner 2', 'shared with inner 1']);
    expect(existsSync(join(fn.asset, 'node_modules/outer/package.json'))).toBe(true);
  });

  test('are copied without what is installed in their folders and they do not need', () => {
    sourceProject({ ...MODULES, 'node_modules/outer/node_modules/tests/package.json': '{}', 'node_modules/outer/lib/node_modules/tests.js': '' });

    expect(filesOf(withModules('outer').asset).filter((path) => path.includes('tests'))).toEqual([]);
  });

  test('are found from the folder of the source upwards', () => {
    sourceProject({ ...MODULES, 'backend/a.ts': MODULES['a.ts'] });

    expect(invokeAlone(synthesize({ a: Route.toHandler('a.main', { srcPath: 'backend', bundling: Bundling.esbuild({ nodeModules: ['outer'] }) }) }).a)[0]).toBe('inner 2');
  });

  test('are found for each by where it lies, however deep', () => {
    sourceProject({
      'a.ts': 'import a from "a";\nimport b from "b";\nexport const main = async () => [a, b];',
      // npm's own layout: `b` needs other versions of `c` and `d` than the rest, and the `c` of `b` needs the `d` of the rest.
      'node_modules/a/package.json': '{ "dependencies": { "c": "1" } }',
      'node_modules/a/index.js': 'module.exports = "a with " + require("c");',
      'node_modules/b/package.json': '{ "dependencies": { "c": "2", "d": "2" } }',
      'node_modules/b/index.js': 'module.exports = "b with " + require("c") + " and " + require("d");',
      'node_modules/c/package.json': '{}',
      'node_modules/c/index.js': 'module.exports = "c 1";',
      'node_modules/b/node_modules/c/package.json': '{ "dependencies": { "d": "1" } }',
      'node_modules/b/node_modules/c/index.js': 'module.exports = "c 2 with " + require("d");',
      'node_modules/b/node_modules/c/node_modules/d/package.json': '{}',
      'node_modules/b/node_modules/c/node_modules/d/index.js': 'module.exports = "d 1";',
      'node_modules/b/node_modules/d/package.json': '{}',
      'node_modules/b/node_modules/d/index.js': 'module.exports = "d 2";',
    });

    expect(invokeAlone(withModules('a', 'b'))).toEqual(['a with c 1', 'b with c 2 with d 1 and d 2']);
  });

  test('are copied with the peers that they need, and not with those that they could use', () => {
    sourceProject({
      'a.ts': 'import orm from "orm";\nexport const main = async () => orm;',
      'node_modules/orm/package.json': '{ "peerDependencies": { "metadata": "1", "driver": "1", "absent": "1" }, "peerDependenciesMeta": { "driver": { "optional": true } } }',
      'node_modules/orm/index.js': 'module.exports = require("metadata");',
      'node_modules/metadata/package.json': '{}',
      'node_modules/metadata/index.js': 'module.exports = "metadata";',
      'node_modules/driver/package.json': '{}',
    });
    const fn = withModules('orm');

    expect(invokeAlone(fn)).toBe('metadata');
    expect(existsSync(join(fn.asset, 'node_modules/driver'))).toBe(false);
  });

  test('may need each other', () => {
    sourceProject({
      'a.ts': 'import ping from "ping";\nexport const main = async () => ping();',
      'node_modules/ping/package.json': '{ "dependencies": { "pong": "1" } }',
      'node_modules/ping/index.js': 'module.exports = () => require("pong");',
      'node_modules/pong/package.json': '{ "dependencies": { "ping": "1" } }',
      'node_modules/pong/index.js': 'module.exports = typeof require("ping");',
    });

    expect(invokeAlone(withModules('ping'))).toBe('function');
  });

  test('may have a scope, and be links as workspaces and pnpm make them', () => {
    sourceProject({
      'a.ts': 'import model from "@app/model";\nexport const main = async () => model;',
      'packages/model/package.json': '{ "dependencies": { "inner": "1" } }',
      'packages/model/index.js': 'module.exports = "model with " + require("inner");',
      'packages/model/node_modules/inner/package.json': '{}',
      'packages/model/node_modules/inner/index.js': 'module.exports = "its own";',
    });
    mkdirSync('node_modules/@app', { recursive: true });
    symlinkSync('../../packages/model', 'node_modules/@app/model');

    expect(invokeAlone(withModules('@app/model'))).toBe('model with its own');
  });

  test('make another asset when they change, in the same process', () => {
    sourceProject(MODULES);
    const before = withModules('outer').asset;
    write({ 'node_modules/outer/node_modules/inner/index.js': 'module.exports = "inner 3";' });

    expect(withModules('outer').asset).not.toBe(before);
  });

  test('are an error where they are not installed', () => {
    const folder = sourceProject({ 'a.ts': MODULES['a.ts'] });

    expect(() => withModules('outer')).toThrow(`route \`"a"\`: \`nodeModules\` needs \`"outer"\`, which is not installed: it was looked up from \`${folder}\` upwards; run your package manager's install`);
  });

  test('are an error where what they depend on is not installed', () => {
    sourceProject({ 'a.ts': MODULES['a.ts'], 'node_modules/outer/package.json': '{ "dependencies": { "inner": "2" } }' });

    expect(() => withModules('outer')).toThrow(/route `"a"`: `nodeModules` needs `"inner"`, which is not installed: it was looked up from `.*node_modules.outer` upwards/);
  });
});

describe('copyFiles', () => {
  const withFiles = (...copyFiles: Array<{ source: string; destination?: string }>) =>
    synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild({ copyFiles }) }) }).a;

  test('go into the asset, files and folders, under their own or another path', () => {
    sourceProject({ 'a.ts': 'export const main = 1;', 'templates/hello.txt': 'hello', 'data.json': '{}' });

    expect(filesOf(withFiles({ source: 'templates' }, { source: 'data.json', destination: 'static/d.json' }).asset)).toEqual(['index.js', 'static/d.json', 'templates/hello.txt']);
  });

  test('make another asset when they change, in the same process', () => {
    sourceProject({ 'a.ts': 'export const main = 1;', 'data.json': '{}' });
    const before = withFiles({ source: 'data.json' }).asset;
    write({ 'data.json': '[]' });

    expect(withFiles({ source: 'data.json' }).asset).not.toBe(before);
  });

  test('go into the asset as what they lead to, where they are links', () => {
    sourceProject({ 'a.ts': 'export const main = 1;', 'shared/hello.txt': 'hello', 'data.json': '{}' });
    mkdirSync('templates');
    symlinkSync('../shared/hello.txt', 'templates/hello.txt');
    symlinkSync('data.json', 'link.json');
    const before = withFiles({ source: 'templates' }, { source: 'link.json' }).asset;
    write({ 'data.json': '[]' });
    const after = withFiles({ source: 'templates' }, { source: 'link.json' }).asset;

    expect(lstatSync(join(before, 'templates/hello.txt')).isFile()).toBe(true);
    expect([before, after].map((asset) => readFileSync(join(asset, 'link.json'), 'utf8'))).toEqual(['{}', '[]']);
  });

  test('leave out the secrets in a folder, and warn of one that may be public', () => {
    sourceProject({ 'a.ts': 'export const main = 1;', 'data/.env': '', 'data/deep/.aws/credentials': '', 'data/a.json': '', 'data/ca.pem': '' });
    const bundling = Bundling.esbuild({ copyFiles: [{ source: 'data' }] });
    const stack = new Stack(new App({ outdir: 'elsewhere' }), 'Stack');
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler('a.main', { bundling }) } });

    expect(filesOf(withFiles({ source: 'data' }).asset)).toEqual(['data/a.json', 'index.js']);
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('^`ca\\.pem` in `.*/data` may be a private key, so it is not deployed\\..*cdk-websocket-api:secretsInSource'))).toHaveLength(1);
  });

  test('are copied if they are named, also secrets', () => {
    sourceProject({ 'a.ts': 'export const main = 1;', 'data/.env': '' });

    expect(filesOf(withFiles({ source: 'data/.env' }).asset)).toEqual(['data/.env', 'index.js']);
  });

  test('that do not exist are an error', () => {
    const folder = sourceProject({ 'a.ts': 'export const main = 1;' });

    expect(() => withFiles({ src: 'templates' } as any)).toThrow('an element of `copyFiles` has no `source`: write what to copy, such as `{ source: \'templates\' }`');
    expect(() => withFiles({ source: 'nowhere' })).toThrow(`route \`"a"\`: \`copyFiles\` names \`"nowhere"\`, which does not exist in \`${folder}\``);
  });

  test.each(['../outside', '/tmp/outside'])('cannot go to %s', (destination) => {
    sourceProject({ 'a.ts': 'export const main = 1;', 'data.json': '{}' });

    expect(() => withFiles({ source: 'data.json', destination }))
      .toThrow(`route \`"a"\`: \`copyFiles\` cannot write to \`"${destination}"\`: write a path inside the asset with \`destination\``);
  });
});

describe('code that cannot be bundled', () => {
  test('shows the message of esbuild with file and line, and names the route', () => {
    sourceProject({ 'src/a.ts': 'export const main = 1;', 'src/b.ts': 'export const main = 1;\nexport const other = = 2;\n' });

    expect(() => synthesize({ a: Route.toHandler('src/a.main'), b: Route.toHandler('src/b.main') }))
      .toThrow(/^cannot bundle the handler of route `"b"`:\n\n.*\[ERROR\] Unexpected "="\n\n\s+src\/b\.ts:2:21:/);
  });

  test('shows an import that does not resolve', () => {
    sourceProject({ 'a.ts': 'import { x } from "./nowhere";\nexport const main = x;' });

    expect(() => synthesize({ a: Route.toHandler('a.main') })).toThrow(/route `"a"`:\n\n.*Could not resolve "\.\/nowhere"\n\n\s+a\.ts:1:18:/);
  });

  test('names every route that imports it, and no other', () => {
    sourceProject({ 'shared.ts': 'export const reply = ;', 'a.ts': HANDLER('a'), 'b.ts': HANDLER('b'), 'c.ts': 'export const main = 1;' });

    expect(() => synthesize({ a: Route.toHandler('a.main'), c: Route.toHandler('c.main'), b: Route.toHandler('b.main') })).toThrow('cannot bundle the handler of route `"a"`, route `"b"`:\n');
  });

  test('names every route that has it as its handler, whatever its options', () => {
    sourceProject({ 'a.ts': 'export const main = ;', 'b.ts': 'export const main = 1;' });

    expect(() => synthesize({ b: Route.toHandler('b.main'), one: Route.toHandler('a.main'), two: Route.toHandler('a.main') })).toThrow('cannot bundle the handler of route `"one"`, route `"two"`:\n');
    expect(() => synthesize({ one: Route.toHandler('a.main'), b: Route.toHandler('b.main'), two: Route.toHandler('a.main', { runtime: Runtime.NODEJS_22_X }) }))
      .toThrow(/^cannot bundle the handler of route `"one"`:\n[^]*a\.ts:1:20:[^]*\n\ncannot bundle the handler of route `"two"`:\n[^]*a\.ts:1:20:/);
  });

  test('may be the fault of its options, in the words of esbuild', () => {
    sourceProject({ 'a.ts': 'export const main = 1;' });
    const withOptions = (options: EsbuildOptions) => () => synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild(options) }) });

    expect(withOptions({ target: 'nonsense' })).toThrow(/^cannot bundle the handler of route `"a"`:\n\n.*Invalid target "nonsense"/);
    expect(withOptions({ target: 'a,b' })).toThrow(/^cannot bundle the handler of route `"a"`:\n\n.*Invalid target: a,b/);
    expect(withOptions({ loader: { '.x': 'nonsense' } })).toThrow(/^cannot bundle the handler of route `"a"`:\n\n.*Invalid loader value: "nonsense"/);
    expect(withOptions({ tsconfig: 'nowhere.json' })).toThrow(/^cannot bundle the handler of route `"a"`:\n\n.*Cannot find tsconfig file "nowhere\.json"/);
  });

  test('leaves nothing in the tree', () => {
    sourceProject({ 'a.ts': 'export const main = ;' });
    const stack = new Stack(new App(), 'Stack');

    expect(() => new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler('a.main') } })).toThrow('cannot bundle');
    expect(stack.node.children).toEqual([]);
  });
});

test('nothing is left behind in the folder of the app but the cloud assembly', () => {
  const folder = sourceProject({ 'a.ts': 'export const main = 1;' });
  synthesize({ a: Route.toHandler('a.main') });

  expect(execFileSync('ls', ['-A'], { cwd: folder, encoding: 'utf8' }).trim().split('\n')).toEqual(['a.ts', 'cdk.out']);
});

function codeOf({ asset }: { asset: string }): string {
  return readFileSync(join(asset, 'index.js'), 'utf8');
}
