// `npm run package:all`: the packages of all languages, in dist. Where a machine has not what a language's package is built with, its source is
// generated, and that is said.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './set-up.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What was built, for the table of measures. */
export const SUMMARY = join(root, 'dist', 'packages.json');

/** By jsii's name of the target: the language, what builds its packages, and what they are. */
export const TARGETS = {
  js: { language: 'typescript', tools: ['npm'], packages: [['tarball', /\.tgz$/]] },
  python: { language: 'python', tools: ['python3'], packages: [['wheel', /\.whl$/], ['sdist', /\.tar\.gz$/]] },
  java: { language: 'java', tools: ['javac', 'mvn'], packages: [['jar', /\d\.jar$/]] },
  go: { language: 'go', tools: ['go'], packages: [['module', /./]] },
  dotnet: { language: 'csharp', tools: ['dotnet'], packages: [['NuGet package', /\.nupkg$/]] },
};

/**
 * Builds the packages from the compiled assembly.
 *
 * @returns one sentence for each language whose package was not built
 */
export async function packageAll() {
  if (!existsSync(join(root, '.jsii'))) {
    throw new Error('there is no `.jsii`: compile first, with `npx projen compile`');
  }
  const absent = Object.fromEntries(Object.entries(TARGETS).map(([target, { tools }]) => [target, tools.find((tool) => !isOnPath(tool))]));
  const built = Object.keys(TARGETS).filter((target) => !absent[target]);
  const generated = Object.keys(TARGETS).filter((target) => absent[target]);
  Object.keys(TARGETS).forEach((target) => rmSync(join(root, 'dist', target), { recursive: true, force: true }));

  const times = Object.assign({}, ...await Promise.all([
    pacmak(built),
    generated.length > 0 ? pacmak(generated, '--code-only') : {},
  ]));
  writeFileSync(SUMMARY, JSON.stringify(Object.fromEntries(built.map((target) => [TARGETS[target].language, {
    'build of the package': times[target],
    'size of the package': TARGETS[target].packages.map(([name, files]) => `${name} ${megabytes(filesOf(join(root, 'dist', target), files))}`).join(', '),
  }])), null, 2));
  return generated.map((target) => `${TARGETS[target].language}: its source is generated but not compiled, because \`${absent[target]}\` is not on the PATH`);
}

/** The packages of a target, as paths; nothing where they were not built since the last compilation. */
export function packaged(target) {
  const folder = join(root, 'dist', target);
  if (!existsSync(SUMMARY) || !existsSync(folder) || statSync(SUMMARY).mtimeMs < statSync(join(root, '.jsii')).mtimeMs) { return []; }
  return TARGETS[target].packages.flatMap(([, files]) => filesOf(folder, files));
}

/**
 * Maven finds in its own repository what it fetched before; by default, pacmak gives it an empty one.
 *
 * @returns how long each target took, in words
 */
function pacmak(targets, ...options) {
  const args = ['jsii-pacmak', '--verbose', '--maven-local-repository', join(homedir(), '.m2', 'repository'), ...options, ...targets.flatMap((target) => ['--target', target])];
  return new Promise((resolve, reject) => {
    const child = spawn('npx', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => output += data);
    child.stderr.on('data', (data) => output += data);
    child.on('close', (status) => {
      if (status !== 0) { return reject(new Error(`${output}\n\`npx ${args.join(' ')}\` failed`)); }
      const [, timings] = /Packaged\. (.*)/.exec(output);
      resolve(Object.fromEntries([...timings.matchAll(/([\w ]+) \(((?:\d+m)?[\d.]+s)\)/g)].map(([, name, time]) => [name.trim(), time])));
    });
  });
}

function filesOf(folder, files) {
  return readdirSync(folder, { recursive: true }).filter((file) => files.test(file)).map((file) => join(folder, file)).filter((file) => statSync(file).isFile());
}

function megabytes(files) {
  return `${(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6).toFixed(2)} MB`;
}

function isOnPath(tool) {
  return spawnSync(process.platform === 'win32' ? 'where' : 'which', [tool], { stdio: 'ignore' }).status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(root);
  process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = '20';
  process.env.PROJEN_DISABLE_POST = 'true';
  setUp();
  for (const task of ['compile', 'rosetta']) {
    if (spawnSync('npx', ['projen', task], { stdio: 'inherit' }).status !== 0) { process.exit(1); }
  }
  (await packageAll()).forEach((sentence) => console.log(sentence));
}
