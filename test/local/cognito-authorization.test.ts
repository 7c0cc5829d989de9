import { Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Client } from './client';
import { ServedApp, serveApp } from './served-app';
import { Authorization, ConnectionTable, GroupName, HandshakeValue, Route, TokenUse, WebSocketApi } from '../../src';
import { TokenOptions } from '../../src/local';

// A user pool of the app. AWS does not have it, so whoever connects has shown that the keys are the gateway's.

const ASK = `
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const lambda = new LambdaClient();

export const main = async ({ requestContext: { authorizer } }) => {
  const event = { action: 'sendToUser', user: authorizer.sub, data: { groups: JSON.parse(authorizer.cognito_groups), sub: authorizer.sub } };
  await lambda.send(new InvokeCommand({ FunctionName: process.env.WEBSOCKET_BROADCASTER, Payload: JSON.stringify(event) }));
};
`;

let served: ServedApp;
beforeAll(async () => { served = await serveApp({ 'ask.mjs': ASK }, define); });
afterAll(() => served?.close());

function define(stack: Stack) {
  const pool = new UserPool(stack, 'Pool');
  const clients = [pool.addClient('Web')];
  pool.addClient('Other');
  new UserPool(stack, 'Strangers').addClient('Web');
  new WebSocketApi(stack, 'Access', {
    authorization: Authorization.cognito(pool, { clients, groups: ['admins', 'editors'], claims: ['cognito:groups'] }),
    connections: ConnectionTable.create({
      user: HandshakeValue.authorizer('sub'), groups: [GroupName.fromHandshake(HandshakeValue.authorizer('cognito_groups'), { prefix: 'group:' })],
    }),
    routes: {
      admins: Route.listGroup(GroupName.of('group:admins')),
      editors: Route.listGroup(GroupName.of('group:editors')),
      ask: Route.toHandler('ask.main', { asynchronous: true }),
    },
  });
  new WebSocketApi(stack, 'Id', {
    authorization: Authorization.cognito(pool, { anyClient: true, tokenUse: TokenUse.ID, token: HandshakeValue.subprotocol() }),
    routes: { ping: Route.toMock() },
  });
}

const POOL = 'Stack/Pool';
const ADMIN = { sub: 'ann', groups: ['admins'], userPool: POOL };

const token = (options: Partial<TokenOptions> = {}) => served.gateway.token({ ...ADMIN, ...options });
const urlOf = (path: string) => served.gateway.apis.find(({ name }) => name.includes(path))!.url;
const membersOf = (answer: string) => JSON.parse(answer).members.map(({ userId }: { userId: string }) => userId).sort();
const withToken = (text: string) => `${urlOf('Access')}?token=${text}`;

test('a token that the gateway makes opens a connection, of its user and in the groups of its user', async () => {
  await Client.connect(withToken(token({ sub: 'eve', groups: ['editors'] })));
  const ann = await Client.connect(withToken(token({ groups: ['others', 'admins', 'editors'] })));
  const usersOf = async (group: string) => membersOf(await ann.ask({ action: group }));

  expect(await usersOf('admins')).toEqual(['ann']);
  expect(await usersOf('editors')).toEqual(['ann', 'eve']);
});

test('a function that nobody waits for knows the user of the token, and answers wherever the user is connected', async () => {
  const [laptop, phone] = [await Client.connect(withToken(token({ sub: 'joe' }))), await Client.connect(withToken(token({ sub: 'joe' })))];
  const answer = '{"groups":["admins"],"sub":"joe"}';
  laptop.send({ action: 'ask' });

  expect([await laptop.next(), await phone.next()]).toEqual([answer, answer]);
});

test('an ID token in the subprotocol opens a connection to the API that takes these', async () => {
  const protocols = ['bearer', token({ use: 'id', client: 'Stack/Pool/Other' })];
  const ann = await Client.connect(urlOf('Id'), { protocols });

  expect(ann.socket.protocol).toBe('bearer');
});

test.each<[string, Partial<TokenOptions>, number]>([
  ['of a user who is in none of the groups', { groups: ['others'] }, 403],
  ['of a user who is in no group', { groups: [] }, 403],
  ['of another client of the pool', { client: 'Stack/Pool/Other' }, 401],
  ['of another pool', { userPool: 'Stack/Strangers' }, 401],
  ['for another use', { use: 'id' }, 401],
  ['that has expired', { expiresInSeconds: -60 }, 401],
])('a token %s is refused', async (_, options, status) => {
  expect((await Client.refusal(withToken(token(options)))).status).toBe(status);
});

test('a token whose groups somebody has changed is refused', async () => {
  const [header, , signature] = token({ groups: ['others'] }).split('.');
  const [, payload] = token().split('.');

  expect((await Client.refusal(withToken([header, payload, signature].join('.')))).status).toBe(401);
});

test('nobody connects without a token', async () => {
  expect((await Client.refusal(urlOf('Access'))).status).toBe(401);
});
