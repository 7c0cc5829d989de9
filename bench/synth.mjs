// What a user waits for: `cdk synth`. Whole processes, the contenders in turn, in one run; medians and ratios.
// `node bench/synth.mjs [routes] [runs]`
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [routes, runs] = [Number(process.argv[2] ?? 50), Number(process.argv[3] ?? 5)];
const contenders = ['this library', 'L2 + one bare esbuild call', 'L2 + NodejsFunction'];
const folder = project(routes);
const times = new Map(contenders.map((contender) => [contender, []]));
try {
  for (let run = 0; run < runs; run++) {
    for (const contender of contenders) {
      times.get(contender).push(synthesize(contender));
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const own = median(times.get('this library'));
console.log(`| synth of ${routes} TypeScript handlers, ${runs} runs | median | fastest to slowest | ratio to this library |\n|---|---|---|---|`);
for (const [contender, values] of times) {
  const middle = median(values);
  console.log(`| ${contender} | ${seconds(middle)} | ${seconds(values[0])} to ${seconds(values.at(-1))} | ${(middle / own).toFixed(2)} |`);
}

/** An app's folder, as a user has it: handlers that share a module, a lock file, and its node_modules. */
function project(handlers) {
  const home = mkdtempSync(join(tmpdir(), 'bench-'));
  symlinkSync(fileURLToPath(new URL('../node_modules', import.meta.url)), join(home, 'node_modules'));
  mkdirSync(join(home, 'src'));
  writeFileSync(join(home, 'package.json'), '{}');
  writeFileSync(join(home, 'package-lock.json'), '{}');
  writeFileSync(join(home, 'src', 'reply.ts'), 'export const reply = (body: unknown) => ({ statusCode: 200, body: JSON.stringify(body) });\n');
  for (let index = 0; index < handlers; index++) {
    writeFileSync(join(home, 'src', `handler${index}.ts`),
      `import { reply } from './reply';\nexport const main = async (event: { body: string }) => reply({ handler: ${index}, body: event.body });\n`);
  }
  return home;
}

function synthesize(contender) {
  rmSync(join(folder, 'cdk.out'), { recursive: true, force: true });
  rmSync(join(folder, 'out'), { recursive: true, force: true });
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('synth-app.mjs', import.meta.url)), contender, String(routes)], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false' },
  });
  if (status !== 0) { throw new Error(`${contender}: ${stderr}`); }
  return performance.now() - started;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
