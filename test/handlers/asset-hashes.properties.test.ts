import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import fc from 'fast-check';
import { withEnvironment } from './compiled/tool-chain';
import { uvExecutable, wheel } from './python/python-tools';
import { sourceProject, synthesize } from './source-project';
import { Bundling, Route } from '../../src';

/* What asset-hashes.test.ts does not have: any order of what is a map, or a list whose order says nothing. */

const NODE_MODULES = { 'node_modules/one/package.json': '{ "version": "1.0.0" }', 'node_modules/two/package.json': '{ "version": "2.0.0" }' };
const FILES = {
  'package.json': '{}',
  ...NODE_MODULES,
  'src/shared.ts': 'declare const A: string, B: string;\nexport const shared = A + B;\n',
  'src/first.ts': 'import { shared } from "./shared";\nimport text from "./text.txt";\nexport const main = async () => [1, shared, text];\n',
  'src/second.ts': 'import { shared } from "./shared";\nexport const main = async () => [2, shared];\n',
  'src/text.txt': 'hello',
  'templates/hello.txt': 'hello',
  'python/count.py': 'def main(event, context):\n    return 1\n',
  'python/requirements.txt': '--no-index\n--find-links ../wheels\ngreeting==1.0\n',
};
const ROUTES = ['first', 'second', 'third', 'fourth'];
const LISTS = { nodeModules: ['one', 'two'], externalModules: ['@aws-sdk/*', 'three', 'four'], buildFromSource: ['numpy', 'lxml', 'ujson'] };
const MAPS = { define: ['A', 'B'], loader: ['.txt', '.md'] };

const orderOf = (keys: string[]) => fc.shuffledSubarray(keys, { minLength: keys.length });
const ORDER = fc.record({
  routes: orderOf(ROUTES),
  nodeModules: orderOf(LISTS.nodeModules),
  externalModules: orderOf(LISTS.externalModules),
  buildFromSource: orderOf(LISTS.buildFromSource),
  define: orderOf(MAPS.define),
  loader: orderOf(MAPS.loader),
});

const CACHE = mkdtempSync(join(tmpdir(), 'uv-cache-'));
afterAll(() => rmSync(CACHE, { recursive: true, force: true }));

type Order = typeof ORDER extends fc.Arbitrary<infer T> ? T : never;

/** The asset hash of each route, built in a folder of its own. */
function hashes({ routes, nodeModules, externalModules, buildFromSource, define, loader }: Order): { [routeKey: string]: string } {
  sourceProject(FILES);
  wheel('greeting', '1.0', 'HELLO = "hello"');
  const esbuild = Bundling.esbuild({
    nodeModules,
    externalModules,
    define: mapOf(define, (name) => `"${name}"`),
    loader: mapOf(loader, () => 'text'),
    copyFiles: [{ source: 'templates' }],
  });
  const all: { [routeKey: string]: Route } = {
    first: Route.toHandler('src/first.main', { bundling: esbuild }),
    second: Route.toHandler('src/second.main', { bundling: esbuild }),
    third: Route.toHandler('src/second.main', { bundling: Bundling.esbuild({ define: mapOf(define, (name) => `"${name}"`) }) }),
    fourth: Route.toHandler('count.main', { srcPath: 'python', bundling: Bundling.python({ buildFromSource }) }),
  };
  const functions = synthesize(mapOf(routes, (key) => all[key]));
  return Object.fromEntries(Object.entries(functions).map(([key, { properties }]) => [key, properties.Code.S3Key]));
}

function mapOf<T>(keys: string[], value: (key: string) => T): { [key: string]: T } {
  return Object.fromEntries(keys.map((key) => [key, value(key)]));
}

test('assets have the same hashes in any folder, whatever the order of routes and options', () => {
  withEnvironment({ PATH: `${dirname(uvExecutable())}${delimiter}${process.env.PATH}`, UV_CACHE_DIR: CACHE, UV_NO_CACHE: undefined }, () => {
    const inOrder = hashes({ routes: ROUTES, ...LISTS, ...MAPS });

    fc.assert(fc.property(ORDER, (order) => expect(hashes(order)).toEqual(inOrder)), { numRuns: 4 });
  });
});
