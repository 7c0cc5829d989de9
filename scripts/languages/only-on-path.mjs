import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder for a PATH that has some commands and no others: no npm, no esbuild, no Docker.
 *
 * @param folder is made
 */
export function onlyOnPath(folder, commands) {
  mkdirSync(folder);
  for (const command of commands) {
    const found = spawnSync('which', [command], { encoding: 'utf8' }).stdout.trim();
    if (found) { symlinkSync(found, join(folder, command)); }
  }
  return folder;
}
