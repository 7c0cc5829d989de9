import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes the snippets of a page into a folder, each to the file that its first line names. */
export function layOut(page, folder) {
  const snippets = [...page.matchAll(/^```(?:go|java|csharp|xml)\n(?:\/\/|<!--) (\S+)(?: -->)?\n(.*?)^```/gms)];
  const unnamed = [...page.matchAll(/^```(?:go|java|csharp)\n/gm)].length - snippets.filter(([, file]) => !/\.(?:csproj|xml)$/.test(file)).length;
  if (snippets.length === 0 || unnamed !== 0) { throw new Error(`${unnamed} snippets do not say which file they are`); }
  for (const [, file, source] of snippets) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
}
