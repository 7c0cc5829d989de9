import { chmodSync } from 'node:fs';
import { resolve } from 'node:path';
import { findPip, findPython, findUv } from '../../../src/handlers/python/pythons';
import { withEnvironment } from '../compiled/tool-chain';
import { sourceProject, write } from '../source-project';

/** Commands on the PATH, each with the command line for which it does not fail. */
function found<T>(commands: { [name: string]: string }, find: () => T): T {
  for (const [name, line] of Object.entries(commands)) {
    write({ [`bin/${name}`]: `#!/bin/sh\ncase "$*" in ${line}) exit 0 ;; esac\nexit 1\n` });
    chmodSync(`bin/${name}`, 0o755);
  }
  return withEnvironment({ PATH: resolve('bin') }, find);
}

beforeEach(() => { sourceProject({}); });

test('Python is the first command that runs an empty program, isolated from this machine\'s settings', () => {
  expect(found({ python3: 'no', python: '"-I -c "' }, findPython)).toBe('python');
});

test('pip is that of the first Python that has it', () => {
  expect(found({ python3: '"-I -c "', python: '"-I -m pip --version"' }, findPip)).toBe('python');
});

test('pip is none of a Python without it', () => {
  expect(found({ python3: '"-I -c "' }, findPip)).toBeUndefined();
});

test('uv is the command of this name', () => {
  expect(found({ python3: '*', uv: '"--version"' }, findUv)).toBe('uv');
});

test('none of them need be there', () => {
  expect(found({}, () => [findPython(), findPip(), findUv()])).toEqual([undefined, undefined, undefined]);
});
