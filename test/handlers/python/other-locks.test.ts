import { relative } from 'node:path';
import { pipenvLockedPackages, poetryLockedPackages } from '../../../src/handlers/python/other-locks';
import { sourceProject, write } from '../source-project';

/** The public index, which is asked without an option. */
const PUBLIC = ['pypi', 'org'].join('.');
const PYPI = `https://${PUBLIC}/simple`;
let folder: string;
beforeEach(() => { folder = sourceProject({ 'lib/pyproject.toml': '[project]\nname = "lib"\n' }); });

/** A package of a lock of Poetry. */
const locked = (name: string, more = '') => `[[package]]\nname = "${name}"\nversion = "1.0"\n${more.includes('groups') ? '' : 'groups = ["main"]\n'}${more}\n`;

function poetry(packages: string[], declared: string[] = []) {
  write({ 'app/poetry.lock': packages.join('\n') });
  return poetryLockedPackages(`${folder}/app/poetry.lock`, declared);
}

function pipenv(lock: unknown) {
  write({ 'app/Pipfile.lock': JSON.stringify(lock) });
  return pipenvLockedPackages(`${folder}/app/Pipfile.lock`);
}

function projectsOf({ projects }: ReturnType<typeof poetry>) {
  return projects.map(({ path, extras, marker }) => [relative(folder, path), extras, marker]);
}

describe('of a lock of Poetry', () => {
  test('the main group is installed, without what is optional', () => {
    const packages = poetry([locked('A.b'), locked('dev', 'groups = ["dev"]'), locked('both', 'groups = ["dev", "main"]'), locked('extra', 'optional = true')]);

    expect(packages).toMatchObject({ requirements: ['A.b==1.0', 'both==1.0'], constraints: [], names: ['a-b', 'both'], complete: true });
  });

  test.each<[what: string, more: string, line: string]>([
    ['from the public index', '', 'a==1.0'],
    ['under a condition', 'markers = "os_name == \\"posix\\""', 'a==1.0 ; os_name == "posix"'],
    ['under a condition of its group', 'markers = { main = "os_name == \\"posix\\"", dev = "no" }', 'a==1.0 ; os_name == "posix"'],
    ['by a URL', '[package.source]\ntype = "url"\nurl = "https://example.com/a.whl"', 'a @ https://example.com/a.whl'],
    ['of a commit', '[package.source]\ntype = "git"\nurl = "https://example.com/a.git"\nresolved_reference = "abc"', 'a @ git+https://example.com/a.git@abc'],
    ['of a folder of a commit', 'markers = "os_name == \\"posix\\""\n[package.source]\ntype = "git"\nurl = "https://example.com/a.git"\nresolved_reference = "abc"\nsubdirectory = "libs/a"',
      'a @ git+https://example.com/a.git@abc#subdirectory=libs/a ; os_name == "posix"'],
    ['with its hashes', 'files = [{ file = "a.whl", hash = "sha256:00" }, { file = "a.tar.gz", hash = "sha256:11" }]', 'a==1.0 --hash=sha256:00 --hash=sha256:11'],
  ])('a package is installed %s', (_, more, line) => {
    expect(poetry([locked('a', more)]).requirements).toEqual([line]);
  });

  test('hashes count if all packages have some', () => {
    expect(poetry([locked('a', 'files = [{ file = "a.whl", hash = "sha256:00" }]'), locked('b')]).requirements).toEqual(['a==1.0', 'b==1.0']);
  });

  test('a folder is a project of this machine', () => {
    const packages = poetry([locked('lib', 'markers = "os_name == \\"posix\\""\n[package.source]\ntype = "directory"\nurl = "../lib"')]);

    expect(packages.requirements).toEqual([]);
    expect(projectsOf(packages)).toEqual([['lib', '', ' ; os_name == "posix"']]);
    expect(packages.key).toHaveLength(1);
  });

  test.each<[what: string, packages: string[], options: string[]]>([
    ['in the place of the public one if all packages come from it', ['a', 'b'], ['--index-url https://example.com/simple']],
    ['beside the public one if others come from there', ['a'], ['--extra-index-url https://example.com/simple']],
  ])('a private index is asked %s', (_, names, options) => {
    const source = '[package.source]\ntype = "legacy"\nurl = "https://example.com/simple"';
    const { requirements } = poetry(['a', 'b'].map((name) => locked(name, names.includes(name) ? source : '')));

    expect(requirements).toEqual([...options, 'a==1.0', 'b==1.0']);
  });

  test('a package of another kind is refused, with the way out', () => {
    expect(() => poetry([locked('a', '[package.source]\ntype = "file"\nurl = "a.whl"')]))
      .toThrow('has a package of the kind `"file"`, `a`, which this library cannot install from the lock. Write a `requirements.txt` into `srcPath`: `poetry export');
  });

  test('what is declared has to be in it', () => {
    expect(() => poetry([locked('My-Lib')], ['my.lib>=1'])).not.toThrow();
    expect(() => poetry([locked('a'), locked('b', 'groups = ["dev"]')], ['a', 'b>=1'])).toThrow('is older than the `pyproject.toml` beside it: `"b>=1"` is not in it. Run `poetry lock`');
  });

  test('a project that is not there is an error', () => {
    expect(() => poetry([locked('lib', '[package.source]\ntype = "directory"\nurl = "../nowhere"')])).toThrow(`leads to \`${folder}/nowhere\`, which does not exist`);
  });
});

describe('of a lock of Pipenv', () => {
  test.each<[what: string, entry: object, line: string]>([
    ['in its version', { version: '==1.0' }, 'a==1.0'],
    ['with extras and a condition', { version: '==1.0', extras: ['x', 'y'], markers: 'os_name == "posix"' }, 'a[x,y]==1.0 ; os_name == "posix"'],
    ['with its hashes', { version: '==1.0', hashes: ['sha256:00', 'sha256:11'] }, 'a==1.0 --hash=sha256:00 --hash=sha256:11'],
    ['of a commit', { git: 'https://example.com/a.git', ref: 'abc', extras: ['x'] }, 'a[x] @ git+https://example.com/a.git@abc'],
    ['of a folder of a commit', { git: 'https://example.com/a.git', ref: 'abc', subdirectory: 'libs/a' }, 'a @ git+https://example.com/a.git@abc#subdirectory=libs/a'],
  ])('a package is installed %s', (_, entry, line) => {
    expect(pipenv({ default: { a: entry }, develop: { b: { version: '==1' } } }).requirements).toEqual([line]);
  });

  test('a path is a project of this machine', () => {
    expect(projectsOf(pipenv({ default: { lib: { path: '../lib', editable: true, markers: 'os_name == "posix"' } } }))).toEqual([['lib', '', ' ; os_name == "posix"']]);
    expect(projectsOf(pipenv({ default: { lib: { path: '../lib', extras: ['x', 'y'] } } }))).toEqual([['lib', '[x,y]', '']]);
  });

  test.each([{}, { git: 'https://example.com/a.git' }])('a package without a version is refused: %j', (entry) => {
    expect(() => pipenv({ default: { a: entry } })).toThrow('has `a` without a version, which this library cannot install from the lock. Write a `requirements.txt` into `srcPath`: `pipenv requirements');
  });

  test.each<[urls: string[], options: string[]]>([
    [[PYPI], []],
    [[`https://${PUBLIC.replace('.', '.python.')}/simple/`], []],
    [['https://example.com/simple'], ['--index-url https://example.com/simple']],
    [[PYPI, 'https://example.com/simple'], ['--extra-index-url https://example.com/simple']],
    [[`https://example.com/${PUBLIC}/simple`, PYPI], [`--index-url https://example.com/${PUBLIC}/simple`]],
    [[`${PYPI}/more`], [`--index-url ${PYPI}/more`]],
  ])('indexes are asked in their order, the first in the place of the public one: %j', (urls, options) => {
    expect(pipenv({ _meta: { sources: urls.map((url) => ({ url })) }, default: { a: { version: '==1' } } }).requirements).toEqual([...options, 'a==1']);
  });

  test('nothing is installed of an empty one', () => {
    expect(pipenv({})).toMatchObject({ requirements: [], projects: [], names: [] });
  });
});
