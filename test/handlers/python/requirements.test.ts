import { relative } from 'node:path';
import { fingerprintOf } from '../../../src/handlers/python/local-project';
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
    'wheels/a.TAR.GZ': 'archive',
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
    ['name a wheel by a URL of a file, with extras and a marker', 'x [more] @ file:FOLDER/app/x.whl ; os_name == "posix"\nfile://FOLDER/app/x.whl[more]', ['FOLDER/app/x.whl[more] ; os_name == "posix"', 'FOLDER/app/x.whl[more]']],
    ['name a wheel, with its hash', './x.whl --hash=sha256:00', ['app/x.whl --hash=sha256:00']],
    ['are not wheels by their names alone', 'x.whl-tools\nthe @ https://example.com/a.whl', ['x.whl-tools', 'the @ https://example.com/a.whl']],
    ['may need a Python, by a marker with a path in it', 'a ; python_full_version == "3.12/x"', ['a ; python_full_version == "3.12/x"']],
    ['end at a comment, which does not go on behind a backslash', '# needed by \\\na\n  # and \\\nb # c\n', ['a', 'b']],
    ['lose nothing to a comment among them', 'a==1 \\\n  # why \\\n  --hash=sha256:00', ['a==1', '--hash=sha256:00']],
    ['may be options', '--no-index\n--index-url https://example.com/simple\n-i https://example.com/simple\n--extra-index-url=https://example.com/more\n--pre',
      ['--no-index', '--index-url https://example.com/simple', '--index-url https://example.com/simple', '--extra-index-url https://example.com/more', '--pre']],
    ['may have several options', '--no-index --find-links ../wheels -i https://example.com/simple', ['--no-index', '--find-links wheels', '--index-url https://example.com/simple']],
    ['may have options with spaces around', '  --index-url   https://example.com/simple  \n--extra-index-url = https://example.com/more\n-i   https://example.com/simple',
      ['--index-url https://example.com/simple', '--extra-index-url https://example.com/more', '--index-url https://example.com/simple']],
    ['name an index on this machine by its path, and one page of links', '-i ../wheels\n--extra-index-url ../wheels\n-f lib.zip', ['--index-url wheels', '--extra-index-url wheels', '--find-links app/lib.zip']],
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

  test('are those of a file elsewhere, named by a URL or a variable', () => {
    withEnvironment({ REQUIREMENTS_HERE: '../base', SITE_HERE: 'https://example.com' }, () => {
      expect(linesOf(`-r file://${folder}/base.txt\n-r \${REQUIREMENTS_HERE}.txt\n-r \${SITE_HERE}/r.txt`, { 'base.txt': 'b\n' })).toEqual(['b', 'b', '-r ${SITE_HERE}/r.txt']);
    });
  });

  test('have paths from the folder where they start, or else from that of their file', () => {
    expect(linesOf('-r more/m.txt\n', { 'app/more/m.txt': './x.whl\n./y.whl\n', 'app/more/x.whl': '', 'app/more/y.whl': '' })).toEqual(['app/x.whl', 'app/more/y.whl']);
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
    ['in an archive, by its URL', 'lib [a] @ file:FOLDER/app/lib.zip', ['app/lib.zip', '[a]', '']],
    ['in an archive with a long name', '../wheels/a.TAR.GZ', ['wheels/a.TAR.GZ', '', '']],
    ['by a path without dots, in full', 'FOLDER/lib', ['lib', '', '']],
    ['above the file', '..', ['', '', '']],
    ['that is the folder of the file', '.', ['app', '', '']],
    ['that is the folder of the file, with extras', '.[a]', ['app', '[a]', '']],
    ['with a marker right behind it', '../lib;os_name == "posix"', ['lib', '', ';os_name == "posix"']],
    ['by a URL with a marker that has a semicolon', 'lib @ file:FOLDER/lib ; os_name == ";"', ['lib', '', '; os_name == ";"']],
    ['as an editable one, with options of its own', '-e ../lib --config-settings x=y', ['lib', '', '']],
  ])('%s', (_, line, project) => {
    expect(projectsOf(read(line.replaceAll('FOLDER', folder)))).toEqual([project]);
  });

  test('brings the projects that it needs', () => {
    write({ 'lib/pyproject.toml': '[project]\nname = "lib"\ndependencies = ["lib2"]\n[tool.uv.sources]\nlib2 = { path = "../app/lib2" }\n' });

    expect(projectsOf(read('../lib'))).toEqual([['lib', '', ''], ['app/lib2', '', '']]);
  });

  test.each(['./nowhere', '../nowhere/', 'nowhere.whl', '/nowhere/x', '/nowhere', 'file:///nowhere'])('is an error if there is none: %s', (line) => {
    expect(() => read(line)).toThrow(`requirements.txt\` leads to \`${line}\`, which does not exist`);
  });

  test.each(['nowhere.txt', 'file:///nowhere.txt'])('is an error if a file of requirements is not there: %s', (path) => {
    expect(() => read(`-r ${path}`)).toThrow(`requirements.txt\` leads to \`${path}\`, which does not exist`);
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

  test.each([['-i ../wheels', 'wheels/deep/b.whl'], ['--extra-index-url file://FOLDER/wheels', 'wheels/deep/b.whl'], ['-f lib.zip', 'app/lib.zip']])('changes with what is in the place of `%s`', (option, file) => {
    const key = () => JSON.stringify(read(option.replace('FOLDER', folder)).key);
    const before = key();
    write({ [file]: 'changed' });

    expect(key()).not.toBe(before);
  });

  test('has the files of a place in their order, whatever the order of the disk', () => {
    expect(read('-f ../wheels').key.slice(1)).toEqual(['a-1.0-py3-none-any.whl', 'a.TAR.GZ', 'deep/b.whl'].map((file) => fingerprintOf(`${folder}/wheels/${file}`)));
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

  test('have no paths but those of their project', () => {
    expect(projectsOf(readRequirementList(`${folder}/app/pyproject.toml`, ['lib2 @ file:lib2'.replace('file:', `file:${folder}/app/`)]))).toEqual([['app/lib2', '', '']]);
  });

  test.each([' -e ../lib', '--index-url=https://example.com', 'a\n--index-url=https://example.com', 'a\r-r b.txt'])('are no options, which could name another index: %j', (requirement) => {
    expect(() => readRequirementList('pyproject.toml', ['b', requirement]))
      .toThrow(`\`pyproject.toml\` has the dependency \`${JSON.stringify(requirement)}\`, which is not a requirement`);
  });
});
