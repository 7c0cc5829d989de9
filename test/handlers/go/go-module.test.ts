import { join, relative } from 'node:path';
import { folderOfImport, moduleRootOf, readModule } from '../../../src/handlers/go/go-module';
import { withEnvironment } from '../compiled/tool-chain';
import { sourceProject, write } from '../source-project';

/** What is read of a module: its manifests, and the folders of modules on this machine. */
function read(files: { [path: string]: string }, root = '.', goWork?: string) {
  const folder = sourceProject(files);
  const { manifests, folders } = withEnvironment({ GOWORK: goWork }, () => readModule(join(folder, root)));
  return {
    manifests: manifests.map((file) => relative(folder, file)).sort(),
    folders: Object.fromEntries([...folders].map(([path, one]) => [path, relative(folder, one)])),
  };
}

describe('the module of a package', () => {
  test('is the nearest go.mod upwards', () => {
    const folder = sourceProject({ 'go.mod': '', 'inner/go.mod': '', 'inner/cmd/x': '', 'cmd/go.mod/x': '' });

    expect(moduleRootOf(join(folder, 'inner/cmd'))).toBe(join(folder, 'inner'));
    expect(moduleRootOf(join(folder, 'inner'))).toBe(join(folder, 'inner'));
    expect(moduleRootOf(join(folder, 'cmd'))).toBe(folder);
  });

  test('has the versions that its manifests say, of modules that are vendored too', () => {
    expect(read({ 'go.mod': 'module example.com/a\n', 'go.sum': '', 'vendor/modules.txt': '' }))
      .toEqual({ manifests: ['go.mod', 'go.sum', 'vendor/modules.txt'], folders: { 'example.com/a': '' } });
  });

  test.each([
    ['plain', 'module example.com/a // the app\n'],
    ['quoted', 'module "example.com/a"\n'],
    ['raw', 'module `example.com/a`\r\n'],
    ['in a block', '// module no\nmodule (\n\texample.com/a\n)\n'],
    ['behind others', 'go 1.21\n\nrequire (\n\tmodule v1.0.0\n)\nmodule example.com/a\n'],
  ])('has its name, %s', (_, text) => {
    expect(read({ 'go.mod': text }).folders).toEqual({ 'example.com/a': '' });
  });
});

describe('a module takes the place of another', () => {
  test.each([
    ['a folder beside it', 'replace example.com/b => ./b\n', { 'example.com/b': 'app/b' }],
    ['of one version', 'replace example.com/b v1.0.0 => ../b\n', { 'example.com/b': 'b' }],
    ['in a block', 'replace (\n\texample.com/b => ./b // here\n\texample.com/c => example.com/d v1.0.0\n)\n', { 'example.com/b': 'app/b' }],
    ['another module, which is downloaded', 'replace example.com/b => example.com/c v1.0.0\n', {}],
    ['one whose name looks like a drive', 'replace example.com/b => example.com/d:/x v1.0.0\n', {}],
    ['an incomplete line', 'replace example.com/b\n', {}],
  ])('%s', (_, text, folders) => {
    expect(read({ 'app/go.mod': `module example.com/a\n${text}` }, 'app').folders).toEqual({ 'example.com/a': 'app', ...folders });
  });

  test('and what it needs counts', () => {
    expect(read({ 'go.mod': 'module example.com/a\nreplace example.com/b => ./b\n', 'b/go.mod': 'module example.com/b\n', 'b/go.sum': '' }).manifests)
      .toEqual(['b/go.mod', 'go.mod']);
  });
});

describe('a workspace', () => {
  const FILES = {
    'go.work': 'go 1.21\n\nuse (\n\t./app\n\t./words\n\t./nowhere\n)\n\nreplace example.com/far => ./far\n',
    'go.work.sum': '',
    'app/go.mod': 'module example.com/app\n',
    'words/go.mod': 'module example.com/words\n',
    'other.work': 'use ./app\n',
  };

  test('brings the modules that it uses, found upwards', () => {
    expect(read(FILES, 'app')).toEqual({
      manifests: ['app/go.mod', 'go.work', 'go.work.sum', 'words/go.mod'],
      folders: { 'example.com/app': 'app', 'example.com/words': 'words', 'example.com/far': 'far' },
    });
  });

  test('is none if GOWORK says so, or names none', () => {
    expect(read(FILES, 'app', 'off').manifests).toEqual(['app/go.mod']);
    expect(read(FILES, 'app', '/nowhere/go.work').manifests).toEqual(['app/go.mod']);
  });

  test('is the one that GOWORK names', () => {
    const folder = sourceProject(FILES);
    const { manifests } = withEnvironment({ GOWORK: join(folder, 'other.work') }, () => readModule(join(folder, 'app')));

    expect(manifests.map((file) => relative(folder, file)).sort()).toEqual(['app/go.mod', 'other.work']);
  });
});

describe('the folder of an imported package', () => {
  const folderOf = (path: string) => {
    const root = process.cwd();
    const folder = folderOfImport(readModule(root), path);
    return folder === undefined ? undefined : relative(root, folder);
  };
  beforeEach(() => {
    sourceProject({
      'go.mod': 'module example.com/a\nreplace example.com/a/b => ./elsewhere\n', 'elsewhere/c/x.go': '', 'b/c/x.go': '', 'd/x.go': '', 'file': '',
    });
    write({ 'vendor/example.com/v/x.go': '', 'vendor/example.com/ab/x.go': '' });
  });

  test.each([
    ['of the module itself', 'example.com/a', ''],
    ['of the module', 'example.com/a/d', 'd'],
    ['of the module whose name is longest', 'example.com/a/b/c', 'elsewhere/c'],
    ['of a vendored module', 'example.com/v', 'vendor/example.com/v'],
    ['of one whose name only begins alike', 'example.com/ab', 'vendor/example.com/ab'],
    ['of Go', 'fmt', undefined],
    ['that is a file', 'example.com/a/file', undefined],
    ['that is not there', 'example.com/a/nowhere', undefined],
  ])('%s', (_, path, folder) => {
    expect(folderOf(path)).toBe(folder);
  });
});
