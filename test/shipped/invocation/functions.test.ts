import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { lambdaFunctions } from '../../../src/shipped/invocation/functions';

const ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:mine';

let server: Server;
let requests: Array<{ readonly url?: string; readonly type: IncomingMessage['headers'][string]; readonly body: string }>;
let answer: { readonly status: number; readonly headers?: { [name: string]: string }; readonly body?: string };

beforeAll((done) => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ url: request.url, type: request.headers['x-amz-invocation-type'], body });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  }).listen(0, '127.0.0.1', done);
});
beforeEach(() => { requests = []; });
afterAll((done) => { server.close(done); server.closeAllConnections(); });

test('a call returns what the function returned, as it comes', async () => {
  answer = { status: 200, body: '{"statusCode": 200}' };

  expect(await functions().call(ARN, { a: '\u2028' })).toBe('{"statusCode": 200}');
  expect(requests).toEqual([{ url: `/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations`, type: undefined, body: '{"a":"\u2028"}' }]);
});

test.each([
  ['{"errorType":"Sandbox.Timedout","errorMessage":"secret"}', `the function \`${ARN}\` failed (Sandbox.Timedout): see its log`],
  ['{"errorType":"a\\u001b[31m"}', `the function \`${ARN}\` failed: see its log`],
  ['not JSON', `the function \`${ARN}\` failed: see its log`],
])('a call of a function that fails with %s throws, and does not repeat what the function said', async (body, message) => {
  answer = { status: 200, headers: { 'X-Amz-Function-Error': 'Unhandled' }, body };

  await expect(functions().call(ARN, {})).rejects.toThrow(new Error(message));
});

test('an event that is handed over is not waited for', async () => {
  answer = { status: 202 };
  await functions().hand(ARN, { a: 1 });

  expect(requests).toMatchObject([{ type: 'Event', body: '{"a":1}' }]);
});

test('an event that Lambda does not take throws', async () => {
  answer = { status: 403, headers: { 'X-Amzn-ErrorType': 'AccessDeniedException' }, body: '{"Message":"not authorized"}' };

  await expect(functions().hand(ARN, {})).rejects.toThrow('not authorized');
});

function functions() {
  const { port } = server.address() as AddressInfo;
  return lambdaFunctions(new LambdaClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }));
}
