import { isDeeper } from '../../src/messages/nesting';

const nested = (levels: number, inmost: unknown): unknown => Array.from({ length: levels }).reduce((inner) => [{ inner }], inmost);

test.each([
  ['a text', 'text', 0], ['null', null, 0], ['a list', [], 1], ['an object', { key: 'value' }, 1], ['a list in an object', { list: [1, []] }, 3],
])('%s is nested to its depth, and no deeper', (_, value, levels) => {
  expect(isDeeper(value, levels)).toBe(false);
  expect(isDeeper(value, levels - 1)).toBe(levels > 0);
});

test('the deepest value counts, wherever it stands', () => {
  expect(isDeeper([1, { flat: 1, deep: nested(3, {}) }, 2], 8)).toBe(true);
  expect(isDeeper([1, { flat: 1, deep: nested(3, {}) }, 2], 9)).toBe(false);
});
