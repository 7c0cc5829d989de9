import { existsSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ProjectCopy } from '../../../src/handlers/compiled/project-copy';
import { filesBelow } from '../../../src/handlers/compiled/project-files';
import { filesOf, sourceProject, write } from '../source-project';

describe('a copy of a project', () => {
  const copyOf = (...files: string[]) => {
    const folder = sourceProject(Object.fromEntries(files.map((file) => [file, file])));
    return { folder, copy: new ProjectCopy(files.map((file) => join(folder, file)), join(folder, 'copy')) };
  };

  test('has its files where they are to each other, each once', () => {
    const { copy } = copyOf('app/a.txt', 'app/deep/b.txt', 'lib/c.txt', 'app/a.txt');

    expect(filesOf(copy.root)).toEqual(['app/a.txt', 'app/deep/b.txt', 'lib/c.txt']);
    expect(readFileSync(copy.at(join(process.cwd(), 'lib/c.txt')), 'utf8')).toBe('lib/c.txt');
  });

  test('begins at the folder that all of them are in', () => {
    expect(filesOf(copyOf('app/a.txt', 'app/deep/b.txt').copy.root)).toEqual(['a.txt', 'deep/b.txt']);
    expect(filesOf(copyOf('app/deep/b.txt', 'app/a.txt').copy.root)).toEqual(['a.txt', 'deep/b.txt']);
    expect(filesOf(copyOf('app/a.txt', 'app2/b.txt').copy.root)).toEqual(['app/a.txt', 'app2/b.txt']);
  });

  test('is readable by everyone, whatever the umask', () => {
    const before = process.umask(0o077);
    try {
      const { copy, folder } = copyOf('a.txt', 'b.txt');
      expect(statSync(copy.at(join(folder, 'a.txt'))).mode.toString(8).slice(-3)).toBe('644');
    } finally {
      process.umask(before);
    }
  });

  test('reaches what is needed and not part of it, if it lies in the same folder', () => {
    const { copy, folder } = copyOf('app/a.txt', 'app/b/c.txt');
    write({ 'app/packages/x': '' });
    copy.link(join(folder, 'app/packages'));
    copy.link(join(folder, 'app/b'));

    expect(['packages', 'b'].map((name) => lstatSync(join(copy.root, name)).isSymbolicLink())).toEqual([true, false]);
    expect(filesOf(copy.root)).toEqual(['a.txt', 'b/c.txt', 'packages/x']);
  });

  test('links to nothing outside the folder that its files are in', () => {
    const folder = sourceProject({ 'app/a.txt': '', 'outside/packages/x': '', 'work/x': '' });
    new ProjectCopy([join(folder, 'app/a.txt')], join(folder, 'work/copy')).link(join(folder, 'outside/packages'));

    expect(filesOf('work')).toEqual(['copy/a.txt', 'x']);
  });

  test('is not named in what tools say of it, and goes', () => {
    const { copy, folder } = copyOf('app/a.txt', 'lib/b.txt');
    const said = (root: string) => `${root}/app/a.txt: no\n${root}/lib/b.txt: no`;
    expect(copy.original(said(copy.root))).toBe(said(folder));
    copy.remove();

    expect(existsSync(copy.root)).toBe(false);
  });
});

describe('the files of a project', () => {
  const shown = (file: string) => relative(process.cwd(), file);
  const below = (folder: string, isLeftOut?: (path: string) => boolean) => filesBelow(folder, isLeftOut).map(shown);

  test('are all below its folder, in the order of their names, but not what tools leave', () => {
    sourceProject({
      'app/b.txt': '',
      'app/a/c.txt': '',
      'app/.hidden': '',
      'app/.git/HEAD': '',
      'app/.hg/x': '',
      'app/.svn/x': '',
      'app/.idea/x': '',
      'app/.vscode/x': '',
      'app/.vs/x': '',
      'app/.DS_Store': '',
      'app/node_modules/x': '',
      'app/cdk.out/x': '',
    });

    expect(below('app')).toEqual(['app/.hidden', 'app/a/c.txt', 'app/b.txt']);
    expect(below('app', (path) => path.endsWith('a'))).toEqual(['app/.hidden', 'app/b.txt']);
    expect(below('nowhere')).toEqual([]);
  });

  test('are what links lead to, without end or nowhere aside', () => {
    sourceProject({ 'app/a.txt': '', 'outside/b.txt': '' });
    symlinkSync('../outside', 'app/linked');
    symlinkSync('.', 'app/itself');
    symlinkSync('nowhere', 'app/broken');

    expect(below('app')).toEqual(['app/a.txt', 'app/linked/b.txt']);
  });
});
