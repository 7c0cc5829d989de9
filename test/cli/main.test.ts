import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { CLI, CliProcess } from './cli-process';
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
    ['a folder that is no assembly', () => ['--app', newFolder()], /^`.*` is not a cloud assembly, because it has no `manifest\.json`: run `cdk synth`$/],
    ['an assembly that is half-written', () => ['--app', newFolder({ 'manifest.json': '{ "version": ' })], /is not JSON, or was not written to its end: run `cdk synth`/],
    ['an assembly without a WebSocket API', () => ['--app', noApi()], /^there is no WebSocket API in `.*`: it has the stack `Stack`; define one, and run `cdk synth`$/],
    ['an env file of an unknown shape', () => ['--env', join(newFolder({ 'x.env': 'A=1\nB: 2\n' }), 'x.env')], /^line 2 of `.*x\.env` is not `NAME=value`: `B: 2`$/],
  ])('%s', async (_, args, message) => {
    const cli = run(['local', ...args()]);

    expect(await cli.ended).toBe(1);
    expect(cli.stdout).toBe('');
    expect(cli.stderr).toMatch(/^cdk-websocket-api: .*\n$/);
    expect(cli.stderr.slice('cdk-websocket-api: '.length).trimEnd()).toMatch(message);
    expect(readdirSync(cli.temporary)).toEqual([]);
  });

  test('an env file that does not exist', async () => {
    const cli = run(['local', '--env', 'no.env']);

    expect(await cli.ended).toBe(1);
    expect(cli.stderr).toBe('cdk-websocket-api: cannot read the env file `no.env`: it does not exist, or is not a file\n');
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
  const toldOf = (cli: CliProcess) => cli.lines.map((line) => line.replace(/^[\d:.]{12} /, '').replace(/\S+=/, 'Id=').replace(/\d+ ms/, '0 ms').replace(/localhost:\d+/, 'localhost:0'));

  test('it says where it is and what to do, and then what happens, without colours if nobody looks', async () => {
    const cli = served();
    const client = await Client.connect(await cli.printedUrl());
    expect(await client.ask('{"text":"hello"}')).toBe('mocked');
    client.socket.close(1000);
    await until(() => cli.stdout.includes('disconnected'));

    expect(toldOf(cli)).toEqual([
      '✓ Chat (dev)  ws://localhost:0/dev  1 route: $default',
      '  functions 0',
      '  connect   npx wscat -c ws://localhost:0/dev',
      '  send      any text',
      '  page      http://localhost:0/_console  a client and all traffic, in your browser',
      '  findings  none',
      '+ Id= connected to Chat (dev), 0 ms',
      '→ Id= $default {"text":"hello"}',
      '← Id= $default 200, 0 ms mocked',
      '− Id= disconnected: 1000',
    ]);
  });

  const withAccessLog = () => {
    const { Resources } = mockApi();
    (Resources.Stage as { Properties: object }).Properties = {
      ApiId: { Ref: 'Api' }, StageName: 'dev', AccessLogSettings: { DestinationArn: 'arn:aws:logs:eu-west-1:111111111111:log-group:x', Format: 'LOG $context.requestId $context.eventType' },
    };
    return assemblyOf({ Stack: { Resources } });
  };

  test.each([[[], false], [['--access-log'], true]])('with %j, the access log is printed: %s', async (args, expected) => {
    const cli = run(['local', '--app', withAccessLog(), '--port', '0', ...args]);
    const client = await Client.connect(await cli.printedUrl());
    await client.ask('hello');
    client.socket.close(1000);
    await until(() => cli.stdout.includes('disconnected'));
    // The line of an event comes after the event.
    await (await Client.connect(await cli.printedUrl())).ask('hello');
    await until(() => cli.stdout.split('mocked').length > 2);

    expect(/≡ LOG \S+ MESSAGE/.test(cli.stdout)).toBe(expected);
  });

  test('other devices can connect if that is asked for, and it is said who can', async () => {
    const cli = served('--host', '0.0.0.0', '--allow-origin', 'https://app.example.com');
    await cli.printedUrl();
    const reach = cli.lines.find((line) => line.startsWith('  reach'));
    const addresses = Object.values(networkInterfaces()).flat().filter((one) => one && !one.internal && one.family === 'IPv4');

    expect(reach === undefined).toBe(addresses.length === 0);
    expect(reach ?? '').toMatch(addresses.length === 0 ? /^$/ : /everybody who reaches ws:\/\/[\d.]+:\d+ .*can connect; pages: .*https:\/\/app\.example\.com$/);
  });

  test('however much happens, where it is comes again', async () => {
    const cli = served();
    const client = await Client.connect(await cli.printedUrl());
    for (let message = 0; message < 600; message++) { await client.ask('x'); }
    await until(() => cli.lines.length > 1200);

    expect(cli.lines.slice(6).filter((line) => line.includes('/_console')).length).toBeGreaterThanOrEqual(2);
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

  test('what a client sends is escaped for terminals, and means the same', async () => {
    const cli = served('--json');
    const text = 'a\u009b2J\u007f\u2028\u202eb';
    const client = await Client.connect(await cli.url());
    await client.ask(text);
    await until(() => cli.stdout.includes('"answer"'));

    expect(cli.stdout).not.toMatch(/[\u007f-\u009f\u2028\u202e]/);
    expect(cli.events.find(({ type }) => type === 'message')).toMatchObject({ body: text });
  });

  test.each(['--json', '--access-log'])('once nobody reads what it prints, it ends (%s)', async (option) => {
    const cli = served(option);
    const url = option === '--json' ? await cli.url() : await cli.printedUrl();
    cli.child.stdout!.destroy();
    await Client.connect(url);

    expect(await cli.ended).toBe(0);
    expect(readdirSync(cli.temporary)).toEqual([]);
  });

  test.each([
    ['the process that started it', '[process.execPath, process.argv.slice(2)]'],
    // As npm does it, and `npx`.
    ['the npm whose shell started it', '["/bin/sh", ["-c", "\\"$@\\"; exit $?", "sh", process.execPath, ...process.argv.slice(2)]]'],
  ])('once %s is killed, it ends, and frees its port', async (_, command) => {
    const starter = newFolder({
      'starter.js': `
        const { spawn } = require('node:child_process');
        const [command, args] = ${command};
        const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, npm_execpath: 'npm' } });
        process.stderr.write(String(child.pid));
      `,
    });
    const temporary = newFolder();
    const child = spawn(process.execPath, [join(starter, 'starter.js'), CLI, 'local', '--app', assemblyOf({ Stack: mockApi() }), '--port', '0', '--json'], {
      env: { ...process.env, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, pid] = ['', ''];
    child.stdout.on('data', (data) => stdout += data);
    child.stderr.on('data', (data) => pid += data);
    await until(() => stdout.includes('\n'));
    child.kill('SIGKILL');

    await until(() => !isAlive(Number(pid)) && readdirSync(temporary).length === 0);
    await expect(Client.connect(JSON.parse(stdout).apis[0].url)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('of an app with a function', () => {
  let folder: string;
  beforeAll(() => {
    folder = appFolder({ 'handler.js': 'exports.main = async () => ({ statusCode: 200, body: `${process.pid} ${process.env.GREETING}` });\n' }, (stack) => {
      new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('handler.main', { returnResponse: true, environment: { GREETING: 'none' } }) } });
    });
  });

  test.each(['--env', '--env-file'])('`cdk.out` is found in the present folder, and the file of `%s` fills the environment', async (option) => {
    const cli = run(['local', '--port', '0', '--json', option, join(newFolder({ 'my.env': '# mine\nexport GREETING="good day" # to all\n' }), 'my.env')], folder);

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
