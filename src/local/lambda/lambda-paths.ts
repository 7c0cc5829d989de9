import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FunctionFolders } from './runtimes/family';

/** Replaces Lambda's paths `/opt` and `/var/task` in a text by the folders here. */
export function withLocalPaths(text: string, { code, layers }: Pick<FunctionFolders, 'code' | 'layers'>): string {
  return text.replace(/(?<![\w./-])(\/opt|\/var\/task)(?=\/|$|[\s:;,"'])/g, (path) => (path === '/opt' ? layers : code) ?? path);
}

/** The file here for one of Lambda's paths; undefined if there is none. */
export function localFile(path: string, folders: Pick<FunctionFolders, 'code' | 'layers'>): string | undefined {
  const here = withLocalPaths(path, folders);
  const file = here.startsWith('/') ? here : join(folders.code, here);
  return existsSync(file) ? file : undefined;
}
