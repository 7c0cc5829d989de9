import { get } from 'node:http';
import { networkInterfaces } from 'node:os';
import { mockApi } from './assembly/mock-api';
import { assemblyOf } from './assembly-folder';
import { Client } from './client';
import { LocalGateway, LocalGatewayOptions, startLocalGateway } from '../../src/local';
import { testWhere } from '../where';

// Who can connect: which pages, and which devices.

const SECRET = 'token=s3cret';
let gateway: LocalGateway | undefined;

afterEach(() => gateway?.close());

const templates = () => {
  const { Resources } = mockApi();
  return {
    Stack: {
      Resources: {
        ...Resources,
        Domain: { Type: 'AWS::ApiGatewayV2::DomainName', Properties: { DomainName: 'chat.example.com' } },
        Mapping: { Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: { ApiId: { Ref: 'Api' }, DomainName: 'chat.example.com', Stage: { Ref: 'Stage' } } },
      },
    },
  };
};
const start = async (options: LocalGatewayOptions = {}) => gateway = await startLocalGateway({ app: assemblyOf(templates()), ...options });
const warnings = () => gateway!.events().flatMap((event) => event.type === 'warning' ? event.text : []);

describe('a page of another site', () => {
  test('is refused, and the reason says how to allow it', async () => {
    const { url } = await start();

    expect(await Client.refusal(`${url}?${SECRET}`, { origin: 'https://evil.example' })).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect(warnings().at(-1)).toBe('a client was refused with 403 at "/dev": the page has the origin "https://evil.example", but only pages of this machine '
      + 'and of the app\'s domains may connect: to allow it, start with `--allow-origin https://evil.example` (`allowedOrigins` of `startLocalGateway`)');
  });

  test('is refused with TLS too', async () => {
    const { secureUrl, ca } = await start();

    expect(await Client.refusal(secureUrl, { origin: 'https://evil.example', ca })).toMatchObject({ status: 403 });
  });

  test('that leads its own name to this machine is refused', async () => {
    const { url, port } = await start();

    expect(await Client.refusal(url, { origin: `http://evil.example:${port}`, headers: { host: `evil.example:${port}` } })).toMatchObject({ status: 403 });
  });

  test('connects if it is allowed, or is of the domain of the app, or of this machine', async () => {
    const { url } = await start({ allowedOrigins: ['https://app.example.org'] });
    for (const origin of ['https://app.example.org', 'https://chat.example.com', 'http://localhost:5173']) {
      expect(await (await Client.connect(url, { origin })).ask('hello')).toBe('mocked');
    }
  });
});

test('no URL of a refused handshake is told with its query', async () => {
  const { url, port } = await start();
  const long = `x=${'y'.repeat(5000)}`;
  await Client.refusal(`${url}/nowhere?${SECRET}`);
  await Client.refusal(`ws://localhost:${port}/other?${SECRET}`);
  await Client.refusal(`${url}?${SECRET}&${long}`);
  await Client.refusal(`${url}?${SECRET}`, { origin: 'https://evil.example' });

  expect(warnings()).toHaveLength(4);
  expect(JSON.stringify(gateway!.events())).not.toContain('s3cret');
});

describe('another device', () => {
  const addresses = Object.values(networkInterfaces()).flat().filter((one) => one && !one.internal && one.family === 'IPv4').map((one) => one!.address);
  const testWithNetwork = testWhere(addresses.length > 0, 'this machine has no network');
  const [address] = addresses;

  testWithNetwork('cannot connect unless the developer says so', async () => {
    const { port } = await start();

    await expect(Client.connect(`ws://${address}:${port}/dev`)).rejects.toThrow('ECONNREFUSED');
  });

  testWithNetwork('connects by the address of this machine, and so does a page that this machine serves to it', async () => {
    const { port, url } = await start({ host: '0.0.0.0' });
    const there = `ws://${address}:${port}/dev`;

    expect(await (await Client.connect(there)).ask('hello')).toBe('mocked');
    expect(await (await Client.connect(there, { origin: `http://${address}:5173` })).ask('hello')).toBe('mocked');
    expect(await (await Client.connect(url)).ask('hello')).toBe('mocked');
    expect(await Client.refusal(there, { origin: 'http://192.0.2.1:5173' })).toMatchObject({ status: 403 });
  });

  testWithNetwork('connects by one address alone, if that is named', async () => {
    const { port, url } = await start({ host: address });

    expect(await (await Client.connect(`ws://${address}:${port}/dev`)).ask('hello')).toBe('mocked');
    expect(await (await Client.connect(url)).ask('hello')).toBe('mocked');
  });

  testWithNetwork('never gets the page, whatever it says where it is', async () => {
    const { port } = await start({ host: '0.0.0.0' });
    const there = `http://${address}:${port}/_console/`;

    expect((await fetch(there)).status).not.toBe(200);
    expect((await fetch(`http://localhost:${port}/_console/`)).status).toBe(200);
    expect(await statusWithHost(there, `localhost:${port}`)).not.toBe(200);
  });

  test('that runs in a container calls this machine by a name', async () => {
    const { url, port } = await start({ host: '0.0.0.0' });

    expect(await (await Client.connect(url, { headers: { host: `host.docker.internal:${port}` } })).ask('hello')).toBe('mocked');
    expect(await Client.refusal(url, { headers: { host: `evil.example:${port}` } })).toMatchObject({ status: 403 });
  });

  test.each(['mypc.local', '', '10.0.0'])('an address has to be one: %j', async (host) => {
    await expect(start({ host })).rejects.toThrow(new Error(`\`host\` is \`${JSON.stringify(host)}\`, which is not an IP address: write one of this machine, or \`0.0.0.0\` for all of them`));
  });

  test('an address has to be one of this machine', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toThrow(new Error('this machine does not have the address `192.0.2.1`: choose one that it has, or `0.0.0.0` for all'));
  });
});

test('an origin that is none is an error', async () => {
  await expect(start({ allowedOrigins: ['example.com'] })).rejects.toThrow('`allowedOrigins` has `"example.com"`, which is not an origin');
});

function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => get(url, { headers: { host } }, (response) => {
    response.resume();
    resolve(response.statusCode!);
  }).on('error', reject));
}
