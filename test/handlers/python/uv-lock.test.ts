import { relative } from 'node:path';
import { uvLockedPackages } from '../../../src/handlers/python/uv-lock';
import { sourceProject, write } from '../source-project';

const OWN = '[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n';
const registry = (name: string, more = '', version = '1') => `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { registry = "https://example.com" }\n${more}\n`;

let folder: string;
beforeEach(() => { folder = sourceProject({ 'lib/pyproject.toml': '[project]\nname = "lib"\n' }); });

function locked(lock: string, { at = '', project = '', declared = [], topmost = '' }: { at?: string; project?: string; declared?: string[]; topmost?: string } = {}) {
  write({ [`${at}uv.lock`]: lock, [`${project}pyproject.toml`]: '' });
  return uvLockedPackages(`${folder}/${project}`.replace(/\/$/, ''), declared, `${folder}/${topmost}`.replace(/\/$/, ''));
}

describe('of a lock of uv', () => {
  test('what the project needs is installed, and what that needs, with the extras that are asked for', () => {
    const packages = locked([
      `${OWN}dependencies = [{ name = "a", extra = ["fast"] }, { name = "b" }]\n[package.dev-dependencies]\ndev = [{ name = "pytest" }]\n`,
      registry('a', 'dependencies = [{ name = "c" }]\n[package.optional-dependencies]\nfast = [{ name = "d" }]\nslow = [{ name = "e" }]'),
      registry('b', 'dependencies = [{ name = "a" }, { name = "app" }]'),
      ...['c', 'd', 'e', 'pytest'].map((name) => registry(name)),
    ].join('\n'));

    expect([...packages!.names].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(packages).toMatchObject({
      manifest: `${folder}/uv.lock`, requirements: [], constraints: [], projects: [], complete: true, onlyUv: '`uv.lock`', uvLock: { root: folder, packageName: 'app', localNames: [] },
    });
    expect(packages!.key).toHaveLength(4);
  });

  test('all versions of a package are taken, each with what it needs', () => {
    const packages = locked([
      `${OWN}dependencies = [{ name = "a" }]\n`, registry('a', 'dependencies = [{ name = "b" }]', '1'), registry('a', 'dependencies = [{ name = "c" }]', '2'), registry('b'), registry('c'),
    ].join('\n'));

    expect(packages!.names).toEqual(['a', 'b', 'a', 'c']);
  });

  test.each([['directory', '[["lib","",""]]'], ['editable', '[["lib","",""]]'], ['virtual', '[]']])('a package in a folder is a project of this machine, unless it has nothing to build: %s', (kind, projects) => {
    const packages = locked(`${OWN}dependencies = [{ name = "lib" }]\n[[package]]\nname = "lib"\nsource = { ${kind} = "lib" }\n`)!;

    expect(JSON.stringify(packages.projects.map(({ path, extras, marker }) => [relative(folder, path), extras, marker]))).toBe(projects);
    // Nothing comes from an index.
    expect(packages.uvLock).toBeUndefined();
  });

  test('a package in a folder is left to itself where others come from an index', () => {
    const packages = locked([`${OWN}dependencies = [{ name = "Lib" }, { name = "a" }]\n[[package]]\nname = "Lib"\nsource = { editable = "lib" }\n`, registry('a')].join('\n'))!;

    expect(packages).toMatchObject({ names: ['lib', 'a'], uvLock: { localNames: ['Lib'] } });
  });

  test('a folder that is not there is an error', () => {
    expect(() => locked(`${OWN}dependencies = [{ name = "lib" }]\n[[package]]\nname = "lib"\nsource = { directory = "nowhere" }\n`))
      .toThrow(`\`${folder}/uv.lock\` leads to \`nowhere\`, which does not exist`);
  });

  test('a wheel on this machine makes another asset when it changes', () => {
    write({ 'a.whl': 'one' });
    const keyOf = () => locked(`${OWN}dependencies = [{ name = "a" }]\n[[package]]\nname = "a"\nversion = "1"\nsource = { path = "a.whl" }\n`)!.key;
    const before = keyOf();
    write({ 'a.whl': 'two' });

    expect(keyOf()).not.toEqual(before);
    expect(keyOf()[0]).toBe(before[0]);
  });

  test('what is declared has to be in it', () => {
    const lock = [`${OWN}dependencies = [{ name = "my-lib" }]\n`, registry('my-lib'), registry('other')].join('\n');

    expect(() => locked(lock, { declared: ['My.Lib>=1', 'app'] })).not.toThrow();
    expect(() => locked(lock, { declared: ['other'] })).toThrow('pyproject.toml`: `"other"` is not in it. Run `uv lock`');
  });
});

describe('the lock is', () => {
  const MEMBER = '[[package]]\nname = "app"\nversion = "1"\nsource = { editable = "members/app" }\n';

  test('at the root of the workspace that has the project', () => {
    expect(locked(MEMBER, { project: 'members/app/' })).toMatchObject({ manifest: `${folder}/uv.lock`, onlyUv: '`uv.lock`' });
  });

  test('not the nearest if that is of something else', () => {
    write({ 'members/uv.lock': registry('x') });

    expect(locked(MEMBER, { project: 'members/app/' })).toMatchObject({ manifest: `${folder}/uv.lock` });
  });

  test('none where there is none up to the top of the disk', () => {
    write({ 'members/app/pyproject.toml': '' });

    expect(uvLockedPackages(`${folder}/members/app`, [], '/elsewhere')).toBeUndefined();
  });

  test('none that lies above the repository, or does not have the project', () => {
    expect(locked(MEMBER, { project: 'members/app/', topmost: 'members' })).toBeUndefined();
    expect(locked(MEMBER, { project: 'members/other/' })).toBeUndefined();
  });
});
