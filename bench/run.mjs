// `npm run bench`: compares the speed of this library with that of the alternatives. `node bench/run.mjs [--quick] [--check] [--only name]`
//   --quick  fewer rows and runs, in less than two minutes; RESULTS.md is left alone
//   --check  fails if a ratio falls below half of its goal, which is too far for noise
//   --only   one benchmark: the name of a file in `benchmarks`; RESULTS.md is left alone
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { removeProjects } from './project.mjs';
import { packaged } from '../scripts/package-all.mjs';
import { setUp } from '../scripts/set-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const BENCHMARKS = ['synth', 'again', 'languages', 'loop', 'import', 'construct', 'resources', 'bytes', 'connections', 'shipped', 'gateway', 'broadcast'];
const { values: { quick, check, only } } = parseArgs({ options: { quick: { type: 'boolean' }, check: { type: 'boolean' }, only: { type: 'string' } } });
if (only && !BENCHMARKS.includes(only)) { throw new Error(`there is no benchmark \`${only}\`: there are ${BENCHMARKS.join(', ')}`); }

process.chdir(root);
prepare();

const started = performance.now();
const goals = [];
const sections = [];
try {
  for (const name of only ? [only] : BENCHMARKS) {
    const { title, text, measure } = await import(`./benchmarks/${name}.mjs`);
    const { skipped, head, rows, goals: own = [] } = await measure({ quick });
    goals.push(...own);
    const section = `## ${title}\n\n${skipped ? `Not measured: ${skipped}.` : `${text}\n\n${table(head, rows)}`}\n`;
    sections.push(section);
    console.log(section);
  }
} finally {
  removeProjects();
}

const outcome = `## Goals\n\n${table(['', 'goal', 'measured', 'reached'], goals.map(({ what, goal, value, share }) => [what, goal, value, share >= 1 ? 'yes' : '**no**']))}\n`;
console.log(outcome);
if (!quick && !only) { writeFileSync(join(root, 'bench', 'RESULTS.md'), [head(), outcome, ...sections].join('\n')); }
console.log(`${quick ? 'The quick variant, with fewer runs and rows than `RESULTS.md`. ' : ''}It took ${Math.round((performance.now() - started) / 1000)} s on ${machine()}.`);

const failed = goals.filter(({ share }) => share < 0.5);
if (check && failed.length > 0) {
  failed.forEach(({ what, goal, value }) => console.error(`${what}: ${value}, which is not half of the goal, ${goal}`));
  process.exit(1);
}

/** Builds first: a fresh clone has no build, and an old one must not be measured. */
function prepare() {
  setUp();
  if (time('bench/node_modules/.package-lock.json') < time('bench/package-lock.json')) { execute('npm', ['ci', '--prefix', 'bench', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']); }
  if (newest('src') > time('lib/index.js')) { execute('npx', ['projen', 'compile']); }
  const needsPackages = only ? only === 'languages' : !quick;
  if (needsPackages && ['python', 'java', 'go'].some((target) => packaged(target).length === 0)) { execute('node', ['scripts/package-all.mjs']); }
}

function execute(command, args) {
  console.log(`$ ${[command, ...args].join(' ')}`);
  const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', PROJEN_DISABLE_POST: 'true' };
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 1e8 });
  if (status !== 0) { throw new Error(`${stdout}\n${stderr}`); }
}

/** Returns 0 if there is no such file. */
function time(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

function newest(folder) {
  return Math.max(...readdirSync(folder, { recursive: true }).map((file) => statSync(join(folder, file)).mtimeMs));
}

function head() {
  return `# Benchmarks

What \`npm run bench\` printed, on ${machine()}. Each figure is the median of whole processes, with the fastest and the slowest in parentheses; the contenders ran in turn, in one run.
The figures of another machine differ, the ratios less. **1.50 ×** means that a contender takes one and a half times as long as this library.
CDK's own validation of templates is off: it takes seconds, and for all contenders the same.
`;
}

function machine() {
  const { model } = cpus()[0];
  const processor = /unknown/i.test(model) ? '' : ` (${model.replace(/\(R\)|\(TM\)| CPU| @.*| Processor/g, '').trim()})`;
  return `${cpus().length} cores${processor}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${{ linux: 'Linux', darwin: 'macOS', win32: 'Windows' }[process.platform]}, Node.js ${process.version.slice(1)}`;
}

function table(columns, rows) {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
