import { spawnSync } from 'node:child_process';
import { parseToml } from '../../../src/handlers/python/toml';

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

test('dates are left as they are written', () => {
  expect({ ...parseToml('a = 2026-09-17T14:11:04Z\nb = 2026-09-17 14:11:04\nc = 2026-09-17\n') })
    .toEqual({ a: '2026-09-17T14:11:04Z', b: '2026-09-17 14:11:04', c: '2026-09-17' });
});

test.each([
  ['a = ', 'line 1: expected a value'],
  ['a = 1\nb = "x', 'line 2: expected `"`'],
  ['a = [1 2]', 'line 1: expected `,` or `]`'],
  ['a = 1 b', 'line 1: expected the end of the line'],
  ['a = 1\na = 2', 'line 2: expected a key that is not there already'],
  ['[x', 'line 1: expected `]`'],
])('what cannot be read is told with its line: %j', (text, message) => {
  expect(() => parseToml(text)).toThrow(message);
});

test('a document cannot reach the prototypes of JavaScript', () => {
  parseToml('[__proto__]\npolluted = true\n[constructor.prototype]\npolluted = true\n');

  expect(({} as any).polluted).toBeUndefined();
});
