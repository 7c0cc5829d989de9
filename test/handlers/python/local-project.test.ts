import { mkdirSync, renameSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fingerprintOf, projectFiles, projectKey, readPyproject, readToml, withLocalDependencies } from '../../../src/handlers/python/local-project';
import { LocalProject } from '../../../src/handlers/python/packages';
import { sourceProject, write } from '../source-project';

let folder: string;
const at = (path: string, extras = '', marker = ''): LocalProject => ({ path: join(folder, path), extras, marker });
const manifest = (dependencies: string[], sources = '') => (
  `[project]\nname = "a"\ndependencies = ${JSON.stringify(dependencies)}\n[tool.uv.sources]\n${sources}\n`
);
beforeEach(() => { folder = sourceProject({ 'lib/pyproject.toml': '[project]\nname = "lib"\n', 'lib/lib.py': '' }); });

describe('the files of a project that decide its wheel', () => {
  test('are its source, without what builds leave and what git ignores', () => {
    write({
      'lib/src/build/kept.py': '',
      'lib/src/dist/kept.py': '',
      'lib/build/old.py': '',
      'lib/dist/old.whl': '',
      'lib/node_modules/x.js': '',
      'lib/.gitignore': 'ignored.py\n',
      'lib/ignored.py': '',
    });

    expect(projectFiles(`${folder}/lib`).paths).toEqual(['lib.py', 'pyproject.toml', 'src/build/kept.py', 'src/dist/kept.py']);
  });

  test('change its key, and so does what is asked of it', () => {
    const before = projectKey(at('lib'));
    write({ 'lib/lib.py': 'changed' });
    const keys = [projectKey(at('lib')), projectKey(at('lib', '[more]')), projectKey(at('lib', '', '; os_name == "nt"'))];

    expect(new Set([before, ...keys]).size).toBe(4);
  });

  test('change its key by their contents and its name, not by where it lies', () => {
    const before = projectKey(at('lib'));
    mkdirSync('elsewhere');
    renameSync('lib', 'elsewhere/lib');
    const moved = projectKey(at('elsewhere/lib'));
    renameSync('elsewhere/lib', 'other');

    expect(moved).toBe(before);
    expect(projectKey(at('other'))).not.toBe(before);
  });

  test('may be an archive', () => {
    write({ 'a.zip': 'one', 'b.zip': 'one', 'c.zip': 'two' });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => fingerprintOf(join(folder, `${name}.zip`)));

    expect(a).toBe(b);
    expect(a).not.toBe(c);
    expect(withLocalDependencies([at('a.zip')])).toEqual([at('a.zip')]);
  });
});

describe('the projects that a project needs', () => {
  const needed = (...projects: LocalProject[]) => withLocalDependencies(projects)
    .map(({ path, extras, marker }) => [relative(folder, path), extras, marker]);

  test('are those for which it has a path', () => {
    write({
      'app/pyproject.toml': manifest(['My.Lib>=1', 'other', 'remote', 'unsaid'], 'my_lib = { path = "../lib", editable = true }\nremote = { git = "https://example.com" }\nunused = { path = "../nowhere" }'),
    });

    expect(needed(at('app', '[x]', '; y'))).toEqual([['app', '[x]', '; y'], ['lib', '', '']]);
  });

  test('are those for each platform, under its condition', () => {
    write({
      'app/pyproject.toml': manifest(['lib'], 'lib = [{ path = "../lib", marker = "os_name == \'posix\'" }, { path = "../win", marker = "os_name == \'nt\'" }, { index = "x" }]'),
      'win/pyproject.toml': '',
    });

    expect(needed(at('app'))).toEqual([['app', '', ''], ['lib', '', "; os_name == 'posix'"], ['win', '', "; os_name == 'nt'"]]);
  });

  test.each([
    'lib @ file://FOLDER/lib', 'lib@file://FOLDER/lib', 'lib @  file://FOLDER/lib ; os_name == "posix"',
  ])('are those that it names by a URL of a file: %s', (requirement) => {
    write({ 'app/pyproject.toml': manifest([requirement.replace('FOLDER', folder)]) });

    expect(needed(at('app'))).toEqual([['app', '', ''], ['lib', '', '']]);
  });

  test('are none that is not there, by a URL that another machine may have', () => {
    write({ 'app/pyproject.toml': manifest([`lib @ file://${folder}/nowhere`]) });

    expect(needed(at('app'))).toEqual([['app', '', '']]);
  });

  test('have to be there, by a path', () => {
    write({ 'app/pyproject.toml': manifest(['lib'], 'lib = { path = "../nowhere" }') });

    expect(() => needed(at('app'))).toThrow(`\`${folder}/app/pyproject.toml\` leads to \`../nowhere\`, which does not exist`);
  });

  test('are each there once, as they are first asked for, also where they need each other', () => {
    write({
      'app/pyproject.toml': manifest(['lib', 'far'], 'lib = { path = "../lib" }\nfar = { path = "../far" }'),
      'far/pyproject.toml': manifest(['app', 'lib'], 'app = { path = "../app" }\nlib = { path = "../lib" }'),
    });

    expect(needed(at('lib', '[x]'), at('app'), at('lib'))).toEqual([['lib', '[x]', ''], ['app', '', ''], ['far', '', '']]);
  });
});

test('a project need not have a `pyproject.toml`', () => {
  expect(readPyproject(folder)).toEqual({});
  expect(readPyproject(`${folder}/lib`)).toEqual({ project: { name: 'lib' } });
});

test('a file that is no TOML is named, with the line', () => {
  write({ 'uv.lock': 'a = 1\nb =' });

  expect(() => readToml(`${folder}/uv.lock`)).toThrow(`\`${folder}/uv.lock\` cannot be read: line 2: `);
});
