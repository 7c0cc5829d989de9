/**
 * The keywords of JSON schema draft 4, which are those that API Gateway takes: what each may be, and which schemas lie below it.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-zyp-json-schema-04
 * @see https://datatracker.ietf.org/doc/html/draft-fge-json-schema-validation-00
 */
interface Keyword {
  /** What it takes, as an error says it. */
  readonly takes: string;
  accepts(value: unknown): boolean;
  /** The values below it that have to be schemas, each with its place in it. */
  schemas(value: any): Array<readonly [string[], unknown]>;
}

type Map = { readonly [name: string]: unknown };

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const isTexts = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isText) && isDistinct(value);
const isList = (value: unknown) => Array.isArray(value) && value.length > 0;

const plain = (takes: string, accepts: (value: unknown) => boolean): Keyword => ({ takes, accepts, schemas: () => [] });

const SCHEMA: Keyword = { takes: 'a schema', accepts: isMap, schemas: (value) => [[[], value]] };
const SCHEMA_OR_FLAG: Keyword = {
  takes: 'a schema, `true` or `false`',
  accepts: (value) => isMap(value) || typeof value === 'boolean',
  schemas: (value) => isMap(value) ? [[[], value]] : [],
};
const SCHEMAS: Keyword = {
  takes: 'a list of schemas, one at least', accepts: isList, schemas: (value: unknown[]) => value.map((one, index) => [[String(index)], one]),
};
const NAMED_SCHEMAS: Keyword = {
  takes: 'an object whose values are schemas', accepts: isMap, schemas: (value: Map) => Object.entries(value).map(([name, one]) => [[name], one]),
};
const TEXT = plain('a string', isText);
const FLAG = plain('`true` or `false`: numbers came with draft 6', (value) => typeof value === 'boolean');
const NUMBER = plain('a number', (value) => typeof value === 'number');
const COUNT = plain('a whole number, 0 or more', isCount);

const KEYWORDS: { readonly [keyword: string]: Keyword } = {
  id: TEXT,
  $schema: plain('`"http://json-schema.org/draft-04/schema#"`, the only version that API Gateway knows',
    (value) => isText(value) && /^https?:\/\/json-schema\.org\/(draft-04\/)?schema#?$/.test(value as string)),
  $ref: TEXT,
  title: TEXT,
  description: TEXT,
  default: plain('anything', () => true),
  format: TEXT,
  type: plain(`one of ${TYPES.map((type) => `\`"${type}"\``).join(', ')}, or a list of them`,
    (value) => TYPES.includes(value as string) || (isTexts(value) && (value as string[]).every((type) => TYPES.includes(type)))),
  enum: plain('a list of different values, one at least', (value) => isList(value) && isDistinct(value as unknown[])),
  multipleOf: plain('a number above 0', (value) => typeof value === 'number' && value > 0),
  maximum: NUMBER,
  exclusiveMaximum: FLAG,
  minimum: NUMBER,
  exclusiveMinimum: FLAG,
  maxLength: COUNT,
  minLength: COUNT,
  pattern: plain('a regular expression', isPattern),
  items: {
    takes: 'a schema, or a list of schemas',
    accepts: (value) => isMap(value) || Array.isArray(value),
    schemas: (value) => Array.isArray(value) ? SCHEMAS.schemas(value) : SCHEMA.schemas(value),
  },
  additionalItems: SCHEMA_OR_FLAG,
  maxItems: COUNT,
  minItems: COUNT,
  uniqueItems: plain('`true` or `false`', (value) => typeof value === 'boolean'),
  maxProperties: COUNT,
  minProperties: COUNT,
  required: plain('a list of names of properties, one at least', isTexts),
  properties: NAMED_SCHEMAS,
  patternProperties: {
    ...NAMED_SCHEMAS,
    takes: 'an object whose names are regular expressions, and whose values are schemas',
    accepts: (value) => isMap(value) && Object.keys(value).every(isPattern),
  },
  additionalProperties: SCHEMA_OR_FLAG,
  dependencies: {
    takes: 'an object whose values are schemas, or lists of names of properties',
    accepts: (value) => isMap(value) && Object.values(value).every((one) => isMap(one) || isTexts(one)),
    schemas: (value: Map) => NAMED_SCHEMAS.schemas(value).filter(([, one]) => isMap(one)),
  },
  definitions: NAMED_SCHEMAS,
  allOf: SCHEMAS,
  anyOf: SCHEMAS,
  oneOf: SCHEMAS,
  not: SCHEMA,
};

/** What to write instead of a keyword that is older or newer than draft 4, or that another specification has. */
const INSTEAD: { readonly [keyword: string]: string } = {
  $id: 'write `id`, or leave it out',
  $defs: 'write `definitions`',
  $comment: 'write `description`',
  const: 'write `enum` with one value',
  contains: 'leave it out',
  dependentRequired: 'write `dependencies`',
  dependentSchemas: 'write `dependencies`',
  deprecated: 'leave it out',
  else: 'write `oneOf` or `anyOf`',
  example: 'write `default`, or leave it out',
  examples: 'write `default`, or leave it out',
  if: 'write `oneOf` or `anyOf`',
  nullable: 'write `"null"` into the list of `type`',
  prefixItems: 'write `items` with a list',
  propertyNames: 'write `patternProperties`, with `additionalProperties: false`',
  readOnly: 'leave it out',
  then: 'write `oneOf` or `anyOf`',
  unevaluatedProperties: 'write `additionalProperties`',
  writeOnly: 'leave it out',
};

/** A schema, or a value that stands where one has to be. */
interface Visited {
  readonly value: unknown;
  /** Names and numbers, from the root. */
  readonly path: string[];
}

/** All schemas in a schema, itself first. Values that are none are among them. */
export function schemasIn(schema: unknown, leaveOut: (value: unknown) => boolean = () => false): Visited[] {
  const found: Visited[] = [];
  const open: Visited[] = [{ value: schema, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    found.push(next);
    if (!isMap(value) || leaveOut(value)) { continue; }
    for (const [name, given] of entriesOf(value).reverse()) {
      const keyword = ownOf(KEYWORDS, name);
      if (!keyword || leaveOut(given) || !keyword.accepts(given)) { continue; }
      open.push(...keyword.schemas(given).map(([below, one]) => ({ value: one, path: [...path, name, ...below] })).reverse());
    }
  }
  return found;
}

/**
 * What makes a schema none of draft 4, in the words of an error: the first thing.
 *
 * @param leaveOut values that are not known yet
 */
export function faultOf(schema: unknown, leaveOut: (value: unknown) => boolean = () => false): string | undefined {
  for (const { value, path } of schemasIn(schema, leaveOut)) {
    if (leaveOut(value)) { continue; }
    if (!isMap(value)) {
      const hint = typeof value === 'boolean' ? ', such as `{}`; `true` and `false` came with draft 6' : '';
      return `\`${pointer(path)}\` is \`${short(value)}\`, but takes a schema: an object${hint}`;
    }
    for (const [name, given] of entriesOf(value)) {
      const keyword = ownOf(KEYWORDS, name);
      const place = `\`${pointer([...path, name])}\``;
      if (!keyword) { return `${place} is no keyword of draft 4, and API Gateway takes no other: ${ownOf(INSTEAD, name) ?? 'leave it out'}`; }
      const [, bound] = /^exclusive(M\w+)$/.exec(name) ?? [];
      if (bound !== undefined && value[bound.toLowerCase()] === undefined) {
        return `${place} says something of \`${bound.toLowerCase()}\`, and there is none: write it too`;
      }
      if (!leaveOut(given) && !keyword.accepts(given)) { return `${place} is \`${short(given)}\`, but takes ${keyword.takes}`; }
    }
  }
  return undefined;
}

/** A place in a schema, as `$ref` writes it. */
export function pointer(path: string[]): string {
  return ['#', ...path.map((name) => name.replace(/~/g, '~0').replace(/\//g, '~1'))].join('/');
}

export function isMap(value: unknown): value is Map {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON has no `undefined`. */
function entriesOf(value: Map): Array<[string, unknown]> {
  return Object.entries(value).filter(([, one]) => one !== undefined);
}

function ownOf<T>(record: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === 'string' && new RegExp(value) !== undefined;
  } catch {
    return false;
  }
}

function isDistinct(values: unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size === values.length;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
