import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { TableModel } from '../../src/local/definition/model';
import { verifySignature } from '../../src/local/iam/verify-signature';
import { createTables } from '../../src/local/table-creator';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

let server: Server;
let tables: Map<string, string[]>;
let calls: string[];
let answerWith: ((operation: string) => [number, unknown] | undefined) | undefined;

beforeEach(() => {
  tables = new Map();
  calls = [];
  answerWith = undefined;
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** As much of DynamoDB as is needed: tables go through their states, one at each question. */
async function startDynamoDb(): Promise<string> {
  server = createServer(async (request, response) => {
    const { operation, input } = await read(request);
    calls.push(`${operation} ${input.TableName}`);
    const [status, body] = answerWith?.(operation) ?? answer(operation, input);
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function read(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) { chunks.push(chunk); }
  const body = Buffer.concat(chunks);
  const verified = verifySignature({ method: 'POST', path: request.url!, headers: request.headers, body }, {
    service: 'dynamodb', region: 'eu-west-1', now: Date.now(), secretOf: () => CREDENTIALS.secretAccessKey,
  });
  if (!verified.ok) { throw new Error(verified.message); }
  return { operation: String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', ''), input: JSON.parse(String(body)) };
}

function answer(operation: string, { TableName }: { TableName: string }): [number, unknown] {
  const states = tables.get(TableName);
  if (operation === 'CreateTable') {
    tables.set(TableName, ['CREATING', 'ACTIVE']);
    return [200, { TableDescription: { TableName } }];
  }
  if (!states) { return [400, { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' }]; }
  return [200, { Table: { TableStatus: states.length > 1 ? states.shift() : states[0] } }];
}

function table(name: string): TableModel {
  return { path: `Chat/${name}`, region: 'eu-west-1', input: { TableName: name, BillingMode: 'PAY_PER_REQUEST' } };
}

test('what there is not is made, and usable', async () => {
  const endpoint = await startDynamoDb();
  tables.set('old', ['ACTIVE']);
  expect(await createTables([table('old'), table('new')], endpoint, CREDENTIALS)).toEqual({ created: ['new'], existing: ['old'] });
  expect(tables.get('new')).toEqual(['ACTIVE']);
});

test('what there is, is not made again', async () => {
  const endpoint = await startDynamoDb();
  tables.set('old', ['ACTIVE']);
  await createTables([table('old')], endpoint, CREDENTIALS);
  expect(calls).not.toContain('CreateTable old');
});

test('what somebody else makes at the same time is there', async () => {
  const endpoint = await startDynamoDb();
  answerWith = (operation) => {
    if (operation !== 'CreateTable') { return undefined; }
    tables.set('new', ['ACTIVE']);
    return [400, { __type: 'ResourceInUseException' }];
  };
  expect(await createTables([table('new')], endpoint, CREDENTIALS)).toEqual({ created: [], existing: ['new'] });
});

test('what cannot be made is told', async () => {
  const endpoint = await startDynamoDb();
  answerWith = (operation) => operation === 'CreateTable' ? [400, { __type: 'x#ValidationException', message: 'no key' }] : undefined;
  await expect(createTables([table('new')], endpoint, CREDENTIALS)).rejects.toThrow('table `new` of `Chat/new` cannot be made: DynamoDB says `x#ValidationException`: no key');
});

test.each([[{ Message: 'down' }, '`500`: down'], [{}, '`500`: ']])('what cannot be asked for is told: %j', async (body, message) => {
  const endpoint = await startDynamoDb();
  answerWith = () => [500, body];
  await expect(createTables([table('new')], endpoint, CREDENTIALS)).rejects.toThrow(`table \`new\`: DynamoDB says ${message}`);
});

test.each(['<html>', { ok: true }])('something else than DynamoDB is told: %j', async (body) => {
  const endpoint = await startDynamoDb();
  answerWith = () => [200, body];
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  await expect(createTables([table('new')], endpoint, CREDENTIALS)).rejects.toThrow(`what answers at \`${endpoint}\` is not DynamoDB: it sent \`${sent}\``);
});

test.each(['https://dynamodb.eu-west-1.amazonaws.com', 'http://10.0.0.1:8000', 'http://localhost.example.com', 'http://127.0.0.1.example.com', 'nonsense'])('nothing is made at `%s`', async (endpoint) => {
  await expect(createTables([table('new')], endpoint, CREDENTIALS)).rejects.toThrow(
    `tables are made on this machine only, and \`${endpoint}\` is not on it: set \`AWS_ENDPOINT_URL_DYNAMODB\` to \`http://localhost:<port>\``,
  );
});

test.each(['http://localhost:8000', 'http://127.0.0.2:8000', 'http://[::1]:8000', 'https://dynamodb.localhost'])('`%s` is on this machine', async (endpoint) => {
  expect(await createTables([], endpoint, CREDENTIALS)).toEqual({ created: [], existing: [] });
});
