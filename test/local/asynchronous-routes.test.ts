import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { until } from './until';
import { Route, WebSocketApi } from '../../src';
import { GatewayEvent } from '../../src/local';

// Functions that nobody waits for: they answer by posts, as often as they like.

const SLOW = `
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';

export const main = async ({ body, requestContext: { connectionId, domainName, routeKey, stage } }) => {
  const client = new ApiGatewayManagementApiClient({ endpoint: 'https://' + domainName + '/' + stage });
  const { words, fail, untilThereIs } = JSON.parse(body);
  while (untilThereIs && !existsSync(untilThereIs)) { await setTimeout(10); }
  for (const word of words) {
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: routeKey + ': ' + word }));
  }
  if (fail) { throw new Error('no luck'); }
  return { statusCode: 200, body: 'nobody reads this' };
};
`;

let served: ServedApp;
beforeAll(async () => { served = await serveApp({ 'slow.mjs': SLOW, 'fn/slow.mjs': SLOW }, define, { clock: 'manual' }); });
afterAll(() => served?.close());

function define(stack: Stack, _: unknown, folder: string) {
  const fn = new Function(stack, 'Own', {
    code: Code.fromAsset(`${folder}/fn`), handler: 'slow.main', runtime: Runtime.NODEJS_22_X, timeout: Duration.seconds(30),
  });
  new WebSocketApi(stack, 'Api', {
    routes: {
      handler: Route.toHandler('slow.main', { asynchronous: true }),
      published: Route.toHandler('slow.main', { asynchronous: true, publishVersion: true }),
      function: Route.toFunction(fn, { asynchronous: true }),
    },
  });
  const refused = new WebSocketApi(stack, 'Refused', { routes: { handler: Route.toHandler('slow.main', { asynchronous: true }) } });
  withoutPolicies(refused);
}

/** Takes away what lets the function of the library invoke the functions of the routes. */
function withoutPolicies(api: WebSocketApi) {
  api.node.findChild('Asynchronous').node.findAll()
    .filter((node): node is CfnRole => node instanceof CfnRole)
    .forEach((role) => role.addPropertyDeletionOverride('Policies'));
}

const connect = (api: string) => Client.connect(served.gateway.apis.find(({ name }) => name.includes(api))!.url);

type EventOf<Type> = Extract<GatewayEvent, { type: Type }>;
function eventsOf<Type extends GatewayEvent['type']>(type: Type): Array<EventOf<Type>> {
  return served.gateway.events().filter((event): event is EventOf<Type> => event.type === type);
}

describe.each([
  ['handler', 'Stack/Api/Route handler/Function'],
  ['published', 'Stack/Api/Route published/Function'],
  ['function', 'Stack/Own'],
])('an asynchronous route: %s', (action, path) => {
  test('is answered at once, and then by as many posts as its function makes', async () => {
    const file = join(served.folder, `${action}.go-on`);
    const client = await connect('Api');
    client.send({ action, words: ['one', 'two', 'three'], untilThereIs: file });
    await until(() => eventsOf('answer').some(({ routeKey, status }) => routeKey === action && status === 200));
    expect(eventsOf('connections-api').filter(({ body }) => body?.startsWith(action))).toEqual([]);
    writeFileSync(file, '');

    expect([await client.next(), await client.next(), await client.next()]).toEqual(['one', 'two', 'three'].map((word) => `${action}: ${word}`));
  });

  test('is called once, also if it fails, and the client does not hear of that', async () => {
    const attempts = () => eventsOf('event-invocation').filter((one) => one.function === path && one.reason !== undefined)
      .map(({ attempt, reason, retryInMillis }) => [attempt, reason, retryInMillis]);
    const client = await connect('Api');
    expect(await client.ask({ action, words: ['before'], fail: true })).toBe(`${action}: before`);
    await until(() => attempts().length === 1);
    await served.gateway.advance(60_000);
    await served.gateway.advance(120_000);

    expect(attempts()).toEqual([[1, 'Error: no luck', undefined]]);
    expect(client.unread).toEqual([]);
  });
});

test('a client whose message Lambda does not take gets the error frame', async () => {
  const client = await connect('Refused');

  expect(JSON.parse(await client.ask({ action: 'handler', words: ['never'] })))
    .toEqual({ message: 'Internal server error', connectionId: expect.any(String), requestId: expect.any(String) });
  expect(eventsOf('invoke-api').at(-1)).toMatchObject({ function: 'Stack/Refused/Route handler/Function', status: 403 });
});
