import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FunctionModel } from '../../definition/model';

/** What the function's own files import, by the first group of the pattern. Installed packages are not looked into. */
export function importsIn(folder: string, file: RegExp, pattern: RegExp, found = new Set<string>()): Set<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '__pycache__' && !existsSync(join(folder, `${entry.name}-info`))) {
      importsIn(path, file, pattern, found);
    } else if (entry.isFile() && file.test(entry.name)) {
      for (const [, name] of readFileSync(path, 'utf8').matchAll(pattern)) { found.add(name); }
    }
  }
  return found;
}

/** Layers that are zip files are not opened for this. They may contain the module. */
export function mayBeInLayers({ layers }: FunctionModel, path: string): boolean {
  return layers.some((layer) => !existsSync(layer) || !statSync(layer).isDirectory() || existsSync(join(layer, path)));
}

export function named(packages: readonly string[]): string {
  return packages.map((name) => `\`${name}\``).join(', ');
}
