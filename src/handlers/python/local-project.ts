import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalProject, nameOf, normalized } from './packages';
import { parseToml, tableAt, tablesOf, textsOf, TomlTable } from './toml';
import { SourceFiles } from '../source-files/source-files';

/** The files of a local project that go into the build of its wheel. */
export function projectFiles(folder: string): SourceFiles {
  return new SourceFiles(folder, {
    gitIgnore: true,
    exclude: ['node_modules'],
    // Left by earlier builds.
    excludePaths: [join(folder, 'build'), join(folder, 'dist')],
  });
}

/** A hash of the contents of a folder or a file. */
export function fingerprintOf(path: string): string {
  return statSync(path).isDirectory() ? projectFiles(path).fingerprint() : createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** The projects, and the other projects on this machine that they need, each once. */
export function withLocalDependencies(projects: LocalProject[]): LocalProject[] {
  const all = new Map<string, LocalProject>();
  const add = (project: LocalProject) => {
    if (all.has(project.path)) { return; }
    all.set(project.path, project);
    localDependencies(project.path).forEach(add);
  };
  projects.forEach(add);
  return [...all.values()];
}

/** What decides how a local project is built. */
export function projectKey({ path, extras, marker }: LocalProject): string {
  return `${basename(path)}${extras}${marker} ${fingerprintOf(path)}`;
}

/** Reads a `pyproject.toml`; an empty table if there is none. */
export function readPyproject(folder: string): TomlTable {
  const file = join(folder, 'pyproject.toml');
  if (!existsSync(file)) { return {}; }
  return readToml(file);
}

export function readToml(file: string): TomlTable {
  try {
    return parseToml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`\`${file}\` cannot be read: ${(error as Error).message}`);
  }
}

/** The dependencies of a project that are on this machine: by `[tool.uv.sources]`, or as `name @ file:…`. */
function localDependencies(folder: string): LocalProject[] {
  const pyproject = readPyproject(folder);
  const sources = tableAt(pyproject, 'tool', 'uv', 'sources');
  return textsOf(tableAt(pyproject, 'project').dependencies).flatMap((requirement) => {
    const url = /@\s*(file:\S+)/.exec(requirement)?.[1];
    if (url) { return existsSync(fileURLToPath(url)) ? [{ path: fileURLToPath(url), extras: '', marker: '' }] : []; }
    const source = Object.entries(sources).find(([name]) => normalized(name) === nameOf(requirement))?.[1];
    // One table, or a list of them, each for another platform.
    return tablesOf([source ?? []].flat()).flatMap(({ path, marker }) => {
      if (typeof path !== 'string') { return []; }
      if (!existsSync(resolve(folder, path))) { throw new Error(`\`${join(folder, 'pyproject.toml')}\` leads to \`${path}\`, which does not exist`); }
      return [{ path: resolve(folder, path), extras: '', marker: typeof marker === 'string' ? `; ${marker}` : '' }];
    });
  });
}
