import { App, Stack } from 'aws-cdk-lib';
import { Bundling, EsbuildOptions, ModuleFormat, Route, WebSocketApi } from '../../../src';
import { warnings } from '../../test-stack';
import { filesOf, invoke, sourceProject, synthesize } from '../source-project';

type Files = { [path: string]: string };

/** The warnings about the sources of handlers. */
function warningsOf(files: Files, options: EsbuildOptions = {}, handlers = ['a']): string[] {
  sourceProject(files);
  const app = new App({ outdir: 'cdk.out' });
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: Object.fromEntries(handlers.map((name) => [name, Route.toHandler(`${name}.main`, { bundling: Bundling.esbuild(options) })])),
  });
  return warnings(app).filter((text) => /cdk-websocket-api:(bundling|nativeAddon|decoratorMetadata)/.test(text));
}

const MAIN = 'export const main = async () => 1;\n';

describe('what esbuild warns of is a warning of the function', () => {
  test('with the file and the line', () => {
    expect(warningsOf({ 'a.ts': `${MAIN}if (typeof main == 'undefind') { throw 1; }` })).toEqual([
      expect.stringMatching(/^`a\.ts:2:\d+`: The "typeof" operator will never evaluate to "undefind"/),
    ]);
  });

  test('once, if many handlers import the file', () => {
    const files = { 'a.ts': `import './shared'; ${MAIN}`, 'b.ts': `import './shared'; ${MAIN}`, 'shared.ts': 'console.log(import.meta.url);' };

    expect(warningsOf(files, {}, ['a', 'b'])).toHaveLength(1);
  });

  test('with the option that helps, for `import.meta` in CommonJS', () => {
    expect(warningsOf({ 'a.ts': 'export const main = async () => import.meta.url;' })).toEqual([
      expect.stringContaining('bundle the handler as an ECMAScript module: `Bundling.esbuild({ format: ModuleFormat.ESM })`'),
    ]);
    expect(warningsOf({ 'a.ts': 'export const main = async () => import.meta.url;' }, { format: ModuleFormat.ESM })).toEqual([]);
  });
});

describe('an error of esbuild tells the option that helps', () => {
  test('for a top-level await in CommonJS', () => {
    expect(() => warningsOf({ 'a.ts': `${MAIN}await main();` })).toThrow(/Top-level await.*ModuleFormat\.ESM/s);
  });

  test('for a native addon that is imported', () => {
    expect(() => warningsOf({ 'a.ts': `import './x.node'; ${MAIN}`, 'x.node': '' })).toThrow(/No loader is configured.*`nodeModules`/s);
  });
});

describe('an ECMAScript module that bundles CommonJS', () => {
  const esm = (files: Files, options: EsbuildOptions = {}) => {
    sourceProject(files);
    return invoke(synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild({ format: ModuleFormat.ESM, ...options }) }) }).a);
  };
  const COMMON_JS = { 'a.ts': 'import common from "./common"; export const main = async () => common();' };

  test.each([true, false])('has `require` (minified: %p)', (minify) => {
    expect(esm({ ...COMMON_JS, 'common.js': 'const name = "node:os"; module.exports = () => typeof require(name).EOL;' }, { minify })).toBe('string');
  });

  test('has `__filename` and `__dirname`', () => {
    expect(esm({ ...COMMON_JS, 'common.js': 'module.exports = () => __filename.startsWith(__dirname) && __filename.endsWith("index.mjs");' })).toBe(true);
  });

  test.each([true, false])('may declare them itself (minified: %p)', (minify) => {
    expect(esm({
      'a.ts': `import { createRequire } from 'node:module'; import { dirname } from 'node:path'; import { fileURLToPath } from 'node:url';
        const require = createRequire(import.meta.url); const __filename = fileURLToPath(import.meta.url); const __dirname = dirname(__filename);
        export const main = async () => typeof require('node:' + 'os').EOL + typeof __dirname;`,
    }, { minify })).toBe('stringstring');
  });

  test('may have a banner that declares `require`', () => {
    const banner = 'import { createRequire } from "module"; const require = createRequire(import.meta.url);';

    expect(esm({ ...COMMON_JS, 'common.js': 'module.exports = () => typeof require("node:" + "os").EOL;' }, { banner })).toBe('string');
  });
});

describe('a package with a compiled part is a warning that names `nodeModules`', () => {
  const using = (name: string, files: Files): Files => ({
    'a.ts': `import addon from '${name}'; export const main = async () => addon;`,
    [`node_modules/${name}/index.js`]: 'module.exports = 1;',
    ...Object.fromEntries(Object.entries(files).map(([path, contents]) => [`node_modules/${name}/${path}`, contents])),
  });

  test.each<[string, string, Files]>([
    ['better-sqlite3', 'better-sqlite3', { 'package.json': '{"dependencies":{"bindings":"1"}}', 'binding.gyp': '' }],
    ['@scope/native', '@scope/native', { 'package.json': '{"gypfile":true}' }],
    ['sharp', 'sharp', { 'package.json': '{"optionalDependencies":{"@img/sharp-linux-x64":"1"}}' }],
    ['.prisma/client', '@prisma/client', { 'libquery_engine-rhel-openssl-3.0.x.so.node': '' }],
  ])('%s', (name, written, files) => {
    expect(warningsOf(using(name, files))).toEqual([expect.stringContaining(`write \`Bundling.esbuild({ nodeModules: ['${written}'] })\``)]);
  });

  test('unless it is not bundled', () => {
    expect(warningsOf(using('sharp', { 'package.json': '{"gypfile":true}' }), { nodeModules: ['sharp'] })).toEqual([]);
  });

  test('and no other package is', () => {
    expect(warningsOf(using('plain', { 'package.json': '{"optionalDependencies":{"fsevents":"1"}}' }))).toEqual([]);
  });
});

describe('`nodeModules` bring along', () => {
  test('what a package generates beside itself', () => {
    sourceProject({
      'a.ts': 'import client from "@prisma/client"; export const main = async () => client;',
      'node_modules/@prisma/client/package.json': '{}',
      'node_modules/@prisma/client/index.js': 'module.exports = require(".prisma/client/default");',
      'node_modules/.prisma/client/default.js': 'module.exports = "generated";',
    });
    const { a } = synthesize({ a: Route.toHandler('a.main', { bundling: Bundling.esbuild({ nodeModules: ['@prisma/client'] }) }) });

    expect(filesOf(a.asset)).toContain('node_modules/.prisma/client/default.js');
    expect(invoke(a)).toBe('generated');
  });

  test('what the handler\'s own package of a workspace has, rather than what the root has', () => {
    sourceProject({
      'packages/chat/src/a.ts': 'import client from "orm"; export const main = async () => client;',
      'packages/chat/node_modules/orm/package.json': '{}',
      'packages/chat/node_modules/orm/index.js': 'module.exports = "of the package";',
      'node_modules/orm/package.json': '{}',
      'node_modules/orm/index.js': 'module.exports = "of the root";',
    });
    const { a } = synthesize({ a: Route.toHandler('packages/chat/src/a.main', { bundling: Bundling.esbuild({ nodeModules: ['orm'] }) }) });

    expect(invoke(a)).toBe('of the package');
  });
});

describe('decorators with `emitDecoratorMetadata`', () => {
  const ENTITY = 'function Column(...args: any[]): any {}\nexport class User {\n  @Column() public name!: string;\n}\nexport const main = async () => User.name;';
  const TSCONFIG = '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }';

  test.each<[string, Files, EsbuildOptions]>([
    ['in the nearest tsconfig', { 'tsconfig.json': TSCONFIG }, {}],
    ['in one that it extends', { 'tsconfig.json': '{ "extends": "./base" }', 'base.json': TSCONFIG }, {}],
    ['in one that it extends from a package', { 'tsconfig.json': '{ "extends": ["@tsconfig/nest/tsconfig.json"] }', 'node_modules/@tsconfig/nest/tsconfig.json': TSCONFIG }, {}],
    ['in the one that is given', { 'other.json': TSCONFIG }, { tsconfig: 'other.json' }],
  ])('are a warning: %s', (_, files, options) => {
    expect(warningsOf({ 'a.ts': ENTITY, ...files }, options)).toEqual([expect.stringContaining('`a.ts` has decorators, and its tsconfig sets `emitDecoratorMetadata`')]);
  });

  test('are no warning if a source has none, or no metadata is wanted', () => {
    expect(warningsOf({ 'a.ts': `/** @internal */\n${MAIN}`, 'tsconfig.json': TSCONFIG })).toEqual([]);
    expect(warningsOf({ 'a.ts': ENTITY, 'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }' })).toEqual([]);
  });
});
