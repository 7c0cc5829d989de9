import { patternOf } from './pattern';
import { JAVA_TEXT, javaText } from '../definition/expression';
import { anyNumber } from '../definition/json-value';

/** Something that templates can only use in the ways that are listed here. */
export class TemplateObject {
  public readonly [JAVA_TEXT]: string;

  constructor(
    public readonly methods: Readonly<Record<string, (...args: readonly unknown[]) => unknown>>,
    public readonly properties: Readonly<Record<string, unknown>> = {},
    text = '',
  ) {
    this[JAVA_TEXT] = text;
  }
}

type Methods<T> = Readonly<Record<string, (value: T, ...args: readonly unknown[]) => unknown>>;

/** More elements, or more text, than anything that API Gateway passes on. */
const MAX_ELEMENTS = 100_000;
const MAX_TEXT = 10_000_000;

/**
 * Calls a method that a value has in Java, where API Gateway runs templates. Values are plain data here, and only the methods of these
 * tables are called, so nothing of JavaScript is within reach. Returns undefined if there is no such method.
 */
export function callMethod(value: unknown, name: string, args: readonly unknown[]): unknown {
  if (value instanceof TemplateObject) {
    return Object.hasOwn(value.methods, name) ? value.methods[name](...args) : undefined;
  }
  const methods = methodsOf(value) as Methods<unknown>;
  const method = Object.hasOwn(methods, name) ? methods[name] : Object.hasOwn(OBJECT, name) ? OBJECT[name] : undefined;
  return method === undefined ? undefined : limited(method(value, ...args));
}

/** What a value has by that name or position: a list has positions, an object has what was put in it. */
export function property(value: unknown, key: unknown): unknown {
  if (value instanceof TemplateObject) { return own(value.properties, key); }
  if (Array.isArray(value) && typeof key === 'number') { return value.at(key); }
  const found = isMap(value) ? own(value, key) : undefined;
  return found === undefined && key === 'empty' ? callMethod(value, 'isEmpty', []) : found;
}

export function setProperty(value: unknown, key: unknown, item: unknown) {
  if (Array.isArray(value) && typeof key === 'number' && key >= 0 && key < value.length) {
    value[Math.trunc(key)] = item;
  } else if (isMap(value)) {
    // Not by assignment: `__proto__` is a name like any other here.
    Object.defineProperty(value, javaText(key), { value: item, writable: true, enumerable: true, configurable: true });
  }
}

/** @throws Error if a template makes more than it could send */
export function limited<T>(value: T): T {
  if ((typeof value === 'string' && value.length > MAX_TEXT) || (Array.isArray(value) && value.length > MAX_ELEMENTS)) { throw tooMuch(); }
  return value;
}

function tooMuch(): Error {
  return new Error(`the template makes more than ${MAX_TEXT} characters of text, or more than ${MAX_ELEMENTS} elements: API Gateway sends far less`);
}

/** Replaces each of the places, whose number tells before how long the text will be. */
function replaced(text: string, pattern: RegExp, by: string): string {
  if (text.length * by.length > MAX_TEXT && (text.match(pattern)?.length ?? 0) * by.length > MAX_TEXT) { throw tooMuch(); }
  return text.replace(pattern, by);
}

function methodsOf(value: unknown): object {
  switch (typeof value) {
    case 'string': return TEXT;
    case 'number': return NUMBER;
    case 'object': return value === null ? {} : Array.isArray(value) ? LIST : MAP;
    default: return {};
  }
}

const OBJECT: Methods<unknown> = {
  toString: (value: unknown) => javaText(value),
  equals: (value, other) => isEqual(value, other),
};

const TEXT: Methods<string> = {
  length: (text) => text.length,
  isEmpty: (text) => text === '',
  isBlank: (text) => text.trim() === '',
  contains: (text, part) => text.includes(javaText(part)),
  startsWith: (text, part) => text.startsWith(javaText(part)),
  endsWith: (text, part) => text.endsWith(javaText(part)),
  indexOf: (text, part, from = 0) => text.indexOf(javaText(part), anyNumber(from)),
  lastIndexOf: (text, part) => text.lastIndexOf(javaText(part)),
  charAt: (text, index) => text.charAt(anyNumber(index)),
  substring: (text, from, to = text.length) => text.substring(anyNumber(from), anyNumber(to)),
  concat: (text, other) => text + javaText(other),
  trim: (text) => text.trim(),
  toLowerCase: (text) => text.toLowerCase(),
  toUpperCase: (text) => text.toUpperCase(),
  equalsIgnoreCase: (text, other) => typeof other === 'string' && text.toLowerCase() === other.toLowerCase(),
  compareTo: (text, other) => compare(text, javaText(other)),
  matches: (text, pattern) => javaPattern(pattern, '', true).test(text),
  replace: (text, part, other) => replaced(text, new RegExp(literal(javaText(part)), 'g'), javaText(other).replaceAll('$', '$$$$')),
  replaceAll: (text, pattern, other) => replaced(text, javaPattern(pattern, 'g'), javaReplacement(other)),
  replaceFirst: (text, pattern, other) => text.replace(javaPattern(pattern), javaReplacement(other)),
  split: (text, pattern, limit = 0) => split(text, javaPattern(pattern, 'g'), anyNumber(limit)),
};

const NUMBER: Methods<number> = {
  intValue: (value) => Math.trunc(value),
  longValue: (value) => Math.trunc(value),
  doubleValue: (value) => value,
  compareTo: (value, other) => compare(value, anyNumber(other)),
  // `#set($Integer = 0)` is how templates get at the static methods of Java's class.
  parseInt: (_, text) => parseInteger(text),
  parseLong: (_, text) => parseInteger(text),
  parseDouble: (_, text) => anyNumber(text),
  valueOf: (_: number, text: unknown) => anyNumber(text),
};

const LIST: Methods<unknown[]> = {
  size: (list) => list.length,
  isEmpty: (list) => list.length === 0,
  get: (list, index) => list[anyNumber(index)],
  set: (list, index, item) => {
    const before = list[anyNumber(index)];
    setProperty(list, anyNumber(index), item);
    return before;
  },
  add: (list, ...args) => {
    limited(list);
    if (args.length > 1) {
      list.splice(anyNumber(args[0]), 0, args[1]);
      return undefined;
    }
    list.push(args[0]);
    return true;
  },
  addAll: (list, items) => {
    const added = Array.isArray(items) ? items : [];
    limited([...list, ...added]);
    for (const item of [...added]) { list.push(item); }
    return added.length > 0;
  },
  remove: (list, item) => {
    if (typeof item === 'number') { return list.splice(item, 1)[0]; }
    const index = list.findIndex((one) => isEqual(one, item));
    if (index >= 0) { list.splice(index, 1); }
    return index >= 0;
  },
  clear: (list) => { list.length = 0; },
  contains: (list, item) => list.some((one) => isEqual(one, item)),
  indexOf: (list, item) => list.findIndex((one) => isEqual(one, item)),
  subList: (list, from, to) => list.slice(anyNumber(from), anyNumber(to)),
};

const MAP: Methods<Record<string, unknown>> = {
  size: (map) => Object.keys(map).length,
  isEmpty: (map) => Object.keys(map).length === 0,
  get: (map, key) => own(map, key),
  getOrDefault: (map, key, fallback) => own(map, key) ?? fallback,
  put: (map, key, value) => {
    const before = own(map, key);
    setProperty(map, key, value);
    return before;
  },
  putAll: (map, other) => {
    if (isMap(other)) { Object.entries(other).forEach(([key, value]) => setProperty(map, key, value)); }
  },
  remove: (map, key) => {
    const before = own(map, key);
    delete map[javaText(key)];
    return before;
  },
  containsKey: (map, key) => Object.hasOwn(map, javaText(key)),
  containsValue: (map, value) => Object.values(map).some((one) => isEqual(one, value)),
  keySet: (map) => Object.keys(map),
  values: (map) => Object.values(map),
  entrySet: (map) => Object.entries(map).map(([key, value]) => (
    new TemplateObject({ getKey: () => key, getValue: () => value }, { key, value }, `${key}=${javaText(value)}`)
  )),
};

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TemplateObject);
}

function own(map: Readonly<Record<string, unknown>>, key: unknown): unknown {
  const name = javaText(key);
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Velocity's comparison: values of different kinds are equal if their texts are. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) { return true; }
  const missing = (value: unknown) => value === undefined || value === null;
  return missing(one) || missing(other) ? missing(one) && missing(other) : javaText(one) === javaText(other);
}

function compare<T extends string | number>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function parseInteger(text: unknown): number {
  if (!/^[+-]?\d+$/.test(javaText(text))) {
    throw new Error(`\`${javaText(text)}\` is not an integer`);
  }
  return anyNumber(text);
}

/** Java has its flags at the start of the pattern: `(?i)`. */
function javaPattern(pattern: unknown, flags = '', whole = false): RegExp {
  const [, given = '', source] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(javaText(pattern))!;
  const unique = [...new Set(flags + given)].join('');
  return patternOf(`\`${javaText(pattern).slice(0, 200)}\``, whole ? `^(?:${source})$` : source, unique);
}

/**
 * `$1` is a group in both languages. Only in Java does a backslash make the next character plain; only in JavaScript do `$&` and the like
 * have a meaning.
 */
function javaReplacement(value: unknown): string {
  return javaText(value).replace(/\\(.)|\$0|\$(?!\d)/gs, (match: string, escaped: string | undefined) => (
    match === '$0' ? '$&' : escaped === undefined || escaped === '$' ? '$$' : escaped
  ));
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** With a limit of 0, Java leaves out empty texts at the end. */
function split(text: string, pattern: RegExp, limit: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (limit > 0 && pieces.length === limit - 1) { break; }
    const end = match.index + match[0].length;
    if (end === 0 || (match[0] === '' && match.index === text.length)) { continue; }
    pieces.push(text.slice(from, match.index));
    from = end;
  }
  pieces.push(text.slice(from));
  while (limit === 0 && pieces.length > 1 && pieces[pieces.length - 1] === '') { pieces.pop(); }
  return pieces;
}
