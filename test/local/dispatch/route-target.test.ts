import { parseTarget } from '../../../src/local/definition/integration-target';
import { IntegrationModel } from '../../../src/local/definition/model';
import { Exchange } from '../../../src/local/dispatch/exchange';
import { callRoute, RunIntegration } from '../../../src/local/dispatch/route-target';
import { apiModel, FUNCTION, functionsOf, Handler, integrationModel, peer, placeIn, routeModel, stageModel } from '../fake-backend';

function call(change: Partial<IntegrationModel> | undefined, { handler = () => ({ statusCode: 200 }), refusal, runIntegration = never }: {
  handler?: Handler; refusal?: string; runIntegration?: RunIntegration;
} = {}) {
  const route = routeModel('say', { integration: change && integrationModel(change) });
  const exchange = Exchange.message(peer(), placeIn(apiModel([route], { stages: [stageModel({ variables: { name: 'chat' } })] })), 'say', '{}', 1_700_000_000_000);
  const functions = functionsOf(handler, refusal);
  return { exchange, functions, outcome: callRoute(route, exchange, { functions, runIntegration }) };
}

const never: RunIntegration = async () => { throw new Error('this is a Lambda proxy'); };

test('a route without an integration is an internal error', async () => {
  expect(await call(undefined).outcome).toEqual({ kind: 'failure', status: 500, message: 'Internal server error', reason: 'route `say` has no integration' });
});

test('a function that API Gateway may not invoke is not invoked', async () => {
  const { functions, outcome, exchange } = call({}, { refusal: 'not for you' });

  expect(await outcome).toMatchObject({ status: 500, reason: 'not for you' });
  expect(functions.invoked).toEqual([]);
  expect(functions.asked).toEqual(['arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/dev/say']);
  expect(exchange.progress.failure).toEqual({ message: 'Internal server error', reason: 'not for you' });
});

test('a function is found by the stage variables in its ARN', async () => {
  const { functions, outcome } = call({ target: parseTarget(FUNCTION.replace('chat', '${stageVariables.name}')) });
  await outcome;

  expect(functions.invoked).toEqual([FUNCTION]);
});

test('a proxy whose URI names no function is an internal error', async () => {
  expect(await call({ target: parseTarget('https://example.com/') }).outcome).toMatchObject({ status: 500, reason: 'Stack/Integration: its URI names no function' });
});

test('the answer of a function, and how it came about, is known afterwards', async () => {
  const { exchange, outcome } = call({}, { handler: () => ({ statusCode: 404, body: 'no' }) });

  expect(await outcome).toEqual({ kind: 'answer', status: 404, headers: {}, body: 'no' });
  expect(exchange.progress).toEqual({ integration: { latencyMillis: expect.any(Number), callStatus: 200, status: 404, requestId: 'invocation' } });
});

test('a function that fails is an internal error', async () => {
  expect(await call({}, { handler: () => { throw new Error('oops'); } }).outcome).toMatchObject({ status: 502, message: 'Internal server error', reason: 'Error: oops' });
});

test.each([['timeout', 504, 'Endpoint request timed out'], ['unsupported', 415, 'Unsupported Media Type'], ['internal', 500, 'Internal server error']] as const)(
  'another integration that fails with `%s` is %i', async (kind, status, message) => {
    const runIntegration: RunIntegration = async () => ({ statusCode: 500, body: undefined, headers: {}, integrationLatencyMillis: 3, error: { kind, message: 'why' } });

    expect(await call({ type: 'HTTP' }, { runIntegration }).outcome).toMatchObject({ kind: 'failure', status, message, reason: expect.stringContaining('why') });
  });
