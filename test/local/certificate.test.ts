import { execFile, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AssemblyCertificate, Certificate, certificate } from '../../src/local/certificate';
import { makeAuthority, makeServer, parsePair } from '../../src/local/x509';

const DAY = 24 * 60 * 60 * 1000;

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'certificate-'));
  folder = join(parent, 'kept');
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

async function serving<T>({ key, cert }: Certificate, use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer({ key, cert }, (_, response) => response.end('trusted'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function fetchText(url: string, ca: string, servername?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca, servername, agent: false }, (response) => response.on('data', (data) => resolve(String(data)))).on('error', reject);
  });
}

describe('trust', () => {
  test.each(['localhost', '127.0.0.1'])('Node.js trusts `%s`', async (host) => {
    const made = certificate(folder);
    expect(await serving(made, (port) => fetchText(`https://${host}:${port}/`, made.ca))).toBe('trusted');
  });

  test('Node.js does not trust another name', async () => {
    const made = certificate(folder);
    await expect(serving(made, (port) => fetchText(`https://127.0.0.1:${port}/`, made.ca, 'example.com'))).rejects.toThrow(/does not match certificate/);
  });

  test('Python trusts it, strictly', async () => {
    const made = certificate(folder);
    const program = [
      'import ssl, sys, urllib.request',
      'context = ssl.create_default_context(cafile=sys.argv[1])',
      'context.verify_flags |= ssl.VERIFY_X509_STRICT',
      'for host in ("localhost", "127.0.0.1"):',
      '    print(urllib.request.urlopen(f"https://{host}:{sys.argv[2]}/", context=context).read().decode())',
    ].join('\n');
    const env = { PATH: process.env.PATH, no_proxy: '*' };
    const { stdout } = await serving(made, (port) => promisify(execFile)('python3', ['-c', program, made.caFile, String(port)], { env }));
    expect(stdout).toBe('trusted\ntrusted\n');
  });

  test('OpenSSL verifies it, strictly', () => {
    const { cert, caFile } = certificate(folder);
    writeFileSync(join(folder, 'cert.pem'), cert);
    const verified = ['localhost', '127.0.0.1', '::1'].map((name) => (
      spawnSync('openssl', [
        'verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', caFile, name === 'localhost' ? '-verify_hostname' : '-verify_ip', name, join(folder, 'cert.pem'),
      ], { encoding: 'utf8' })
    ));
    // Not every machine has it.
    if (verified[0].error === undefined) { expect(verified.map(({ status, stderr }) => ({ status, stderr }))).toEqual(Array(3).fill({ status: 0, stderr: '' })); }
  });
});

describe('what is made', () => {
  test('the authority can sign, and the server cannot', () => {
    const { ca, cert } = certificate(folder);
    expect([new X509Certificate(ca).ca, new X509Certificate(cert).ca]).toEqual([true, false]);
  });

  test('this machine has three names', () => {
    expect(new X509Certificate(certificate(folder).cert).subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  });

  test.each([2024, 2048])('authority and server are valid for 30 days (%i)', (year) => {
    // From 2050 on, years are written with four digits.
    const now = Date.UTC(year === 2048 ? 2049 : year, 11, 20);
    const { ca, cert } = certificate(folder, now);
    expect([ca, cert].map((pem) => Date.parse(new X509Certificate(pem).validTo))).toEqual([now + 30 * DAY, now + 30 * DAY]);
  });

  test('only the user can read it', () => {
    certificate(folder);
    const mode = (path: string) => statSync(path).mode % 0o1000;
    expect([folder, join(folder, 'authority.pem'), join(folder, 'server.pem')].map(mode)).toEqual([0o700, 0o600, 0o600]);
  });

  test('nothing else is left', () => {
    certificate(folder);
    expect(readdirSync(folder).sort()).toEqual(['authority.pem', 'ca.pem', 'server.pem']);
  });

  test('the file of the authority holds no key', () => {
    const { ca, caFile } = certificate(folder);
    expect(readFileSync(caFile, 'utf8')).toBe(ca);
    expect(ca).not.toContain('PRIVATE');
  });
});

describe('what is kept', () => {
  test('a certificate is used again', () => {
    expect(certificate(folder)).toEqual(certificate(folder));
  });

  test('a mode that was opened is closed', () => {
    certificate(folder);
    chmodSync(join(folder, 'server.pem'), 0o644);
    certificate(folder);
    expect(statSync(join(folder, 'server.pem')).mode % 0o1000).toBe(0o600);
  });

  test.each([['a week', 23, false], ['more than a week', 22, true]])('a certificate that lasts for %s', (_, days, kept) => {
    const now = Date.UTC(2024, 0, 1);
    const first = certificate(folder, now);
    expect(certificate(folder, now + days * DAY).cert === first.cert).toBe(kept);
  });

  test('an authority that is old is replaced, and what it issued too', () => {
    const now = Date.UTC(2024, 0, 1);
    const first = certificate(folder, now);
    const second = certificate(folder, now + 24 * DAY);
    const issued = new X509Certificate(second.cert).verify(new X509Certificate(second.ca).publicKey);
    expect([second.ca === first.ca, second.cert === first.cert, issued]).toEqual([false, false, true]);
  });

  test('an authority that could sign any name for ten years is replaced', () => {
    mkdirSync(folder);
    const old = makeAuthority([], 3650, Date.now());
    writeFileSync(join(folder, 'authority.pem'), old);
    expect(old).not.toContain(certificate(folder).ca);
  });

  test.each(['server.pem', 'authority.pem'])('when `%s` is damaged, it is made anew', async (file) => {
    const first = certificate(folder);
    writeFileSync(join(folder, file), 'damaged');
    const second = certificate(folder);
    expect(second.cert).not.toBe(first.cert);
    expect(await serving(second, (port) => fetchText(`https://localhost:${port}/`, second.ca))).toBe('trusted');
  });

  test('a key of another certificate is not used', () => {
    const first = certificate(folder);
    const { key } = certificate(join(parent, 'other'));
    writeFileSync(join(folder, 'server.pem'), key + first.cert);
    expect(certificate(folder).key).not.toBe(key);
  });

  test('a file of the authority that was lost is written again', () => {
    const { ca, caFile } = certificate(folder);
    rmSync(caFile);
    certificate(folder);
    expect(readFileSync(caFile, 'utf8')).toBe(ca);
  });

  test('a folder that cannot be one is told, and what to do', () => {
    writeFileSync(folder, '');
    expect(() => certificate(folder)).toThrow(/^the certificate for `wss:\/\/localhost` cannot be kept in `.*kept`: EEXIST.*; make the folder writable, or set `XDG_CACHE_HOME`/);
  });

  test('a file that cannot be replaced leaves nothing behind', () => {
    certificate(folder);
    rmSync(join(folder, 'ca.pem'));
    mkdirSync(join(folder, 'ca.pem'));
    expect(() => certificate(folder)).toThrow(/cannot be kept/);
    expect(readdirSync(folder).sort()).toEqual(['authority.pem', 'ca.pem', 'server.pem']);
  });

  test('processes that start at once agree on one authority', async () => {
    const program = `require('ts-node/register/transpile-only'); const { certificate } = require(${JSON.stringify(require.resolve('../../src/local/certificate'))});`
      + `process.stdout.write(certificate(${JSON.stringify(folder)}).ca)`;
    const outputs = await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, ['-e', program])));
    expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1);
  });
});

describe('the authority in the cache folder', () => {
  test('is not trusted for a name that is not of this machine, even if it signs it', async () => {
    const { ca } = certificate(folder);
    const authority = parsePair(readFileSync(join(folder, 'authority.pem'), 'utf8'))!;
    const forged = makeServer(authority, ['bank.example'], 30, Date.now());
    await expect(serving({ key: forged, cert: forged, ca, caFile: '' }, (port) => fetchText(`https://127.0.0.1:${port}/`, ca, 'bank.example')))
      .rejects.toThrow(/permitted subtree violation/);
  });
});

describe('the certificate of an assembly', () => {
  const HOST = 'abcdefghij.execute-api.eu-west-1.amazonaws.com';

  async function servingAssembly<T>(made: AssemblyCertificate, use: (port: number) => Promise<T>): Promise<T> {
    const server = createServer({ SNICallback: (_, done) => done(null, made.context) }, (_, response) => response.end('trusted'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await use((server.address() as AddressInfo).port);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  test.each([HOST, 'ws.example.com', 'one.wild.example.com'])('is trusted for %s', async (name) => {
    const made = new AssemblyCertificate([HOST, 'ws.example.com', '*.wild.example.com']);
    expect(await servingAssembly(made, (port) => fetchText(`https://127.0.0.1:${port}/`, made.ca, name))).toBe('trusted');
  });

  test('is trusted for no other name', async () => {
    const made = new AssemblyCertificate([HOST]);
    await expect(servingAssembly(made, (port) => fetchText(`https://127.0.0.1:${port}/`, made.ca, `x.${HOST}`))).rejects.toThrow(/does not match certificate/);
    expect(['other.example.com', HOST].map((name) => made.covers(name))).toEqual([false, true]);
  });

  test('has room for many names', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `number${index}.execute-api.eu-west-1.amazonaws.com`);
    const made = new AssemblyCertificate(names);
    expect(await servingAssembly(made, (port) => fetchText(`https://127.0.0.1:${port}/`, made.ca, names[49]))).toBe('trusted');
  });
});
