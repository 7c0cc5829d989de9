import { MAX_BYTES } from '../posts/connections-api';
import { isTooDeep, MAX_LEVELS } from '../posts/nesting';
import { isUnicode } from '../table/unicode';

/** What the broadcaster is asked to do. */
export type Command =
  | { readonly action: 'sendToAll'; readonly data: string; readonly excluded: readonly string[] }
  | { readonly action: 'sendToGroup'; readonly group: string; readonly data: string; readonly excluded: readonly string[] }
  | { readonly action: 'sendToUser'; readonly user: string; readonly data: string; readonly excluded: readonly string[] }
  | { readonly action: 'sendToConnection'; readonly connectionId: string; readonly data: string }
  | { readonly action: 'joinGroup'; readonly group: string; readonly connectionId: string; readonly announce: boolean }
  | { readonly action: 'leaveGroup'; readonly group: string; readonly connectionId: string }
  | { readonly action: 'listGroup'; readonly group: string }
  | { readonly action: 'closeConnection'; readonly connectionId: string };

/** The fields of each action; `?` marks those that may be left out. */
const FIELDS: { readonly [action in Command['action']]: readonly string[] } = {
  sendToAll: ['data', 'excluded?'],
  sendToGroup: ['group', 'data', 'excluded?'],
  sendToUser: ['user', 'data', 'excluded?'],
  sendToConnection: ['connectionId', 'data'],
  joinGroup: ['group', 'connectionId', 'announce?'],
  leaveGroup: ['group', 'connectionId'],
  listGroup: ['group'],
  closeConnection: ['connectionId'],
};

/** The longest name of a group or a user, in bytes. */
const MAX_NAME = 256;

/** Reads an event. Throws an error that names the field that is wrong; what the field holds stays out of the log. */
export function parseCommand(event: unknown): Command {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new Error(`the event is ${kindOf(event)}: send an object with \`action\`, ${actions()}`);
  }
  const given = event as { readonly [field: string]: unknown };
  const action = own(given, 'action');
  if (typeof action !== 'string' || !Object.hasOwn(FIELDS, action)) {
    throw new Error(`\`action\` is ${typeof action === 'string' ? 'unknown' : kindOf(action)}: it takes ${actions()}`);
  }
  const fields = FIELDS[action as Command['action']];
  const names = fields.map((field) => field.replace('?', ''));
  const unknown = Object.keys(given).filter((field) => field !== 'action' && !names.includes(field));
  if (unknown.length > 0) {
    throw new Error(`the event has ${unknown.length === 1 ? 'a field' : 'fields'} that \`${action}\` does not take: it takes ${list(names)}`);
  }
  const values = fields.map((field, index) => {
    const value = own(given, names[index]);
    if (value === undefined && !field.endsWith('?')) { throw new Error(`\`${names[index]}\` of \`${action}\` is missing`); }
    return [names[index], READERS[names[index]](value, `\`${names[index]}\` of \`${action}\``)];
  });
  return { action, ...Object.fromEntries(values) } as Command;
}

const READERS: { readonly [field: string]: (value: unknown, what: string) => unknown } = {
  group: nameOf,
  user: nameOf,
  connectionId: textOf,
  data: dataOf,
  announce: (value, what) => {
    if (value !== undefined && typeof value !== 'boolean') { throw new Error(`${what} is ${kindOf(value)}: it takes true or false`); }
    return value ?? false;
  },
  excluded: (value, what) => {
    if (value !== undefined && !(Array.isArray(value) && value.every((one) => typeof one === 'string'))) {
      throw new Error(`${what} is ${Array.isArray(value) ? 'a list with something else' : kindOf(value)}: it takes a list of connection ids`);
    }
    return value ?? [];
  },
};

/** A text as it is, anything else as JSON. */
function dataOf(value: unknown, what: string): string {
  if (isTooDeep(value)) { throw new Error(`${what} is nested more than ${MAX_LEVELS} levels deep`); }
  const data = typeof value === 'string' ? value : JSON.stringify(value);
  const bytes = Buffer.byteLength(data);
  if (bytes === 0) { throw new Error(`${what} is empty: API Gateway sends no empty messages`); }
  if (bytes > MAX_BYTES) { throw new Error(`${what} has ${bytes} bytes: API Gateway sends at most ${MAX_BYTES}`); }
  return data;
}

function nameOf(value: unknown, what: string): string {
  const text = textOf(value, what);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_NAME) { throw new Error(`${what} has ${bytes} bytes: it takes at most ${MAX_NAME}`); }
  return text;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') { throw new Error(`${what} is ${kindOf(value)}: it takes text`); }
  if (value === '') { throw new Error(`${what} is empty`); }
  if (!isUnicode(value)) { throw new Error(`${what} is no Unicode text`); }
  return value;
}

function own(value: { readonly [field: string]: unknown }, field: string): unknown {
  return Object.hasOwn(value, field) ? value[field] : undefined;
}

function kindOf(value: unknown): string {
  if (value === undefined) { return 'missing'; }
  if (value === null) { return 'null'; }
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function actions(): string {
  return list(Object.keys(FIELDS));
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
