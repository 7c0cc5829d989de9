import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newFolder } from './assembly-folder';
import { TableServer } from '../../src/local/table-server';

const DYNALITE = resolve('node_modules/dynalite');
const path = process.env.PATH;
let server: TableServer | undefined;
afterEach(async () => {
  process.env.PATH = path;
  await server?.close();
});

function call(url: string, operation: string, input: object, headers = {}) {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify(input),
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'authorization': 'AWS4-HMAC-SHA256 Credential=a/20250101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=b',
      'x-amz-date': '20250101T000000Z',
      ...headers,
    },
  });
}

describe('dynalite is found', () => {
  test('in the app', () => {
    const app = newFolder({ 'node_modules/dynalite/package.json': {} });

    expect(TableServer.find(app)).toBe(join(app, 'node_modules/dynalite'));
  });

  test('beside the command', () => {
    expect(TableServer.find(newFolder())).toBe(DYNALITE);
  });
});

describe('dynalite is found on the PATH, if', () => {
  const findWithout = (PATH: string): string | undefined => {
    process.env.PATH = PATH;
    const found = jest.requireActual<typeof import('node:module')>('node:module');
    jest.spyOn(found, 'createRequire').mockImplementation(() => ({ resolve: () => { throw new Error('nothing is beside the command'); } }) as any);
    try {
      return TableServer.find(newFolder());
    } finally {
      jest.restoreAllMocks();
    }
  };

  test('its command is there', () => {
    const global = newFolder({ 'lib/dynalite/package.json': {}, 'lib/dynalite/cli.js': '', 'bin/other': '' });
    symlinkSync('../lib/dynalite/cli.js', join(global, 'bin/dynalite'));

    expect(findWithout(`/nowhere:${join(global, 'bin')}`)).toBe(join(global, 'lib/dynalite'));
  });

  test('it is beside `.bin`, as `npx` puts it there', () => {
    const cache = newFolder({ 'node_modules/dynalite/package.json': {}, 'node_modules/.bin/other': '' });

    expect(findWithout(join(cache, 'node_modules/.bin'))).toBe(join(cache, 'node_modules/dynalite'));
  });

  test('it is nowhere, there is none', () => {
    expect(findWithout('/nowhere')).toBeUndefined();
  });
});

test('it keeps tables, and answers no page in a browser', async () => {
  server = await TableServer.start(DYNALITE);

  expect(await (await call(server.url, 'ListTables', {})).json()).toEqual({ TableNames: [] });
  expect((await call(server.url, 'ListTables', {}, { origin: 'https://example.com' })).status).toBe(403);
});

test('one that does not start says why', async () => {
  const broken = newFolder({ 'package.json': {}, 'index.js': 'throw new Error("built for another Node.js")' });

  await expect(TableServer.start(broken)).rejects.toThrow('built for another Node.js');
});
