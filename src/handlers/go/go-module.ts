import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GoFile, parseGo } from './go-file';

/** A Go module on this machine, and those that it takes from this machine. */
export interface GoModule {
  readonly root: string;
  /** By import path: the folders of the modules that are on this machine, its own first. */
  readonly folders: Map<string, string>;
  /** The files that say which versions are used. */
  readonly manifests: string[];
}

/** The folder of the nearest `go.mod` upwards. */
export function moduleRootOf(folder: string): string | undefined {
  for (let directory = folder; ; directory = dirname(directory)) {
    if (isFile(join(directory, 'go.mod'))) { return directory; }
    if (directory === dirname(directory)) { return undefined; }
  }
}

export function readModule(root: string): GoModule {
  const folders = new Map<string, string>();
  const manifests: string[] = [];
  const add = (folder: string) => {
    const file = join(folder, 'go.mod');
    if (!isFile(file)) { return; }
    const [path] = directives(file, 'module').flat();
    if (path !== undefined && !folders.has(path)) { folders.set(path, folder); }
    manifests.push(file, join(folder, 'go.sum'));
  };
  add(root);
  replacedIn(join(root, 'go.mod'));
  const workspace = workspaceOf(root);
  if (workspace !== undefined) {
    manifests.push(workspace, `${workspace}.sum`);
    directives(workspace, 'use').flat().forEach((path) => add(resolve(dirname(workspace), path)));
    replacedIn(workspace);
  }
  manifests.push(join(root, 'vendor/modules.txt'));
  return { root, folders, manifests: [...new Set(manifests)].filter(isFile) };

  function replacedIn(file: string) {
    for (const words of directives(file, 'replace')) {
      const arrow = words.indexOf('=>');
      if (/^\.{0,2}[/\\]|^[A-Za-z]:/.test(words[arrow + 1] ?? '')) {
        const folder = resolve(dirname(file), words[arrow + 1]);
        folders.set(words[0], folder);
        // Its dependencies are those of the main module; its own sums count for nothing.
        manifests.push(join(folder, 'go.mod'));
      }
    }
  }
}

/** The `go.work` that Go would take; undefined if there is none, or if it does not count. */
function workspaceOf(root: string): string | undefined {
  const given = process.env.GOWORK;
  if (given === 'off') { return undefined; }
  if (given) { return isFile(given) ? given : undefined; }
  for (let directory = root; ; directory = dirname(directory)) {
    if (isFile(join(directory, 'go.work'))) { return join(directory, 'go.work'); }
    if (directory === dirname(directory)) { return undefined; }
  }
}

/** The words of each line of a directive, whether it stands alone or in a block. */
function directives(file: string, name: string): string[][] {
  const found: string[][] = [];
  let block: string | undefined;
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const words = [...line.replace(/(^|\s)\/\/.*/, '').matchAll(/"((?:\\.|[^"\\])*)"|`([^`]*)`|([^\s"`]+)/g)]
      .map(([, quoted, raw, plain]) => quoted ?? raw ?? plain);
    if (words[0] === ')') {
      block = undefined;
    } else if (block !== undefined) {
      if (block === name && words.length > 0) { found.push(words); }
    } else if (words[1] === '(') {
      [block] = words;
    } else if (words[0] === name) {
      found.push(words.slice(1));
    }
  }
  return found;
}

/** The folder of an imported package that is on this machine; undefined if it is one of Go or of a downloaded module. */
export function folderOfImport({ root, folders }: GoModule, path: string): string | undefined {
  const owner = [...folders.keys()].filter((one) => path === one || path.startsWith(`${one}/`)).sort((one, other) => other.length - one.length)[0];
  const folder = owner !== undefined ? join(folders.get(owner)!, path.slice(owner.length)) : join(root, 'vendor', path);
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? folder : undefined;
}

/** The Go files of a folder that are no tests, and what they say of themselves. */
export function goFilesIn(folder: string): Map<string, GoFile> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go') && !/^[._]/.test(name) && isFile(join(folder, name)));
  return new Map(names.map((name) => [join(folder, name), parseGo(readFileSync(join(folder, name), 'utf8'))]));
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
