// `npm run package:all`: builds the packages of all languages in dist. If a machine lacks the tools of a language, the script generates
// only the source of that package, and says so.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isOnPath, run, runOrThrow } from './commands.mjs';
import { setUp } from './set-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What was built, for the table of measures. */
export const SUMMARY = join(root, 'dist', 'packages.json');

/** The languages by jsii's name of the target, each with the tool that builds its packages, and the packages. */
export const TARGETS = {
  js: { language: 'typescript', tools: ['npm'], packages: [['tarball', /\.tgz$/]] },
  python: { language: 'python', tools: ['python3'], packages: [['wheel', /\.whl$/], ['sdist', /\.tar\.gz$/]] },
  java: { language: 'java', tools: ['javac', 'mvn'], packages: [['jar', /\d\.jar$/]] },
  go: { language: 'go', tools: ['go'], packages: [['module', /./]] },
  dotnet: { language: 'csharp', tools: ['dotnet'], packages: [['NuGet package', /\.nupkg$/]] },
};

/** What is built in another way than jsii-pacmak does by itself. */
const OWN_SCRIPTS = { python: 'scripts/build/python-package.mjs', dotnet: 'scripts/build/nuget-package.mjs' };

/**
 * Builds each package separately from the compiled assembly, so a missing tool stops only its own language.
 *
 * @param languages which; all by default
 * @returns for each language how long it took, and its failure if it has one; if the machine lacks a tool, which one it is `missing`
 */
export async function packageAll({ languages = Object.values(TARGETS).map(({ language }) => language) } = {}) {
  if (!existsSync(join(root, '.jsii'))) {
    throw new Error('there is no `.jsii`: compile first, with `npx projen compile`');
  }
  const targets = Object.keys(TARGETS).filter((target) => languages.includes(TARGETS[target].language));
  const outcomes = [];
  const next = async () => {
    for (let target = targets.shift(); target; target = targets.shift()) { outcomes.push(await buildPackage(target)); }
  };
  await Promise.all(Array.from({ length: 2 }, next));
  const built = outcomes.filter(({ failure, missing }) => !failure && !missing);
  writeFileSync(SUMMARY, JSON.stringify(Object.fromEntries(built.map(({ target, language, seconds }) => [language, {
    'build of the package': `${seconds} s`,
    'size of the package': sizes(target),
  }])), null, 2));
  return outcomes;
}

/** Builds the package of one language. If its tools are not on this machine, only its source is generated. */
async function buildPackage(target) {
  const { language, tools } = TARGETS[target];
  const missing = tools.find((tool) => !isOnPath(tool));
  rmSync(join(root, 'dist', target), { recursive: true, force: true });
  // Lets Maven reuse its own repository; by default, pacmak gives it an empty one.
  const pacmak = ['npx', 'jsii-pacmak', '--maven-local-repository', join(homedir(), '.m2', 'repository'), '--target', target, ...missing ? ['--code-only'] : []];
  const own = missing ? undefined : OWN_SCRIPTS[target];
  const [command, ...args] = own === undefined ? pacmak : ['node', own];
  const { status, output, seconds } = await run(command, args, { cwd: root });
  if (status === 0 && target === 'go') { await runOrThrow('node', ['scripts/build/go-readme.mjs'], { cwd: root }); }
  return { target, language, missing, seconds, failure: status === 0 ? undefined : output };
}

/** The paths of a target's packages; empty if they have not been built since the last compilation. */
export function packaged(target) {
  const folder = join(root, 'dist', target);
  if (!existsSync(SUMMARY) || !existsSync(folder) || statSync(SUMMARY).mtimeMs < statSync(join(root, '.jsii')).mtimeMs) { return []; }
  return TARGETS[target].packages.flatMap(([, files]) => filesOf(folder, files));
}

function filesOf(folder, files) {
  const paths = readdirSync(folder, { recursive: true }).filter((file) => files.test(file)).map((file) => join(folder, file));
  return paths.filter((path) => statSync(path).isFile());
}

function sizes(target) {
  return TARGETS[target].packages.map(([name, files]) => `${name} ${megabytes(filesOf(join(root, 'dist', target), files))}`).join(', ');
}

function megabytes(files) {
  return `${(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6).toFixed(2)} MB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(root);
  process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = '20';
  process.env.PROJEN_DISABLE_POST = 'true';
  setUp();
  for (const task of ['compile', 'rosetta']) {
    if (spawnSync('npx', ['projen', task], { stdio: 'inherit' }).status !== 0) { process.exit(1); }
  }
  const outcomes = await packageAll();
  for (const { language, missing, failure, seconds } of outcomes) {
    if (missing) { console.log(`- ${language}: only the source is generated, because \`${missing}\` is not on the PATH`); continue; }
    console.log(failure ? `✗ ${language} (${seconds} s)\n${failure}` : `✓ ${language} (${seconds} s)`);
  }
  process.exit(outcomes.some(({ failure }) => failure) ? 1 : 0);
}
