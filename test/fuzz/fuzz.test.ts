import { fuzz } from './engine';
import { corpusOf, TARGETS } from './targets';

// A few inputs only, always the same: `npm run fuzz` goes on for as long as you like.

test.each(Object.keys(TARGETS))('%s: every input is understood, or refused with a reason', async (name) => {
  const { findings, runs } = await fuzz(TARGETS[name], { corpus: corpusOf(name), seed: 1, runs: 50, leniency: 20 });

  expect(findings).toEqual([]);
  expect(runs).toBeGreaterThanOrEqual(50);
});
