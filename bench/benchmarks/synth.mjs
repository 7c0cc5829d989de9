// `cdk synth` is what a user waits for, all day.
import { fileURLToPath } from 'node:url';
import { alternate, atLeast, atMost, median, ratio, run, spread, times } from '../measure.mjs';
import { clean, project } from '../project.mjs';

const APP = fileURLToPath(new URL('../apps/synth.mjs', import.meta.url));
const OWN = 'this library';
const NODEJS = 'L2 + `NodejsFunction`';
export const CONTENDERS = [OWN, NODEJS, 'L2 + cdk-esbuild', 'the floor', 'the floor, with all that this library adds'];

/** How often `NodejsFunction` runs if one run takes half a minute or more. */
const ROWS = {
  quick: [{ handlers: 10, runs: 3 }, { handlers: 50, runs: 3, nodejs: 1 }],
  full: [
    { handlers: 1, runs: 9 },
    { handlers: 10, runs: 9, nodejs: 5 },
    { handlers: 50, runs: 9, nodejs: 5 },
    { handlers: 200, runs: 5, nodejs: 1 },
    { handlers: 50, runs: 5, nodejs: 2, megabyte: true },
  ],
};

export const title = 'Synth of TypeScript handlers';

export const text = 'The floor is one bare call of `esbuild.buildSync` with all entries, and the L2s with `Code.fromAsset`: functions that may not post to \
their connections, do not know where, are not traced, and an API without a log. The second floor has these written out by hand, as an app needs them, \
and is what this library\'s work is to be measured by. Each contender bundles each handler into an asset of its own. 200 handlers are more than one stack may have: the limit is off. The 1 MB are a dependency that every handler uses, all of it. Where a cell says how many runs it took, they were fewer than the others\', because one takes half a minute or more. \
By the profiler (`node --cpu-prof`, 50 handlers, three runs), this library\'s time is: 30 % CDK\'s synthesis of the stack, 21 % loading modules, 20 % waiting for esbuild, \
5 % the account\'s log role, 5 % code of this library, and the rest CDK\'s constructs and garbage collection. Against the floor, permissions, variables and the log cost it 5 % in CDK\'s synthesis, and the role another 5 %. \
It gains that back by writing assets itself: CDK\'s own take 20 % of the floor\'s time.';

export function measure({ quick }) {
  const goals = [];
  const rows = ROWS[quick ? 'quick' : 'full'].map(({ handlers, runs, nodejs = runs, megabyte = false }) => {
    const folder = project(handlers, { megabyte });
    const name = `${handlers}${megabyte ? ', each with 1 MB' : ''}`;
    const values = alternate(new Map(CONTENDERS.map((contender) => [contender, {
      measure: () => {
        clean(folder);
        return synth(folder, contender, handlers);
      },
      runs: contender === NODEJS ? nodejs : runs,
    }])), runs);
    if (handlers === 50 && !megabyte) {
      goals.push(
        atLeast('synth of 50 handlers: faster than `NodejsFunction`', ratio(values.get(NODEJS), values.get(OWN)), 25),
        atLeast('synth of 50 handlers: faster than cdk-esbuild', ratio(values.get('L2 + cdk-esbuild'), values.get(OWN)), 1),
        atMost('synth of 50 handlers: time, compared with the floor', median(values.get(OWN)) / median(values.get('the floor')), 1, times),
      );
    }
    return [name, ...CONTENDERS.map((contender) => contender === OWN
      ? spread(values.get(OWN), runs)
      : `${spread(values.get(contender), runs)}, **${times(ratio(values.get(contender), values.get(OWN)))}**`)];
  });
  return { head: ['handlers', ...CONTENDERS], rows, goals };
}

/** @returns milliseconds */
export function synth(folder, contender, handlers) {
  return run(process.execPath, [APP, contender, String(handlers)], { cwd: folder }).time;
}
