import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Route, WebSocketApi } from '../../../src';
import { newFolder, synthesizeStack } from '../../local/assembly-folder';
import { Client } from '../../local/client';
import { until } from '../../local/until';
import { CliProcess } from '../cli-process';

// A function that posts to a connection which its event names, as a worker does.

const WORKER = `
exports.main = async (event) => {
  console.log('working');
  if (event.fail) { throw new Error('no luck'); }
  if (!event.connectionId) { return { got: event }; }
  const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require('@aws-sdk/client-apigatewaymanagementapi');
  const client = new ApiGatewayManagementApiClient({ endpoint: process.env.CALLBACK_URL });
  await client.send(new PostToConnectionCommand({ ConnectionId: event.connectionId, Data: 'done' }));
  return 'posted';
};
`;

const cache = newFolder();
const env = { XDG_CACHE_HOME: cache };
let assembly: string;
beforeAll(() => {
  assembly = synthesizeStack((stack: Stack) => {
    const worker = new Function(stack, 'Worker', { code: Code.fromAsset(newFolder({ 'index.js': WORKER })), handler: 'index.main', runtime: Runtime.NODEJS_22_X, functionName: 'the-worker' });
    const api = new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(worker, { returnResponse: true }) } });
    worker.addEnvironment('CALLBACK_URL', api.callbackUrl);
    api.grantManageConnections(worker);
  });
});

const event = (value: unknown) => join(newFolder({ 'event.json': JSON.stringify(value) }), 'event.json');
const invoke = async (...args: string[]) => {
  const cli = CliProcess.start(['invoke', ...args], process.cwd(), { env });
  return { status: await cli.ended, stdout: cli.stdout, stderr: cli.stderr };
};

describe('without a gateway', () => {
  test.each(['Stack/Worker', 'the-worker'])('`%s` runs: its answer alone is on stdout, its output on stderr', async (name) => {
    const { status, stdout, stderr } = await invoke(name, '--app', assembly, '--event', event({ job: 1 }));

    expect([status, stdout]).toEqual([0, '{"got":{"job":1}}\n']);
    expect(stderr).toContain('working');
  });

  test('an error of the function is status 1', async () => {
    const { status, stdout, stderr } = await invoke('Stack/Worker', '--app', assembly, '--event', event({ fail: true }));

    expect([status, JSON.parse(stdout).errorMessage]).toEqual([1, 'no luck']);
    expect(stderr).toContain('`Stack/Worker` failed: Error: no luck');
  });

  test.each<[string, () => string[], RegExp]>([
    ['a name that is almost right', () => ['Stack/Wroker', '--app', assembly], /has no function `Stack\/Wroker`: there is `Stack\/Worker`/],
    ['an event that is not there', () => ['Stack/Worker', '--event', 'no.json'], /cannot read the event `no\.json`: it does not exist, or is not a file/],
    ['an event instead of a file', () => ['Stack/Worker', '--event', '{"a":1}'], /write the event into a file, or pipe it to `--event -`/],
    ['an event that is no JSON', () => ['Stack/Worker', '--event', join(newFolder({ 'event.json': '{' }), 'event.json')], /the event in `.*` is not JSON/],
    ['a port where nothing runs', () => ['Stack/Worker', '--port', '1'], /no `cdk-websocket-api local` of yours runs at port 1/],
  ])('%s is an error, and status 1', async (_, args, message) => {
    const { status, stdout, stderr } = await invoke(...args());

    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });
});

test('where a gateway runs, the function runs in it, and what it posts reaches the client', async () => {
  const gateway = CliProcess.start(['local', '--app', assembly, '--port', '0', '--json'], process.cwd(), { env });
  const client = await Client.connect(await gateway.url());
  const port = String(gateway.events[0].port);
  const note = join(cache, 'cdk-websocket-api/running', `${port}.json`);
  await until(() => gateway.events.some(({ type }) => type === 'connect'));
  const { connectionId } = gateway.events.find(({ type }) => type === 'connect')!;

  expect(await invoke('Stack/Worker', '--port', port, '--event', event({ connectionId }))).toEqual({ status: 0, stdout: '"posted"\n', stderr: 'working\n' });
  expect(await client.next()).toBe('done');
  await until(() => gateway.events.some((one) => one.type === 'invoke-api' && one.function === 'Stack/Worker' && one.caller === 'the developer'));
  // eslint-disable-next-line no-bitwise
  expect(statSync(note).mode & 0o077).toBe(0);

  gateway.child.kill('SIGTERM');
  await gateway.ended;
  expect(readdirSync(join(note, '..'))).toEqual([]);
});
