import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, Fn, Stack } from 'aws-cdk-lib';
import { mockApi } from './assembly/mock-api';
import { assemblyOf } from './assembly-folder';
import { Client } from './client';
import { Route, WebSocketApi } from '../../src';
import { startLocalGateway } from '../../src/local';

const modules = resolve('node_modules');
const home = process.cwd();
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'app-')));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

function define(app: App, environment: Record<string, string> = {}) {
  writeFileSync(join(folder, 'main.js'), `
    const { version } = require('@aws-sdk/client-apigatewaymanagementapi/package.json');
    exports.main = async () => ({ statusCode: 200, body: version });
  `);
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: { $default: Route.toHandler('main.main', { returnResponse: true, environment }) },
  });
  return app;
}

const { version } = JSON.parse(readFileSync(join(modules, '@aws-sdk/client-apigatewaymanagementapi/package.json'), 'utf8'));

test('an app that is synthesized into a temporary folder is the one of the working directory, which has the AWS SDK', async () => {
  symlinkSync(modules, join(folder, 'node_modules'));
  const gateway = await startLocalGateway({ app: define(new App()) });
  try {
    expect(await (await Client.connect(gateway.url)).ask('which SDK?')).toBe(version);
  } finally {
    await gateway.close();
  }
});

test('an assembly lies in its app, which has the AWS SDK', async () => {
  symlinkSync(modules, join(folder, 'node_modules'));
  define(new App({ outdir: join(folder, 'cdk.out') })).synth();
  process.chdir(home);
  const gateway = await startLocalGateway({ app: join(folder, 'cdk.out') });
  try {
    expect(await (await Client.connect(gateway.url)).ask('which SDK?')).toBe(version);
  } finally {
    await gateway.close();
  }
});

test('what is missing is a warning of Node.js', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation();
  const gateway = await startLocalGateway({ app: define(new App(), { KEY: Fn.importValue('Key') }) });
  try {
    expect(warn.mock.calls).toEqual([
      ['`Key` is not known here, and used by Stack/Api/Route $default/Function: Environment.Variables.KEY: give it in the env file', 'cdk-websocket-api'],
      [expect.stringMatching(/^function `Stack\/Api\/Route \$default\/Function` uses `@aws-sdk\/client-apigatewaymanagementapi`, .*`npm install/), 'cdk-websocket-api'],
    ]);
  } finally {
    warn.mockRestore();
    await gateway.close();
  }
});

test.each<[unknown, string]>([
  [{ app: new Stack() }, '`app` is neither the folder of a cloud assembly, nor a command, nor an `App`: a stack is served with its app'],
  [{ app: 5 }, '`app` is neither the folder of a cloud assembly, nor a command, nor an `App`'],
  [{ ap: 'cdk.out' }, '`startLocalGateway()` has no option `ap`: it has `app`, `port`, `host`, `allowedOrigins`, `env`, `clock`, `maxConcurrency`'],
  [{ allowedOrigins: 'https://a.example' }, '`allowedOrigins` is `"https://a.example"`: write a list, such as `[\'https://app.example.com\']`'],
  [{ clock: 'fast' }, 'there is no clock `fast`: write `real` or `manual`'],
])('options that only JavaScript lets pass are told: %#', async (options, message) => {
  await expect(startLocalGateway(options as object)).rejects.toThrow(message);
});

test.each([
  ['a command, as on the command line', 'node app.js', {}],
  ['the app of `cdk.json`, if nothing is named', undefined, { app: 'node app.js' }],
])('%s makes the assembly', async (_, app, settings) => {
  symlinkSync(modules, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify(settings));
  const assembly = assemblyOf({ Stack: mockApi() });
  writeFileSync(join(folder, 'app.js'), `require('node:fs').cpSync(${JSON.stringify(assembly)}, process.env.CDK_OUTDIR, { recursive: true })`);
  const gateway = await startLocalGateway({ app });
  try {
    expect(await (await Client.connect(gateway.url)).ask('hello')).toBe('mocked');
  } finally {
    await gateway.close();
  }
});
