import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until';

// `npm run contract`, with a CDK that deploys nothing.

/** Writes down what it is called for. */
const CDK = `#!/usr/bin/env node
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const [, command, ...args] = process.argv.slice(2);
if (command === 'synth') {
  const folder = args[args.indexOf('--output') + 1];
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/manifest.json', JSON.stringify({ artifacts: { 'cdk-websocket-api-contract': { environment: process.env.ENVIRONMENT } } }));
  writeFileSync(folder + '/cdk-websocket-api-contract.template.json', '{"Resources":{"One":{}}}');
}
appendFileSync(process.env.CALLS, command + '\\n');
if (command === 'deploy') { process.env.DEPLOYMENT === 'hangs' ? setInterval(() => undefined, 1000) : process.exit(1); }
`;

let folder: string;
let aws: Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
  writeFileSync(join(folder, 'npx'), CDK);
  chmodSync(join(folder, 'npx'), 0o755);
  aws = createServer((_, response) => void response.end('{}')).listen(0, '127.0.0.1');
  await once(aws, 'listening');
});
afterAll(() => {
  aws.close();
  rmSync(folder, { recursive: true, force: true });
});

function contract(args: readonly string[], env: { readonly [name: string]: string } = {}) {
  const calls = join(mkdtempSync(join(folder, 'run-')), 'calls');
  const child = spawn(process.execPath, ['scripts/contract.mjs', ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${folder}:${process.env.PATH}`,
      CALLS: calls,
      ENVIRONMENT: 'aws://123456789012/eu-west-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (data) => { output += data; });
  child.stderr.on('data', (data) => { output += data; });
  const called = () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []);
  return { child, called, output: () => output, ended: once(child, 'close').then(([code]) => code as number) };
}

test('what could not be deployed is torn down', async () => {
  const { ended, called, output } = contract(['--aws', '--yes']);

  expect(await ended).toBe(2);
  expect(called()).toEqual(['synth', 'deploy', 'destroy']);
  expect(output()).toContain('deploys the stack cdk-websocket-api-contract (1 resources) to the account 123456789012 in eu-west-1');
});

test('what somebody interrupts is torn down', async () => {
  const { child, ended, called } = contract(['--aws', '--yes'], { DEPLOYMENT: 'hangs' });
  await until(() => called().includes('deploy'));
  process.kill(-child.pid!, 'SIGINT');

  expect(await ended).toBe(2);
  expect(called()).toEqual(['synth', 'deploy', 'destroy']);
});

test('nothing is deployed that nobody agreed to', async () => {
  const { child, ended, called, output } = contract(['--aws']);
  child.stdin.end('n\n');

  expect(await ended).toBe(2);
  expect(called()).toEqual(['synth']);
  expect(output()).toContain('less than 10 cents');
});

test('without credentials, nothing is asked and nothing deployed', async () => {
  const { ended, called, output } = contract(['--aws', '--yes'], { ENVIRONMENT: 'aws://unknown-account/unknown-region' });

  expect(await ended).toBe(2);
  expect(called()).toEqual(['synth']);
  expect(output()).toContain('the CDK finds no AWS credentials');
});

test('`--destroy` tears down what an earlier run has left', async () => {
  const { ended, called } = contract(['--aws', '--destroy']);

  expect(await ended).toBe(0);
  expect(called()).toEqual(['synth', 'destroy']);
});

test.each([
  [['--yes'], '`--yes`, `--destroy` and `--without` go with `--aws`'],
  [['--aws', '--url', 'ws://localhost:1'], 'give one of them'],
  [['--url', 'ws://localhost:1'], '`--url` and `--credentials` go together'],
  [['--url', 'http://localhost:1', '--credentials', 'x'], '`--url` is not `ws://<host>:<port>`: "http://localhost:1"'],
  [['--nonsense'], '\'--nonsense\''],
])('%j is refused', async (args, message) => {
  const { ended, output } = contract(args);

  expect(await ended).toBe(2);
  expect(output()).toContain(message);
});

describe('the report', () => {
  const row = (statement: string, more = {}) => ({
    file: 'test/local/contract/rows/x.ts', section: '2.2', tag: 'D', subject: 'the handshake', statement, title: `2.2 [D] ${statement}`, name: statement, ...more,
  });
  const passed = { status: 'passed', message: '' };
  const failed = { status: 'failed', message: '\u001b[31mExpected: 403\u001b[0m\nReceived: 400\n    at x.ts:1:1' };
  const ROWS = [
    row('same'),
    row('other'),
    row('assumed', { tag: 'U' }),
    row('long', { minutes: 10 }),
    row('local', { onlyHere: 'it takes a domain' }),
    row('part', { file: 'test/local/faults.test.ts' }),
    row('forbidden'),
  ];
  const THERE = [['same', passed], ['other', failed], ['assumed', passed], ['forbidden', { status: 'failed', message: 'Error: cannot be replayed: no role' }]];

  async function report(more: object): Promise<{ different: number; text: string }> {
    const code = `
      import { report } from ${JSON.stringify(join(process.cwd(), 'scripts/contract/report.mjs'))};
      const { there, here, ...options } = JSON.parse(process.argv[1]);
      console.log(JSON.stringify(report(${JSON.stringify(ROWS)}, { name: 'AWS', there: new Map(there), here: here && new Map(here), ...options })));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, JSON.stringify({ there: THERE, slow: false, ...more })]);
    let output = '';
    for await (const chunk of child.stdout) { output += chunk; }
    return JSON.parse(output);
  }

  test('has assumptions first, what differs with the reason, and what was not replayed with the reason', async () => {
    const { different, text } = await report({ here: ROWS.map(({ name }) => [name, passed]) });

    expect(different).toBe(1);
    expect(text.split('\n')).toEqual([
      '           gateway  AWS  row',
      'same       ✓        ✓    2.2 U  the handshake assumed',
      'same       ✓        ✓    2.2 D  the handshake same',
      'different  ✓        ✗    2.2 D  the handshake other',
      '',
      'Not replayed:',
      '– 2.2 D  the handshake long: it takes 10 minutes: `--slow`',
      '– 2.2 D  the handshake local: it takes a domain',
      '– 2.2 D  the handshake part: test/local/faults.test.ts checks it without a connection to the app of the contract',
      '– 2.2 D  the handshake forbidden: no role',
      '',
      '✗ the handshake 2.2 [D] other',
      '  Expected: 403',
      '  Received: 400',
      '',
      '7 rows, 3 replayed, 1 different',
    ]);
  });

  test('has a difference where the gateway itself does not hold to the row', async () => {
    expect((await report({ here: [['same', failed], ['other', passed], ['assumed', passed]] })).different).toBe(2);
  });
});
