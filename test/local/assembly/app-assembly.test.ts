import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAssembly } from '../../../src/local/assembly/app-assembly';
import { newFolder } from '../assembly-folder';

const MANIFEST = { 'cdk.out/manifest.json': {} };
/** As an app does: writes where it is told to, and tells what it was told. */
const APP = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  mkdirSync(process.env.CDK_OUTDIR, { recursive: true });
  writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', '{}');
  writeFileSync('context.json', process.env.CDK_CONTEXT_JSON);
  console.log('to stdout');
  console.error('to stderr');
`;

let output: string;
beforeEach(() => output = '');
const find = (cwd: string, app?: string) => findAssembly(app, (text) => output += text, cwd);

test('a folder that is named is taken, whatever is in it', async () => {
  const folder = newFolder({ 'other/x': '' });

  expect(await find(folder, 'other')).toEqual({ folder: join(folder, 'other') });
  expect(await find('/', join(folder, 'other'))).toEqual({ folder: join(folder, 'other') });
});

test('a folder may have a blank in its name', async () => {
  const folder = newFolder({ 'my app/x': '' });

  expect(await find(folder, 'my app')).toEqual({ folder: join(folder, 'my app') });
});

test('`cdk.out` is taken where nothing is named, and no app is run', async () => {
  const folder = newFolder({ ...MANIFEST, 'cdk.json': { app: 'node app.js' } });

  expect(await find(folder)).toEqual({ folder: join(folder, 'cdk.out') });
});

test.each<[string, string | undefined, object]>([
  ['a command that is named', 'node app.js', MANIFEST],
  ['the app of `cdk.json`, where there is no `cdk.out`,', undefined, { 'cdk.json': { app: 'node app.js' } }],
  ['the app of `cdk.json`, where `cdk.out` is not whole,', undefined, { 'cdk.json': { app: 'node app.js' }, 'cdk.out/x': '' }],
])('%s is run, and its output shown', async (_, app, files) => {
  const folder = newFolder({ 'app.js': APP, ...files });

  expect(await find(folder, app)).toEqual({ folder: join(folder, 'cdk.out'), command: 'node app.js' });
  expect(output).toContain('to stdout');
  expect(output).toContain('to stderr');
});

test('an app gets the context of `cdk.json` and `cdk.context.json`, and what `--watch` needs', async () => {
  const folder = newFolder({ 'app.js': APP, 'cdk.json': { app: 'node app.js', context: { a: 1, b: 1 } }, 'cdk.context.json': { b: 2 } });
  await find(folder);

  expect(JSON.parse(readFileSync(join(folder, 'context.json'), 'utf8')))
    .toEqual({ 'a': 1, 'b': 2, 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true });
});

test('the commands of an active virtual environment come first', async () => {
  const folder = newFolder({ 'app.js': APP, 'venv/bin/node': '#!/bin/sh\necho of the environment\nexec "$REAL_NODE" "$@"\n' });
  chmodSync(join(folder, 'venv/bin/node'), 0o755);
  const environment = process.env;
  process.env = { ...environment, VIRTUAL_ENV: join(folder, 'venv'), REAL_NODE: process.execPath };
  try {
    await find(folder, 'node app.js');
  } finally {
    process.env = environment;
  }

  expect(output).toContain('of the environment');
});

test('an app gets no context from a `cdk.json` that holds no object', async () => {
  const folder = newFolder({ 'app.js': APP, 'cdk.json': 'null' });
  await find(folder, 'node app.js');

  expect(JSON.parse(readFileSync(join(folder, 'context.json'), 'utf8'))).not.toHaveProperty('a');
});

test('an app that has run leaves nothing that waits for this process', async () => {
  const listeners = process.listenerCount('exit');
  await find(newFolder({ 'app.js': APP }), 'node app.js');

  expect(process.listenerCount('exit')).toBe(listeners);
});

describe('an error says what to do', () => {
  test.each<[string, string | undefined, { [path: string]: unknown }, RegExp]>([
    ['where there is nothing', undefined, {}, /^there is neither `cdk\.out` nor `cdk\.json` in `.*`: go to the folder of a CDK app, or name its assembly with `--app`$/],
    ['where `cdk.json` names no app', undefined, { 'cdk.json': {} }, /cdk\.json` has no `app`, and there is no `cdk\.out` beside it: run `cdk synth`, or name/],
    ['where `cdk.json` is no JSON', undefined, { 'cdk.json': '{ "app": ' }, /cdk\.json` is not JSON: see where it ends, and its commas$/],
    ['for a folder that is not there', 'cdk.uot', {}, /^`--app cdk\.uot` is neither a folder nor a command: run `cdk synth` and name its folder \(`cdk\.out`\), or write the command in quotes$/],
    ['for a file', 'app.js', { 'app.js': APP }, /^`--app app\.js` is neither a folder nor a command/],
    ['for a command that fails', 'node fails.js', { 'fails.js': 'console.error("because"); process.exit(3)' }, /^`node fails\.js` ended with status 3: see what it says above$/],
    ['for a command that there is none', 'no-such-command at-all', {}, /^`no-such-command at-all` ended with status \d+: see what it says above$/],
    ['for a command that is killed', 'kill -s KILL $$', {}, /^`kill -s KILL \$\$` ended with status null: see what it says above$/],
    ['for a command that makes nothing', 'node nothing.js', { 'nothing.js': '' }, /^`node nothing\.js` made no cloud assembly in `.*cdk\.out`: it has to call `app\.synth\(\)`, and may not name another `outdir`$/],
  ])('%s', async (_, app, files, message) => {
    const folder = newFolder(files);

    await expect(find(folder, app)).rejects.toThrow(message);
    expect(existsSync(join(folder, 'context.json'))).toBe(false);
  });

  test('after what a failing app said', async () => {
    await expect(find(newFolder({ 'fails.js': 'console.error("because"); process.exit(3)' }), 'node fails.js')).rejects.toThrow();

    expect(output).toBe('because\n');
  });
});
