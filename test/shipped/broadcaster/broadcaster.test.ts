import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { handle } from '../../../src/shipped/broadcaster';
import { Services } from '../../../src/shipped/broadcaster/services';
import { Connection } from '../../../src/shipped/table/connection';
import { ConnectionTable } from '../../../src/shipped/table/connection-table';
import { connectionKey } from '../../../src/shipped/table/keys';
import { FakeConnections } from '../fake-connections';
import { FakeFunctions } from '../fake-functions';
import { LocalTables } from '../local-table';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

let tables: LocalTables;
let connections: FakeConnections;
let table: ConnectionTable;
let tableName: string;
let now: number;
let log: any[];
let functions: FakeFunctions;
let waited: number[];
beforeAll(async () => { [tables, connections] = await Promise.all([LocalTables.start(), FakeConnections.start()]); });
afterAll(() => Promise.all([tables.close(), connections.close()]));
beforeEach(async () => {
  [now, log, waited] = [NOW, [], []];
  connections.clear();
  functions = new FakeFunctions();
  tableName = await tables.newTable();
  table = new ConnectionTable(tables.client, tableName, () => now);
});

describe('a message', () => {
  beforeEach(() => add({ a: { groups: ['g'], user: 'ana' }, b: { groups: ['g', 'h'] }, c: { groups: ['h'], user: 'ana' }, d: {} }));

  test.each([
    [{ action: 'sendToGroup', group: 'g' }, ['a', 'b']],
    [{ action: 'sendToGroup', group: 'none' }, []],
    [{ action: 'sendToUser', user: 'ana' }, ['a', 'c']],
    [{ action: 'sendToAll' }, ['a', 'b', 'c', 'd']],
    [{ action: 'sendToConnection', connectionId: 'd' }, ['d']],
  ])('of %j reaches those that are meant, each once', async (event, ids) => {
    expect(await broadcast({ ...event, data: 'text' })).toEqual({ delivered: ids.length, gone: 0, closed: 0, failed: {}, handedOn: 0 });
    expect(connections.received()).toEqual(Object.fromEntries(ids.map((id) => [id, ['text']])));
  });

  test.each(['sendToGroup', 'sendToUser', 'sendToAll'])('of %s does not reach those that are excluded', async (action) => {
    const names = { sendToGroup: { group: 'g' }, sendToUser: { user: 'ana' }, sendToAll: {} }[action];
    await broadcast({ action, ...names, data: 'text', excluded: ['a', 'nobody'] });

    expect(connections.received().a).toBeUndefined();
    expect(Object.keys(connections.received()).length).toBeGreaterThan(0);
  });

  test.each<[unknown, string]>([
    ['text as it is: "quotes" \\ \u2028 \u0000 $input #set', 'text as it is: "quotes" \\ \u2028 \u0000 $input #set'],
    [{ a: [1, null, '"'] }, '{"a":[1,null,"\\""]}'],
    [null, 'null'],
    [0, '0'],
    ['x'.repeat(128 * 1024), 'x'.repeat(128 * 1024)],
  ])('arrives as it was sent, or as JSON', async (data, arrived) => {
    await broadcast({ action: 'sendToConnection', connectionId: 'd', data });

    expect(connections.received().d[0] === arrived).toBe(true);
  });

  test('does not reach who has left, nor whose connection has expired', async () => {
    await table.leave('a', 'g');
    now += 2 * 60 * MINUTE;
    await add({ e: { groups: ['g'] } });
    await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' });

    expect(Object.keys(connections.received())).toEqual(['e']);
  });

  test('closes a connection whose token has expired, and does not reach it', async () => {
    await add({ e: { groups: ['h'], closesAt: NOW / 1000 } });

    expect(await broadcast({ action: 'sendToGroup', group: 'h', data: 'x' })).toMatchObject({ delivered: 2, closed: 1 });
    expect(connections.received().e).toEqual(['DELETE']);
  });

  test('that is sent at the same time as another one reaches everybody, as does the other', async () => {
    await Promise.all(['one', 'two'].map((data) => broadcast({ action: 'sendToAll', data })));

    Object.values(connections.received()).forEach((received) => expect(received.sort()).toEqual(['one', 'two']));
    expect(Object.keys(connections.received())).toHaveLength(4);
  });

  test('during which somebody joins reaches nobody twice', async () => {
    connections.before = async () => { await add({ late: { groups: ['g'] } }); };
    await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' });

    expect(connections.received()).toMatchObject({ a: ['x'], b: ['x'] });
    Object.values(connections.received()).forEach((received) => expect(received).toHaveLength(1));
  });
});

describe('a connection that answers 410', () => {
  test('is removed if it is old, and its groups are told if they want to know', async () => {
    await add({ a: { groups: ['g'], user: 'ana' }, b: { groups: ['g'] }, c: { groups: ['h'] } });
    await table.join(await found('a'), 'h', true);
    now += MINUTE;
    connections.answers.set('a', [410, 410]);

    expect(await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' })).toMatchObject({ delivered: 1, gone: 1 });
    expect(await table.find('a')).toBeUndefined();
    expect(connections.received()).toEqual({ b: ['x'], c: ['{"type":"presence","event":"left","group":"h","userId":"ana","connectionId":"a"}'] });
  });

  test('is tried again after a second if it is three seconds old, because its handshake may not be complete', async () => {
    await add({ a: { groups: ['g'] } });
    now += 3_000;
    connections.answers.set('a', [410]);

    expect(await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' })).toMatchObject({ delivered: 1, gone: 0 });
    expect(waited).toEqual([1000]);
  });

  test('stays in the table if it is young, however it answers', async () => {
    await add({ a: { groups: ['g'] } });
    now += 3_000;
    connections.answers.set('a', [410, 410]);

    expect(await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' })).toMatchObject({ delivered: 0, gone: 1 });
    expect(await table.find('a')).toBeDefined();
  });

  test('and is not in the table is tried once more, too', async () => {
    connections.answers.set('new', [410]);

    expect(await broadcast({ action: 'sendToConnection', connectionId: 'new', data: 'x' })).toMatchObject({ delivered: 1 });
  });

  test('and has only a membership left loses that', async () => {
    await add({ b: { groups: ['g'] } });
    // As if a function had ended between the two steps of joining.
    await tables.client.send(new DeleteItemCommand({ TableName: tableName, Key: connectionKey('b') }));
    now += MINUTE;
    connections.answers.set('b', [410]);
    await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' });

    expect(await broadcast({ action: 'listGroup', group: 'g' })).toEqual({ group: 'g', members: [] });
  });
});

describe('a post that fails', () => {
  beforeEach(() => add({ a: { groups: ['g'] }, b: { groups: ['g'] } }));

  test.each([[[429, 429, 429]], [[500]], [[503, 503]], [[0, 0]]])('with %j is tried again, at different times', async (answers) => {
    connections.answers.set('a', [...answers]);

    expect(await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' })).toMatchObject({ delivered: 2, failed: {} });
    expect(connections.tried.get('a')).toBe(answers.length + 1);
    expect(waited).toHaveLength(answers.length);
  });

  test.each([
    [429, 7, 'throttled'], [502, 3, 'status502'], [0, 3, 'unanswered'], [403, 1, 'forbidden'], [413, 1, 'tooLarge'], [400, 1, 'status400'],
  ])('with %d again and again is given up after %d times, and reported, and the others get theirs', async (status, times, reason) => {
    connections.answers.set('a', Array.from({ length: 20 }, () => status));

    expect(await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' })).toMatchObject({ delivered: 1, failed: { [reason]: 1 } });
    expect(connections.tried.get('a')).toBe(times);
    expect(await table.find('a')).toBeDefined();
  });
});

describe('a large group', () => {
  test('of 500 is one slice, and one invocation sends it', async () => {
    await addMany(500);

    expect(await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' }, { maxPostsPerSecond: 1000 })).toMatchObject({ delivered: 500, handedOn: 0 });
    expect(functions.handed).toEqual([]);
  });

  test('is handed out in slices of 500, which reach everybody once and hand nothing on', async () => {
    await addMany(1700);
    const data = 'x';
    expect(await broadcast({ action: 'sendToGroup', group: 'g', data, excluded: ['id3='] })).toMatchObject({ delivered: 199, handedOn: 1500 });
    const slices = functions.handed.splice(0);
    for (const { name, event } of slices) {
      expect(name).toBe('arn:self');
      expect(await broadcast(event)).toMatchObject({ delivered: 500, handedOn: 0 });
    }

    expect(functions.handed).toEqual([]);
    expect(Object.keys(connections.received())).toHaveLength(1699);
    Object.values(connections.received()).forEach((received) => expect(received).toEqual(['x']));
  });

  test('of 100 000 goes through two invocations, one after the other, as any other number does', async () => {
    const pages = async function* () {
      for (let page = 0; page < 100; page++) {
        yield Array.from({ length: 1000 }, (_, index) => ({ connectionId: `${page}-${index}`, connectedAt: NOW, expiresAt: NOW / 1000 + 1 }));
      }
    };
    jest.spyOn(table, 'membersOf').mockImplementation(pages);
    const posted = new Set<string>();
    const api = { post: async (id: string) => { posted.add(id); return 200; }, close: async () => 204 };
    await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' }, { connections: api });

    expect(functions.handed).toHaveLength(199);
    functions.handed.forEach(({ event }) => event.recipients.forEach(([id]: [string]) => posted.add(id)));
    expect(posted.size).toBe(100_000);
    // As fast as posts may start: 1000 in a second.
    expect(waited.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBe(99_000);
  });

  test('of which Lambda does not take a slice says how many did not get it', async () => {
    await addMany(600);
    functions = new FakeFunctions({ 'arn:self': () => Promise.reject(new Error('throttled')) });

    expect(await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' })).toMatchObject({ delivered: 100, failed: { notHandedOn: 500 } });
  });

  test('is sent no faster than the pace that the table was given', async () => {
    await addMany(25);
    await broadcast({ action: 'sendToGroup', group: 'g', data: 'x' }, { maxPostsPerSecond: 10 });

    expect(functions.handed.map(({ event }) => event.recipients.length)).toEqual([10, 10]);
    expect(waited).toEqual([1000, 1000]);
  });
});

describe('groups', () => {
  beforeEach(() => add({ a: { user: 'ana' }, b: { groups: ['g'] } }));

  test('are joined, listed and left, and the others are told if it is announced', async () => {
    expect(await broadcast({ action: 'joinGroup', group: 'g', connectionId: 'a', announce: true })).toEqual({ joined: true });
    expect(await broadcast({ action: 'joinGroup', group: 'g', connectionId: 'a', announce: true })).toEqual({ joined: false });
    expect(await broadcast({ action: 'listGroup', group: 'g' })).toEqual({ group: 'g', members: [{ connectionId: 'a', userId: 'ana' }, { connectionId: 'b', userId: undefined }] });
    expect(await broadcast({ action: 'leaveGroup', group: 'g', connectionId: 'a' })).toEqual({ left: true });
    expect(await broadcast({ action: 'leaveGroup', group: 'g', connectionId: 'a' })).toEqual({ left: false });
    expect(connections.received()).toEqual({
      b: ['joined', 'left'].map((event) => JSON.stringify({ type: 'presence', event, group: 'g', userId: 'ana', connectionId: 'a' })),
    });
  });

  test('are joined by a connection that is still in its handshake', async () => {
    const joined = broadcast({ action: 'joinGroup', group: 'g', connectionId: 'new' }, {
      wait: async () => { await add({ new: {} }); },
    });

    expect(await joined).toEqual({ joined: true });
  });

  test.each([
    ['none', 'is not there, or is not there yet'],
    ['full', 'is in 100 groups'],
  ])('are not joined by a connection that is %s', async (connectionId, message) => {
    await add({ full: { groups: Array.from({ length: 100 }, (_, index) => `g${index}`) } });

    await expect(broadcast({ action: 'joinGroup', group: 'g', connectionId })).rejects.toThrow(message);
  });
});

test.each([[204, true], [410, false]])('closing a connection that answers %d tells whether it was open', async (status, closed) => {
  connections.answers.set('a', [status]);

  expect(await broadcast({ action: 'closeConnection', connectionId: 'a' })).toEqual({ closed });
});

test('a broadcast is one line of the log and metrics, without names of groups and users', async () => {
  await add({ a: { groups: ['secret'] } });
  await broadcast({ action: 'sendToGroup', group: 'secret', data: 'x' });

  expect(log).toEqual([{
    _aws: {
      Timestamp: NOW,
      CloudWatchMetrics: [{
        Namespace: 'cdk-websocket-api',
        Dimensions: [['ApiId', 'Stage']],
        Metrics: ['Delivered', 'Gone', 'Closed', 'Failed'].map((Name) => ({ Name, Unit: 'Count' })),
      }],
    },
    ApiId: 'abc',
    Stage: 'dev',
    action: 'sendToGroup',
    Delivered: 1,
    Gone: 0,
    Closed: 0,
    Failed: 0,
    handedOn: 0,
  }]);
});

describe('an event', () => {
  beforeEach(() => add({ a: {} }));
  const message = { action: 'sendToAll', data: 'x' };

  test.each<[string, unknown]>([
    ['EventBridge brings', { 'version': '0', 'detail-type': 'Sale', 'source': 'shop', 'detail': message }],
    ['SNS brings', { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(message) } }] }],
    ['SQS brings', { Records: [{ eventSource: 'aws:sqs', messageId: '1', body: JSON.stringify(message) }] }],
  ])('that %s is taken out of what is around it', async (_, event) => {
    await broadcast(event);

    expect(connections.received()).toEqual({ a: ['x'] });
  });

  test('of a queue that fails does not make the others come again', async () => {
    const bodies = [JSON.stringify(message), 'no JSON', '{"action":"sendToAll"}'];

    expect(await broadcast({ Records: bodies.map((body, index) => ({ messageId: String(index), body })) }))
      .toEqual({ batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }] });
    expect(connections.received()).toEqual({ a: ['x'] });
    expect(log.slice(1)).toEqual([{ level: 'ERROR', message: 'a record is no JSON' }, { level: 'ERROR', message: '`data` of `sendToAll` is missing' }]);
  });

  test('that is nested without sense is an error', async () => {
    await expect(broadcast({ action: 'sendToAll', data: JSON.parse(`${'['.repeat(9000)}${']'.repeat(9000)}`) }))
      .rejects.toThrow('`data` of `sendToAll` is nested more than 1000 levels deep');
  });

  test.each<[unknown, string]>([
    [undefined, 'the event is missing: send an object with `action`, `sendToAll`, '],
    [[], 'the event is a list'],
    ['{"action":"sendToAll"}', 'the event is a string'],
    [{}, '`action` is missing: it takes `sendToAll`, `sendToGroup`, '],
    [{ action: 'sendToNobody' }, '`action` is unknown'],
    [{ action: 'constructor' }, '`action` is unknown'],
    [{ action: '__proto__' }, '`action` is unknown'],
    [{ action: 1 }, '`action` is a number'],
    [{ action: 'sendToAll' }, '`data` of `sendToAll` is missing'],
    [{ action: 'sendToAll', data: '' }, '`data` of `sendToAll` is empty'],
    [{ action: 'sendToAll', data: 'x'.repeat(131_073) }, '`data` of `sendToAll` has 131073 bytes: API Gateway sends at most 131072'],
    [{ action: 'sendToUser', user: '\ud800', data: 'x' }, '`user` of `sendToUser` is no Unicode text'],
    [{ action: 'closeConnection', connectionId: '\ud800' }, '`connectionId` of `closeConnection` is no Unicode text'],
    [{ action: 'slice' }, '`action` is unknown'],
    [{ action: 'slice', of: 'sendToAll', data: 'x', recipients: [['a', {}]] }, '`action` is unknown'],
    [{ action: 'sendToAll', data: 'x', excluded: 'a' }, '`excluded` of `sendToAll` is a string: it takes a list of connection ids'],
    [{ action: 'sendToAll', data: 'x', excluded: [1] }, '`excluded` of `sendToAll` is a list with something else'],
    [{ action: 'sendToAll', data: 'x', group: 'g' }, 'the event has a field that `sendToAll` does not take: it takes `data`, `excluded`'],
    [{ action: 'sendToGroup', data: 'x' }, '`group` of `sendToGroup` is missing'],
    [{ action: 'sendToGroup', group: 1, data: 'x' }, '`group` of `sendToGroup` is a number: it takes text'],
    [{ action: 'sendToGroup', group: '', data: 'x' }, '`group` of `sendToGroup` is empty'],
    [{ action: 'sendToGroup', group: 'é'.repeat(129), data: 'x' }, '`group` of `sendToGroup` has 258 bytes: it takes at most 256'],
    [{ action: 'sendToUser', data: 'x' }, '`user` of `sendToUser` is missing'],
    [{ action: 'sendToConnection', data: 'x' }, '`connectionId` of `sendToConnection` is missing'],
    [{ action: 'joinGroup', group: 'g', connectionId: 'a', announce: 'yes' }, '`announce` of `joinGroup` is a string'],
    [{ action: 'listGroup' }, '`group` of `listGroup` is missing'],
    [{ action: 'closeConnection' }, '`connectionId` of `closeConnection` is missing'],
  ])('that is malformed is an error that names the field, and nothing is sent: %j', async (event, error) => {
    await expect(broadcast(event)).rejects.toThrow(error);
    expect(connections.tried.size).toBe(0);
  });
});

/** Lets the broadcaster do what an event says. Its waiting takes no time. */
function broadcast(event: unknown, changes: Partial<Services> = {}): Promise<any> {
  return handle(event, {
    table,
    functions,
    connections: connections.api,
    now: () => now,
    wait: async (milliseconds) => {
      waited.push(milliseconds);
      now += milliseconds;
    },
    maxPostsPerSecond: 1000,
    atOnce: 50,
    self: 'arn:self',
    dimensions: { ApiId: 'abc', Stage: 'dev' },
    log: (line) => log.push(JSON.parse(line)),
    ...changes,
  });
}

async function add(connectionsById: { [id: string]: Partial<Connection> }): Promise<void> {
  await Promise.all(Object.entries(connectionsById).map(([connectionId, connection]) => table.add(
    { connectionId, connectedAt: now, expiresAt: now / 1000 + 7200, groups: [], announced: [], values: {}, ...connection })));
}

async function addMany(count: number): Promise<void> {
  const connection: Connection = { connectionId: '', connectedAt: NOW, expiresAt: NOW / 1000 + 7200, groups: [], announced: [], values: {} };
  const pages = async function* () {
    for (let start = 0; start < count; start += 700) {
      yield Array.from({ length: Math.min(700, count - start) }, (_, index) => ({ ...connection, connectionId: `id${start + index}=` }));
    }
  };
  jest.spyOn(table, 'membersOf').mockImplementation(pages);
}

async function found(connectionId: string): Promise<Connection> {
  return (await table.find(connectionId))!;
}
