import { once } from 'node:events';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { AwsPlace } from './aws-place';
import { CannotBeReplayed } from './place';

// What the contract needs of AWS beside API Gateway, played by a server on this machine.

const given = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const before = { ...process.env };
let server: Server;
let answer: (request: IncomingMessage, body: string) => { readonly status?: number; readonly body: string };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) { body += chunk; }
    const { status = 200, body: text } = answer(request, body);
    response.writeHead(status).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  Object.assign(process.env, given, { AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterAll(() => {
  process.env = before;
  server.close();
});

const place = (more: object = {}) => new AwsPlace({
  region: 'eu-west-1', account: '123456789012', apis: {}, roles: { Allowed: 'arn:aws:iam::123456789012:role/allowed' }, logGroup: 'log', ...more,
});
const logLine = (eventId: string, message: string) => ({ eventId, message, timestamp: Date.now() });

test('a line of a handler is found on whatever page CloudWatch has it, once it has it', async () => {
  const pages: object[] = [
    { events: [logLine('1', 'nothing')] },
    { events: [logLine('1', 'nothing')], nextToken: 'more' },
    { events: [logLine('2', '2026-11-29T00:00:00.000Z\tuuid\tINFO\tEVENT abc=\n')] },
  ];
  const asked: any[] = [];
  answer = ({ headers }, body) => {
    expect(headers).toMatchObject({ 'x-amz-target': 'Logs_20140328.FilterLogEvents', 'authorization': expect.stringContaining('/eu-west-1/logs/aws4_request') });
    asked.push(JSON.parse(body));
    return { body: JSON.stringify(pages.shift()) };
  };

  expect(await place().line('abc=', (line) => line.includes('EVENT '))).toContain('EVENT abc=');
  expect(asked.map(({ logGroupName, nextToken }) => [logGroupName, nextToken])).toEqual([['log', undefined], ['log', undefined], ['log', 'more']]);
});

test('a log group that cannot be read says so', async () => {
  answer = () => ({ status: 400, body: 'AccessDeniedException' });

  await expect(place().line('abc=', () => true)).rejects.toThrow('the log group log cannot be read: 400 AccessDeniedException');
});

test('the credentials of a role are those that STS gives', async () => {
  answer = (_, body) => {
    expect(new URLSearchParams(body).get('RoleArn')).toBe('arn:aws:iam::123456789012:role/allowed');
    return { body: '<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken></Credentials>' };
  };

  expect(await place().credentialsOf('Allowed')).toEqual({ accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't' });
  expect(await place().credentials()).toMatchObject({ accessKeyId: 'AKIDEXAMPLE' });
});

test('a row is not replayed if you may not take its role, or if there is no access log', async () => {
  answer = () => ({ status: 403, body: 'AccessDenied' });

  await expect(place().credentialsOf('Allowed')).rejects.toThrow(CannotBeReplayed);
  await expect(place().accessLog('x', 1)).rejects.toThrow('cannot be replayed: API Gateway has no role for logs in this account');
});
