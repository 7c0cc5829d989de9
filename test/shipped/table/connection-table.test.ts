import { BatchWriteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { Connection } from '../../../src/shipped/table/connection';
import { ConnectionTable } from '../../../src/shipped/table/connection-table';
import { idsIn, LocalTables } from '../local-table';

const NOW = 1_700_000_000_000;

let tables: LocalTables;
let name: string;
let table: ConnectionTable;
let now: number;
beforeAll(async () => { tables = await LocalTables.start(); });
afterAll(() => tables.close());
beforeEach(async () => {
  now = NOW;
  name = await tables.newTable();
  table = tableOf();
});

describe('a connection', () => {
  test('is found with all that is known of it', async () => {
    const connection: Connection = { ...connectionOf('a'), user: 'ana', sourceIp: '192.0.2.1', closesAt: 1_700_000_100, groups: ['g', 'h'], values: { 'authorizer:tenant': 'acme' } };
    await table.add(connection);

    expect(await table.find('a')).toEqual(connection);
    expect(await idsIn(table.everybody())).toEqual(['a']);
    expect(await idsIn(table.connectionsOf('ana'))).toEqual(['a']);
    expect(await idsIn(table.membersOf('g'))).toEqual(['a']);
    expect(await idsIn(table.membersOf('h'))).toEqual(['a']);
  });

  test('leaves nothing behind', async () => {
    await table.add({ ...connectionOf('a'), user: 'ana', groups: ['g'] });
    await table.join(connectionOf('a'), 'h', true);

    expect((await table.remove('a'))?.groups).toEqual(['g', 'h']);
    expect(await itemsLeft()).toEqual([]);
  });

  test('that disconnects twice is removed once', async () => {
    await table.add(connectionOf('a'));
    await table.remove('a');

    expect(await table.remove('a')).toBeUndefined();
  });

  test('whose disconnect never comes is skipped when it has expired, in its groups too', async () => {
    await table.add({ ...connectionOf('a'), user: 'ana', groups: ['g'] });
    now += 7_200_000;

    expect(await table.find('a')).toBeUndefined();
    expect(await idsIn(table.everybody())).toEqual([]);
    expect(await idsIn(table.connectionsOf('ana'))).toEqual([]);
    expect(await idsIn(table.membersOf('g'))).toEqual([]);
  });

  test('is one of a user that has several', async () => {
    await Promise.all(['a', 'b', 'c'].map((id) => table.add({ ...connectionOf(id), user: id === 'c' ? 'eve' : 'ana' })));

    expect(await idsIn(table.connectionsOf('ana'))).toEqual(['a', 'b']);
  });

  test('is one of everybody, however many there are', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `id${index}=`).sort();
    await Promise.all(ids.map((id) => table.add(connectionOf(id))));

    expect(await idsIn(table.everybody())).toEqual(ids);
  });
});

describe('joining a group', () => {
  test('counts once, and the connection knows of it', async () => {
    await table.add(connectionOf('a'));

    expect(await table.join(connectionOf('a'), 'g', false)).toBe('joined');
    expect(await table.join(connectionOf('a'), 'g', false)).toBe('member');
    expect(await idsIn(table.membersOf('g'))).toEqual(['a']);
    expect((await table.find('a'))?.groups).toEqual(['g']);
  });

  test('after the disconnect leaves nothing', async () => {
    await table.add(connectionOf('a'));
    await table.remove('a');

    expect(await table.join(connectionOf('a'), 'g', false)).toBe('gone');
    expect(await itemsLeft()).toEqual([]);
  });

  test('while the connection goes leaves nothing', async () => {
    await table.add(connectionOf('a'));
    // Between the two steps of joining.
    const meanwhile = tableOf((command) => command.constructor.name === 'UpdateItemCommand' ? table.remove('a') : undefined);

    expect(await meanwhile.join(connectionOf('a'), 'g', false)).toBe('gone');
    expect(await itemsLeft()).toEqual([]);
  });

  test('is possible a hundred times, and not a hundred and one times; all of them go with the connection', async () => {
    const groups = Array.from({ length: 100 }, (_, index) => `g${index}`);
    await table.add({ ...connectionOf('a'), groups: groups.slice(1) });

    expect(await table.join(connectionOf('a'), 'g0', false)).toBe('joined');
    expect(await table.join(connectionOf('a'), 'g100', false)).toBe('full');
    expect(await idsIn(table.membersOf('g100'))).toEqual([]);
    expect(await table.join(connectionOf('a'), 'g50', false)).toBe('member');
    expect((await table.remove('a'))?.groups).toHaveLength(100);
    expect(await itemsLeft()).toEqual([]);
  });

  test('keeps whether the members are told of leaving, as it was joined last', async () => {
    await table.add(connectionOf('a'));
    await table.join(connectionOf('a'), 'g', true);
    await table.join(connectionOf('a'), 'h', true);
    await table.join(connectionOf('a'), 'h', false);

    expect((await table.find('a'))?.announced).toEqual(['g']);
    expect(await table.leave('a', 'h')).toBe(false);
    expect(await table.leave('a', 'g')).toBe(true);
  });
});

describe('leaving a group', () => {
  test('ends the membership', async () => {
    await table.add({ ...connectionOf('a'), groups: ['g', 'h'] });
    await table.leave('a', 'g');

    expect(await idsIn(table.membersOf('g'))).toEqual([]);
    expect((await table.find('a'))?.groups).toEqual(['h']);
  });

  test('that it is not in, or that is gone, is nothing to do', async () => {
    await table.add(connectionOf('a'));

    expect(await table.leave('a', 'g')).toBe(false);
    expect(await table.leave('none', 'g')).toBe(false);
  });
});

describe('what DynamoDB leaves unprocessed', () => {
  test('is written again until nothing is left', async () => {
    await table.add({ ...connectionOf('a'), groups: Array.from({ length: 60 }, (_, index) => `g${index}`) });
    let refusals = 3;
    const busy = tableOf((command) => {
      if (!(command instanceof BatchWriteItemCommand) || refusals === 0) { return undefined; }
      refusals--;
      return Promise.resolve({ UnprocessedItems: command.input.RequestItems });
    });
    await busy.remove('a');

    expect(refusals).toBe(0);
    expect(await itemsLeft()).toEqual([]);
  });

  test('again and again is an error in the end', async () => {
    const busy = tableOf((command) => (
      command instanceof BatchWriteItemCommand ? Promise.resolve({ UnprocessedItems: command.input.RequestItems }) : undefined
    ));

    await expect(busy.add(connectionOf('a'))).rejects.toThrow('DynamoDB has left 1 items unprocessed');
  });
});

test('names that look like keys of something else are in the group of that name alone', async () => {
  const names = ['a', 'all#0', 'user#ana', 'group#a', '#', '', 'constructor', '__proto__', '..', '\u2028'].filter((group) => group !== '');
  await Promise.all(names.map((group, index) => table.add({ ...connectionOf(`id${index}`), user: group, groups: [group] })));

  for (const [index, group] of names.entries()) {
    expect(await idsIn(table.membersOf(group))).toEqual([`id${index}`]);
    expect(await idsIn(table.connectionsOf(group))).toEqual([`id${index}`]);
  }
});

function connectionOf(connectionId: string): Connection {
  return { connectionId, connectedAt: NOW, expiresAt: NOW / 1000 + 7200, groups: [], announced: [], values: {} };
}

/** @param instead answers in the place of DynamoDB, or does something before it does */
function tableOf(instead: (command: any) => Promise<unknown> | undefined = () => undefined): ConnectionTable {
  const client = {
    send: async (command: any) => {
      const answer = await instead(command) as { UnprocessedItems?: object } | undefined;
      return answer?.UnprocessedItems ? answer : tables.client.send(command);
    },
  } as unknown as DynamoDBClient;
  return new ConnectionTable(client, name, () => now, () => Promise.resolve());
}

async function itemsLeft(): Promise<unknown[]> {
  return (await tables.client.send(new ScanCommand({ TableName: name }))).Items!;
}
