import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KeptBuilds } from '../../../src/handlers/compiled/kept-builds';
import { filesOf, sourceProject, write } from '../source-project';

/** Builds of a process are shared, and each test is to have its own. */
let hash: string;
let folder: string;
let tests = 0;
beforeEach(() => {
  folder = sourceProject({});
  hash = `hash${tests++}`;
});

const kept = (assembly = 'one') => new KeptBuilds(join(folder, assembly));
const add = (tools = 'go 1', text = 'built', assembly?: string) => kept(assembly).add(hash, tools, (into) => write({ 'deep/bootstrap': text }, into));
const textIn = (assembly: string) => readFileSync(join(kept(assembly).folderOf(hash), 'deep/bootstrap'), 'utf8');

test('a build is in the asset of its assembly, and what is kept of it is beside, where no asset is', () => {
  expect(kept().has(hash, 'go 1')).toBe(false);
  add();

  expect(filesOf('one')).toEqual([`.builds/${hash}`, `asset.${hash}/deep/bootstrap`]);
  expect(kept().folderOf(hash)).toBe(join(folder, `one/asset.${hash}`));
});

describe('a build is kept', () => {
  test('for its assembly while its tools are the same', () => {
    add();

    expect([kept().has(hash, 'go 1'), kept().has(hash, 'go 2'), kept().has('other', 'go 1')]).toEqual([true, false, false]);
  });

  test('by the last tools only', () => {
    add('go 1', 'first');
    add('go 2', 'second');

    expect(textIn('one')).toBe('second');
    expect([kept().has(hash, 'go 2'), kept().has(hash, 'go 1')]).toEqual([true, false]);
  });

  test('whole: nothing is left of the one before', () => {
    kept().add(hash, 'go 1', (into) => write({ old: '' }, into));
    add('go 2');

    expect(filesOf(kept().folderOf(hash))).toEqual(['deep/bootstrap']);
  });

  test('for other assemblies of the process, which then have it too', () => {
    add();
    expect(kept('two').has(hash, 'go 2')).toBe(false);
    expect(existsSync('two')).toBe(false);
    expect(kept('two').has(hash, 'go 1')).toBe(true);
    rmSync('one', { recursive: true });

    expect([textIn('two'), kept('two').has(hash, 'go 1')]).toEqual(['built', true]);
  });

  test.each(['asset', 'record'])('not without its %s', (part) => {
    add();
    rmSync(part === 'asset' ? kept().folderOf(hash) : join('one/.builds', hash), { recursive: true });

    expect(kept().has(hash, 'go 1')).toBe(false);
  });

  test('not for other assemblies once its own is gone', () => {
    add();
    rmSync('one', { recursive: true });

    expect(kept('two').has(hash, 'go 1')).toBe(false);
  });
});
