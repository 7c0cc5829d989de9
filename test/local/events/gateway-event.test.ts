import { readFileSync } from 'node:fs';
import { EVENT_FIELDS } from '../../../src/local/events/gateway-event';

const TYPES = Object.entries(EVENT_FIELDS);

describe.each(TYPES)('an event `%s`', (type, fields) => {
  test('is in the guide, with all of its fields', () => {
    const line = readFileSync('docs/local-gateway.md', 'utf8').split('\n').find((one) => one.startsWith(`| \`${type}\` |`)) ?? '';

    expect(Object.keys(fields).filter((name) => !line.includes(`\`${name}\``))).toEqual([]);
  });

  test('is known to the page and to the terminal', () => {
    const sources = ['src/local/console/page/words.js', 'src/cli/report.ts'].map((file) => readFileSync(file, 'utf8'));

    // The page shows what it does not know as a warning.
    for (const source of sources) { expect(type === 'warning' || source.includes(`case '${type}':`)).toBe(true); }
  });
});

test('the guide has no event that there is not', () => {
  const [, table] = /\| `type` \| fields, beside `time` \|\n\|---\|---\|\n((?:\|.*\n)*)/.exec(readFileSync('docs/local-gateway.md', 'utf8'))!;

  expect([...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, type]) => type)).toEqual(TYPES.map(([type]) => type));
});
