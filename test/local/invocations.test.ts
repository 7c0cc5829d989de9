import { Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { until } from './until';
import { Route, WebSocketApi } from '../../src';

// A handler that invokes another function of the app with the SDK that Lambda carries, as it does deployed.

const HANDLER = `
const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda');
const client = new LambdaClient({ maxAttempts: 1 });

exports.main = async ({ body }) => {
  const { FunctionName, InvocationType, payload } = JSON.parse(body);
  try {
    const { StatusCode, FunctionError, Payload, LogResult } = await client.send(new InvokeCommand({
      FunctionName: FunctionName ?? process.env.WORKER, InvocationType, LogType: 'Tail', Payload: JSON.stringify(payload),
    }));
    const log = LogResult && Buffer.from(LogResult, 'base64').toString();
    return { statusCode: 200, body: JSON.stringify({ StatusCode, FunctionError, log, answer: Payload ? Buffer.from(Payload).toString() : undefined }) };
  } catch (error) {
    return { statusCode: 200, body: JSON.stringify({ error: error.name }) };
  }
};
`;
const WORKER = `
let runs = 0;
exports.main = async ({ fail, name }) => {
  console.log('run ' + ++runs);
  if (fail) { throw new Error('no luck'); }
  return 'hello ' + name;
};
`;

let served: ServedApp;
beforeAll(async () => {
  served = await serveApp({ 'worker/index.js': WORKER, 'handler/index.js': HANDLER }, define, { clock: 'manual' });
});
afterAll(() => served?.close());

function define(stack: Stack, _: unknown, folder: string) {
  const make = (id: string, source: string, environment = {}) => new Function(stack, id, {
    code: Code.fromAsset(`${folder}/${source}`), handler: 'index.main', runtime: Runtime.NODEJS_22_X, environment, timeout: Duration.seconds(20), retryAttempts: 1,
  });
  const worker = make('Worker', 'worker');
  const forbidden = make('Forbidden', 'worker');
  const handler = make('Handler', 'handler', { WORKER: worker.functionName, FORBIDDEN: forbidden.functionName });
  worker.grantInvoke(handler);
  new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(handler, { returnResponse: true }) } });
}

const ask = async (message: object) => JSON.parse(await (await Client.connect(served.gateway.url)).ask(message));

test('a handler invokes a function of the app, and gets its answer and its log', async () => {
  expect(await ask({ payload: { name: 'you' } })).toEqual({ StatusCode: 200, answer: '"hello you"', log: expect.stringMatching(/run \d/) });
});

test('an error of the function is one for the SDK too', async () => {
  expect(await ask({ payload: { fail: true } })).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', answer: expect.stringContaining('no luck') });
});

test('a role that was not granted it is denied', async () => {
  expect(await ask({ FunctionName: 'Stack-Forbidden', payload: {} })).toEqual({ error: 'AccessDeniedException' });
});

test('an event that fails is tried again after a minute of the gateway, as often as the app says', async () => {
  const attempts = () => served.gateway.events().flatMap((event) => (event.type === 'event-invocation' ? [[event.function, event.attempt, event.retryInMillis]] : []));
  expect(await ask({ InvocationType: 'Event', payload: { fail: true } })).toEqual({ StatusCode: 202 });
  await until(() => attempts().length === 1);
  await served.gateway.advance(60_000);
  await served.gateway.advance(600_000);

  expect(attempts()).toEqual([['Stack/Worker', 1, 60_000], ['Stack/Worker', 2, undefined]]);
});

test('of the notices, none says that nothing calls the worker, or that Lambda is missing', () => {
  const warnings = served.gateway.events().flatMap((event) => (event.type === 'warning' ? event.text : []));

  expect(warnings.filter((text) => /AWS_ENDPOINT_URL_LAMBDA|`Stack\/Worker`/.test(text))).toEqual([]);
});
