import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import * as native from 'esbuild';
import * as wasm from 'esbuild-wasm';
import { sourceProject, filesOf, invoke, synthesize, write } from './source-project';
import { Bundling, EsbuildOptions, OutputFormat, Route, WebSocketApi } from '../src';

// Which esbuild is found is a matter of `esbuild.test.ts`: here, both are asked.
let esbuild: typeof native | typeof wasm = native;
const buildSync = jest.fn();
jest.mock('../src/esbuild', () => {
  const actual = jest.requireActual('../src/esbuild');
  return {
    ...actual,
    buildWithEsbuild: (options: any) => {
      buildSync(options);
      try {
        return esbuild.buildSync({ ...options, write: false, metafile: true, logLevel: 'silent' });
      } catch (error: any) {
        throw new actual.EsbuildFailure(error.errors, esbuild.formatMessagesSync(error.errors, { kind: 'error', color: false }).join('').trimEnd());
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

  test('not at all for a stack that is not going to be deployed', () => {
    sourceProject({ 'a.ts': 'this is no TypeScript' });
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('a.main') } });

    expect(() => app.synth()).not.toThrow();
    expect(buildSync).not.toHaveBeenCalled();
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

    expect([before, after].map((functions) => [functions.a, functions.b].map((fn) => invoke(fn).statusCode))).toEqual([[200, 200], [201, 201]]);
  });

  test('without the AWS SDK, which the runtime carries', () => {
    sourceProject({ 'a.ts': 'import { S3 } from "@aws-sdk/client-s3";\nexport const main = async () => new S3();' });

    expect(readFileSync(join(synthesize({ a: Route.toHandler('a.main') }).a.asset, 'index.js'), 'utf8')).toContain('require("@aws-sdk/client-s3")');
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
    ['as an ECMAScript module', { 'a.ts': 'export const main = async () => import.meta.url.slice(0, 5);' }, { format: OutputFormat.ESM }, 'file:'],
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
  const withModules = (...nodeModules: string[]) => synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild({ nodeModules }) }) }).a;

  test('are copied with what they depend on, in the versions that each finds', () => {
    sourceProject(MODULES);
    const fn = withModules('outer');

    expect(invoke(fn)).toEqual(['inner 2', 'shared with inner 1']);
    expect(existsSync(join(fn.asset, 'node_modules/outer/package.json'))).toBe(true);
  });

  test('are found from the folder of the source upwards', () => {
    sourceProject({ ...MODULES, 'backend/a.ts': MODULES['a.ts'] });

    expect(invoke(synthesize({ a: Route.toHandler('a.main', { srcPath: 'backend', bundling: Bundling.esbuild({ nodeModules: ['outer'] }) }) }).a)[0]).toBe('inner 2');
  });

  test('are an error where they are not installed', () => {
    sourceProject({ 'a.ts': MODULES['a.ts'] });

    expect(() => withModules('outer')).toThrow(/`nodeModules` needs `"outer"`, which is not installed: it was looked up from `.*` upwards; run your package manager's install/);
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

  test('that do not exist are an error', () => {
    sourceProject({ 'a.ts': 'export const main = 1;' });

    expect(() => withFiles({ source: 'nowhere' })).toThrow(/`copyFiles` names `"nowhere"`, which does not exist in `.*`/);
  });

  test.each(['../outside', '/tmp/outside'])('cannot go to %s', (destination) => {
    sourceProject({ 'a.ts': 'export const main = 1;', 'data.json': '{}' });

    expect(() => withFiles({ source: 'data.json', destination }))
      .toThrow(`\`copyFiles\` cannot write to \`"${destination}"\`: write a path inside the asset with \`destination\``);
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
