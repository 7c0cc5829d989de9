// Apps, synthesized and served.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FOLDER } from './programs.mjs';

const require = createRequire(import.meta.url);
export const { App, Duration, RemovalPolicy, Stack } = require('aws-cdk-lib');
export const { Authorization, Bundling, Permissions, Route, WebSocketApi } = require('../../lib');
const { WebSocket } = require('ws');
const { startLocalGateway } = require('../../lib/local');

process.env.CDK_VALIDATION = 'false';
const home = process.cwd();

/** Serves an app with these files until the test is over. `define` gets the stack, the app, and the folder. */
export async function serve(t, files, define, options = {}) {
  mkdirSync(join(FOLDER, '.run'), { recursive: true });
  const folder = mkdtempSync(join(FOLDER, '.run', 'app-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  process.chdir(folder);
  try {
    const app = new App({ outdir: join(folder, 'cdk.out') });
    define(new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } }), app, folder);
    const gateway = await startLocalGateway({ app, ...options });
    t.after(async () => {
      await gateway.close();
      rmSync(folder, { recursive: true, force: true });
    });
    return gateway;
  } finally {
    process.chdir(home);
  }
}

/** An API whose `$default` route answers with the message. */
export function serveEcho(t, options) {
  return serve(t, { 'echo.mjs': 'export const main = async ({ body }) => ({ statusCode: 200, body });' }, (stack) => {
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('echo.main', { returnResponse: true }) } });
  }, options);
}

/** A client that keeps what comes in. */
export class Client {
  static async connect(t, url, options = {}) {
    const socket = new WebSocket(url, options);
    const client = new Client(socket);
    t.after(() => socket.terminate());
    await Promise.race([once(socket, 'open'), once(socket, 'unexpected-response').then(([, { statusCode }]) => { throw new Error(`refused with ${statusCode}`); })]);
    return client;
  }

  #messages = [];
  #waiting = [];

  constructor(socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const next = this.#waiting.shift();
      if (next) { next(String(data)); } else { this.#messages.push(String(data)); }
    });
  }

  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  next() {
    return this.#messages.length > 0 ? Promise.resolve(this.#messages.shift()) : new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error('no message came')), 20_000);
      this.#waiting.push((message) => { clearTimeout(patience); resolve(message); });
    });
  }

  ask(message) {
    this.send(message);
    return this.next();
  }
}
