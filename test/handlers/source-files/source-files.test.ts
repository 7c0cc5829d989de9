import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { assetFiles } from '../../../src/handlers/source-files/asset-files';
import { letEveryoneReadAll, SourceFiles, SourceFilesOptions } from '../../../src/handlers/source-files/source-files';
import { filesOf, sourceProject, write } from '../source-project';

const files = (folder = 'src', options: Partial<SourceFilesOptions> = {}) => new SourceFiles(join(process.cwd(), folder), { gitIgnore: true, ...options });
const modeOf = (path: string) => (statSync(path).mode % 0o1000).toString(8);

describe('the source in a folder', () => {
  test('is all that tools have not left there, sorted', () => {
    const left = ['cdk.out/a', '.git/a', '.gitattributes', '.hg/a', '.svn/a', '.DS_Store', '.idea/a', '.vscode/a', '__pycache__/a', '.venv/a', '.coverage', 'a.pyc', 'x.egg-info/a', 'a.log'];
    sourceProject(Object.fromEntries(['b/c.py', 'a.py', 'b/a.py', 'logs/x', 'pyc', 'git/x', ...left, ...left.map((path) => `b/${path}`)].map((path) => [`src/${path}`, ''])));

    expect(files().paths).toEqual(['a.py', 'b/a.py', 'b/c.py', 'git/x', 'logs/x', 'pyc']);
  });

  test('has nothing that git ignores, if that counts', () => {
    sourceProject({ 'src/.gitignore': '/out\n', 'src/out/a': '', 'src/deep/out/a': '', 'src/deep/.gitignore': 'x\n', 'src/deep/x': '', 'src/x': '' });

    expect(files().paths).toEqual(['deep/out/a', 'x']);
    expect(files('src', { gitIgnore: false }).paths).toEqual(['deep/out/a', 'deep/x', 'out/a', 'x']);
  });

  test('has nothing of a name that is excluded, nor of a path, and what only looks like one', () => {
    const folder = sourceProject({ 'src/no/a': '', 'src/deep/no': '', 'src/none': '', 'src/out/a/b': '', 'src/outer': '', 'src/deep/out/a': '', 'src/one': '', 'src/one.txt': '' });

    expect(files('src', { exclude: ['no'], excludePaths: [`${folder}/src/out/`, 'src/one', '/elsewhere'] }).paths).toEqual(['deep/out/a', 'none', 'one.txt', 'outer']);
  });

  test('is what links lead to, each once on a way down, and nothing where they lead nowhere or in a circle', () => {
    sourceProject({ 'src/a': '', 'src/deep/b': '', 'shared/c': '' });
    symlinkSync('../../shared', 'src/deep/shared');
    symlinkSync('a', 'src/again');
    symlinkSync('deep', 'src/other');
    symlinkSync('..', 'src/deep/circle');
    symlinkSync('../src', 'shared/back');
    symlinkSync('nowhere', 'src/broken');

    expect(files().paths).toEqual(['a', 'again', 'deep/b', 'deep/shared/c', 'other/b', 'other/shared/c']);
    expect(files().folders).toEqual(['', 'deep', 'deep/shared', 'other', 'other/shared']);
  });

  test('may itself be found by a link', () => {
    sourceProject({ 'src/a': '', 'src/deep/b': '' });
    symlinkSync('src', 'link');
    symlinkSync('..', 'src/deep/circle');

    expect(files('link').paths).toEqual(['a', 'deep/b']);
  });

  test('has no pipes, no virtual environments and no secrets, and tells what may be none', () => {
    sourceProject({ 'src/env/pyvenv.cfg': '', 'src/env/a': '', 'src/pyvenv.cfg': '', 'src/.env': '', 'src/deep/a.pem': '', 'src/.ssh/a': '' });
    execFileSync('mkfifo', ['src/pipe']);

    expect(files()).toMatchObject({ paths: ['pyvenv.cfg'], doubtful: ['deep/a.pem'], folders: ['', 'deep'] });
  });

  test('knows its files', () => {
    sourceProject({ 'src/deep/a': '' });

    expect(['deep/a', 'deep', 'a'].map((path) => files().includes(path))).toEqual([true, false, false]);
  });
});

describe('what is deployed', () => {
  const FILES = ['a.py', 'requirements.txt', 'deep/uv.lock', 'Pipfile', 'node_modules/x.js', 'data', 'out/x'];

  test.each([['python', ['a.py', 'data']], ['nodejs', [...FILES].sort()]] as const)('of %s', (language, expected) => {
    const folder = sourceProject(Object.fromEntries(FILES.map((path) => [path, ''])));
    write({ '.gitignore': 'out/\n' });

    expect(assetFiles(folder, language, []).paths).toEqual(expected);
    expect(assetFiles(folder, language, [`${folder}/data`]).paths).toEqual(expected.filter((path) => path !== 'data'));
  });
});

describe('the fingerprint of source', () => {
  beforeEach(() => { sourceProject({ 'src/a': 'one', 'src/deep/b': 'two', 'src/.env': 'SECRET' }); });

  test('is the same for a copy, whatever else is allowed with it and left beside it', () => {
    const before = files().fingerprint();
    cpSync('src', 'copy', { recursive: true });
    chmodSync('copy/a', 0o600);
    write({ 'copy/a.log': '', 'copy/.env': 'changed' });

    expect(files('copy').fingerprint()).toBe(before);
  });

  test.each<[string, () => void]>([
    ['a text', () => write({ 'src/a': 'One' })],
    ['a name', () => renameSync('src/a', 'src/c')],
    ['a folder', () => renameSync('src/deep', 'src/deeper')],
    ['who may run a file', () => chmodSync('src/a', 0o755)],
    ['a file that is added', () => write({ 'src/c': '' })],
    ['a border between two files', () => write({ 'src/a': 'onetw', 'src/deep/b': 'o' })],
  ])('changes with %s', (_, change) => {
    const before = files().fingerprint();
    change();

    expect(files().fingerprint()).not.toBe(before);
  });
});

test('a copy has the files that links lead to, which everyone may read, and run where their owner may', () => {
  sourceProject({ 'src/a': 'one', 'src/deep/run': 'two', 'src/b': '' });
  chmodSync('src/a', 0o600);
  chmodSync('src/b', 0o666);
  chmodSync('src/deep/run', 0o700);
  symlinkSync('a', 'src/link');
  files().copyTo(join(process.cwd(), 'copy'));

  expect(filesOf('copy')).toEqual(['a', 'b', 'deep/run', 'link']);
  expect(readFileSync('copy/link', 'utf8')).toBe('one');
  expect(['a', 'b', 'deep/run', 'link'].map((path) => modeOf(`copy/${path}`))).toEqual(['644', '644', '755', '644']);
});

test('all in a folder can be made readable for everyone, but what is not in it', () => {
  sourceProject({ 'out/deep/a': '', 'out/deep/run': '', 'elsewhere': '' });
  mkdirSync('out/empty', { mode: 0o700 });
  ['out', 'out/deep', 'out/deep/run'].forEach((path) => chmodSync(path, 0o700));
  ['out/deep/a', 'elsewhere'].forEach((path) => chmodSync(path, 0o600));
  symlinkSync('../elsewhere', 'out/link');
  letEveryoneReadAll('out');

  expect(['out', 'out/deep', 'out/empty', 'out/deep/run', 'out/deep/a', 'elsewhere'].map(modeOf)).toEqual(['755', '755', '755', '755', '644', '600']);
});
