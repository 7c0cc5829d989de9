import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './local-function';
import { filesOf } from '../source-project';

test('what is not compiled is copied beside what is, and the command can be run', () => {
  const folder = newFolder({
    'src/local/cli.ts': '',
    'src/local/runtime/client.mjs': '',
    'src/local/runtime/__pycache__/client.pyc': '',
    'src/index.ts': '',
    'lib/local/cli.js': '',
  });
  mkdirSync(join(folder, 'scripts'));
  copyFileSync('scripts/copy-runtime.mjs', join(folder, 'scripts/copy-runtime.mjs'));

  expect(spawnSync(process.execPath, [join(folder, 'scripts/copy-runtime.mjs')]).status).toBe(0);
  expect(filesOf(join(folder, 'lib'))).toEqual(['local/cli.js', 'local/runtime/client.mjs']);
  expect((statSync(join(folder, 'lib/local/cli.js')).mode % 0o1000).toString(8)).toBe('755');
});
