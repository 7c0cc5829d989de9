import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import type { LocalGateway } from 'cdk-websocket-api/local';
import { WebSocket } from 'ws';
import { tokenFor } from '../login/keys';
import { serveRooms } from './served-rooms';

let gateway: LocalGateway;

before(async () => { gateway = await serveRooms(); });
after(() => gateway?.close());

test('two clients meet in a room, talk, and one learns that the other has left', { timeout: 60_000 }, async () => {
  const [ana, bob] = [await connect('ana'), await connect('bob')];
  ana.send({ action: 'join', room: 'kitchen' });
  await ana.until('ack');
  bob.send({ action: 'join', room: 'kitchen' });
  await bob.until('ack');
  assert.equal((await ana.until('presence')).userId, 'bob');

  bob.send({ action: 'say', room: 'kitchen', data: { text: 'hello' } });
  for (const client of [ana, bob]) {
    const { id, ...message } = await client.until('message');
    assert.deepEqual(message, { type: 'message', from: 'group', group: 'room:kitchen', fromUserId: 'bob', data: { text: 'hello' } });
    assert.ok(id);
  }

  ana.send({ action: 'who', room: 'kitchen' });
  assert.deepEqual((await ana.until('members')).members.map(({ userId }: { userId: string }) => userId).sort(), ['ana', 'bob']);

  bob.close();
  const left = await ana.until('presence');
  assert.deepEqual([left.event, left.userId], ['left', 'bob']);
  ana.close();
});

test('a message to a user reaches that user, and a room that nobody has joined takes none', { timeout: 60_000 }, async () => {
  const [ana, bob] = [await connect('ana'), await connect('bob')];
  ana.send({ action: 'tell', to: 'bob', data: 'psst' });
  assert.equal((await bob.until('message')).data, 'psst');

  ana.send({ action: 'say', room: 'cellar', data: 'anybody?' });
  assert.equal((await ana.until('error')).code, 'not-a-member');
  ana.close();
  bob.close();
});

test('nobody gets in without a token, or with another one', { timeout: 60_000 }, async () => {
  for (const query of ['', '?token=garbage', `?token=${tokenFor('ana').slice(0, -8)}AAAAAAAA`]) {
    const [, response] = await once(new WebSocket(gateway.url + query), 'unexpected-response');
    assert.equal(response.statusCode, 401);
  }
});

async function connect(user: string) {
  const socket = new WebSocket(`${gateway.url}?token=${tokenFor(user)}`);
  const frames: any[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    waiting.forEach((look) => look());
  });
  await once(socket, 'open');
  return {
    send: (message: object) => socket.send(JSON.stringify(message)),
    close: () => socket.close(),
    /** The next frame of a type. */
    until: (type: string) => new Promise<any>((resolve) => {
      const look = () => {
        const index = frames.findIndex((frame) => frame.type === type);
        if (index < 0) { return; }
        waiting.delete(look);
        resolve(frames.splice(index, 1)[0]);
      };
      waiting.add(look);
      look();
    }),
  };
}
