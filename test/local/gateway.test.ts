import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mockApi } from './assembly/mock-api';
import { assemblyOf, newFolder } from './assembly-folder';
import { Client } from './client';
import { until } from './local-function';
import { frame, OPCODES, RawClient } from './raw-client';
import { GatewayEvent, LocalGateway, LocalGatewayOptions, startLocalGateway } from '../../src/local';
import { RealClock } from '../../src/local/clock';
import { Gateway } from '../../src/local/gateway';

const running: LocalGateway[] = [];
const start = async (app: LocalGatewayOptions['app'], options: LocalGatewayOptions = {}) => {
  const gateway = await startLocalGateway({ app, ...options });
  running.push(gateway);
  return gateway;
};
afterEach(() => Promise.all(running.splice(0).map((gateway) => gateway.close())));

const disconnectOf = (gateway: LocalGateway) => gateway.events().find((event): event is GatewayEvent & { type: 'disconnect' } => event.type === 'disconnect');

describe('it starts', () => {
  test('from the folder of an assembly, and tells where it is', async () => {
    const gateway = await start(assemblyOf({ Stack: mockApi() }));

    expect(gateway.url).toBe(`ws://localhost:${gateway.port}/dev`);
    expect(gateway.secureUrl).toBe(`wss://localhost:${gateway.port}/dev`);
    expect(gateway.callbackUrl).toBe(`https://localhost:${gateway.port}/dev`);
    expect(await (await Client.connect(gateway.secureUrl, { ca: gateway.ca })).ask('x')).toBe('mocked');
  });

  test('from an app, which it synthesizes', async () => {
    const app = { synth: () => ({ directory: assemblyOf({ Stack: mockApi() }) }) };

    expect((await start(app)).apis.map(({ stage }) => stage)).toEqual(['dev']);
  });

  test('at the port that it is told', async () => {
    const first = await start(assemblyOf({ Stack: mockApi() }));
    await first.close();

    expect((await start(assemblyOf({ Stack: mockApi() }), { port: first.port })).url).toBe(first.url);
  });

  test('with several APIs, of which none is the only one', async () => {
    const gateway = await start(assemblyOf({ One: mockApi({ name: 'One' }), Two: mockApi({ name: 'Two', stage: 'prod' }) }));

    expect(gateway.apis.map(({ name }) => name)).toEqual(['One', 'Two']);
    expect(() => gateway.url).toThrow(new Error('there are 2 stages of APIs: take the URL of one of `apis`: `One` (dev), `Two` (prod)'));
  });
});

describe('it does not start, and leaves nothing,', () => {
  const temporary = newFolder();
  const before = process.env.TMPDIR;
  let server: Server | undefined;
  beforeEach(() => process.env.TMPDIR = temporary);
  afterEach(() => {
    if (before === undefined) { delete process.env.TMPDIR; } else { process.env.TMPDIR = before; }
    server?.close();
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['without an assembly', () => start('/no/such/folder'), /^`\/no\/such\/folder` is neither a folder nor a command: run `cdk synth` and name its folder/],
    ['where there is no WebSocket API', () => start(assemblyOf({ Stack: { Resources: {} } })), /^there is no WebSocket API in `.*`: it has the stack `Stack`; define one, and run `cdk synth`$/],
    ['where an expression is none', () => start(assemblyOf({ Stack: mockApi({ expression: '${request.body.a[?(@.b)]}' }) })), /^`Stack\/Api`: /],
    ['where the port is in use', async () => {
      server = createServer();
      await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
      await start(assemblyOf({ Stack: mockApi() }), { port: (server.address() as AddressInfo).port });
    }, /^port \d+ is in use: end what listens there, or choose another with `--port` \(0 takes any that is free\)$/],
  ])('%s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);

    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('who asks over HTTP', () => {
  test.each([
    ['/dev', {}, 426, 'Upgrade Required'],
    ['/nothing', {}, 403, 'Forbidden'],
    ['/_console', { host: 'evil.example' }, 403, 'Forbidden'],
  ])('for %s with %j gets %i', async (path, headers, status, message) => {
    const gateway = await start(assemblyOf({ Stack: mockApi() }));
    const { host = `localhost:${gateway.port}` } = headers as { host?: string };
    const client = await RawClient.open(gateway.url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await client.closed;

    expect(client.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(client.text).toContain(`{"message":"${message}"}`);
  });
});

describe('`$disconnect` is told the code that the client was told', () => {
  const bad = Buffer.from([0x61, 0xff, 0xfe]);
  test.each<[number, string, Buffer[]]>([
    [1002, 'Protocol error', [frame(OPCODES.text, 'x', { mask: false })]],
    [1007, 'Invalid frame payload data', [frame(OPCODES.text, bad)]],
    [1008, 'Policy violation', Array.from({ length: 20_000 }, (_, i) => frame(i === 0 ? OPCODES.text : OPCODES.continuation, '', { fin: false }))],
    [1009, 'Message too big', Array.from({ length: 5 }, (_, i) => frame(i === 0 ? OPCODES.text : OPCODES.continuation, 'x'.repeat(30_000), { fin: i === 4 }))],
  ])('%i: %s', async (code, reason, frames) => {
    const gateway = await start(assemblyOf({ Stack: mockApi() }));
    const client = await RawClient.connect(gateway.url);
    client.write(Buffer.concat(frames));
    await until(() => disconnectOf(gateway) !== undefined);

    expect(client.closeCode).toBe(code);
    expect(disconnectOf(gateway)).toMatchObject({ code, reason });
  });
});

describe('while it runs', () => {
  test('it tells who is connected', async () => {
    const gateway = await start(assemblyOf({ Stack: mockApi() }), { clock: 'manual' });
    await Client.connect(gateway.url);
    await gateway.advance(1000);
    const [{ connectedAt, lastActiveAt, ...rest }] = gateway.connections();

    expect(rest).toEqual({ connectionId: expect.stringMatching(/=$/), api: 'Chat', stage: 'dev', sourceIp: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) });
    expect(lastActiveAt).toEqual(connectedAt);
  });

  test('what happens can be listened to, until one listens no more', async () => {
    const gateway = await start(assemblyOf({ Stack: mockApi() }));
    const heard: string[] = [];
    const stop = gateway.onEvent(({ type }) => heard.push(type));
    const client = await Client.connect(gateway.url);
    await client.ask('x');
    expect(heard).toEqual(['connect', 'message', 'answer']);
    stop();
    await client.ask('x');

    expect(heard).toHaveLength(3);
  });

  test('a clock that runs by itself cannot be advanced', async () => {
    await expect((await start(assemblyOf({ Stack: mockApi() }))).advance(1)).rejects
      .toThrow(new Error('the clock runs by itself: start the gateway with `clock: \'manual\'` to advance it'));
  });

  test('a client that does not answer when it is closed is hung up on, for others to settle', async () => {
    const gateway = await start(assemblyOf({ Stack: mockApi() }), { clock: 'manual' });
    const client = await RawClient.connect(gateway.url);
    await gateway.advance(10 * 60_000);
    await client.closed;

    expect(disconnectOf(gateway)).toMatchObject({ code: 1001 });
  });

  test('a role that there is not has no credentials, and it is said which there are', async () => {
    const { Resources } = mockApi();
    const gateway = await start(assemblyOf({ Stack: { Resources: { ...Resources, Role: { Type: 'AWS::IAM::Role', Properties: {} } } } }));

    expect(() => gateway.credentialsFor('Nobody')).toThrow(/^there is no role or user `"?Nobody"?`: there are `Stack\/Role`$/);
    expect(gateway.credentialsFor('Stack/Role')).toEqual(gateway.credentialsFor('Stack/Role'));
  });

  test('closing it twice is closing it once', async () => {
    const gateway = await start(assemblyOf({ Stack: mockApi() }));

    await Promise.all([gateway.close(), gateway.close()]);
  });
});

describe('it serves another assembly', () => {
  test('to those who are connected too', async () => {
    const assembly = assemblyOf({ Stack: mockApi() });
    const gateway = await Gateway.start({ assembly, port: 0, env: {}, clock: new RealClock(), appFolder: assembly });
    running.push(gateway as unknown as LocalGateway);
    const client = await Client.connect(gateway.apis[0].url);
    writeFileSync(join(assembly, 'Stack.template.json'), JSON.stringify(mockApi()).replace('mocked', 'mocked anew'));
    await gateway.reload();

    expect(await client.ask('x')).toBe('mocked anew');
  });

  test('unless that cannot be read: then all is as it was', async () => {
    const assembly = assemblyOf({ Stack: mockApi() });
    const gateway = await Gateway.start({ assembly, port: 0, env: {}, clock: new RealClock(), appFolder: assembly });
    running.push(gateway as unknown as LocalGateway);
    const client = await Client.connect(gateway.apis[0].url);
    writeFileSync(join(assembly, 'Stack.template.json'), '{ "Resources": ');

    await expect(gateway.reload()).rejects.toThrow(/is not JSON, or was not written to its end/);
    expect(await client.ask('x')).toBe('mocked');
  });
});
