import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { type LocalGateway, startLocalGateway } from 'cdk-websocket-api/local';
import dynalite from 'dynalite';
import { WebSocket } from 'ws';
import { ChatStack } from '../lib/chat-stack';

// The app as it would be deployed, with its handlers, on this machine. The gateway makes the table in a DynamoDB that lives in this process.

const database = dynalite({ createTableMs: 0 });
let gateway: LocalGateway;

before(async () => {
  await once(database.listen(0, '127.0.0.1'), 'listening');
  const { port } = database.address() as AddressInfo;
  const app = new App();
  new ChatStack(app, 'Chat');
  gateway = await startLocalGateway({ app, clock: 'manual', env: { AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` } });
});

after(async () => {
  await gateway?.close();
  database.close();
});

async function join() {
  const socket = new WebSocket(gateway.url);
  const inbox = on(socket, 'message');
  await once(socket, 'open');
  return {
    socket,
    send: (message: object) => socket.send(JSON.stringify(message)),
    read: async () => JSON.parse(String((await inbox.next()).value[0])),
  };
}

test('everybody who is connected reads what anybody sends', async () => {
  const ann = await join();
  const bob = await join();

  ann.send({ action: 'sendMessage', data: 'hello' });
  const message = await bob.read();
  assert.equal(message.data, 'hello');
  assert.deepEqual(await ann.read(), message);

  bob.send({ action: 'sendMessage', data: 'hello, Ann' });
  assert.equal((await ann.read()).data, 'hello, Ann');
});

test('who says something else is told how to send a message', async () => {
  const client = await join();

  client.send({ action: 'shout' });
  assert.deepEqual((await client.read()).example, { action: 'sendMessage', data: 'what everybody is to read' });
});

test('who left is written to no more', async () => {
  const [stays, leaves] = [await join(), await join()];
  leaves.socket.close();
  await once(leaves.socket, 'close');
  await gateway.settled();

  stays.send({ action: 'sendMessage', data: 'anybody here?' });
  const { from } = await stays.read();
  await gateway.settled();
  const posts = gateway.events().flatMap((event) => event.type === 'connections-api' && event.body?.includes('anybody here?') ? [event] : []);
  assert.ok(posts.some(({ connectionId }) => connectionId === from));
  assert.deepEqual(posts.filter(({ status }) => status !== 200), []);
});

test('who says nothing for ten minutes is disconnected', async () => {
  const { socket } = await join();
  const closed = once(socket, 'close');
  await gateway.advance(10 * 60_000);

  const [code] = await closed;
  assert.equal(code, 1001);
  assert.deepEqual(gateway.connections(), []);
});
