import { relative } from 'node:path';
import { Packages } from '../../../src/handlers/python/packages';
import { readRequirementList, readRequirements } from '../../../src/handlers/python/requirements';
import { withEnvironment } from '../compiled/tool-chain';
import { sourceProject, write } from '../source-project';

let folder: string;
beforeEach(() => {
  folder = sourceProject({
    'wheels/a-1.0-py3-none-any.whl': 'wheel',
    'wheels/deep/b.whl': 'wheel',
    'lib/pyproject.toml': '[project]\nname = "lib"\n',
    'app/lib.zip': 'archive',
    'app/x.whl': 'wheel',
    'app/lib2/pyproject.toml': '[project]\nname = "lib2"\n',
  });
});

/** With paths as they are from the folder of the test. */
const shown = (text: string) => text.replaceAll(`${folder}/`, '');

function read(text: string, more: { [path: string]: string } = {}): Packages {
  write({ 'app/requirements.txt': text, ...more });
  return readRequirements(`${folder}/app/requirements.txt`);
}

const linesOf = (text: string, more?: { [path: string]: string }) => read(text, more).requirements.map(shown);
const projectsOf = ({ projects }: Packages) => projects.map(({ path, extras, marker }) => [relative(folder, path), extras, marker]);

describe('the lines of a requirements file', () => {
  test.each<[what: string, text: string, lines: string[]]>([
    ['are as they are written, without comments and blank lines', '# all\nrequests==2.0  # http\n\n  boto3 ; python_version > "3.9"\nx#y\n', ['requests==2.0', 'boto3 ; python_version > "3.9"', 'x#y']],
    ['go on behind a backslash', 'requests==2.0 \\\n  --hash=sha256:00\nx\r\ny\rz', ['requests==2.0    --hash=sha256:00', 'x', 'y', 'z']],
    ['may begin with a byte order mark', '\ufeffrequests\n', ['requests']],
    ['may be URLs', 'a @ https://example.com/a.whl\nhttps://example.com/b.whl\ngit+https://example.com/c.git', ['a @ https://example.com/a.whl', 'https://example.com/b.whl', 'git+https://example.com/c.git']],
    ['name a wheel by its path', './x.whl[more] ; os_name == "posix"\n../wheels/deep/b.whl\nx.whl', ['app/x.whl[more] ; os_name == "posix"', 'wheels/deep/b.whl', 'app/x.whl']],
    ['name a wheel by a URL of a file', 'x @ file:FOLDER/app/x.whl', ['FOLDER/app/x.whl']],
    ['may be options', '--no-index\n--index-url https://example.com/simple\n-i https://example.com/simple\n--extra-index-url=https://example.com/more\n--pre',
      ['--no-index', '--index-url https://example.com/simple', '--index-url https://example.com/simple', '--extra-index-url https://example.com/more', '--pre']],
    ['name folders of wheels by their paths, in every form', '--find-links ../wheels\n-f../wheels\n-f=../wheels\n--find-links=../wheels',
      Array.from({ length: 4 }, () => '--find-links wheels')],
    ['keep a folder of wheels that is not there, and one that is a URL', '-f ../nowhere\n-f https://example.com/wheels\n-f file:FOLDER/wheels', ['--find-links ../nowhere', '--find-links https://example.com/wheels', '--find-links file:FOLDER/wheels']],
    ['may be requirements elsewhere', '-r https://example.com/r.txt\n-c https://example.com/c.txt', ['-r https://example.com/r.txt']],
  ])('%s', (_, text, lines) => {
    expect(read(text.replaceAll('FOLDER', folder)).requirements.map(shown)).toEqual(lines.map((line) => shown(line.replaceAll('FOLDER', folder))));
  });

  test('are those of other files too, each found from the one that names it, once where they name each other', () => {
    expect(linesOf('-r ../base.txt\n--requirement more/m.txt\na', { 'base.txt': '-r app/requirements.txt\nb\n', 'app/more/m.txt': '-r=n.txt\nm\n', 'app/more/n.txt': 'n\n' }))
      .toEqual(['b', 'n', 'm', 'a']);
  });

  test('in a constraints file are constraints, also those that it names', () => {
    const { requirements, constraints } = read('-c ../c.txt\n-c https://example.com/c.txt\na', { 'c.txt': 'a<2\n-r d.txt\n', 'd.txt': 'd<3\n' });

    expect(requirements).toEqual(['a']);
    expect(constraints).toEqual(['a<2', 'd<3', '-c https://example.com/c.txt']);
  });

  test('have variables of the environment in their paths', () => {
    withEnvironment({ WHEELS_HERE: '../wheels' }, () => {
      expect(linesOf('-f ${WHEELS_HERE}\n-f ${NOT_SET_HERE}\n')).toEqual(['--find-links wheels', '--find-links ${NOT_SET_HERE}']);
    });
  });

  test('tell the names of the packages', () => {
    expect(read('My.Lib_x[extra]>=1\n--pre\nboto3\n').names).toEqual(['my-lib-x', 'boto3']);
  });
});

describe('a project of this machine', () => {
  test.each([
    ['by its path', '../lib', ['lib', '', '']],
    ['with extras and a marker', '../lib[a,b] ; os_name == "posix"', ['lib', '[a,b]', '; os_name == "posix"']],
    ['as an editable one', '-e ../lib', ['lib', '', '']],
    ['as an editable one, in full', '--editable=../lib[a]', ['lib', '[a]', '']],
    ['by a path without dots', 'lib2/', ['app/lib2', '', '']],
    ['by its name and a URL', 'lib[a] @ file:FOLDER/lib ; os_name == "posix"', ['lib', '[a]', '; os_name == "posix"']],
    ['by its name and a URL with slashes', 'lib @ file://FOLDER/lib', ['lib', '', '']],
    ['in an archive', './lib.zip', ['app/lib.zip', '', '']],
  ])('%s', (_, line, project) => {
    expect(projectsOf(read(line.replaceAll('FOLDER', folder)))).toEqual([project]);
  });

  test('brings the projects that it needs', () => {
    write({ 'lib/pyproject.toml': '[project]\nname = "lib"\ndependencies = ["lib2"]\n[tool.uv.sources]\nlib2 = { path = "../app/lib2" }\n' });

    expect(projectsOf(read('../lib'))).toEqual([['lib', '', ''], ['app/lib2', '', '']]);
  });

  test.each(['./nowhere', '../nowhere/', 'nowhere.whl', '/nowhere/x'])('is an error if there is none: %s', (line) => {
    expect(() => read(line)).toThrow(`requirements.txt\` leads to \`${line}\`, which does not exist`);
  });

  test('is an error if a file of requirements is not there', () => {
    expect(() => read('-r nowhere.txt')).toThrow('requirements.txt` leads to `nowhere.txt`, which does not exist');
  });
});

describe('what decides what is installed', () => {
  const keyOf = (text = '-f ../wheels\n-r ../base.txt\n../lib\n./x.whl\n') => JSON.stringify(read(text, { 'base.txt': 'b\n' }).key);

  test('is the same on every machine', () => {
    expect(keyOf()).not.toContain(folder);
    expect(keyOf()).toBe(keyOf());
  });

  test.each(['wheels/a-1.0-py3-none-any.whl', 'wheels/deep/b.whl', 'lib/pyproject.toml', 'app/x.whl'])('changes with %s', (file) => {
    const before = keyOf();
    write({ [file]: '# changed' });

    expect(keyOf()).not.toBe(before);
  });

  test('changes with a text', () => {
    expect(keyOf()).not.toBe(keyOf('-f ../wheels\n-r ../base.txt\n../lib\n./x.whl\n# why\n'));
  });
});

describe('the dependencies of a project', () => {
  test('are requirements, and projects of this machine', () => {
    const packages = readRequirementList(`${folder}/app/pyproject.toml`, ['boto3>=1', `lib @ file://${folder}/lib`]);

    expect(packages).toMatchObject({ requirements: ['boto3>=1'], constraints: [], names: ['boto3'], complete: false, manifest: `${folder}/app/pyproject.toml` });
    expect(projectsOf(packages)).toEqual([['lib', '', '']]);
    expect(packages.key).toHaveLength(3);
  });

  test('are no options, which could name another index', () => {
    expect(() => readRequirementList('pyproject.toml', [' -e ../lib'])).toThrow('`pyproject.toml` has the dependency `" -e ../lib"`, which is not a requirement');
  });
});
