import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { CompiledSource, Inputs } from './compiled-language';

/** What goes into an asset, never what comes out: the same on every machine, whatever builds it. Its hash identifies the asset. */
export function assetKey(language: string, { project, runtime, request }: CompiledSource, { files, settings }: Inputs): string[] {
  const contents = [...new Set(files)]
    .map((file) => ({ name: relative(project, file).split(sep).join('/'), file }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(({ name, file }) => [name, createHash('sha256').update(readFileSync(file)).digest('hex')]);
  return [language, runtime, request.architecture, ...settings, ...contents];
}
