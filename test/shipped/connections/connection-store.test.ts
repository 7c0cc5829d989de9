import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ConnectionSettings } from '../../../src/connections/settings';
import { connect } from '../../../src/shipped/connections/connect';
import { disconnect } from '../../../src/shipped/connections/disconnect';
import { WebSocketEvent } from '../../../src/shipped/connections/event';
import { Services } from '../../../src/shipped/connections/services';
import { ConnectionTable } from '../../../src/shipped/table/connection-table';
import { FakeFunctions } from '../fake-functions';
import { LocalTables } from '../local-table';
import { connectEvent, disconnectEvent } from './events';

const NOW = 1_700_000_000_000;

let tables: LocalTables;
let name: string;
let table: ConnectionTable;
let log: string[];
beforeAll(async () => { tables = await LocalTables.start(); });
afterAll(() => tables.close());
beforeEach(async () => {
  log = [];
  name = await tables.newTable();
  table = new ConnectionTable(tables.client, name, () => NOW, () => Promise.resolve());
});

describe('a handshake', () => {
  test('puts the connection into the table, with its user, its groups and the values that routes need', async () => {
    const event = connectEvent({ queryStringParameters: { name: 'ana' } }, { authorizer: { tenant: '["a","b"]', level: 3 } });
    await connect(event, services({
      user: { place: 'queryString', name: 'name' },
      groups: [{ of: 'lobby' }, { value: { place: 'authorizer', name: 'tenant' }, prefix: 'tenant:' }, { value: { place: 'authorizer', name: 'none' }, prefix: '' }],
      values: [{ place: 'authorizer', name: 'level' }, { place: 'header', name: 'HOST' }, { place: 'context', name: 'identity.sourceIp' }, { place: 'header', name: 'none' }],
    }));

    const { groups, ...connection } = (await table.find('me='))!;
    expect([...groups].sort()).toEqual(['lobby', 'tenant:a', 'tenant:b']);
    expect(connection).toEqual({
      connectionId: 'me=',
      user: 'ana',
      sourceIp: '192.0.2.1',
      connectedAt: NOW,
      expiresAt: NOW / 1000 + 60,
      announced: [],
      values: { 'authorizer:level': '3', 'header:HOST': 'abc.execute-api.eu-west-1.amazonaws.com', 'context:identity.sourceIp': '192.0.2.1' },
    });
  });

  test('is in the table only after the function of the app has let it in', async () => {
    const functions = new FakeFunctions({
      mine: async () => {
        expect(await items()).toEqual([]);
        return '{"statusCode":200,"headers":{"Sec-WebSocket-Protocol":"chat"}}';
      },
    });

    expect(await connect(connectEvent(), services({}, { functions, connectHandler: 'mine' }))).toEqual({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat' } });
    expect(await table.find('me=')).toBeDefined();
  });

  test.each(['{"statusCode":403}', '{"statusCode":"401"}', '{"statusCode":500}', '{"statusCode":302}', 'null', '{}', '{"statusCode":null}'])('that the function of the app answers with %s leaves nothing', async (answer) => {
    await connect(connectEvent(), services({}, { functions: new FakeFunctions({ mine: answer }), connectHandler: 'mine' }));

    expect(await items()).toEqual([]);
  });

  test('that the function of the app fails at leaves nothing', async () => {
    const functions = new FakeFunctions({ mine: () => Promise.reject(new Error('failed')) });

    await expect(connect(connectEvent(), services({}, { functions, connectHandler: 'mine' }))).rejects.toThrow('failed');
    expect(await items()).toEqual([]);
  });

  test('that cannot be written as a whole fails, and leaves nothing', async () => {
    jest.spyOn(table, 'add').mockImplementation(async (connection) => {
      await new ConnectionTable(tables.client, name).add(connection);
      throw new Error('throttled');
    });

    await expect(connect(connectEvent(), services({ groups: [{ of: 'lobby' }] }))).rejects.toThrow('throttled');
    expect(await items()).toEqual([]);
  });

  test.each<[string, Partial<WebSocketEvent>, Partial<ConnectionSettings>]>([
    ['a user of 257 bytes', { queryStringParameters: { name: 'x'.repeat(257) } }, { user: { place: 'queryString', name: 'name' } }],
    ['a group of 257 bytes', { headers: { room: 'x'.repeat(252) } }, { groups: [{ value: { place: 'header', name: 'room' }, prefix: 'room:' }] }],
    ['a list with something else than text', { headers: { rooms: '["a",1]' } }, { groups: [{ value: { place: 'header', name: 'rooms' }, prefix: '' }] }],
    ['a list of 101 groups', { headers: { rooms: JSON.stringify(Array.from({ length: 101 }, (_, index) => `${index}`)) } }, { groups: [{ value: { place: 'header', name: 'rooms' }, prefix: '' }] }],
  ])('with %s is refused before the function of the app is asked, and the log says why', async (_, event, settings) => {
    const functions = new FakeFunctions({ mine: '{"statusCode":200}' });

    expect(await connect(connectEvent(event), services(settings, { functions, connectHandler: 'mine' }))).toEqual({ statusCode: 400 });
    expect(functions.called).toEqual([]);
    expect(await items()).toEqual([]);
    expect(JSON.parse(log[0])).toEqual({ level: 'WARN', message: expect.stringMatching(/^a handshake is refused: [\w ,:]+$/), code: expect.any(String) });
  });

  test('whose value only looks like a list names one group', async () => {
    await connect(connectEvent({ headers: { room: '[a' } }), services({ groups: [{ value: { place: 'header', name: 'room' }, prefix: '' }] }));

    expect((await table.find('me='))?.groups).toEqual(['[a']);
  });

  test('remembers when its token expires if connections end with their tokens', async () => {
    const event = connectEvent({}, { authorizer: { exp: '1700000100' } });
    await connect(event, services({ closeOnExpiry: true }));

    expect((await table.find('me='))?.closesAt).toBe(1_700_000_100);
  });
});

describe('a disconnect', () => {
  test('clears the table, and tells the groups that want to know', async () => {
    const functions = new FakeFunctions();
    await connect(connectEvent(), services({ groups: [{ of: 'lobby' }] }));
    await table.join((await table.find('me='))!, 'room:a', true);
    await disconnect(disconnectEvent(), services({}, { functions, disconnectHandler: 'mine' }));

    expect(await items()).toEqual([]);
    expect(functions.handed).toEqual([
      { name: 'mine', event: disconnectEvent() },
      { name: 'broadcaster', event: { action: 'sendToGroup', group: 'room:a', excluded: ['me='], data: { type: 'presence', event: 'left', group: 'room:a', userId: undefined, connectionId: 'me=' } } },
    ]);
  });

  test('clears the table also if the function of the app cannot be called', async () => {
    const functions = new FakeFunctions({ mine: () => Promise.reject(new Error('throttled')) });
    await connect(connectEvent(), services({}));

    await expect(disconnect(disconnectEvent(), services({}, { functions, disconnectHandler: 'mine' }))).rejects.toThrow('throttled');
    expect(await items()).toEqual([]);
  });

  test('that comes twice tells nobody twice', async () => {
    const functions = new FakeFunctions();
    await connect(connectEvent(), services({}));
    await table.join((await table.find('me='))!, 'room:a', true);
    await disconnect(disconnectEvent(), services({}, { functions }));
    await disconnect(disconnectEvent(), services({}, { functions }));

    expect(functions.handed).toHaveLength(1);
  });
});

function services(settings: Partial<ConnectionSettings>, changes: Partial<Services> = {}): Services {
  return {
    functions: new FakeFunctions(),
    store: {
      table,
      connections: { post: async () => 200, close: async () => 204 },
      broadcaster: 'broadcaster',
      settings: { groups: [], values: [], timeToLive: 60, ...settings },
      routes: {},
      now: () => NOW,
      log: (line) => log.push(line),
    },
    ...changes,
  };
}

async function items(): Promise<unknown[]> {
  return (await tables.client.send(new ScanCommand({ TableName: name }))).Items!;
}
