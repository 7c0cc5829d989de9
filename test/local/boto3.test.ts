import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { ConnectionTable, GroupName, HandshakeValue, Route, WebSocketApi } from '../../src';

// Python handlers that call `@connections` as AWS documents it: with boto3, by the domain name and the stage of the event, over TLS; and
// the broadcaster, with Lambda's own client.

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

const BROADCAST = `
import json
import os
import boto3

client = boto3.client("lambda")

def main(event, context):
    command = json.loads(event["body"])["command"]
    answer = client.invoke(FunctionName=os.environ["WEBSOCKET_BROADCASTER"], Payload=json.dumps(command))
    result = json.load(answer["Payload"])
    return {"statusCode": 200, "body": json.dumps({"failed": result["errorMessage"]} if "FunctionError" in answer else result)}

def later(event, context):
    main(event, context)
    raise Exception("nobody reads this")
`;

let venv: string;
let served: ServedApp;
beforeAll(async () => {
  venv = mkdtempSync(join(tmpdir(), 'venv-'));
  execFileSync('python3', ['-m', 'venv', venv]);
  execFileSync(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', BOTO3]);
  served = await serveApp({ 'python/handler.py': HANDLER, 'python/broadcast.py': BROADCAST }, (stack, _, folder) => {
    symlinkSync(venv, join(folder, '.venv'));
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler('handler.main', { srcPath: 'python', returnResponse: true }) } });
    new WebSocketApi(stack, 'Chat', {
      connections: ConnectionTable.create({ user: HandshakeValue.queryString('user'), groups: [GroupName.of('lobby')] }),
      routes: {
        command: Route.toHandler('broadcast.main', { srcPath: 'python', returnResponse: true }),
        later: Route.toHandler('broadcast.later', { srcPath: 'python', asynchronous: true }),
      },
    });
  });
}, 180_000);
afterAll(async () => {
  await served?.close();
  rmSync(venv, { recursive: true, force: true });
});

const urlOf = (path: string) => served.gateway.apis.find(({ name }) => name.includes(path))!.url;

test('2.8 [D] a Python handler posts with boto3, over TLS', async () => {
  const client = await Client.connect(urlOf('Api'));
  client.send({ data: 'hello' });

  expect([await client.next(), await client.next()].sort()).toEqual([expect.stringMatching(/^(127\.0\.0\.1|::1)$/), 'hello']);
});

test('2.8 [C] a Python handler gets the errors of boto3', async () => {
  const client = await Client.connect(urlOf('Api'));

  expect(await client.ask({ to: 'nonsense', data: 'x' })).toBe('BadRequestException');
  expect(await client.ask({ to: 'AAAAAAAAAAAAAAA=', data: 'x' })).toBe('GoneException');
});

describe('through the broadcaster, a Python handler', () => {
  const connect = (user: string) => Client.connect(`${urlOf('Chat')}?user=${user}`);

  test('learns who is in a group', async () => {
    await connect('ben');
    const ann = await connect('ann');
    const { group, members } = JSON.parse(await ann.ask({ action: 'command', command: { action: 'listGroup', group: 'lobby' } }));

    expect(group).toBe('lobby');
    expect(members.map(({ userId }: { userId: string }) => userId)).toEqual(expect.arrayContaining(['ann', 'ben']));
  });

  test.each(['command', 'later'])('sends to a group: in the route `%s`', async (action) => {
    const [ann, ben] = [await connect('ann'), await connect('ben')];
    ann.send({ action, command: { action: 'sendToGroup', group: 'lobby', data: { text: 'hé' } } });

    expect(await ben.next()).toBe('{"text":"hé"}');
  });

  test('learns what is wrong with what it sends', async () => {
    const ann = await connect('ann');

    expect(JSON.parse(await ann.ask({ action: 'command', command: { action: 'sendToGroup', data: 'x' } }))).toEqual({ failed: '`group` of `sendToGroup` is missing' });
  });
});
