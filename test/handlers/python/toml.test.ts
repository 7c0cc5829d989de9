import { spawnSync } from 'node:child_process';
import { isTable, parseToml, tableAt, tablesOf, textsOf } from '../../../src/handlers/python/toml';

/** Python has a reader of its own since 3.11, and pip has one inside. */
const PYTHON = `
import json, sys
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
print(json.dumps(tomllib.loads(sys.stdin.read())))
`;

const DOCUMENT = `
# comment
title = "a \\"quoted\\" text\\u00e9 \\\\" # another
'literal key' = 'C:\\dir'
"dotted.key".x-1 = 1
a.b.c = [1, 2,
  3, # three
]
multi = """
one \\
   two
"quotes" """""
lit = '''
raw \\n'''
float = 1.5e3
big = 1_000
yes = true
no = false
[[package]]
name = "x"
source = { registry = "https://example.com", nested = { a = [ { b = 1 } ] } }
[package.metadata]
k = "v"
[[package]]
name = "y"
[package.sub]
[[package.list]]
i = 1
[[package.list]]
i = 2
[tool."my tool".x]
empty = {}
none = []
`;

test('TOML is read as Python reads it', () => {
  const { stdout } = spawnSync('python3', ['-c', PYTHON], { input: DOCUMENT, encoding: 'utf8' });

  expect(JSON.parse(JSON.stringify(parseToml(DOCUMENT)))).toEqual(JSON.parse(stdout));
});

test('dates are no tables, and integers of any size are read', () => {
  const { date, large } = parseToml('date = 2026-09-17T14:11:04Z\nlarge = 9007199254740993\n');

  expect({ date: isTable(date), large: String(large) }).toEqual({ date: false, large: '9007199254740993' });
});

test('what is asked for as a table, tables or texts is nothing else', () => {
  const table = parseToml('a = { b = { c = 1 } }\nlist = ["one", 2, { x = 1 }, ["three"], { x = 2 }]\ntext = "a"\n');

  expect([tableAt(table, 'a', 'b'), tableAt(table, 'a', 'b', 'c'), tableAt(table, 'text', 'length'), tableAt(table, 'list'), tableAt(table)]).toEqual([{ c: 1 }, {}, {}, {}, table]);
  expect([textsOf(table.list), textsOf(table.text), textsOf(undefined)]).toEqual([['one'], [], []]);
  expect([tablesOf(table.list), tablesOf(table.a), tablesOf(undefined)]).toEqual([[{ x: 1 }, { x: 2 }], [], []]);
});

test.each([
  ['a = ', 'line 1: invalid value'],
  ['a = 1\nb = "x', 'line 2: unfinished string'],
  ['a = [1 2]', 'line 1: expected comma or end of structure'],
  ['a = 1 b', 'line 1: each key-value declaration must be followed by an end-of-line'],
  ['a = 1\na = 2', 'line 2: trying to redefine an already defined table or value'],
  ['[x', 'line 1: incomplete key-value: cannot find end of key'],
])('what cannot be read is told with its line, on one line: %j', (text, message) => {
  expect(() => parseToml(text)).toThrow(new Error(message));
});

test('a document cannot reach the prototypes of JavaScript', () => {
  parseToml('[__proto__]\npolluted = true\n[constructor.prototype]\npolluted = true\n');

  expect(({} as any).polluted).toBeUndefined();
});
