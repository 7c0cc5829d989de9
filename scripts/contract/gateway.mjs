// Gateways that serve the app of the contract: one that is started for it, and one that somebody started already.
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runOrThrow } from '../commands.mjs';

/** What the app is run by. */
export const APP = ['node_modules/ts-node/dist/bin.js', '--transpile-only', '--project', 'tsconfig.dev.json', 'test/local/contract/app/main.ts'];
/** Where the app is if nobody says where. */
export const [ACCOUNT, REGION] = ['111111111111', 'eu-west-1'];

/** Starts a gateway, on real time. @returns what a place at a URL is: see test/local/contract/place/url-place.ts */
export async function startGateway() {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const log = join(folder, 'gateway.jsonl');
  const write = (event) => appendFileSync(log, `${JSON.stringify(event)}\n`);
  const backend = await startBackend((request) => write({ type: 'function-log', text: `RECEIVED ${JSON.stringify(request)}` }));
  const assembly = join(folder, 'cdk.out');
  await runOrThrow('node', APP, { env: { CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: REGION, CDK_OUTDIR: assembly, CONTRACT_APP: JSON.stringify({ backend: backend.origin }) } });
  const { startLocalGateway } = await import('../../lib/local/index.js');
  const gateway = await startLocalGateway({ app: assembly, env: { AWS_ENDPOINT_URL_SQS: backend.origin } });
  const { apis, credentials } = gateway;
  const roles = Object.fromEntries(['Allowed', 'Other'].map((role) => [role, gateway.credentialsFor(`cdk-websocket-api-contract/${role}`)]));
  write({ type: 'listening', apis, credentials, roles });
  gateway.onEvent(write);
  return {
    name: 'a gateway at a URL',
    description: describe(log),
    async close() {
      await gateway.close();
      backend.server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A gateway at a URL, of which a file has the output. */
export function gatewayAt(url, file) {
  return { name: url, description: describe(resolve(file), url.replace(/\/$/, '')), close: async () => undefined };
}

/** The first line of a gateway's output says what it serves, and to whom. */
function describe(log, origin) {
  const lines = readFileSync(log, 'utf8').split('\n').filter((line) => line.startsWith('{"type":"listening"'));
  if (lines.length === 0) { throw new Error(`${log} has no line of a gateway that listens: start it with \`--json\`, and write what it prints to this file`); }
  const { apis, credentials, roles = {} } = JSON.parse(lines.at(-1));
  const places = apis.map(({ name, id, stage, url }) => [name, { id, stage, url: origin === undefined ? url : `${origin}${new URL(url).pathname}` }]);
  return { account: ACCOUNT, region: REGION, apis: Object.fromEntries(places), credentials, roles, log };
}

/** What the app calls: a server that answers with what it was sent, as function `Backend` of the app does on AWS. */
async function startBackend(received) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) { body += chunk; }
    const { method, url, headers } = request;
    received({ method, url, headers, body });
    response.writeHead(url.includes('teapot') ? 418 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ said: body, MessageId: 'm' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}
