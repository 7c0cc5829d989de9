import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { readPyproject } from './local-project';
import { LOCKS_OF_OTHERS, pipenvLockedPackages, poetryLockedPackages } from './other-locks';
import { isEmpty, nameOf, normalized, Packages } from './packages';
import { readRequirementList, readRequirements } from './requirements';
import { isTable, tableAt, textsOf, TomlTable, TomlValue } from './toml';
import { uvLockedPackages } from './uv-lock';

const WAY_OUT = 'write a `requirements.txt` into `srcPath`';

/**
 * Finds the packages to install for the handlers of a folder; undefined if there are none.
 *
 * If the folder has a `requirements.txt`, nothing else counts. Otherwise the nearest project counts, in the folder or above it. That covers
 * source layouts such as `project/src/`, and members of a workspace.
 */
export function findPackages(srcDir: string): Packages | undefined {
  const file = join(srcDir, 'requirements.txt');
  const packages = existsSync(file) ? readRequirements(file) : packagesOfProject(srcDir);
  if (!packages || isEmpty(packages)) { return undefined; }
  if (packages.names.includes('aws-cdk-lib')) {
    // A project above the handlers may be the app's.
    if (packages.manifest !== file && !existsSync(join(srcDir, 'pyproject.toml'))) { return undefined; }
    throw new Error(`\`${packages.manifest}\` asks for aws-cdk-lib, so it belongs to the CDK app and not to the function: ` +
      'put the handlers into a folder of their own, with their own requirements.txt if they need one, and name it with `srcPath`');
  }
  return packages;
}

function packagesOfProject(srcDir: string): Packages | undefined {
  const topmost = topmostFolder(srcDir);
  for (let folder = srcDir; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Pipfile.lock'))) { return pipenvLockedPackages(join(folder, 'Pipfile.lock')); }
    if (existsSync(join(folder, 'Pipfile'))) { throw new Error(`\`${join(folder, 'Pipfile')}\` has no lock: run \`pipenv lock\`, or ${WAY_OUT}`); }
    const pyproject = readPyproject(folder);
    // A `pyproject.toml` may hold only settings of tools.
    if (pyproject.project !== undefined || tableAt(pyproject, 'tool', 'poetry').dependencies !== undefined) {
      return packagesOfPyproject(folder, pyproject, topmost);
    }
    if (folder === topmost) { return undefined; }
  }
}

function packagesOfPyproject(folder: string, pyproject: TomlTable, topmost: string): Packages | undefined {
  const manifest = join(folder, 'pyproject.toml');
  const project = tableAt(pyproject, 'project');
  const poetry = tableAt(pyproject, 'tool', 'poetry');
  const declared = [...textsOf(project.dependencies), ...dependenciesOfPoetry(poetry)];

  if (existsSync(join(folder, 'poetry.lock'))) { return poetryLockedPackages(join(folder, 'poetry.lock'), declared); }
  const locked = uvLockedPackages(folder, declared, topmost);
  if (locked) { return locked; }

  const other = Object.keys(LOCKS_OF_OTHERS).find((file) => existsSync(join(folder, file)));
  if (other) {
    throw new Error(`\`${join(folder, other)}\` belongs to a tool that this library does not know: ${WAY_OUT}, \`${LOCKS_OF_OTHERS[other]}\``);
  }
  if (textsOf(project.dynamic).includes('dependencies')) {
    throw new Error(`\`${manifest}\` has dynamic dependencies, which are known only after a build of the project: ${WAY_OUT}, an empty one if there are none`);
  }
  if (dependenciesOfPoetry(poetry).length > 0) {
    throw new Error(`\`${manifest}\` has Poetry dependencies, but there is no \`poetry.lock\`: run \`poetry lock\`, or ${WAY_OUT}`);
  }
  const uv = tableAt(pyproject, 'tool', 'uv');
  const source = Object.keys(tableAt(uv, 'sources')).find((name) => declared.some((requirement) => nameOf(requirement) === normalized(name)));
  if (source !== undefined) {
    throw new Error(`\`${manifest}\` has a source for \`${source}\` in \`[tool.uv.sources]\`, but there is no \`uv.lock\`: run \`uv lock\``);
  }
  const settings = indexSettings(uv, folder);
  return {
    ...readRequirementList(manifest, declared),
    uvSettings: settings,
    onlyUv: Object.keys(settings).length > 0 ? '`[tool.uv]` with indexes' : undefined,
  };
}

/** Without `python`, which is not a package. */
function dependenciesOfPoetry(poetry: TomlTable): string[] {
  return Object.entries(tableAt(poetry, 'dependencies'))
    .filter(([name, value]) => name !== 'python' && !(isTable(value) && value.optional === true))
    .map(([name]) => name);
}

const INDEX_SETTINGS = ['index', 'index-url', 'extra-index-url', 'no-index', 'find-links', 'index-strategy', 'keyring-provider', 'allow-insecure-host'];

/** The project's settings for uv's indexes, with absolute paths. */
function indexSettings(uv: TomlTable, folder: string): TomlTable {
  return Object.fromEntries(INDEX_SETTINGS.filter((name) => uv[name] !== undefined).map((name) => [name, absolute(uv[name], folder)]));
}

function absolute(value: TomlValue, folder: string): TomlValue {
  if (Array.isArray(value)) { return value.map((item) => absolute(item, folder)); }
  if (isTable(value)) { return { ...value, url: absolute(value.url, folder) }; }
  return typeof value === 'string' && existsSync(resolve(folder, value)) ? resolve(folder, value) : value;
}

/** The root of the repository, otherwise the folder of the app. Projects above it do not belong to the handlers. */
function topmostFolder(srcDir: string): string {
  for (let folder = srcDir; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) { return folder; }
  }
  return `${srcDir}${sep}`.startsWith(`${process.cwd()}${sep}`) ? process.cwd() : srcDir;
}
