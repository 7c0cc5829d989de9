import { lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inlineAsset, openAsset } from '../../../src/local/assembly/asset';
import { newFolder } from '../assembly-folder';
import { ZippedFile, zipFile } from '../zip-file';

function zipOf(...files: ZippedFile[]): string {
  const file = join(newFolder(), 'asset.zip');
  writeFileSync(file, zipFile(files));
  return file;
}

test('a folder is opened as it is', async () => {
  const folder = newFolder({ 'index.js': '' });

  expect(await openAsset(folder, newFolder())).toBe(folder);
});

test('a zip file is unpacked into a new folder, with the modes of its files', async () => {
  const into = newFolder();
  const zip = zipOf(
    { name: 'lib/' },
    { name: 'lib/deep/index.js', contents: 'exports' },
    { name: 'bootstrap', contents: '#!/bin/sh', mode: 0o100755 },
    { name: 'windows.txt', mode: 0 },
  );

  const folder = await openAsset(zip, into);

  expect(folder.startsWith(into)).toBe(true);
  expect(readFileSync(join(folder, 'lib/deep/index.js'), 'utf8')).toBe('exports');
  expect(statSync(join(folder, 'bootstrap')).mode % 0o1000).toBe(0o755);
  expect(statSync(join(folder, 'windows.txt')).mode % 0o1000).toBe(0o644);
});

test('the same file is unpacked into another folder each time', async () => {
  const into = newFolder();
  const zip = zipOf({ name: 'a.txt' });

  expect(await openAsset(zip, into)).not.toBe(await openAsset(zip, into));
});

test('a link within the files is kept', async () => {
  const folder = await openAsset(zipOf(
    { name: 'bin/tool', contents: '../lib/tool.js', mode: 0o120777 },
    { name: 'lib/tool.js', contents: 'tool' },
  ), newFolder());

  expect(lstatSync(join(folder, 'bin/tool')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'bin/tool'), 'utf8')).toBe('tool');
});

test.each([
  ['a file', { name: '../evil.js' }],
  ['an absolute file', { name: '/evil.js' }],
  ['a link', { name: 'evil', contents: '../../../etc/passwd', mode: 0o120777 }],
  ['an absolute link', { name: 'evil', contents: '/etc/passwd', mode: 0o120777 }],
])('%s that leads out of the folder is refused', async (_, file) => {
  const zip = zipOf(file);

  await expect(openAsset(zip, newFolder())).rejects.toThrow(`\`${zip}\` cannot be unpacked`);
});

const link = (name: string, contents: string) => ({ name, contents, mode: 0o120777 });

test.each([
  ['by another link', 'x/y/out', [link('x/y/up', '../..'), link('x/y/out', 'up/..')]],
  ['by another link, to what is not there', 'out', [{ name: 'x/y/file' }, link('x/y/up', '../..'), link('out', 'x/y/up/../../etc/none')]],
])('a link that leads out of the folder %s is refused', async (_, name, files) => {
  await expect(openAsset(zipOf(...files), newFolder())).rejects.toThrow(`the link \`${name}\` would lead outside of`);
});

test('links may lead through each other within the files, in a circle too', async () => {
  const folder = await openAsset(zipOf(
    { name: 'lib/v1/tool.js', contents: 'tool' }, link('lib/current', 'v1'), link('tool.js', 'lib/current/../current/tool.js'), link('a', 'b'), link('b', 'a'),
  ), newFolder());

  expect(readFileSync(join(folder, 'tool.js'), 'utf8')).toBe('tool');
});

test('nothing is written through a link', async () => {
  const into = newFolder();
  const zip = zipOf({ name: 'link', contents: '.', mode: 0o120777 }, { name: 'link/evil.js', contents: 'evil' });

  await expect(openAsset(zip, into)).rejects.toThrow('cannot be unpacked');
});

test('more than Lambda takes is refused', async () => {
  const zip = zipOf({ name: 'big', claimedLength: 251 * 1024 * 1024 });

  await expect(openAsset(zip, newFolder())).rejects.toThrow('it holds more than 262144000 bytes');
});

test('a file that is no zip file is an error that names it', async () => {
  const file = join(newFolder({ 'code.zip': 'not a zip file' }), 'code.zip');

  await expect(openAsset(file, newFolder())).rejects.toThrow(`\`${file}\` cannot be unpacked, because it is not a zip file that Lambda takes: `);
});

test('an asset that is not there is an error that names it', async () => {
  await expect(openAsset('/nowhere/code.zip', newFolder())).rejects.toThrow('the asset `/nowhere/code.zip` is missing: run `cdk synth`');
});

test('code of a template is written as the file that it is', async () => {
  const folder = await openAsset(inlineAsset('index.py', 'print("ä")\n'), join(newFolder(), 'new'));

  expect(readFileSync(join(folder, 'index.py'), 'utf8')).toBe('print("ä")\n');
});
