import { Client } from './client';
import { serveApp, ServedApp } from './served-app';
import { until } from './until';
import { ConnectionTable, Authorization, GroupName, HandshakeValue, Route, WebSocketApi } from '../../src';

/** An app with rooms, as it is deployed: shipped functions, a table, and hardly any code of its own. */
const FILES = {
  'auth.mjs': `
    export const main = async ({ queryStringParameters: { user }, methodArn }) => ({
      principalId: user,
      policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }] },
      context: { sub: user, team: JSON.stringify(user === 'eve' ? ['red'] : ['red', 'blue']) },
    });
  `,
  'connect.mjs': `
    export const main = async ({ requestContext: { authorizer }, queryStringParameters }) => authorizer.sub === 'mallory'
      ? { statusCode: 403 }
      : { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat' } };
  `,
  'news.mjs': `
    import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

    const lambda = new LambdaClient();

    export const main = async ({ body, requestContext: { connectionId } }) => {
      const event = { ...JSON.parse(body).event };
      if (event.connectionId === 'me') { event.connectionId = connectionId; }
      const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: process.env.WEBSOCKET_BROADCASTER, Payload: JSON.stringify(event) }));
      const answer = JSON.parse(Payload.transformToString());
      return { statusCode: 200, body: JSON.stringify(FunctionError ? { failed: answer.errorMessage } : answer) };
    };
  `,
};

let served: ServedApp;

beforeAll(async () => {
  const room = GroupName.fromMessage('$.room', { prefix: 'room:' });
  served = await serveApp(FILES, (stack) => {
    new WebSocketApi(stack, 'Api', {
      authorization: Authorization.fromHandler('auth.main', { identitySource: [HandshakeValue.queryString('user')] }),
      connections: ConnectionTable.create({
        user: HandshakeValue.authorizer('sub'),
        groups: [GroupName.of('lobby'), GroupName.fromHandshake(HandshakeValue.authorizer('team'), { prefix: 'team:' })],
      }),
      routes: {
        $connect: Route.toHandler('connect.main'),
        broadcaster: Route.toHandler('news.main', { returnResponse: true }),
        join: Route.joinGroup(room, { announce: true, returnResponse: true }),
        leave: Route.leaveGroup(room, { returnResponse: true }),
        say: Route.sendToGroup(room),
        whisper: Route.sendToUser('$.to'),
        shout: Route.sendToAll({ echo: false }),
        who: Route.listGroup(room),
        team: Route.sendToGroup(GroupName.fromHandshake(HandshakeValue.authorizer('team'), { prefix: 'team:' })),
      },
    });
  });
});
afterAll(() => served?.close());

test('a room: joining, presence, messages, who is there, leaving by closing', async () => {
  const [ana, bob] = [await connect('ana'), await connect('bob')];

  expect(await ask(ana, { action: 'join', room: 'r' })).toEqual({ type: 'ack', action: 'join', group: 'room:r' });
  expect(await ask(bob, { action: 'join', room: 'r' })).toEqual({ type: 'ack', action: 'join', group: 'room:r' });
  expect(await next(ana)).toMatchObject({ type: 'presence', event: 'joined', group: 'room:r', userId: 'bob' });

  bob.send({ action: 'say', room: 'r', data: { text: '" \\ \u2028 # $' } });
  const message = { type: 'message', from: 'group', group: 'room:r', fromUserId: 'bob', data: { text: '" \\ \u2028 # $' } };
  expect(await next(ana)).toMatchObject(message);
  // Bob may have joined before it was told that Ana has.
  expect(await nextMessage(bob)).toMatchObject(message);

  const members: any = await ask(ana, { action: 'who', room: 'r' });
  expect(members.members.map(({ userId }: any) => userId).sort()).toEqual(['ana', 'bob']);

  bob.socket.close();
  expect(await next(ana)).toMatchObject({ type: 'presence', event: 'left', group: 'room:r', userId: 'bob' });
});

test('a message to a user, to a team of the handshake, and to everybody', async () => {
  const [ana, eve] = [await connect('ana'), await connect('eve')];

  ana.send({ action: 'whisper', to: 'eve', data: 1 });
  expect(await next(eve)).toMatchObject({ from: 'user', fromUserId: 'ana', data: 1 });
  eve.send({ action: 'team', data: 2 });
  expect(await next(ana)).toMatchObject({ from: 'group', group: 'team:red', fromUserId: 'eve', data: 2 });
  expect(await next(eve)).toMatchObject({ group: 'team:red' });
  eve.send({ action: 'shout', data: 3 });
  expect(await next(ana)).toMatchObject({ from: 'all', fromUserId: 'eve', data: 3 });
  expect(eve.unread).toEqual([]);
});

test('a group that somebody is not in takes nothing from them', async () => {
  const eve = await connect('eve');

  expect(await ask(eve, { action: 'say', room: 'secret', data: 1 })).toEqual({ type: 'error', code: 'not-a-member', message: 'the connection is not in the group: join it first', action: 'say' });
});

test('your own $connect decides who gets in, and which subprotocol is spoken; whom it refuses is in no table', async () => {
  const ana = await connect('ana', ['chat']);
  expect(ana.socket.protocol).toBe('chat');
  expect((await Client.refusal(`${served.gateway.url}?user=mallory`)).status).toBe(403);

  expect(await ask(ana, { action: 'broadcaster', event: { action: 'sendToUser', user: 'mallory', data: 'x' } })).toMatchObject({ delivered: 0 });
});

test('a handler reaches connections through the broadcaster, and learns what is wrong with what it sends', async () => {
  const ana = await connect('ana');

  expect(await ask(ana, { action: 'broadcaster', event: { action: 'joinGroup', group: 'news', connectionId: 'me' } })).toEqual({ joined: true });
  ana.send({ action: 'broadcaster', event: { action: 'sendToGroup', group: 'news', data: 'as it is' } });
  const both = [await ana.next(), await ana.next()].sort();
  expect(both[0]).toBe('as it is');
  expect(JSON.parse(both[1])).toEqual({ delivered: 1, gone: 0, closed: 0, failed: {}, handedOn: 0 });
  expect(await ask(ana, { action: 'broadcaster', event: { action: 'sendToGroup', data: 'x' } })).toEqual({ failed: '`group` of `sendToGroup` is missing' });
});

test('who has gone is in no group any more', async () => {
  const [ana, bob] = [await connect('ana'), await connect('bob')];
  await ask(bob, { action: 'join', room: 'q' });
  const { members: [{ connectionId: bobsId }] } = await ask(bob, { action: 'who', room: 'q' }) as any;
  bob.socket.terminate();

  await until(() => served.gateway.connections().every(({ connectionId }) => connectionId !== bobsId));
  await served.gateway.settled();
  expect(await ask(ana, { action: 'broadcaster', event: { action: 'listGroup', group: 'room:q' } })).toEqual({ group: 'room:q', members: [] });
});

function connect(user: string, protocols: string[] = ['chat']): Promise<Client> {
  return Client.connect(`${served.gateway.url}?user=${user}`, { protocols });
}

async function next(client: Client): Promise<unknown> {
  return JSON.parse(await client.next());
}

async function nextMessage(client: Client): Promise<unknown> {
  const frame: any = await next(client);
  return frame.type === 'message' ? frame : nextMessage(client);
}

async function ask(client: Client, message: unknown): Promise<unknown> {
  return JSON.parse(await client.ask(message));
}
