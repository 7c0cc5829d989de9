import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { Route, WebSocketApi } from '../../src';

// A Python handler that calls `@connections` as AWS documents it: with boto3, by the domain name and the stage of the event, over TLS.

const BOTO3 = 'boto3==1.40.55';

const HANDLER = `
import json
import boto3
from botocore.exceptions import ClientError

def main(event, context):
    context_of_request = event["requestContext"]
    client = boto3.client("apigatewaymanagementapi", endpoint_url=f"https://{context_of_request['domainName']}/{context_of_request['stage']}")
    message = json.loads(event["body"])
    connection_id = message.get("to", context_of_request["connectionId"])
    try:
        client.post_to_connection(ConnectionId=connection_id, Data=message["data"].encode())
        described = client.get_connection(ConnectionId=connection_id)
        return {"statusCode": 200, "body": described["Identity"]["SourceIp"]}
    except ClientError as error:
        return {"statusCode": 200, "body": error.response["Error"]["Code"]}
`;

let venv: string;
let served: ServedApp;
beforeAll(async () => {
  venv = mkdtempSync(join(tmpdir(), 'venv-'));
  execFileSync('python3', ['-m', 'venv', venv]);
  execFileSync(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', BOTO3]);
  served = await serveApp({ 'python/handler.py': HANDLER }, (stack, _, folder) => {
    symlinkSync(venv, join(folder, '.venv'));
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('handler.main', { srcPath: 'python', returnResponse: true }) } });
  });
}, 180_000);
afterAll(async () => {
  await served?.close();
  rmSync(venv, { recursive: true, force: true });
});

test('2.8 [D] a Python handler posts with boto3, over TLS', async () => {
  const client = await Client.connect(served.gateway.url);
  client.send({ data: 'hello' });

  expect([await client.next(), await client.next()].sort()).toEqual([expect.stringMatching(/^(127\.0\.0\.1|::1)$/), 'hello']);
});

test('2.8 [C] a Python handler gets the errors of boto3', async () => {
  const client = await Client.connect(served.gateway.url);

  expect(await client.ask({ to: 'nonsense', data: 'x' })).toBe('BadRequestException');
  expect(await client.ask({ to: 'AAAAAAAAAAAAAAA=', data: 'x' })).toBe('GoneException');
});
