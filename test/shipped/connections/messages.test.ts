import fc from 'fast-check';
import { GroupRouteSettings } from '../../../src/connections/settings';
import { message } from '../../../src/shipped/connections/message';
import { Connection } from '../../../src/shipped/table/connection';
import { ConnectionTable } from '../../../src/shipped/table/connection-table';
import { FakeConnections } from '../fake-connections';
import { FakeFunctions } from '../fake-functions';
import { idsIn, LocalTables } from '../local-table';
import { messageEvent } from './events';

const NOW = 1_700_000_000_000;
const ROOM: GroupRouteSettings['group'] = { path: ['room'], prefix: 'room:' };

let tables: LocalTables;
let connections: FakeConnections;
let table: ConnectionTable;
let functions: FakeFunctions;
beforeAll(async () => { [tables, connections] = await Promise.all([LocalTables.start(), FakeConnections.start()]); });
afterAll(() => Promise.all([tables.close(), connections.close()]));
beforeEach(async () => {
  connections.clear();
  functions = new FakeFunctions();
  table = new ConnectionTable(tables.client, await tables.newTable(), () => NOW);
  await add({ 'me=': { user: 'ana' } });
});

describe('joinGroup', () => {
  test('is done when it answers, and acknowledged with a response of the route', async () => {
    expect(await send({ action: 'joinGroup', group: ROOM }, { room: 'a' })).toEqual({ type: 'ack', action: 'route', group: 'room:a' });
    expect(await idsIn(table.membersOf('room:a'))).toEqual(['me=']);
    expect(functions.handed).toEqual([]);
  });

  test('tells the other members once if it is announced', async () => {
    await send({ action: 'joinGroup', group: ROOM, announce: true }, { room: 'a' });
    await send({ action: 'joinGroup', group: ROOM, announce: true }, { room: 'a' });

    expect(functions.handed).toEqual([{
      name: 'broadcaster',
      event: { action: 'sendToGroup', group: 'room:a', data: { type: 'presence', event: 'joined', group: 'room:a', userId: 'ana', connectionId: 'me=' }, excluded: ['me='] },
    }]);
  });

  test('joins all groups that a list in the handshake names', async () => {
    await add({ 'me=': { values: { 'authorizer:teams': '["red","blue","red"]' } } });
    const group = { value: { place: 'authorizer', name: 'teams' }, prefix: 'team:' } as const;

    expect(await send({ action: 'joinGroup', group }, {})).toEqual({ type: 'ack', action: 'route', group: 'team:red', groups: ['team:red', 'team:blue'] });
    expect(new Set((await table.find('me='))?.groups)).toEqual(new Set(['team:blue', 'team:red']));
  });

  test('is refused for the hundred and first group', async () => {
    await add({ 'me=': { groups: Array.from({ length: 100 }, (_, index) => `g${index}`) } });

    expect(await send({ action: 'joinGroup', group: ROOM }, { room: 'a' })).toMatchObject({ type: 'error', code: 'too-many-groups', action: 'route' });
  });

  test('reaches nothing but its own group where the name is fixed, whatever the message is', async () => {
    expect(await send({ action: 'joinGroup', group: { of: 'lobby' } }, 'no JSON')).toMatchObject({ type: 'ack', group: 'lobby' });
  });
});

describe('leaveGroup', () => {
  test('tells the others if joining was announced', async () => {
    await table.join((await table.find('me='))!, 'room:a', true);

    expect(await send({ action: 'leaveGroup', group: ROOM }, { room: 'a' })).toEqual({ type: 'ack', action: 'route', group: 'room:a' });
    expect(functions.handed).toMatchObject([{ event: { action: 'sendToGroup', group: 'room:a', data: { type: 'presence', event: 'left' } } }]);
  });
});

describe('sendToGroup', () => {
  beforeEach(() => add({ 'me=': { user: 'ana', groups: ['room:a'] } }));

  test('hands the data, whatever it is, to the broadcaster, for everybody in the group', async () => {
    const data = { text: 'quotes " \\ \u2028 \u0000 # $input', list: [1, null] };

    expect(await send({ action: 'sendToGroup', group: ROOM }, { room: 'a', data })).toEqual({ type: 'ack', action: 'route', group: 'room:a' });
    expect(functions.handed).toEqual([{
      name: 'broadcaster',
      event: { action: 'sendToGroup', group: 'room:a', excluded: [], data: { type: 'message', from: 'group', group: 'room:a', fromUserId: 'ana', data, id: 'request=' } },
    }]);
  });

  test('leaves the sender out without echo', async () => {
    await send({ action: 'sendToGroup', group: ROOM, echo: false }, { room: 'a', data: 1 });

    expect(functions.handed[0].event.excluded).toEqual(['me=']);
  });

  test('is for members, unless the route is for others, too', async () => {
    expect(await send({ action: 'sendToGroup', group: ROOM }, { room: 'b', data: 1 })).toMatchObject({ type: 'error', code: 'not-a-member' });
    expect(functions.handed).toEqual([]);
    expect(await send({ action: 'sendToGroup', group: ROOM, members: false }, { room: 'b', data: 1 })).toMatchObject({ type: 'ack' });
  });

  test.each<[unknown, string]>([
    [{ room: 'a' }, 'missing-data'],
    [{ room: 'a', data: 'x'.repeat(131_000) }, 'too-large'],
    ['no JSON', 'invalid-message'],
    ['"text"', 'invalid-message'],
    ['null', 'invalid-message'],
    ['', 'invalid-message'],
    [{ data: 1 }, 'invalid-group'],
    [{ room: '', data: 1 }, 'invalid-group'],
    [{ room: 1, data: 1 }, 'invalid-group'],
    [{ room: null, data: 1 }, 'invalid-group'],
    [{ room: ['a'], data: 1 }, 'invalid-group'],
    [{ room: 'a'.repeat(252), data: 1 }, 'invalid-group'],
    [{ room: 'é'.repeat(126), data: 1 }, 'invalid-group'],
    [{ room: '\ud800', data: 1 }, 'invalid-group'],
    [[{ room: 'a', data: 1 }], 'invalid-group'],
  ])('answers %j with an error that repeats nothing of it, and sends nothing', async (body, code) => {
    const frame: any = await send({ action: 'sendToGroup', group: ROOM, members: false }, body);

    expect(frame).toEqual({ type: 'error', code, message: expect.stringMatching(/^[\w .:,`-]+$/), action: 'route' });
    expect(functions.handed).toEqual([]);
  });

  test('answers data that is nested without sense with an error, and sends nothing', async () => {
    const body = `{"room":"a","data":${'['.repeat(9000)}${']'.repeat(9000)}}`;

    expect(await send({ action: 'sendToGroup', group: ROOM, members: false }, body))
      .toEqual({ type: 'error', code: 'invalid-message', message: 'the `data` is nested more than 1000 levels deep', action: 'route' });
    expect(functions.handed).toEqual([]);
  });

  test.each(['constructor', '__proto__', '..', 'toString', 'room:', '#', 'all#0', 'user#ana', 'a"}', '\u2028', 'x'.repeat(251)])('takes the name %j for a name', async (room) => {
    expect(await send({ action: 'joinGroup', group: ROOM }, JSON.stringify({ room }))).toMatchObject({ group: `room:${room}` });
    expect(await idsIn(table.membersOf(`room:${room}`))).toEqual(['me=']);
  });

  test.each(['constructor', '__proto__', 'toString'])('finds no group at the path $.%s unless the message has it', async (name) => {
    expect(await send({ action: 'joinGroup', group: { path: [name], prefix: 'room:' } }, '{}')).toMatchObject({ code: 'invalid-group' });
    expect(await send({ action: 'joinGroup', group: { path: [name], prefix: 'room:' } }, `{"${name}":"a"}`)).toMatchObject({ group: 'room:a' });
  });

  test('finds a group deep in a message', async () => {
    const group = { path: ['to', 'rooms', 1, 'the name'], prefix: 'room:' };

    expect(await send({ action: 'joinGroup', group }, { to: { rooms: [{}, { 'the name': 'a' }] } })).toMatchObject({ group: 'room:a' });
    expect(await send({ action: 'joinGroup', group }, { to: { rooms: { 1: { 'the name': 'a' } } } })).toMatchObject({ code: 'invalid-group' });
  });
});

test('no message reaches a group outside the prefix of its route', async () => {
  const anything = fc.oneof(
    fc.json(),
    fc.record({ room: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.anything()), data: fc.jsonValue() }).map((value) => JSON.stringify(value) ?? ''),
    fc.string({ unit: 'binary' }),
  );
  await fc.assert(fc.asyncProperty(anything, fc.constantFrom('room:', 'a', '{"', '\u2028', '#'), async (body, prefix) => {
    functions = new FakeFunctions();
    const frame: any = await send({ action: 'sendToGroup', group: { path: ['room'], prefix }, members: false }, body);

    expect(['ack', 'error']).toContain(frame.type);
    functions.handed.forEach(({ event }) => {
      expect(event.action).toBe('sendToGroup');
      expect(event.group.startsWith(prefix)).toBe(true);
      expect(Buffer.byteLength(event.group)).toBeLessThanOrEqual(256);
      expect(event.group.slice(prefix.length)).toBe(JSON.parse(body).room);
      expect(event.data).toEqual({ type: 'message', from: 'group', group: event.group, fromUserId: 'ana', data: JSON.parse(body).data, id: 'request=' });
    });
  }), { numRuns: 300 });
});

describe('sendToUser', () => {
  test('hands the data to the broadcaster, for all connections of the user', async () => {
    expect(await send({ action: 'sendToUser', user: ['to'] }, { to: 'eve', data: 1 })).toEqual({ type: 'ack', action: 'route' });
    expect(functions.handed).toEqual([{ name: 'broadcaster', event: { action: 'sendToUser', user: 'eve', data: { type: 'message', from: 'user', fromUserId: 'ana', data: 1, id: 'request=' } } }]);
  });

  test.each([{}, { to: '' }, { to: 1 }, { to: 'x'.repeat(257) }])('answers %j with an error', async (names) => {
    expect(await send({ action: 'sendToUser', user: ['to'] }, { ...names, data: 1 })).toMatchObject({ code: 'invalid-user' });
  });
});

test('sendToAll hands the data to the broadcaster, for everybody', async () => {
  expect(await send({ action: 'sendToAll', echo: false }, { data: [] })).toEqual({ type: 'ack', action: 'route' });
  expect(functions.handed).toEqual([{ name: 'broadcaster', event: { action: 'sendToAll', data: { type: 'message', from: 'all', fromUserId: 'ana', data: [], id: 'request=' }, excluded: ['me='] } }]);
});

describe('listGroup', () => {
  test('answers who is there, to members', async () => {
    await add({ 'me=': { user: 'ana', groups: ['room:a'] }, 'other=': { groups: ['room:a', 'room:b'] } });

    expect(await send({ action: 'listGroup', group: ROOM }, { room: 'a' }))
      .toEqual({ type: 'members', group: 'room:a', members: [{ connectionId: 'me=', userId: 'ana' }, { connectionId: 'other=' }] });
    expect(await send({ action: 'listGroup', group: ROOM }, { room: 'b' })).toMatchObject({ code: 'not-a-member' });
    expect(await send({ action: 'listGroup', group: ROOM, members: false }, { room: 'b' })).toMatchObject({ members: [{ connectionId: 'other=' }] });
  });

  test('answers with as many as fit into a message, and says so', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ connectionId: `${index}`.padStart(16, 'x'), user: `user ${index}`, connectedAt: NOW, expiresAt: NOW }));
    jest.spyOn(table, 'membersOf').mockImplementation(async function* () { yield many; });
    const frame: any = await send({ action: 'listGroup', group: ROOM, members: false }, { room: 'a' });

    expect(frame.truncated).toBe(true);
    expect(frame.members.length).toBeGreaterThan(2000);
    expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThanOrEqual(128 * 1024);
  });
});

describe('without a response of the route', () => {
  test('nothing is acknowledged', async () => {
    expect(await send({ action: 'joinGroup', group: ROOM, returnResponse: false }, { room: 'a' })).toBeUndefined();
    expect(connections.posts).toEqual([]);
  });

  test.each<[GroupRouteSettings, string]>([
    [{ action: 'listGroup', group: ROOM, members: false }, 'members'],
    [{ action: 'listGroup', group: ROOM }, 'error'],
  ])('what %j answers is posted to the client', async (route, type) => {
    expect(await send({ ...route, returnResponse: false }, { room: 'a' })).toBeUndefined();
    expect(JSON.parse(connections.received()['me='][0])).toMatchObject({ type });
  });
});

describe('a connection', () => {
  test('that is not in the table, or has expired, is told so', async () => {
    await table.remove('me=');

    expect(await send({ action: 'joinGroup', group: ROOM }, { room: 'a' })).toMatchObject({ code: 'not-connected' });
  });

  test('whose token has expired is closed', async () => {
    await add({ 'me=': { closesAt: NOW / 1000 } });

    expect(await send({ action: 'joinGroup', group: ROOM }, { room: 'a' })).toBeUndefined();
    expect(connections.received()).toEqual({ 'me=': ['DELETE'] });
    expect(await idsIn(table.membersOf('room:a'))).toEqual([]);
  });
});

/** What the client is told by a route that has a response. */
async function send(route: GroupRouteSettings, body: unknown): Promise<unknown> {
  const settings = { groups: [], values: [], timeToLive: 7200 };
  const { statusCode, body: answer } = await message(messageEvent('route', body), {
    functions,
    store: {
      table, connections: connections.api, broadcaster: 'broadcaster', settings, routes: { route: { returnResponse: true, ...route } }, now: () => NOW, log: () => {},
    },
  });
  expect(statusCode).toBe(200);
  return answer === undefined ? undefined : JSON.parse(answer);
}

async function add(byId: { [id: string]: Partial<Connection> }): Promise<void> {
  await Promise.all(Object.entries(byId).map(([connectionId, connection]) => table.add(
    { connectionId, connectedAt: NOW, expiresAt: NOW / 1000 + 7200, groups: [], announced: [], values: {}, ...connection })));
}
