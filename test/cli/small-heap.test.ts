import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Makes garbage as a gateway does: much of it is kept for a while. Prints how much room new objects had at most, in bytes. */
const PROGRAM = `
  const { getHeapSpaceStatistics } = require('node:v8');
  const [module] = process.argv.slice(1);
  if (module) { require(module).keepHeapSmall(); }
  const kept = [];
  let most = 0;
  let turns = 100;
  (function turn() {
    for (let index = 0; index < 20_000; index++) { kept[index] = { index, text: 'event ' + index, more: [index, { index }] }; }
    most = Math.max(most, getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space').space_size);
    if (--turns > 0) { setImmediate(turn); } else { console.log(most); }
  })();
`;

test('a busy gateway gives new objects less room than V8 would, and V8 has no complaint', () => {
  const [without, small] = [[], [resolve('lib/cli/small-heap.js')]].map((args) => spawnSync(process.execPath, ['-e', PROGRAM, ...args], { encoding: 'utf8' }));

  expect(small).toMatchObject({ status: 0, stderr: '' });
  expect(Number(small.stdout)).toBeLessThan(Number(without.stdout));
});
