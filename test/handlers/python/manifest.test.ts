import { writeFileSync } from 'node:fs';
import { findPackages } from '../../../src/handlers/python/manifest';
import { sourceProject, write } from '../source-project';

const found = () => findPackages(`${process.cwd()}/app/src`);
beforeEach(() => { sourceProject({ 'app/src/handler.py': '' }); });

describe('nothing is installed', () => {
  test.each([
    ['for a `pyproject.toml` with settings of tools only', { 'app/src/pyproject.toml': '[tool.ruff]\nline-length = 100\n' }],
    ['for a project without dependencies', { 'app/src/pyproject.toml': '[project]\nname = "a"\nversion = "1"\n' }],
    ['for groups of dependencies, those of the CDK app included', { 'app/src/pyproject.toml': '[project]\nname = "a"\n[dependency-groups]\ndev = ["aws-cdk-lib"]\n' }],
    ['for the project of the whole app, in which the handlers are', { 'pyproject.toml': '[project]\nname = "app"\ndependencies = ["aws-cdk-lib"]\n' }],
    ['for an empty `requirements.txt`, whatever the project further up says', { 'app/src/requirements.txt': '', 'pyproject.toml': '[project]\ndependencies = ["x"]\n' }],
    ['for a project above the repository', { 'pyproject.toml': '[project]\ndependencies = ["x"]\n', 'app/.git/HEAD': '' }],
    ['for options only', { 'app/src/requirements.txt': '--no-index\n-c https://example.com/c.txt\n' }],
    ['without any of these', {}],
  ])('%s', (_, files) => {
    write(files);

    expect(found()).toBeUndefined();
  });
});

describe('what is installed is of', () => {
  test('the nearest project, in the folder or further up', () => {
    write({ 'pyproject.toml': '[project]\ndependencies = ["far"]\n', 'app/pyproject.toml': '[project]\nname = "a"\ndependencies = ["near"]\n' });

    expect(found()!.requirements).toEqual(['near']);
  });

  test('the `requirements.txt` in the folder first', () => {
    write({ 'app/pyproject.toml': '[project]\ndependencies = ["project"]\n', 'app/src/requirements.txt': 'requirement\n' });

    expect(found()!.requirements).toEqual(['requirement']);
  });

  test('a project whose own indexes uv is told, by absolute paths', () => {
    write({
      'app/src/pyproject.toml': '[project]\ndependencies = ["x"]\n[tool.uv]\nno-index = true\nfind-links = ["wheels", "https://example.com"]\n[[tool.uv.index]]\nurl = "wheels"\nname = "mine"\n',
      'app/src/wheels/x.whl': '',
    });
    const wheels = `${process.cwd()}/app/src/wheels`;

    expect(found()).toMatchObject({
      requirements: ['x'], onlyUv: '`[tool.uv]` with indexes', uvSettings: { 'no-index': true, 'find-links': [wheels, 'https://example.com'], 'index': [{ url: wheels, name: 'mine' }] },
    });
  });

  test('a lock of Poetry, which has what is declared and not optional', () => {
    write({
      'app/src/pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.13"\nx = "*"\ny = { version = "*", optional = true }\n',
      'app/src/poetry.lock': '[[package]]\nname = "x"\nversion = "1"\ngroups = ["main"]\n',
    });

    expect(found()!.requirements).toEqual(['x==1']);
  });

  test('a lock of Pipenv, which is beside its Pipfile or further up', () => {
    write({ 'app/Pipfile': '', 'app/Pipfile.lock': '{ "default": { "x": { "version": "==1" } } }' });

    expect(found()).toMatchObject({ requirements: ['x==1'], complete: true });
  });

  test('a lock of uv, which need have no more than what comes from an index', () => {
    write({
      'app/src/pyproject.toml': '[project]\nname = "a"\ndependencies = ["x"]\n',
      'app/src/uv.lock': '[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "x" }]\n[[package]]\nname = "x"\nversion = "1"\nsource = { registry = "y" }\n',
    });

    expect(found()).toMatchObject({ requirements: [], names: ['x'], uvLock: { packageName: 'a' } });
  });

  test('the requirements of another place, which only the tool can read', () => {
    write({ 'app/src/requirements.txt': '-r https://example.com/r.txt\n' });

    expect(found()!.requirements).toEqual(['-r https://example.com/r.txt']);
  });

  test('the `requirements.txt` that PowerShell writes', () => {
    writeFileSync('app/src/requirements.txt', Buffer.from('\ufeffrequests==2.0\r\n', 'utf16le'));

    expect(found()!.requirements).toEqual(['requests==2.0']);
  });
});

describe('a project is refused, with what to write,', () => {
  test.each([
    ['with the requirements of the CDK app', { 'app/src/requirements.txt': '# the app\naws-cdk-lib>=2\n' }, 'asks for aws-cdk-lib, so it belongs to the CDK app and not to the function: put the handlers into a folder of their own'],
    ['with the project of the CDK app', { 'app/src/pyproject.toml': '[project]\ndependencies = ["aws-cdk-lib>=2"]\n' }, 'asks for aws-cdk-lib'],
    ['with an option as a dependency', { 'app/src/pyproject.toml': '[project]\ndependencies = ["--index-url=http://evil"]\n' }, 'has the dependency `"--index-url=http://evil"`, which is not a requirement'],
    ['with dynamic dependencies', { 'app/src/pyproject.toml': '[project]\ndynamic = ["dependencies"]\n' }, 'has dynamic dependencies, which are known only after a build of the project: write a `requirements.txt` into `srcPath`'],
    ['of Poetry without a lock', { 'app/src/pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.13"\nx = "*"\n' }, 'there is no `poetry.lock`: run `poetry lock`'],
    ['of an old Poetry', { 'app/src/pyproject.toml': '[project]\n', 'app/src/poetry.lock': '[[package]]\nname = "x"\nversion = "1"\n' }, '`poetry export --without-hashes --output requirements.txt`'],
    ['of Pipenv without a lock', { 'app/src/Pipfile': '' }, 'has no lock: run `pipenv lock`'],
    ['of PDM', { 'app/src/pyproject.toml': '[project]\n', 'app/src/pdm.lock': '' }, '`pdm export --prod --without-hashes --output requirements.txt`'],
    ['of uv with sources and no lock', { 'app/src/pyproject.toml': '[project]\ndependencies = ["other", "My.Lib"]\n[tool.uv.sources]\nmy-lib = { path = "../lib" }\n' }, 'has a source for `my-lib` in `[tool.uv.sources]`, but there is no `uv.lock`: run `uv lock`'],
    ['that is no TOML', { 'app/src/pyproject.toml': '[project]\nname = \n' }, 'pyproject.toml` cannot be read: line 2: invalid value'],
    ['with a file that is not there', { 'app/src/requirements.txt': '-r ../base.txt\n' }, 'leads to `../base.txt`, which does not exist'],
    ['with a folder that is not there', { 'app/src/requirements.txt': '-e ../shared\n' }, 'leads to `../shared`, which does not exist'],
  ])('%s', (_, files, message) => {
    write(files as unknown as { [path: string]: string });

    expect(found).toThrow(message);
  });
});
