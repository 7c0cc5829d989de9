// `npm run fuzz -- [target] [--seconds N] [--seed S]`: gives the parsers and the shipped functions what nobody would write. What finds
// something joins the corpus in test/fuzz/corpus, where every test run tries it again. Exits with 1 if there are findings.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const require = createRequire(import.meta.url);
require('../test/typescript-hook.cjs');
const { fuzz } = require('../test/fuzz/engine.ts');
const { corpusFolder, corpusOf, TARGETS } = require('../test/fuzz/targets.ts');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string', default: '120' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const names = positionals.length === 0 ? Object.keys(TARGETS) : positionals;
const unknown = names.find((name) => !Object.hasOwn(TARGETS, name));
if (unknown !== undefined) { throw new Error(`there is no target \`${unknown}\`: there is ${Object.keys(TARGETS).join(', ')}`); }

for (const name of names) {
  const corpus = corpusOf(name);
  const started = performance.now();
  const { runs, findings } = await fuzz(TARGETS[name], { corpus, seed, seconds: Number(values.seconds) });
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${name}: ${runs} runs in ${seconds} s with the seed ${seed}, ${findings.length} findings`);
  for (const { text, input } of findings) {
    const json = JSON.stringify(input);
    const file = join(corpusFolder(name), `${createHash('sha256').update(json).digest('hex').slice(0, 8)}.json`);
    mkdirSync(corpusFolder(name), { recursive: true });
    writeFileSync(file, `${json}\n`);
    console.log(`  ${text.slice(0, 500)}\n    ${file}: ${json.slice(0, 300)}`);
  }
  if (findings.length > 0) { process.exitCode = 1; }
}
process.exit();
