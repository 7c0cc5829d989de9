import { expressionOf } from './handshake-values';
import { Refusal } from './refusal';
import { GroupSettings, ValueSettings } from '../../connections/settings';
import { isUnicode } from '../table/unicode';

const MAX_BYTES = 256;

/** What the names of groups are read from. */
export interface NameSource {
  /** The message, as far as it is JSON. */
  readonly message: unknown;
  readonly value: (value: ValueSettings) => string | undefined;
}

/** The names of the groups that a route, or the handshake, is about. Throws a refusal if one is no name. */
export function groupNames(group: GroupSettings, { message, value }: NameSource): string[] {
  if ('of' in group) { return [group.of]; }
  if ('path' in group) { return [checkName('group', `${group.prefix}${textAt('group', message, group.path)}`)]; }
  return listed(value(group.value)).map((name) => checkName('group', `${group.prefix}${name}`));
}

/** The user that a message names. */
export function userName(message: unknown, path: ReadonlyArray<string | number>): string {
  return checkName('user', textAt('user', message, path));
}

/** Values kept by their expressions, as a source. */
export function keptValues(values: { readonly [expression: string]: string }): NameSource['value'] {
  return (value) => Object.hasOwn(values, expressionOf(value)) ? values[expressionOf(value)] : undefined;
}

/** @param what `group` or `user` */
export function checkName(what: string, name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_BYTES) { throw new Refusal(`invalid-${what}`, `the ${what} has ${bytes} bytes: it can have ${MAX_BYTES}`); }
  if (!isUnicode(name)) { throw new Refusal(`invalid-${what}`, `the ${what} is no Unicode text`); }
  return name;
}

/** What is at a path of a message: own properties only, so that `constructor` is a name like any other. */
function textAt(what: string, message: unknown, path: ReadonlyArray<string | number>): string {
  const value = path.reduce<unknown>((at, key) => (
    typeof at === 'object' && at !== null && Object.hasOwn(at, key) && Array.isArray(at) === (typeof key === 'number')
      ? (at as { readonly [key: string | number]: unknown })[key] : undefined), message);
  if (value === undefined) { throw new Refusal(`invalid-${what}`, `the message names no ${what}`); }
  if (typeof value !== 'string') { throw new Refusal(`invalid-${what}`, `the ${what} is no text`); }
  if (value === '') { throw new Refusal(`invalid-${what}`, `the ${what} is empty`); }
  return value;
}

/** A value that is a JSON list names several. */
function listed(value: string | undefined): string[] {
  if (value === undefined) { return []; }
  const names = value.startsWith('[') ? parsed(value) : undefined;
  if (!Array.isArray(names)) { return [value]; }
  if (!names.every((name) => typeof name === 'string' && name !== '')) { throw new Refusal('invalid-group', 'the list of groups has something else than text'); }
  return [...new Set(names as string[])];
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
