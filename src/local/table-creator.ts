import { TableModel } from './definition/model';
import { signRequest, SigningOptions } from '../signature/sign-request';
import { callHttp } from './integrations/http-call';
import { isLocal } from './wire/address';

const TIMEOUT = 10_000;
const POLL = 50;
const MAX_POLLS = 600;

/**
 * Creates the tables of an app that a DynamoDB on this machine does not have yet, and waits until they can be used.
 *
 * @throws Error for an endpoint elsewhere: nothing is made in an account
 */
export async function createTables(
  tables: readonly TableModel[], endpoint: string, credentials: SigningOptions['credentials'],
): Promise<{ created: string[]; existing: string[] }> {
  if (!URL.canParse(endpoint) || !isLocal(new URL(endpoint).hostname)) {
    throw new Error(`tables are made on this machine only, and \`${endpoint}\` is not on it: set \`AWS_ENDPOINT_URL_DYNAMODB\` to \`http://localhost:<port>\``);
  }
  const done: { created: string[]; existing: string[] } = { created: [], existing: [] };
  for (const table of tables) {
    const { TableName } = table.input;
    const send = (operation: string, input: object) => call(endpoint, credentials, table.region, operation, input);
    const exists = await status(send, TableName) !== undefined || !await create(send, table);
    done[exists ? 'existing' : 'created'].push(TableName);
    await untilActive(send, TableName);
  }
  return done;
}

type Send = (operation: string, input: object) => Promise<Answer>;

interface Answer {
  readonly status: number;
  readonly body: {
    readonly __type?: string;
    readonly message?: string;
    readonly Message?: string;
    /** Of `DescribeTable`. */
    readonly Table?: { readonly TableStatus?: string };
    /** Of `CreateTable`. */
    readonly TableDescription?: object;
  };
}

/** Undefined if there is no such table. */
async function status(send: Send, TableName: string): Promise<string | undefined> {
  const answer = await send('DescribeTable', { TableName });
  if (answer.status === 200) { return answer.body.Table?.TableStatus; }
  if (isError(answer, 'ResourceNotFoundException')) { return undefined; }
  throw failure(`table \`${TableName}\``, answer);
}

/** False if somebody else was faster. */
async function create(send: Send, { path, input }: TableModel): Promise<boolean> {
  const answer = await send('CreateTable', input);
  if (answer.status === 200) { return true; }
  if (isError(answer, 'ResourceInUseException')) { return false; }
  throw failure(`table \`${input.TableName}\` of \`${path}\` cannot be made`, answer);
}

async function untilActive(send: Send, TableName: string) {
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    if (await status(send, TableName) === 'ACTIVE') { return; }
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
  throw new Error(`table \`${TableName}\` was made, and cannot be used: it is not \`ACTIVE\` after ${MAX_POLLS * POLL / 1000} seconds`);
}

async function call(
  endpoint: string, credentials: SigningOptions['credentials'], region: string, operation: string, input: object,
): Promise<Answer> {
  const url = new URL(endpoint);
  const body = JSON.stringify(input);
  const headers = { 'host': url.host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` };
  const signature = signRequest({ method: 'POST', path: url.pathname, headers, body }, { service: 'dynamodb', region, credentials, now: Date.now() });
  const answer = await callHttp({ method: 'POST', url, headers: { ...headers, ...signature }, body, timeoutMillis: TIMEOUT });
  const parsed = { status: answer.status, body: parse(answer.body) };
  if (!parsed.body || (parsed.status === 200 && !parsed.body.Table && !parsed.body.TableDescription)) {
    throw new Error(`what answers at \`${endpoint}\` is not DynamoDB: it sent \`${answer.body.slice(0, 100)}\``);
  }
  return { ...parsed, body: parsed.body };
}

function parse(text: string): Answer['body'] | undefined {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isError({ body: { __type = '' } }: Answer, name: string): boolean {
  return __type.endsWith(`#${name}`) || __type === name;
}

function failure(what: string, { status: code, body: { __type, message, Message } }: Answer): Error {
  return new Error(`${what}: DynamoDB says \`${__type ?? code}\`: ${message ?? Message ?? ''}`);
}
