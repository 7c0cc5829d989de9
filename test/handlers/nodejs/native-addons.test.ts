import { bundleOf, Files } from './bundle-of';
import { nativeAddons } from '../../../src/handlers/nodejs/native-addons';

describe('a package with a compiled part is told of', () => {
  const namesOf = (files: Files) => nativeAddons(bundleOf(files)).map(({ id, text }) => `${id} ${/^`(.*?)`/.exec(text)![1]}`);
  const manifest = (json: object) => ({ 'node_modules/x/package.json': JSON.stringify(json), 'node_modules/x/index.js': '' });

  test.each<[what: string, files: Files]>([
    ['it is built by gyp', { 'node_modules/x/binding.gyp': '', 'node_modules/x/index.js': '' }],
    ['it has builds', { 'node_modules/x/prebuilds/a': '', 'node_modules/x/index.js': '' }],
    ['it has an addon', { 'node_modules/x/x.node': '', 'node_modules/x/index.js': '' }],
    ['it says so', manifest({ gypfile: true })],
    ['it names a module', manifest({ binary: { module_name: 'x' } })],
    ['it needs a loader', manifest({ dependencies: { 'node-gyp-build': '1' } })],
    ['it has a package for each platform', manifest({ optionalDependencies: { 'other': '1', '@x/x-linux-x64': '1' } })],
  ])('if %s', (_, files) => {
    expect(namesOf(files)).toEqual(['nativeAddon x']);
  });

  test.each<[what: string, files: Files]>([
    ['it has none', manifest({ gypfile: false, binary: {}, dependencies: { bound: '1' }, optionalDependencies: { 'linux': '1', 'x64-linux': '1' } })],
    ['it says nothing', { 'node_modules/x/index.js': '' }],
    ['it is the app', { 'binding.gyp': '', 'a.js': '' }],
  ])('but not if %s', (_, files) => {
    expect(namesOf(files)).toEqual([]);
  });

  test('by its whole name, also with dots in it', () => {
    expect(namesOf({ 'node_modules/my.addon.js/binding.gyp': '', 'node_modules/my.addon.js/i.js': '' })).toEqual(['nativeAddon my.addon.js']);
  });

  test('by its name, with its scope, wherever it lies', () => {
    expect(namesOf({
      'node_modules/a/node_modules/@my/b/binding.gyp': '', 'node_modules/a/node_modules/@my/b/lib/deep.js': '', 'node_modules/.prisma/client/x.node': '', 'node_modules/.prisma/client/i.js': '',
    }).sort()).toEqual(['nativeAddon @my/b', 'nativeAddon @prisma/client']);
  });
});
