// Every synth after the first: the same folder, with no change, or with one changed file.
import { alternate, atMost, median, spread, times } from '../measure.mjs';
import { clean, editHandler, project } from '../project.mjs';
import { CONTENDERS, synth } from './synth.mjs';

const HANDLERS = 50;
const OWN = 'this library';
const NODEJS = 'L2 + `NodejsFunction`';

export const title = 'Synth again';

export const text = `${HANDLERS} handlers, in the same folder: the first time, with nothing changed, and after one handler was edited. That no stale asset is ever \
left, \`test/stale-assets.test.ts\` proves. Nothing is cached between two runs: all is built again, which is quick enough.`;

export function measure({ quick }) {
  const runs = quick ? 3 : 15;
  const contenders = CONTENDERS.filter((contender) => !contender.startsWith('the floor, ') && !(quick && contender === NODEJS));
  const folders = new Map(contenders.map((contender) => [contender, project(HANDLERS)]));
  let edits = 0;
  const values = alternate(new Map(contenders.map((contender) => [contender, {
    measure: () => {
      const folder = folders.get(contender);
      clean(folder);
      editHandler(folder, 0, 0);
      const first = synth(folder, contender, HANDLERS);
      const unchanged = synth(folder, contender, HANDLERS);
      editHandler(folder, 0, `'edit ${edits++}'`);
      return { first, unchanged, edited: synth(folder, contender, HANDLERS) };
    },
    // Only this library's are compared with each other.
    runs: contender === OWN ? runs : contender === NODEJS ? 1 : Math.min(runs, 5),
  }])), runs);

  const of = (contender, phase) => values.get(contender).map((one) => one[phase]);
  const own = (phase) => median(of(OWN, phase)) / median(of(OWN, 'first'));
  return {
    head: ['', ...contenders],
    rows: [['first', 'first'], ['unchanged', 'unchanged'], ['one handler edited', 'edited']].map(([name, phase]) => [name, ...contenders.map((contender) => spread(of(contender, phase), runs))]),
    // Allows a twentieth for noise.
    goals: [
      atMost('unchanged second synth, compared with the first', own('unchanged'), 1.05, times),
      atMost('synth after one file changed, compared with the first', own('edited'), 1.05, times),
    ],
  };
}
