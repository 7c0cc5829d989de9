// Gateways that serve the app of the contract: one that is started for it, and one that somebody started already.
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runOrThrow } from '../commands.mjs';

/** What the app is run by. */
export const APP = ['node_modules/ts-node/dist/bin.js', '--transpile-only', '--project', 'tsconfig.dev.json', 'test/local/contract/app/main.ts'];
/** Where the app is for gateways, and where it expects an HTTP server unless it is told otherwise: see main.ts there. */
const [ACCOUNT, REGION, BACKEND_PORT] = ['111111111111', 'eu-west-1', 3002];

/** Starts a gateway, on real time. @returns its name, what a place at a URL is (see test/local/contract/place), and how to end it */
export async function startGateway() {
  const logs = new Logs();
  const backend = await startBackend(0, logs);
  const assembly = join(logs.folder, 'cdk.out');
  await runOrThrow('node', APP, { env: { CDK_OUTDIR: assembly, CONTRACT_APP: JSON.stringify({ backend: backend.origin }) } });
  const { startLocalGateway } = await import('../../lib/local/index.js');
  const gateway = await startLocalGateway({ app: assembly, env: { AWS_ENDPOINT_URL_SQS: backend.origin } });
  gateway.onEvent((event) => logs.write(event));
  const roles = Object.fromEntries(['Allowed', 'Other'].map((role) => [role, gateway.credentialsFor(`cdk-websocket-api-contract/${role}`)]));
  return {
    name: 'gateway at a URL',
    description: describe(gateway, { roles, logs: [logs.file] }),
    async close() {
      await gateway.close();
      backend.close();
      logs.remove();
    },
  };
}

/** A gateway at a URL, of which a file has the output. */
export async function gatewayAt(url, file) {
  const listening = readFileSync(file, 'utf8').split('\n').findLast((line) => line.startsWith('{"type":"listening"'));
  if (listening === undefined) { throw new Error(`${file} has no line that says who listens: write to it what a gateway prints with \`--json\``); }
  const logs = new Logs();
  const backend = await startBackend(BACKEND_PORT, logs);
  return {
    name: url,
    description: describe(JSON.parse(listening), { origin: url.replace(/\/$/, ''), roles: {}, logs: [resolve(file), logs.file] }),
    async close() {
      backend.close();
      logs.remove();
    },
  };
}

function describe({ apis, credentials }, { origin, roles, logs }) {
  const places = apis.map(({ name, id, stage, url }) => [name, { id, stage, url: origin === undefined ? url : `${origin}${new URL(url).pathname}` }]);
  return { account: ACCOUNT, region: REGION, apis: Object.fromEntries(places), credentials, roles, logs };
}

/** What happens, in a file that places read. */
class Logs {
  folder = mkdtempSync(join(tmpdir(), 'contract-'));
  file = join(this.folder, 'log.jsonl');

  constructor() {
    writeFileSync(this.file, '');
  }

  write(event) {
    appendFileSync(this.file, `${JSON.stringify(event)}\n`);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What the app calls: a server that answers with what it was sent, as the function `Backend` of the app does on AWS. */
async function startBackend(port, logs) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) { body += chunk; }
    const { method, url, headers } = request;
    logs.write({ type: 'function-log', text: `RECEIVED ${JSON.stringify({ method, url, headers, body })}` });
    response.writeHead(url.includes('teapot') ? 418 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ said: body, MessageId: 'm' }));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
