// The gateway loads this file with NODE_OPTIONS; its functions do not get that variable. On SIGUSR2 it collects garbage, and writes what
// the process holds to the file that `SOAK_PROBE` names.
const { renameSync, writeFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

process.on('SIGUSR2', async () => {
  // Objects that finalizers release in one turn are collected in the next.
  for (let turn = 0; turn < 3; turn++) {
    gc();
    await new Promise((done) => setImmediate(done));
  }
  const resources = {};
  for (const type of process.getActiveResourcesInfo()) { resources[type] = (resources[type] ?? 0) + 1; }
  const file = process.env.SOAK_PROBE;
  writeFileSync(`${file}.part`, JSON.stringify({ memory: process.memoryUsage(), resources }));
  renameSync(`${file}.part`, file);
});
