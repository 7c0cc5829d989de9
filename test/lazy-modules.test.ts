import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { functionFolder } from './local/local-function';

const COMPILED = {
  'lib/index.js': [
    'exports.Api = void 0;',
    'var api_1 = require("./api");',
    'Object.defineProperty(exports, "Api", { enumerable: true, get: function () { return api_1.Api; } });',
    '',
  ],
  'lib/api.js': [
    'const node_path_1 = require("node:path");',
    'const base_1 = require("./parts/base");',
    'const used_1 = require("./parts/used");',
    'const unused_1 = require("./parts/unused");',
    'class Api extends base_1.Base {',
    '    make() { return [new used_1.Used(), ...used_1.MORE, (0, used_1.call)(), this.unused_1, (0, node_path_1.basename)("a/b")]; }',
    '    never() { return unused_1.unused; }',
    '}',
    'exports.Api = Api;',
    '',
  ],
  'lib/parts/base.js': ['exports.Base = class { unused_1 = "a member"; };'],
  'lib/parts/used.js': ['exports.Used = class { name = "used"; };', 'exports.MORE = ["more"];', 'exports.call = () => "called";'],
  'lib/parts/unused.js': ['exports.unused = 1;'],
  'lib/local/gateway.js': ['const unused_1 = require("../parts/unused");', 'exports.start = () => unused_1;'],
};

/** The modules that are loaded, step by step, and what was made. */
const PROGRAM = `
  const loaded = () => Object.keys(require.cache).map((file) => require('node:path').basename(file, '.js')).sort();
  const own = require('./lib');
  const steps = [loaded()];
  const made = new own.Api();
  steps.push(loaded());
  const parts = made.make();
  steps.push(loaded());
  console.log(JSON.stringify({ steps, parts }));
`;

test('a module loads another one when a program first uses it, and then uses it as before', () => {
  const folder = functionFolder(Object.fromEntries(Object.entries(COMPILED).map(([file, lines]) => [file, lines.join('\n')])));
  mkdirSync(join(folder, 'scripts/build'), { recursive: true });
  copyFileSync('scripts/build/lazy-modules.mjs', join(folder, 'scripts/build/lazy-modules.mjs'));

  expect(run(folder, 'scripts/build/lazy-modules.mjs').status).toBe(0);

  expect(JSON.parse(run(folder, '-e', PROGRAM).stdout)).toEqual({
    steps: [['index'], ['api', 'base', 'index'], ['api', 'base', 'index', 'used']],
    parts: [{ name: 'used' }, 'more', 'called', 'a member', 'b'],
  });
  // A program of its own, which uses all that it loads, stays as it was compiled.
  expect(run(folder, '-e', 'require("./lib/local/gateway"); console.log(Object.keys(require.cache).length)').stdout.trim()).toBe('2');
});

function run(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
}
