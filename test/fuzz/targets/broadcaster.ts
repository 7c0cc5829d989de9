import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { handle } from '../../../src/shipped/broadcaster';
import { ConnectionTable } from '../../../src/shipped/table/connection-table';
import { FakeFunctions } from '../../shipped/fake-functions';
import { Target } from '../engine';

const NOW = 1_700_000_000_000;
const ITEM = {
  pk: { S: 'p' }, sk: { S: 'c=' }, user: { S: 'ana' }, connectedAt: { N: String(NOW) }, expiresAt: { N: '1800000000' }, groups: { SS: ['g'] }, announced: { SS: ['g'] }, values: { M: { 'header:x': { S: 'g' } } },
};

/** A table in which everybody is, and where all that is written has to be text that UTF-8 can hold. */
export function fakeTable(): ConnectionTable {
  const client = {
    async send({ input }: { input: any }) {
      const keys = JSON.stringify(input);
      if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(keys)) { throw new TypeError(`half a character is written: ${keys.slice(0, 200)}`); }
      return { Item: ITEM, Attributes: ITEM, Items: [ITEM] };
    },
  };
  return new ConnectionTable(client as unknown as DynamoDBClient, 'table', () => NOW, async () => undefined);
}

export const fakeConnections = {
  async post(connectionId: string) { return encodeURIComponent(connectionId) === '' ? 403 : 200; },
  async close(connectionId: string) { return encodeURIComponent(connectionId) === '' ? 403 : 204; },
};

const word = fc.oneof(fc.constantFrom('g', 'c=', '__proto__'), fc.string({ unit: 'binary' }));
const command = fc.record({
  action: fc.constantFrom('sendToAll', 'sendToGroup', 'sendToUser', 'sendToConnection', 'joinGroup', 'leaveGroup', 'listGroup', 'closeConnection', 'slice'),
  group: word,
  user: word,
  connectionId: word,
  data: fc.jsonValue(),
  excluded: fc.array(word),
  announce: fc.boolean(),
  of: word,
  recipients: fc.array(fc.tuple(word, fc.integer())),
  partition: word,
}, { requiredKeys: ['action'] });

/** What functions, rules, topics, queues and state machines hand to the broadcaster. */
export const broadcaster: Target = {
  fixed: -1,
  inputs: fc.oneof(
    command,
    fc.record({ 'detail-type': fc.string(), 'detail': command }),
    fc.record({
      Records: fc.array(fc.record({
        messageId: fc.string(),
        body: fc.oneof(command.map((one) => JSON.stringify(one)), fc.string()),
        Sns: fc.record({ Message: fc.string() }),
      }, { requiredKeys: [] })),
    }),
    fc.jsonValue(),
  ),
  async run(event) {
    const log: string[] = [];
    await handle(event, {
      table: fakeTable(),
      functions: new FakeFunctions(),
      connections: fakeConnections,
      now: () => NOW,
      wait: async () => undefined,
      maxPostsPerSecond: 1000,
      atOnce: 50,
      self: 'arn:self',
      dimensions: { ApiId: 'abc', Stage: 'dev' },
      log: (line) => log.push(line),
    });
    const foreign = log.find((line) => /Cannot read|is not (?:iterable|a function)|must be (?:of type|an instance)|Maximum call stack/.test(line));
    if (foreign !== undefined) { throw new TypeError(foreign); }
  },
};
