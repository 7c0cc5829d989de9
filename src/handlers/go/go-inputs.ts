import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folderOfImport, GoModule, goFilesIn, isFile } from './go-module';

/** Files of a package besides Go that go into a binary without cgo. */
const LINKED = ['.s', '.S', '.h', '.syso'];

/** The files on this machine that a package is built from: its own, and those of the packages that it imports. */
export function filesOfPackage(module: GoModule, folder: string): string[] {
  const files = new Set(module.manifests);
  const seen = new Set<string>();
  const visit = (one: string) => {
    if (seen.has(one)) { return; }
    seen.add(one);
    for (const [file, { packageName, imports, embeds }] of goFilesIn(one)) {
      if (packageName === undefined) { continue; }
      files.add(file);
      embeds.flatMap((pattern) => embedded(one, pattern)).forEach((path) => files.add(path));
      for (const path of imports) {
        const imported = folderOfImport(module, path);
        if (imported !== undefined) { visit(imported); }
      }
    }
    readdirSync(one).filter((name) => LINKED.some((ending) => name.endsWith(ending))).forEach((name) => files.add(join(one, name)));
  };
  visit(folder);
  return [...files];
}

/** The local files that use cgo. */
export function filesWithCgo(files: string[]): string[] {
  const folders = new Set(files.filter((file) => file.endsWith('.go')).map((file) => join(file, '..')));
  return [...folders].flatMap((folder) => [...goFilesIn(folder)].filter(([, { imports }]) => imports.includes('C')).map(([file]) => file));
}

/**
 * The files that a pattern of `//go:embed` stands for.
 *
 * @see https://pkg.go.dev/embed
 */
function embedded(folder: string, pattern: string): string[] {
  const all = pattern.startsWith('all:');
  const matches = (all ? pattern.slice(4) : pattern).split('/').reduce(
    (paths, segment) => paths.flatMap((path) => named(path, segment)), [folder]);
  return matches.flatMap((path) => (isFile(path) ? [path] : filesBelow(path, all)));
}

function named(folder: string, segment: string): string[] {
  if (segment === '.') { return [folder]; }
  if (!existsSync(folder) || !statSync(folder).isDirectory()) { return []; }
  const expression = segment.replace(/\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|\*|\?|[^]/g, (part, literal, negated, characters) => {
    if (characters !== undefined) { return `[${negated}${characters}]`; }
    return part === '*' ? '.*' : part === '?' ? '.' : (literal ?? part).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  return readdirSync(folder).filter((name) => new RegExp(`^${expression}$`, 's').test(name)).map((name) => join(folder, name));
}

function filesBelow(folder: string, all: boolean): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!all && /^[._]/.test(entry.name)) { return []; }
    return entry.isDirectory() ? filesBelow(path, all) : entry.isFile() ? [path] : [];
  });
}
