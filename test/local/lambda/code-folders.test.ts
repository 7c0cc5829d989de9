import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodeFolders } from '../../../src/local/lambda/code-folders';
import { functionFolder, functionModel } from '../local-function';

const modeOf = (path: string) => (statSync(path).mode % 0o1000).toString(8);

test('what runs is a copy that cannot be written to, and the asset stays as it is', async () => {
  const asset = functionFolder({ 'index.mjs': 'x', 'lib/bootstrap': 'y' });
  const mode = modeOf(asset);
  const folder = await new CodeFolders(functionFolder()).run(asset);

  expect(folder).not.toBe(asset);
  expect(readFileSync(join(folder, 'lib/bootstrap'), 'utf8')).toBe('y');
  expect([folder, join(folder, 'lib'), join(folder, 'index.mjs')].map(modeOf)).toEqual(['555', '555', '444']);
  expect(modeOf(asset)).toBe(mode);
});

test('what is written to the copy, by who may write everywhere, is not in the asset', async () => {
  const asset = functionFolder({ 'index.mjs': 'x' });
  const folder = await new CodeFolders(functionFolder()).run(asset);
  try { writeFileSync(join(folder, 'index.mjs'), 'changed'); } catch { /* As it should be. */ }

  expect(readFileSync(join(asset, 'index.mjs'), 'utf8')).toBe('x');
});

test('an asset is copied once, and looked at where it is', async () => {
  const asset = functionFolder({ 'index.mjs': 'x' });
  const folders = new CodeFolders(functionFolder());

  expect(await folders.open(asset)).toBe(asset);
  expect(await folders.run(asset)).toBe(await folders.run(asset));
});

test('layers lie over each other, read-only', async () => {
  const layers = [functionFolder({ 'lib/a': 'first', 'lib/b': 'first' }), functionFolder({ 'lib/b': 'second' })];
  const folder = (await new CodeFolders(functionFolder()).layersOf(functionModel({ layers })))!;

  expect(['a', 'b'].map((name) => readFileSync(join(folder, 'lib', name), 'utf8'))).toEqual(['first', 'second']);
  expect(modeOf(join(folder, 'lib'))).toBe('555');
});

test('nothing is left at the end, though it is read-only', async () => {
  const folder = functionFolder();
  const folders = new CodeFolders(folder);
  const copy = await folders.run(functionFolder({ 'lib/index.mjs': 'x' }));
  folders.remove(copy);
  expect(existsSync(copy)).toBe(false);
  await folders.run(functionFolder({ 'lib/index.mjs': 'x' }));
  folders.removeAll();

  expect(existsSync(folder)).toBe(false);
});
