import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { handler } from '../../../src/shipped/asynchronous';

const ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:ask';

const EVENT = {
  requestContext: { routeKey: 'ask', connectionId: 'L0SM9cOFvHcCIhw=', messageId: 'm' },
  body: '{"action":"ask","text":"\u2028 \u0000 \\" $ # ü"}',
  isBase64Encoded: false,
};

let lambda: Server;
let received: Array<{ request: IncomingMessage; body: string }>;
let status: number;

beforeAll(async () => {
  lambda = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => { body += chunk; }).on('end', () => {
      received.push({ request, body });
      response.writeHead(status, { 'x-amzn-errortype': 'RequestTooLargeException' }).end(status === 202 ? '' : '{"Message":"too large"}');
    });
  });
  await new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    ROUTES: JSON.stringify({ ask: ARN, ['__proto__']: ARN }),
  });
});

beforeEach(() => {
  received = [];
  status = 202;
});

afterAll(() => new Promise((resolve) => {
  lambda.closeAllConnections();
  lambda.close(resolve);
}));

test('the event reaches the function of its route as it is, and nobody waits for the function', async () => {
  expect(await handler(EVENT)).toEqual({ statusCode: 200 });

  const [{ request, body }] = received;
  expect(decodeURIComponent(request.url!)).toBe(`/2015-03-31/functions/${ARN}/invocations`);
  expect(request.headers['x-amz-invocation-type']).toBe('Event');
  expect(JSON.parse(body)).toEqual(EVENT);
});

test('an event that Lambda does not take is a failure, which API Gateway reports to the client', async () => {
  status = 413;

  await expect(handler(EVENT)).rejects.toThrow('too large');
});

test.each(['constructor', 'toString', ''])('a route that is none of its own is a failure: %j', async (routeKey) => {
  await expect(handler({ requestContext: { routeKey } })).rejects.toThrow(`route ${JSON.stringify(routeKey)} is not one of "ask"`);
  expect(received).toEqual([]);
});
