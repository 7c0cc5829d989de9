import { nearest } from '../../../src/cli/invoke/nearest';

const NAMES = ['Chat/Api/Route send/Function', 'Chat/Worker', 'Chat-Worker1A2B', 'Chat/Nightly'];

test.each([
  ['Chat/Wroker', ['Chat/Worker']],
  ['worker', ['Chat/Worker', 'Chat-Worker1A2B']],
  ['Nightly', ['Chat/Nightly']],
  ['something else', expect.arrayContaining(NAMES)],
])('for `%s`, those are named that are like it', (name, expected) => {
  expect(nearest(name, NAMES)).toEqual(expected);
});

test('of many, some are named', () => {
  expect(nearest('x', Array.from({ length: 100 }, (_, index) => `Function${index}`))).toHaveLength(6);
});
