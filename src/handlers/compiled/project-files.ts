import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Names of what tools leave in a project, and of what is no source of it. */
const NOT_SOURCE = ['.git', '.hg', '.svn', '.idea', '.vscode', '.vs', '.DS_Store', 'node_modules', 'cdk.out'];

/** All files below a folder, absolute. Links are followed, also out of the folder: what they lead to is built, so it counts. */
export function filesBelow(folder: string, isLeftOut: (path: string) => boolean = () => false, above: string[] = []): string[] {
  if (!existsSync(folder)) { return []; }
  const real = realpathSync(folder);
  // A link to a folder above it would never end.
  if (above.includes(real)) { return []; }
  return readdirSync(folder).filter((name) => !NOT_SOURCE.includes(name)).sort().flatMap((name) => {
    const path = join(folder, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status || isLeftOut(path)) { return []; }
    return status.isDirectory() ? filesBelow(path, isLeftOut, [...above, real]) : status.isFile() ? [path] : [];
  });
}
