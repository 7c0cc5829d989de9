import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bundling, Route } from '../src';
import * as library from '../src';
import { invoke, sourceProject, synthesize } from './handlers/source-project';

/** By the file that the first line names. The app and its test are run by the packaged test of Python. */
const SNIPPETS = new Map([...readFileSync('docs/python.md', 'utf8').matchAll(/^```python\n# (\S+)\n(.*?)^```/gms)].map(([, file, source]) => [file, source]));
const HANDLERS = [...SNIPPETS.keys()].filter((file) => file.startsWith('handlers/'));

test('each snippet in docs/python.md says which file it is', () => {
  expect(SNIPPETS.size).toBe(readFileSync('docs/python.md', 'utf8').match(/^```python/gm)!.length);
});

test.each([...SNIPPETS])('%s in docs/python.md compiles, and imports what the library exports', (file, source) => {
  const { status, stderr } = spawnSync('python3', ['-I', '-c', 'import sys; compile(sys.stdin.read(), sys.argv[1], "exec")', file], { input: source, encoding: 'utf8' });
  const [, imported = ''] = /from cdk_websocket_api import (.*)/.exec(source) ?? [];

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // Interfaces are gone once TypeScript is compiled.
  expect(imported.split(', ').filter((name) => name !== '' && name !== 'HandlerProps' && !(name in library))).toEqual([]);
});

test('the handlers in docs/python.md are handlers', () => {
  sourceProject(Object.fromEntries(HANDLERS.map((file) => [file, SNIPPETS.get(file)!])));
  const functions = synthesize(Object.fromEntries(HANDLERS.map((file) => [
    file.replace(/^handlers\/|\.py$/g, ''), Route.toHandler(join(file.replace(/^handlers\/|\.py$/g, '') + '.main'), { srcPath: 'handlers', bundling: Bundling.python() }),
  ])));

  expect(Object.keys(functions)).toEqual(['echo', 'save', 'reply', 'ask']);
  expect(invoke(functions.echo, { body: '{"data":"hello"}' })).toEqual({ statusCode: 200, body: '{"youSaid": "hello"}' });
});
