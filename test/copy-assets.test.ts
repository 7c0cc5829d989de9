import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from './handlers/source-project';
import { functionFolder } from './local/local-function';

test('what is not compiled is copied beside what is, and the command can be run', () => {
  const folder = functionFolder({
    'src/cli/main.ts': '',
    'src/local/lambda/runtime/client.mjs': '',
    'src/local/lambda/runtime/__pycache__/client.pyc': '',
    'src/index.ts': '',
    'lib/cli/main.js': '',
  });
  mkdirSync(join(folder, 'scripts/build'), { recursive: true });
  copyFileSync('scripts/build/copy-assets.mjs', join(folder, 'scripts/build/copy-assets.mjs'));

  expect(spawnSync(process.execPath, [join(folder, 'scripts/build/copy-assets.mjs')]).status).toBe(0);
  expect(filesOf(join(folder, 'lib'))).toEqual(['cli/main.js', 'local/lambda/runtime/client.mjs']);
  expect((statSync(join(folder, 'lib/cli/main.js')).mode % 0o1000).toString(8)).toBe('755');
});
