import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { findAssembly } from '../../../src/local/assembly/app-assembly';
import { newFolder } from '../assembly-folder';

const MANIFEST = { 'cdk.out/manifest.json': {} };
/** As an app does: writes where it is told to, and tells what it was told. */
const APP = `
  const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
  mkdirSync(process.env.CDK_OUTDIR, { recursive: true });
  writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', '{}');
  const overflow = process.env.CONTEXT_OVERFLOW_LOCATION_ENV;
  writeFileSync('context.json', overflow ? readFileSync(overflow) : process.env.CDK_CONTEXT_JSON);
  writeFileSync('environment.json', JSON.stringify(process.env));
  console.log('to stdout');
  console.error('to stderr');
`;

let output: string;
const environment = process.env;
let home: string;
const liveIn = (folder: string) => {
  home = folder;
  jest.spyOn(os, 'homedir').mockReturnValue(folder);
};
beforeEach(() => {
  output = '';
  process.env = { ...environment };
  liveIn(newFolder());
  ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'CDK_DEFAULT_ACCOUNT'].forEach((name) => delete process.env[name]);
});
afterEach(() => process.env = environment);
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

test('an app gets the context of `cdk.json`, else of `cdk.context.json`, else of `~/.cdk.json`, and what `--watch` needs', async () => {
  const folder = newFolder({ 'app.js': APP, 'cdk.json': { app: 'node app.js', context: { a: 1, b: 1 } }, 'cdk.context.json': { b: 2, c: 1 } });
  writeFileSync(join(home, '.cdk.json'), JSON.stringify({ context: { b: 3, c: 3, d: 1 } }));
  await find(folder);

  expect(JSON.parse(readFileSync(join(folder, 'context.json'), 'utf8')))
    .toEqual({ 'a': 1, 'b': 1, 'c': 1, 'd': 1, 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true });
});

describe('an app runs as the CDK CLI runs it:', () => {
  const told = (folder: string) => JSON.parse(readFileSync(join(folder, 'environment.json'), 'utf8'));

  test('after the command that `build` names', async () => {
    const folder = newFolder({ 'app.src': APP, 'cdk.json': { app: 'node app.js', build: 'cp app.src app.js' } });

    expect(await find(folder)).toMatchObject({ command: 'node app.js' });
  });

  test('not at all if its build fails', async () => {
    const folder = newFolder({ 'app.js': APP, 'cdk.json': { app: 'node app.js', build: 'exit 4' } });

    await expect(find(folder)).rejects.toThrow(/^`exit 4` ended with status 4: see its output above$/);
    expect(existsSync(join(folder, 'context.json'))).toBe(false);
  });

  test('into the folder that `output` names, and the assembly that is there is taken', async () => {
    const folder = newFolder({ 'app.js': APP, 'cdk.json': { app: 'node app.js', output: 'dist/assembly' } });

    expect(await find(folder)).toEqual({ folder: join(folder, 'dist/assembly'), command: 'node app.js' });
    expect(await find(folder)).toEqual({ folder: join(folder, 'dist/assembly') });
  });

  test.each<[string, object, string]>([
    ['the account and Region of the shell', { CDK_DEFAULT_ACCOUNT: '222222222222', AWS_REGION: 'eu-west-3' }, '222222222222 eu-west-3'],
    ['the Region of the profile', { AWS_PROFILE: 'work' }, '123456789012 eu-north-1'],
    ['the Region of the default profile', { AWS_PROFILE: 'other' }, '123456789012 eu-south-1'],
  ])('with %s', async (_, variables, expected) => {
    const folder = newFolder({ 'app.js': APP, '.aws/config': '[default]\nregion = eu-south-1\n[profile work]\noutput=json\nregion=eu-north-1\n' });
    liveIn(folder);
    Object.assign(process.env, variables);
    await find(folder, 'node app.js');

    const { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION } = told(folder);
    expect(`${CDK_DEFAULT_ACCOUNT} ${CDK_DEFAULT_REGION}`).toBe(expected);
  });

  test('with a placeholder for an account, and the Region of the CDK, if nothing tells', async () => {
    const folder = newFolder({ 'app.js': APP });
    await find(folder, 'node app.js');

    expect(told(folder)).toMatchObject({ CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'us-east-1' });
  });

  test('with a context that is too long for a variable', async () => {
    const context = { zones: 'z'.repeat(200_000) };
    const folder = newFolder({ 'app.js': APP, 'cdk.json': { context } });
    await find(folder, 'node app.js');

    expect(JSON.parse(readFileSync(join(folder, 'context.json'), 'utf8'))).toMatchObject(context);
    expect(existsSync(told(folder).CONTEXT_OVERFLOW_LOCATION_ENV)).toBe(false);
  });

  test.each(['app.js', ['node', 'app.js']])('also as %j', async (app) => {
    const folder = newFolder({ 'app.js': APP, 'cdk.json': { app } });
    await find(folder);

    expect(output).toContain('to stdout');
  });

  test('with an app that only `~/.cdk.json` names', async () => {
    const folder = newFolder({ 'app.js': APP, 'cdk.json': {}, '.cdk.json': { app: 'node app.js' } });
    liveIn(folder);

    expect(await find(folder)).toMatchObject({ command: 'node app.js' });
  });
});

test('the commands of an active virtual environment come first', async () => {
  const folder = newFolder({ 'app.js': APP, 'venv/bin/node': '#!/bin/sh\necho of the environment\nexec "$REAL_NODE" "$@"\n' });
  chmodSync(join(folder, 'venv/bin/node'), 0o755);
  Object.assign(process.env, { VIRTUAL_ENV: join(folder, 'venv'), REAL_NODE: process.execPath });
  await find(folder, 'node app.js');

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
    ['where `cdk.json` is no JSON', undefined, { 'cdk.json': '{ "app": ' }, /cdk\.json` is not JSON: check its commas and its end \(.*\)$/],
    ['for a folder that is not there', 'cdk.uot', {}, /^`cdk\.uot` is neither a folder nor a command: run `cdk synth` and name its folder \(`cdk\.out`\), or write the whole command \(`npx tsx bin\/app\.ts`\)$/],
    ['for a file', 'app.ts', { 'app.ts': '' }, /^`app\.ts` is neither a folder nor a command/],
    ['for a command that fails', 'node fails.js', { 'fails.js': 'console.error("because"); process.exit(3)' }, /^`node fails\.js` ended with status 3: see its output above$/],
    ['for a command that there is none', 'no-such-command at-all', {}, /^`no-such-command at-all` ended with status \d+: see its output above$/],
    ['for a command that is killed', 'kill -s KILL $$', {}, /^`kill -s KILL \$\$` ended with signal SIGKILL: see its output above$/],
    ['for a command that makes nothing', 'node nothing.js', { 'nothing.js': '' }, /^`node nothing\.js` wrote no cloud assembly to `.*cdk\.out`: call `app\.synth\(\)`, and do not set another `outdir`$/],
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
