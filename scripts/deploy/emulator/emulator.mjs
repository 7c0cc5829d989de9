// MiniStack, an emulator of AWS's control plane. It checks signatures and evaluates the policies of every role, as AWS does.
import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SignatureV4 } from '@smithy/signature-v4';

export const ACCOUNT = '000000000000';
export const REGION = 'eu-west-1';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const PRELOAD = fileURLToPath(new URL('preload.cjs', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const PATIENCE_MILLIS = 60_000;

export class Emulator {
  /**
   * Starts on a free port, and is ready.
   *
   * @param bin where `ministack` is
   * @param sdk the modules that functions find beside those of this repository
   * @param folder where it may write
   */
  static async start(bin, sdk, folder) {
    const emulator = new Emulator(await freePort(), bin, sdk, folder);
    for (const until = Date.now() + PATIENCE_MILLIS; ; await wait(100)) {
      if (await fetch(`${emulator.endpoint}/_ministack/health`).then(({ ok }) => ok, () => false)) { return emulator; }
      if (emulator.#child.exitCode !== null || Date.now() > until) { throw new Error(`the emulator does not start:\n${emulator.output}`); }
    }
  }

  output = '';
  #child;

  constructor(port, bin, sdk, folder) {
    this.port = port;
    this.endpoint = `http://localhost:${port}`;
    mkdirSync(folder, { recursive: true });
    this.#child = spawn(join(bin, 'ministack'), {
      env: {
        ...process.env,
        ...this.#environment(),
        BIND_HOST: '127.0.0.1',
        // The host of the URL that the library gives to functions.
        MINISTACK_HOST: `${REGION}.amazonaws.com`,
        MINISTACK_ACCOUNT_ID: ACCOUNT,
        MINISTACK_REGION: REGION,
        AUTH: 'true',
        TMPDIR: folder,
        NODE_PATH: [sdk, MODULES].join(delimiter),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.on('error', ({ message }) => this.output += message);
    [this.#child.stdout, this.#child.stderr].forEach((stream) => stream.on('data', (data) => this.output += data));
    process.prependOnceListener('exit', () => this.#child.kill());
  }

  /** What the CDK CLI needs to work with it. */
  get environment() {
    return {
      ...this.#environment(),
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ENDPOINT_URL_S3: `http://s3.localhost:${this.port}`,
      // What the machine has of its own.
      AWS_SESSION_TOKEN: undefined,
      AWS_PROFILE: undefined,
    };
  }

  #environment() {
    return {
      GATEWAY_PORT: String(this.port),
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      NODE_OPTIONS: `--no-warnings --require ${JSON.stringify(PRELOAD)}`,
    };
  }

  /** An API that has paths. @returns what it answers: an object, or else bytes */
  async rest(service, method, path, body) {
    return this.#send(service, method, path, {}, typeof body === 'object' ? JSON.stringify(body) : body);
  }

  /** An API that has actions and speaks JSON. */
  async json(service, target, body) {
    return this.#send(service, 'POST', '/', { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }, JSON.stringify(body));
  }

  /** An API that has actions and answers in XML. @returns the text */
  async query(service, action, parameters = {}) {
    const body = new URLSearchParams({ Action: action, ...parameters }).toString();
    return String(await this.#send(service, 'POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }, body));
  }

  async #send(service, method, target, headers, body) {
    const { pathname: path, searchParams } = new URL(target, this.endpoint);
    const signer = new SignatureV4({ service, region: REGION, credentials: CREDENTIALS, sha256: Sha256 });
    const host = `localhost:${this.port}`;
    const query = Object.fromEntries(searchParams);
    const signed = await signer.sign({ method, protocol: 'http:', hostname: 'localhost', path, query, headers: { host, ...headers }, body });
    const answer = await fetch(`${this.endpoint}${target}`, { method, headers: signed.headers, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) { throw new Error(`${service} ${headers['x-amz-target'] ?? `${method} ${target}`}: ${answer.status} ${bytes}`); }
    try {
      return JSON.parse(bytes);
    } catch {
      return bytes;
    }
  }

  async stop() {
    if (this.#child.exitCode !== null) { return; }
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}

/** What the signer wants of SHA-256. */
class Sha256 {
  constructor(secret) {
    this.hash = secret ? createHmac('sha256', secret) : createHash('sha256');
  }

  update(data) {
    this.hash.update(data);
  }

  async digest() {
    return new Uint8Array(this.hash.digest());
  }
}

/** @returns the texts of all elements of this name */
export function elements(xml, name) {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, text]) => text);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
