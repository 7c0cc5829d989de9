import fc from 'fast-check';

/** Values and texts that parsers stumble over. */
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'length', 'then', ''];
const VALUES: readonly unknown[] = [
  null, true, false, JSON.parse('['.repeat(400) + ']'.repeat(400)), 0, -1, 1e999, 1e21, 0.1, '', [], {}, [null], [[]], '\u2028', '\ud800', 'x'.repeat(3000), '__proto__', 'constructor',
  { toString: 1, valueOf: 1 }, { toString: null }, { length: 1e9 }, JSON.parse('{"__proto__":{"polluted":true}}'), { constructor: { prototype: { polluted: true } } },
];
const TEXTS = [
  ...NAMES, ...'`~!@#$%^&*()-_=+[{]}\\|;:\'",<.>/? \t\r\n\0'.split(''), '\r\n', '\r\n\r\n', '${', '$', '..', '[*]', '..*', '[0]', "['", '[-1]', '%', '%00', '%ff', '%2e%2e',
  '\ud800', '\udfff', '\u2028', '\ufeff', '\u00ff', '0', '-1', '1e999', '9'.repeat(30), ' '.repeat(3000), `${'['.repeat(9000)}${']'.repeat(9000)}`, '{"a":'.repeat(3000), '{"toString":1,"valueOf":1}',
  '(', ')', '#if(', '#end', '#foreach(', '#set(', '$input', '.json(', '.path(', '#{', '/*', '//', 'null', 'true', 'arn:aws:', '*', '?', '/../', '::1', '=', '==',
];

interface Edit {
  readonly at: number;
  readonly how: number;
  readonly value: unknown;
  readonly text: string;
  readonly from: number;
  readonly length: number;
}

const edits: fc.Arbitrary<Edit[]> = fc.array(fc.record({
  at: fc.nat(),
  how: fc.nat(7),
  value: fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 2 })),
  text: fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 3 })),
  from: fc.nat(),
  length: fc.oneof(fc.constant(1), fc.nat(20)),
}), { minLength: 1, maxLength: 6 });

/** Inputs that are changed here and there: what is text stays text, and what is a list stays one, down to this level. */
export function mutated(corpus: readonly unknown[], fixed: number): fc.Arbitrary<any> {
  return fc.tuple(fc.constantFrom(...corpus), edits).map(([input, changes]) => (
    changes.reduce((at, edit) => changed(at, edit.at % sizeOf(at), edit, fixed)[0], input)
  ));
}

function sizeOf(value: unknown): number {
  return typeof value !== 'object' || value === null ? 1 : Object.values(value).reduce<number>((sum, item) => sum + sizeOf(item), 1);
}

/** Changes the value with this number, counted from the outside to the inside. Returns how many are left. */
function changed(value: unknown, place: number, edit: Edit, fixed: number): [unknown, number] {
  if (place === 0) { return [fixed >= 0 ? sameKind(value, edit, fixed) : typeof value === 'string' ? changedText(value, edit) : changedValue(value, edit), -1]; }
  if (typeof value !== 'object' || value === null) { return [value, place - 1]; }
  let left = place - 1;
  const entries = Object.entries(value).map(([key, item]) => {
    if (left < 0) { return [key, item] as const; }
    const [result, rest] = changed(item, left, edit, fixed - 1);
    left = rest;
    return [key, result] as const;
  });
  return [Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries), left];
}

function sameKind(value: unknown, edit: Edit, fixed: number): unknown {
  if (typeof value === 'string') { return changedText(value, { ...edit, how: edit.how || 4 }); }
  // The fields of what is fixed are fixed, too.
  return typeof value === 'object' && value !== null && (fixed === 0 || Array.isArray(value)) ? changedValue(value, { ...edit, how: fixed === 0 ? edit.how || 1 : 1 }) : value;
}

function changedText(text: string, { how, from, length, text: other, value }: Edit): unknown {
  const at = from % (text.length + 1);
  switch (how) {
    case 0: return value;
    case 1: return text.slice(0, at) + text.slice(at + length);
    case 2: return text.slice(0, at) + text.slice(at, at + length).repeat(1 + from % 5) + text.slice(at + length);
    case 3: return text.slice(0, at) + text.slice(at, at + length).repeat(2000) + text.slice(at + length);
    case 4: return text.slice(0, at) + other + text.slice(at + length);
    default: return text.slice(0, at) + other + text.slice(at);
  }
}

function changedValue(value: unknown, { how, from, value: other }: Edit): unknown {
  if (typeof value !== 'object' || value === null || how === 0) { return other; }
  const entries = Object.entries(value);
  const at = from % (entries.length + 1);
  const name = NAMES[from % NAMES.length];
  if (how < 3) { entries.splice(at, 1); }
  if (how >= 3 && how < 5 && entries[at]) { entries[at] = [how === 3 ? name : entries[at][0], other]; }
  if (how >= 5) { entries.splice(at, 0, [name, how === 5 ? other : entries[from % (entries.length || 1)]?.[1] ?? other]); }
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
