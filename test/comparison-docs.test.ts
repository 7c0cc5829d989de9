import { readFileSync } from 'node:fs';

const PAGE = readFileSync('docs/comparison.md', 'utf8');
const [COMPARISON, LIMITS] = ['# How it compares', '## What API Gateway itself cannot do'].map((heading) => {
  const rows = PAGE.split(`${heading}\n`)[1].split('\n## ')[0].split('\n').filter((line) => line.startsWith('| '));
  return rows.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
});

test('the tables of docs/comparison.md have every cell', () => {
  for (const rows of [COMPARISON, LIMITS]) {
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => row.length !== rows[0].length || row.slice(1).includes(''))).toEqual([]);
  }
});

test('what docs/comparison.md says of others has its page, or says that there is none', () => {
  const [, ...rows] = COMPARISON;
  // What is the service's own is the same for all that deploy it.
  const own = ['–', '128 KB', 'the same', 'a post for each'];
  const claims = rows.flatMap(([feature, , ...others]) => others.map((cell) => ({ feature, cell })));

  expect(claims.filter(({ cell }) => !/\]\[[\w-]+\]/.test(cell) && !own.includes(cell))).toEqual([]);
});

test('each page that docs/comparison.md names is defined once, and each that it defines is named', () => {
  const used = new Set([...PAGE.matchAll(/\]\[([\w-]+)\]/g)].map(([, name]) => name));
  const defined = [...PAGE.matchAll(/^\[([\w-]+)\]: https:\/\/\S+$/gm)].map(([, name]) => name);

  expect([...defined].sort()).toEqual([...used].sort());
});

test('what docs/comparison.md says of this library names what there is', () => {
  // The scenarios use all of the public API.
  const api = readFileSync('test/scenarios.ts', 'utf8');
  const named = [...COMPARISON.slice(1).map((row) => row[1]), ...LIMITS.map((row) => row[2])]
    .flatMap((cell) => [...cell.matchAll(/`(?:Authorization)?\.?(\w+)/g)].map(([, name]) => name));

  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(api))).toEqual([]);
});
