import { Client } from './client';
import { serveApp, ServedApp } from './served-app';
import { ConnectionTable, GroupName, Route, WebSocketApi } from '../../src';

/** Slices are as large as what may be sent in a second, so a group of some dozens has several. */
const SLICE = 20;
const CLIENTS = 2 * SLICE + 10;

let served: ServedApp;
beforeAll(async () => {
  served = await serveApp({}, (stack) => {
    new WebSocketApi(stack, 'Api', {
      connections: ConnectionTable.create({ groups: [GroupName.of('news')], maxPostsPerSecond: SLICE }),
      routes: { say: Route.sendToGroup(GroupName.of('news')) },
    });
  });
});
afterAll(() => served?.close());

test('a broadcast of several slices reaches everybody once', async () => {
  const clients: Client[] = [];
  for (let index = 0; index < CLIENTS; index++) { clients.push(await Client.connect(served.gateway.url)); }
  clients[0].send({ action: 'say', data: 'one for all' });
  const frames = await Promise.all(clients.map((client) => client.next()));
  await served.gateway.settled();

  expect(new Set(frames).size).toBe(1);
  expect(JSON.parse(frames[0])).toMatchObject({ from: 'group', group: 'news', data: 'one for all' });
  expect(clients.flatMap(({ unread }) => unread)).toEqual([]);
  expect(invocationsOfBroadcaster()).toEqual([10, SLICE, SLICE]);
});

/** How many connections each invocation has posted to. */
function invocationsOfBroadcaster(): number[] {
  const lines = served.gateway.events().flatMap((event) => (event.type === 'function-log' && event.text.includes('"Delivered"') ? [JSON.parse(event.text)] : []));
  return lines.map(({ Delivered }) => Delivered).sort((one, other) => one - other);
}
