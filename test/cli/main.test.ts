import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CliProcess } from './cli-process';
import { Route, WebSocketApi } from '../../src';
import { appFolder } from '../local/app-folder';
import { mockApi } from '../local/assembly/mock-api';
import { assemblyOf, newFolder } from '../local/assembly-folder';
import { Client } from '../local/client';
import { isAlive, until } from '../local/local-function';

const run = CliProcess.start;
const served = (...args: string[]) => run(['local', '--app', assemblyOf({ Stack: mockApi() }), '--port', '0', ...args]);

describe('without a gateway', () => {
  test.each([[['--help']], [[]], [['local', '-h']]])('%j prints how it is used', async (args) => {
    const cli = run(args);

    expect(await cli.ended).toBe(0);
    expect(cli.stdout).toContain('Usage: cdk-websocket-api local [options]');
    expect(cli.stderr).toBe('');
  });

  test('`--version` prints that of the package', async () => {
    const cli = run(['--version']);

    expect(await cli.ended).toBe(0);
    expect(cli.stdout).toBe(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`);
  });
});

describe('an error is one line that says what to do, and status 1, for', () => {
  const noApi = () => assemblyOf({ Stack: { Resources: {} } });
  test.each<[string, () => string[], RegExp]>([
    ['an option that there is none', () => ['--prot', '80'], /^unknown option `--prot`: see `cdk-websocket-api --help`$/],
    ['an assembly that is missing', () => ['--app', 'cdk.uot'], /^`cdk\.uot` is neither a folder nor a command: run `cdk synth`/],
    ['a folder that is no app', () => [], /^there is neither `cdk\.out` nor `cdk\.json` in `.*`: go to the folder of a CDK app/],
    ['a folder that is no assembly', () => ['--app', newFolder()], /^`.*` is no cloud assembly, for it has no `manifest\.json`: run `cdk synth`$/],
    ['an assembly that is half-written', () => ['--app', newFolder({ 'manifest.json': '{ "version": ' })], /is not JSON, or was not written to its end: run `cdk synth`/],
    ['an assembly without a WebSocket API', () => ['--app', noApi()], /^there is no WebSocket API in `.*`: it has the stack `Stack`; define one, and run `cdk synth`$/],
    ['an env file of an unknown shape', () => ['--env-file', join(newFolder({ 'x.env': 'A=1\nB: 2\n' }), 'x.env')], /^line 2 of `.*x\.env` is not `NAME=value`: `B: 2`$/],
  ])('%s', async (_, args, message) => {
    const cli = run(['local', ...args()]);

    expect(await cli.ended).toBe(1);
    expect(cli.stdout).toBe('');
    expect(cli.stderr).toMatch(/^cdk-websocket-api: .*\n$/);
    expect(cli.stderr.slice('cdk-websocket-api: '.length).trimEnd()).toMatch(message);
    expect(readdirSync(cli.temporary)).toEqual([]);
  });

  test('an env file that there is none, which some versions of Node.js look for themselves', async () => {
    const cli = run(['local', '--env-file', 'no.env']);

    expect(await cli.ended).not.toBe(0);
    expect(cli.stderr).toMatch(/^(cdk-websocket-api: cannot read the env file `no\.env`: it does not exist, or is not a file|.*node.*: no\.env: not found)\n$/);
  });

  test('a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const cli = run(['local', '--app', assemblyOf({ Stack: mockApi() }), '--port', String(port)]);

    expect(await cli.ended).toBe(1);
    expect(cli.stderr).toBe(`cdk-websocket-api: port ${port} is in use: end what listens there, or choose another with \`--port\` (0 takes any that is free)\n`);
    expect(readdirSync(cli.temporary)).toEqual([]);
    server.close();
  });

  test('an app that fails, after what that says', async () => {
    const cli = run(['local', '--app', 'node app.js'], newFolder({ 'app.js': 'console.error("because"); process.exit(3)' }));

    expect(await cli.ended).toBe(1);
    expect(cli.stderr).toBe('because\ncdk-websocket-api: `node app.js` ended with status 3: see its output above\n');
  });
});

describe('for people', () => {
  test('it says where it is, and then what happens, without colours where nobody looks', async () => {
    const cli = served();
    await until(() => cli.lines.length > 0);
    const [, url] = /(ws:\S+)/.exec(cli.lines[0])!;
    const client = await Client.connect(url);
    expect(await client.ask('{"text":"hello"}')).toBe('mocked');
    client.socket.close(1000);
    await until(() => cli.stdout.includes('disconnected'));

    expect(cli.lines[0]).toMatch(/^✓ Chat {2}ws:\/\/localhost:\d+\/dev {2}1 route \(\$default\) {2}0 functions {2}http:\/\/localhost:\d+\/_console$/);
    expect(cli.lines.slice(1).map((line) => line.replace(/^[\d:.]{12} /, '').replace(/\S+=/, 'Id=').replace(/\d+ ms/, '0 ms'))).toEqual([
      '+ Id= connected to Chat (dev), 0 ms',
      '→ Id= $default {"text":"hello"}',
      '← Id= $default 200, 0 ms mocked',
      '− Id= disconnected: 1000',
    ]);
  });
});

describe('with `--json`', () => {
  test('every line is an event: the first tells where it is, and who may do what', async () => {
    const cli = served('--json');
    const client = await Client.connect(await cli.url());
    await client.ask('hello');
    client.socket.close(1000);
    await until(() => cli.stdout.includes('"disconnect"'));
    const [listening, ...events] = cli.events;

    expect(listening).toEqual({
      type: 'listening',
      port: expect.any(Number),
      apis: [expect.objectContaining({ name: 'Chat', stage: 'dev', routes: ['$default'] })],
      caFile: expect.stringMatching(/ca\.pem$/),
      credentials: { accessKeyId: expect.any(String), secretAccessKey: expect.any(String), sessionToken: expect.any(String) },
    });
    expect(readFileSync(listening.caFile, 'utf8')).toContain('BEGIN CERTIFICATE');
    expect(events.map(({ type, time }) => [type, typeof time])).toEqual([['connect', 'number'], ['message', 'number'], ['answer', 'number'], ['disconnect', 'number']]);
  });

  test('what was wrong at the start is told too', async () => {
    const { Resources } = mockApi();
    const name = { 'Fn::ImportValue': 'Elsewhere' };
    const template = { Resources: { ...Resources, Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, StageName: 'dev', StageVariables: { name } } } } };
    const cli = run(['local', '--app', assemblyOf({ Stack: template }), '--port', '0', '--json']);
    await until(() => cli.lines.length > 1);

    expect(cli.events[1]).toMatchObject({ type: 'warning', text: expect.stringMatching(/^`Elsewhere` is not known here, and used by .*: give it in the env file$/) });
  });

  test('who reads the lines may go away: it goes on', async () => {
    const cli = served('--json');
    const url = await cli.url();
    cli.child.stdout!.destroy();
    for (let message = 0; message < 3; message++) { expect(await (await Client.connect(url)).ask('hello')).toBe('mocked'); }

    expect(cli.child.exitCode).toBeNull();
  });
});

describe('of an app with a function', () => {
  let folder: string;
  beforeAll(() => {
    folder = appFolder({ 'handler.js': 'exports.main = async () => ({ statusCode: 200, body: `${process.pid} ${process.env.GREETING}` });\n' }, (stack) => {
      new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('handler.main', { returnResponse: true, environment: { GREETING: 'none' } }) } });
    });
  });

  test('`cdk.out` is found in the present folder, and the env file fills the environment', async () => {
    const cli = run(['local', '--port', '0', '--json', '--env-file', join(newFolder({ 'my.env': '# mine\nexport GREETING="good day" # to all\n' }), 'my.env')], folder);

    expect(await (await Client.connect(await cli.url())).ask('x')).toMatch(/^\d+ good day$/);
  });

  test.each<[NodeJS.Signals, number | string]>([['SIGINT', 0], ['SIGTERM', 0], ['SIGHUP', 0], ['SIGKILL', 'SIGKILL']])('%s leaves no process and no file', async (signal, status) => {
    const cli = run(['local', '--port', '0', '--json', '--watch'], folder);
    const client = await Client.connect(await cli.url());
    const pid = parseInt(await client.ask('x'), 10);
    expect(isAlive(pid)).toBe(true);
    expect(readdirSync(cli.temporary)).toHaveLength(1);
    cli.child.kill(signal);

    expect(await cli.ended).toBe(status);
    await client.closed;
    await until(() => !isAlive(pid) && readdirSync(cli.temporary).length === 0);
  });

  test('a second SIGINT does not wait for the first', async () => {
    const cli = run(['local', '--port', '0', '--json'], folder);
    const client = await Client.connect(await cli.url());
    const pid = parseInt(await client.ask('x'), 10);
    cli.child.kill('SIGINT');
    cli.child.kill('SIGINT');

    expect([0, 1]).toContain(await cli.ended);
    await until(() => !isAlive(pid) && readdirSync(cli.temporary).length === 0);
  });
});

test('SIGINT while the app is synthesized ends that too, with all that it started', async () => {
  const folder = newFolder({
    'app.js': `
      const { spawn } = require('node:child_process');
      const child = spawn('sleep', ['1000']);
      require('node:fs').writeFileSync('pids.part', process.pid + ' ' + child.pid);
      require('node:fs').renameSync('pids.part', 'pids');
    `,
  });
  const cli = run(['local', '--app', 'node app.js'], folder);
  await until(() => existsSync(join(folder, 'pids')));
  const pids = readFileSync(join(folder, 'pids'), 'utf8').split(' ').map(Number);
  cli.child.kill('SIGINT');

  expect(await cli.ended).toBe(1);
  await until(() => !pids.some(isAlive));
});
