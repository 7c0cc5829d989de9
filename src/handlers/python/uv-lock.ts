import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fingerprintOf, projectKey, readToml } from './local-project';
import { LocalProject, nameOf, normalized, Packages } from './packages';
import { isTable, tableAt, tablesOf, textsOf, TomlTable } from './toml';

/** A lock, and the project's own package in it. */
interface Locked {
  readonly root: string;
  readonly packages: TomlTable[];
  readonly own: TomlTable;
}

/**
 * The packages of a project in `uv.lock`, which is beside the project or at the root of its workspace; undefined if no lock lists the
 * project.
 *
 * @param folder the folder of the project
 * @param declared the dependencies in its `pyproject.toml`
 */
export function uvLockedPackages(folder: string, declared: string[], topmost: string): Packages | undefined {
  const locked = findLock(folder, topmost);
  if (!locked) { return undefined; }
  const { root, own } = locked;
  const manifest = join(root, 'uv.lock');
  const needed = closure(locked);
  for (const requirement of declared) {
    if (![own, ...needed].some(({ name }) => normalized(String(name)) === nameOf(requirement))) {
      throw new Error(`\`${manifest}\` is older than \`${join(folder, 'pyproject.toml')}\`: \`${JSON.stringify(requirement)}\` is not in it. Run \`uv lock\``);
    }
  }
  const projects = needed.flatMap((one) => projectOf(one, root));
  const local = needed.filter((one) => isLocal(one));
  return {
    manifest,
    requirements: [],
    constraints: [],
    projects,
    names: needed.map(({ name }) => normalized(String(name))),
    complete: true,
    uvLock: needed.length === local.length ? undefined : {
      root, packageName: String(own.name), localNames: local.map(({ name }) => String(name)),
    },
    onlyUv: '`uv.lock`',
    key: [
      ...needed.map((one) => JSON.stringify(one)),
      ...projects.map(projectKey),
      ...needed.flatMap(({ source }) => isTable(source) && typeof source.path === 'string' ? [fingerprintOf(resolve(root, source.path))] : []),
    ],
  };
}

/** Finds the nearest lock that has the project. A lock further up may belong to something else. */
function findLock(folder: string, topmost: string): Locked | undefined {
  for (let root = folder; ; root = dirname(root)) {
    const file = join(root, 'uv.lock');
    if (existsSync(file)) {
      const packages = tablesOf(readToml(file).package);
      const own = packages.find((one) => folderOf(one, root) === folder);
      if (own) { return { root, packages, own }; }
    }
    if (root === topmost || root === dirname(root)) { return undefined; }
  }
}

/** All packages that the project needs. If the lock has several versions of one, all are taken; markers decide at install. */
function closure({ packages, own }: Locked): TomlTable[] {
  const needed = new Set<TomlTable>();
  const visited = new Set<string>();
  const visit = (dependencies: TomlTable[]) => {
    for (const { name, extra } of dependencies) {
      for (const one of packages.filter((candidate) => candidate.name === name && candidate !== own)) {
        needed.add(one);
        for (const part of ['', ...textsOf(extra)]) {
          const key = `${String(one.name)} ${String(one.version)} ${part}`;
          if (!visited.has(key)) {
            visited.add(key);
            visit(tablesOf(part === '' ? one.dependencies : tableAt(one, 'optional-dependencies')[part]));
          }
        }
      }
    }
  };
  visit(tablesOf(own.dependencies));
  return [...needed];
}

/** The folder of a package on this machine; undefined for a package from an index. */
function folderOf({ source }: TomlTable, root: string): string | undefined {
  if (!isTable(source)) { return undefined; }
  const path = source.editable ?? source.virtual ?? source.directory;
  return typeof path === 'string' ? resolve(root, path) : undefined;
}

function isLocal(one: TomlTable): boolean {
  return folderOf(one, '/') !== undefined;
}

/** A virtual project has dependencies only, and nothing to build. */
function projectOf(one: TomlTable, root: string): LocalProject[] {
  const path = folderOf(one, root);
  if (path === undefined || (isTable(one.source) && one.source.virtual !== undefined)) { return []; }
  if (!existsSync(path)) { throw new Error(`\`${join(root, 'uv.lock')}\` leads to \`${relative(root, path)}\`, which does not exist`); }
  return [{ path, extras: '', marker: '' }];
}
