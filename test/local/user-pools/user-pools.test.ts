import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Server } from 'node:https';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Route, WebSocketApi } from '../../../src';
import { certificate } from '../../../src/local/certificate';
import { Client } from '../client';
import { ServedApp, serveApp } from '../served-app';

// A handler that fetches the keys of a user pool as every verifier does: over TLS, from the address that AWS has for them.

const HANDLER = `
exports.main = async ({ body }) => {
  try {
    return { statusCode: 200, body: await (await fetch(JSON.parse(body).url)).text() };
  } catch (error) {
    return { statusCode: 200, body: JSON.stringify({ error: String(error.cause ?? error) }) };
  }
};
`;
const PYTHON = `
import json, urllib.request
def main(event, context):
    return {"statusCode": 200, "body": urllib.request.urlopen(json.loads(event["body"])["url"]).read().decode()}
`;

let served: ServedApp;
let folder: string;
let server: Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'authority-'));
  const own = certificate(folder);
  server = createServer(own, (_, response) => response.end('"from a server of the user"')).listen(0, '127.0.0.1');
  const file = join(folder, 'user.pem');
  writeFileSync(file, own.ca);
  served = await serveApp({ 'handler/index.js': HANDLER, 'python/index.py': PYTHON }, define, { env: { NODE_EXTRA_CA_CERTS: file } });
});
afterAll(async () => {
  await served?.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function define(stack: Stack, _: unknown, app: string) {
  const pool = new UserPool(stack, 'Pool');
  const client = pool.addClient('Web');
  const make = (id: string, source: string, runtime: Runtime) => new Function(stack, id, {
    code: Code.fromAsset(join(app, source)), handler: 'index.main', runtime, environment: { POOL: pool.userPoolId, CLIENT: client.userPoolClientId }, timeout: Duration.seconds(20),
  });
  new WebSocketApi(stack, 'Api', {
    routes: {
      $default: Route.toFunction(make('Handler', 'handler', Runtime.NODEJS_22_X), { returnResponse: true }),
      python: Route.toFunction(make('Python', 'python', Runtime.PYTHON_3_13), { returnResponse: true }),
    },
  });
}

const ask = async (message: object) => JSON.parse(await (await Client.connect(served.gateway.url)).ask(message));
const parts = (token: string) => token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));

test.each([['$default'], ['python']])('a handler finds the key with which the gateway signs a token: %s', async (action) => {
  const token = served.gateway.token({ sub: 'ann', groups: ['admins'] });
  const [header, claims] = parts(token);
  const { keys } = await ask({ action, url: `${claims.iss}/.well-known/jwks.json` });
  const key = createPublicKey({ key: keys.find(({ kid }: { kid: string }) => kid === header.kid), format: 'jwk' });
  const [signed, signature] = [token.slice(0, token.lastIndexOf('.')), token.slice(token.lastIndexOf('.') + 1)];

  expect(claims).toMatchObject({ 'sub': 'ann', 'cognito:groups': ['admins'] });
  expect(verify('RSA-SHA256', Buffer.from(signed), key, Buffer.from(signature, 'base64url'))).toBe(true);
});

test('what the user has in `NODE_EXTRA_CA_CERTS` is trusted too', async () => {
  expect(await ask({ url: `https://localhost:${(server.address() as AddressInfo).port}/` })).toBe('from a server of the user');
});

test('a pool that there is not has no keys', async () => {
  expect(await ask({ url: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other/.well-known/jwks.json' })).toEqual({ message: 'Forbidden' });
});
