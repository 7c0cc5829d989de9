import { Bundling, EsbuildOptions, ModuleFormat, Route } from '../../../src';
import { sourceProject, synthesize } from '../source-project';

type Files = { [path: string]: string };

/** Synthesizes an API whose only route leads to a handler of these files. */
function route(handler: string, files: Files, options: EsbuildOptions = {}) {
  return () => {
    sourceProject(files);
    return synthesize({ order: Route.toHandler(handler, { bundling: Bundling.esbuild(options) }) });
  };
}

function unbundled(handler: string, files: Files) {
  return () => {
    sourceProject(files);
    return synthesize({ order: Route.toHandler(handler, { srcPath: 'dist', bundling: Bundling.disabled() }) });
  };
}

const MAIN = 'export const main = async () => 1;\n';

describe.each([['CommonJS', ModuleFormat.CJS], ['an ECMAScript module', ModuleFormat.ESM]])('an export of a handler that is bundled as %s', (_, format) => {
  test('is an error if it is misspelt, with the exports there are and the one that was meant', () => {
    expect(route('src/order.mian', { 'src/order.ts': `${MAIN}export const other = 2;` }, { format })).toThrow(
      'route `"order"`: handler `"src/order.mian"` names the export `mian`, which `src/order.ts` does not have: it exports `main`, `other`; did you mean `"src/order.main"`?');
  });

  test('is found when it is not minified either', () => {
    const files = { 'order.ts': `${MAIN}export { main as other };` };

    expect(route('order.other', files, { format, minify: false })).not.toThrow();
    expect(route('order.otter', files, { format, minify: false })).toThrow('it exports `main`, `other`; did you mean `"order.other"`?');
  });

  test('is an error without a guess where none is near and there are several', () => {
    expect(route('order.main', { 'order.ts': 'export const first = 1; export const second = 2;' }, { format })).toThrow(/it exports `first`, `second`$/);
  });

  test('is an error if the module exports nothing', () => {
    expect(route('order.main', { 'order.ts': 'export type main = string; const run = async () => 1; run();' }, { format })).toThrow('it exports nothing');
  });

  test('may be the default export', () => {
    expect(route('order.default', { 'order.ts': 'export default async () => 1;' }, { format })).not.toThrow();
    expect(route('order.main', { 'order.ts': 'export default async () => 1;' }, { format })).toThrow('it exports `default`; did you mean `"order.default"`?');
  });

  test('may come from another file that is bundled', () => {
    const files = { 'order.ts': 'export * from "./impl";', 'impl.ts': 'export * from "./deep";', 'deep.ts': MAIN };

    expect(route('order.main', files, { format })).not.toThrow();
    expect(route('order.mian', files, { format })).toThrow('it exports `main`');
  });

  test('does not come from a module that is not bundled if that is only imported', () => {
    const files = { 'order.ts': 'import * as sdk from "@aws-sdk/handlers"; export * from "./impl"; console.log(sdk);', 'impl.ts': MAIN };

    expect(route('order.mian', files, { format })).toThrow('it exports `main`; did you mean `"order.main"`?');
  });

  test.each<[string, Files]>([
    ['a module that is not bundled', { 'order.ts': 'export * from "@aws-sdk/handlers";' }],
    ['a module that is not bundled, in another file', { 'order.ts': 'export * from "./impl";', 'impl.ts': 'export * from "@aws-sdk/handlers";' }],
    ['a module that is not bundled, behind others that are', { 'order.ts': 'import "./impl"; import "node:fs"; export * from "@aws-sdk/handlers"; import "./more";', 'impl.ts': MAIN, 'more.ts': MAIN }],
    ['a module that is not bundled, among others that are handed on', { 'order.ts': 'export * from "./impl"; export * from \'@aws-sdk/handlers\';', 'impl.ts': MAIN }],
    ['a CommonJS module', { 'order.ts': 'export * from "./impl";', 'impl.js': 'module.exports = make();' }],
  ])('passes if it may come from %s', (__, files) => {
    expect(route('order.anything', files, { format })).not.toThrow();
  });
});

describe('an export of a CommonJS module', () => {
  test.each([
    ['exports.main = async () => 1;'],
    ['module.exports.main = async () => 1;'],
    ['module.exports = { main, other: 2 }; async function main() {}'],
    ['module.exports = exports = { async main() {} };'],
    ['exports["main"] = async () => 1;'],
    ['Object.defineProperty(exports, "__esModule", { value: true }); exports.main = void 0; exports.main = async () => 1;'],
    ['Object.defineProperty(exports, "main", { value: async () => 1 });'],
  ])('is found: %s', (source) => {
    expect(route('order.main', { 'order.js': source })).not.toThrow();
  });

  test('is found in TypeScript too', () => {
    expect(route('order.main', { 'order.ts': 'const main = async () => 1;\nexport = { main };' })).not.toThrow();
  });

  test.each([
    ['exports.main = async () => 1; exports.other = 2;'],
    ['module.exports = { main, other }; const main = 1; const other = 2;'],
    ['Object.defineProperty(exports, "main", { value: async () => 1 }); exports.other = 2;'],
  ])('is an error if it is misspelt: %s', (source) => {
    expect(route('order.mian', { 'order.js': source })).toThrow('it exports `main`, `other`; did you mean `"order.main"`?');
  });

  test.each([
    ['module.exports = make(); function make() { return {}; }'],
    ['module.exports = require("./impl");'],
    ['Object.assign(exports, make()); function make() { return {}; }'],
    ['exports.main = 1; for (const name of ["a"]) { exports[name] = 1; }'],
    ['module.exports = { main: 1, ...make() }; function make() { return {}; }'],
    ['exports.main = 1; make(module); function make() {}'],
    ['this.anything = 1;'],
  ])('passes if only running the module would tell: %s', (source) => {
    expect(route('order.anything', { 'order.js': source, 'impl.js': '' })).not.toThrow();
  });

  test('is not reached if it is bundled as an ECMAScript module', () => {
    expect(route('order.main', { 'order.js': 'exports.main = async () => 1;' }, { format: ModuleFormat.ESM }))
      .toThrow('it is a CommonJS module, which exports only `default` once it is bundled as an ES module');
  });
});

test('an export passes if the banner or the footer may make it', () => {
  expect(route('order.main', { 'order.ts': 'export default { main: async () => 1 };' }, { footer: 'module.exports = module.exports.default;' })).not.toThrow();
});

describe('an export of JavaScript that is not bundled', () => {
  test.each<[string, string]>([
    ['order.js', 'exports.main = async () => 1; exports.other = 2;'],
    ['order.cjs', 'module.exports = { main, other }; const main = 1, other = 2;'],
    ['order.mjs', `${MAIN}export const other = 2;`],
    ['order.mjs', 'const all = { main: 1, other: 2 };\nexport const { main, other } = all;'],
    ['order.js', '0 && (module.exports = {\n  main,\n  other\n});'],
  ])('is found, and an error if it is misspelt: %s, %s', (file, source) => {
    const files = { [`dist/${file}`]: source };

    expect(unbundled('order.main', files)).not.toThrow();
    expect(unbundled('order.mian', files)).toThrow('it exports `main`, `other`; did you mean `"order.main"`?');
  });

  test('passes if it may come from a package', () => {
    expect(unbundled('order.main', { 'dist/order.mjs': 'export * from "handlers";' })).not.toThrow();
  });

  test('passes if the module is not understood', () => {
    expect(unbundled('order.main', { 'dist/order.js': 'module.exports = require("./impl.js");' })).not.toThrow();
  });
});

test('all misspelt exports are told at once', () => {
  sourceProject({ 'a.ts': MAIN, 'b.ts': MAIN });

  expect(() => synthesize({ a: Route.toHandler('a.mian'), b: Route.toHandler('b.man') })).toThrow(/route `"a"`: .*\n\nroute `"b"`: /);
});
