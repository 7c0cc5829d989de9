import { execFileSync, spawnSync } from 'node:child_process';
import { GitIgnore } from '../../../src/handlers/source-files/git-ignore';
import { sourceProject } from '../source-project';

const PATHS = [
  'a.log', 'deep/a.log', 'important.log', 'build/x', 'deep/build/x', 'root-only/x', 'deep/root-only/x', 'doc/a.txt', 'doc/b/a.txt', 'x/y/z', 'x/deep/y/z',
  'char1', 'char2', 'charx', '#hash', '!bang', 'trailing ', 'sub/only.txt', 'only.txt', 'sub/keep.log', 'a+b', 'q.c', 'qq.c', 'tree/one', 'tree/two/three', 'A.LOG', 'Build/x', 'spaces', '^x', 'zx', '# comment',
  'any/where/deep', 'where/deep', 'a.b', 'aXb', '[z-a]', 'x/z', 'doc/a.txt.bak', 'lit[x', 'lit*', 'litx', 'n-o', 'nxo', 'one', 'onex', 'sub/deep/only.txt', 'sub/a.b', 'other/build', 'subx/only.txt',
];
const ROOT = '*.log\n!important.log\n# comment\n\nbuild/\n/root-only\ndoc/*.txt\nx/**/z\n   \nspaces   \n[z-a]\n[!a-y]x\nchar[0-9]\n\\#hash\n\\!bang\ntrailing\\ \na+b\n?.c\ntree/**\n**/where/deep\na.b\nlit\\[x\nlit\\*\nn[-x]o\none/\n';

test('a `.gitignore` is read as git reads it where case matters, as on Linux and in Lambda', () => {
  sourceProject({ ...Object.fromEntries(PATHS.map((path) => [path, ''])), '.gitignore': ROOT, 'sub/.gitignore': 'only.txt\n!keep.log\n' });
  execFileSync('git', ['init', '--quiet']);
  const { stdout } = spawnSync('git', ['-c', 'core.ignorecase=false', 'check-ignore', '--no-index', '-z', '--stdin'], { input: PATHS.join('\0'), encoding: 'utf8' });
  const rules = new GitIgnore();
  rules.add(ROOT, '');
  rules.add('only.txt\n!keep.log\n', 'sub');
  const ignores = (path: string) => path.split('/').some((_, index, parts) => rules.ignores(parts.slice(0, index + 1).join('/'), index < parts.length - 1));

  expect(PATHS.filter(ignores)).toEqual(stdout.split('\0').filter((path) => path !== ''));
});
