import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { EsbuildOptions } from './esbuild-options';
import { installedModules } from './installed-modules';
import { Handler } from '../handler';
import { secrecyOf } from '../source-files/secrets';

/** A file or folder that goes into an asset unchanged, without the secrets in the folder. */
export interface Copy {
  readonly from: string;
  /** Relative to the root of the asset. */
  readonly to: string;
  readonly withoutNodeModules?: boolean;
  /** What stays behind, relative to `from`. */
  readonly secrets: string[];
  /** Those of the secrets that may be public. */
  readonly doubtful: string[];
}

/** What goes into the asset of a handler beside its bundle. */
export function copiedFiles({ file, srcDir }: Handler, { copyFiles = [], nodeModules = [] }: EsbuildOptions): Copy[] {
  const copies = [
    ...copyFiles.map(({ source, destination = source }) => ({ from: copySource(srcDir, source), to: copyTarget(destination) })),
    ...installedModules(nodeModules, [dirname(file), srcDir]).map((module) => ({ ...module, withoutNodeModules: true })),
  ];
  return copies.map((copy) => ({ ...copy, ...secretsIn(copy.from) }));
}

/** A file or folder that is named itself is copied, whatever its name. */
function secretsIn(from: string): Pick<Copy, 'secrets' | 'doubtful'> {
  const found: { secrets: string[]; doubtful: string[] } = { secrets: [], doubtful: [] };
  const root = realpathSync(from);
  const look = (folder: string, above: string[]) => {
    for (const name of readdirSync(join(from, folder))) {
      const path = join(folder, name);
      // A link may be broken.
      if (!existsSync(join(from, path))) { continue; }
      const real = realpathSync(join(from, path));
      const secrecy = secrecyOf(name, real, root);
      if (secrecy !== 'public') { found.secrets.push(path); }
      if (secrecy === 'doubtful') { found.doubtful.push(path); }
      if (secrecy === 'public' && statSync(real).isDirectory() && !above.includes(real)) { look(path, [...above, real]); }
    }
  };
  if (statSync(from).isDirectory()) { look('', [root]); }
  return found;
}

function copySource(srcDir: string, from: string | undefined): string {
  if (from === undefined) { throw new Error('an element of `copyFiles` has no `source`: write what to copy, such as `{ source: \'templates\' }`'); }
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
