import { existsSync } from 'node:fs';
import { dirname, isAbsolute, normalize, resolve } from 'node:path';
import { installedModules } from './installed-modules';
import { EsbuildOptions } from '../bundling';
import { Handler } from '../handler';

/** A file or folder that goes into an asset unchanged. */
export interface Copy {
  readonly from: string;
  /** Relative to the root of the asset. */
  readonly to: string;
  readonly withoutNodeModules?: boolean;
}

/** What goes into the asset of a handler beside its bundle. */
export function copiedFiles({ file, srcDir }: Handler, { copyFiles = [], nodeModules = [] }: EsbuildOptions): Copy[] {
  return [
    ...copyFiles.map(({ source, destination = source }) => ({ from: copySource(srcDir, source), to: copyTarget(destination) })),
    ...installedModules(nodeModules, [dirname(file), srcDir]).map((module) => ({ ...module, withoutNodeModules: true })),
  ];
}

function copySource(srcDir: string, from: string): string {
  const path = resolve(srcDir, from);
  if (!existsSync(path)) {
    throw new Error(`\`copyFiles\` names \`${JSON.stringify(from)}\`, which does not exist in \`${srcDir}\``);
  }
  return path;
}

function copyTarget(to: string): string {
  if (isAbsolute(to) || normalize(to).startsWith('..')) {
    throw new Error(`\`copyFiles\` cannot write to \`${JSON.stringify(to)}\`: write a path inside the asset with \`destination\``);
  }
  return to;
}
