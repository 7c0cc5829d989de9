// What the constructs cost, with nothing to bundle.
import { fileURLToPath } from 'node:url';
import { alternate, atLeast, atMost, exponent, median, ratio, run, spread, times } from '../measure.mjs';

const APP = fileURLToPath(new URL('../apps/construct.mjs', import.meta.url));

export const title = 'Constructs';

export const text = 'The time that the constructs of an API with routes to one function take, and their synthesis, in a process of its own each; loading is not in it. The exponent is fitted to the \
medians by least squares of logarithms: 1 means that twice the routes take twice the time, less that there is a part that all sizes have. \
Here it is the log, and the setting of the account\'s log role, which the L2 has not: some milliseconds, so that its constructs alone are sooner there up to about 100 routes. The resource limit is off, which the L2 would not keep.';

export function measure({ quick }) {
  const runs = quick ? 3 : 9;
  const sizes = quick ? [30, 100, 300] : [10, 20, 50, 100, 200, 300];
  const contenders = ['this library', 'L2'];
  const measured = sizes.map((routes) => alternate(new Map(contenders.map((contender) => [contender, {
    measure: () => JSON.parse(run(process.execPath, [APP, contender, String(routes)]).stdout),
  }])), runs));
  const of = (index, contender, phase) => measured[index].get(contender).map((one) => phase ? one[phase] : one.construct + one.synth);
  const fitted = (contender, phase) => exponent(sizes.map((routes, index) => [routes, median(of(index, contender, phase))]));
  return {
    head: ['routes', ...contenders.flatMap((contender) => [`${contender}: constructs`, `${contender}: and synthesis`]), 'ratio'],
    rows: [
      ...sizes.map((routes, index) => [String(routes),
        ...contenders.flatMap((contender) => [spread(of(index, contender, 'construct')), spread(of(index, contender))]),
        times(ratio(of(index, 'L2'), of(index, 'this library')))]),
      ['fitted exponent', ...contenders.flatMap((contender) => [fitted(contender, 'construct').toFixed(2), fitted(contender).toFixed(2)]), ''],
    ],
    goals: [
      atLeast(`constructs and synthesis of ${sizes[0]} to 300 routes: faster than the L2, at worst`, Math.min(...sizes.map((_, index) => ratio(of(index, 'L2'), of(index, 'this library')))), 1),
      atMost('constructs and synthesis: fitted exponent', fitted('this library'), 1.1),
    ],
  };
}
