import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAsyncApi } from '../../../src/cli/asyncapi/asyncapi-file';
import { mockApi } from '../../local/assembly/mock-api';
import { assemblyOf, newFolder } from '../../local/assembly-folder';

const app = () => assemblyOf({ Stack: mockApi() });

test('the document is written, with the folders that its path needs', async () => {
  const out = join(newFolder(), 'docs', 'asyncapi.json');

  expect(await writeAsyncApi({ app: app(), out, check: false })).toBe(`${out} is written`);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ asyncapi: '3.0.0', info: { title: 'Chat' } });
});

test('a document that is current is left alone, and passes the check, also with the ends of lines that Windows has', async () => {
  const out = join(newFolder(), 'asyncapi.json');
  await writeAsyncApi({ app: app(), out, check: false });
  writeFileSync(out, readFileSync(out, 'utf8').replace(/\n/g, '\r\n'));

  for (const check of [false, true]) { expect(await writeAsyncApi({ app: app(), out, check })).toBe(`${out} is current`); }
});

test('a check of a document that is missing is an error, and writes nothing', async () => {
  const folder = newFolder();
  const out = join(folder, 'docs', 'asyncapi.json');

  await expect(writeAsyncApi({ app: app(), out, check: true })).rejects.toThrow(`\`${out}\` does not exist: run \`cdk-websocket-api asyncapi --out ${out}\`, and commit it`);
  expect(readdirSync(folder)).toEqual([]);
});

test('a check of another document is an error that names the first line which differs, and writes nothing', async () => {
  const out = join(newFolder(), 'asyncapi.json');
  await writeAsyncApi({ app: app(), out, check: false });
  const other = readFileSync(out, 'utf8').replace('"title": "Chat"', '"title": "Talk"');
  writeFileSync(out, other);

  await expect(writeAsyncApi({ app: app(), out, check: true })).rejects.toThrow(`\`${out}\` is not what the app says, from line 4 on: run `);
  expect(readFileSync(out, 'utf8')).toBe(other);
});

test('the machine\'s Region does not matter', async () => {
  const { AWS_REGION } = process.env;
  const texts: string[] = [];
  try {
    for (const region of ['cn-north-1', 'eu-central-1']) {
      process.env.AWS_REGION = region;
      const out = join(newFolder(), 'asyncapi.json');
      await writeAsyncApi({ app: assemblyOf({ Stack: mockApi() }, 'aws://unknown-account/unknown-region'), out, check: false });
      texts.push(readFileSync(out, 'utf8'));
    }
  } finally {
    if (AWS_REGION === undefined) { delete process.env.AWS_REGION; } else { process.env.AWS_REGION = AWS_REGION; }
  }

  expect(texts[0]).toBe(texts[1]);
});

test('an app that is none is an error', async () => {
  const out = join(newFolder(), 'asyncapi.json');

  await expect(writeAsyncApi({ app: 'cdk.uot', out, check: false })).rejects.toThrow('`cdk.uot` is neither a folder nor a command');
  expect(existsSync(out)).toBe(false);
});
