import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipFile } from '../../local/zip-file';

/**
 * Writes a NuGet package that carries a file, `phrases.txt`, with its version into what is published.
 *
 * @returns its hash, as lock files have it
 */
export function nugetPackage(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  const nuspec = `<package><metadata><id>Acme.Phrases</id><version>${version}</version><authors>a</authors><description>d</description>
  <contentFiles><files include="any/any/phrases.txt" buildAction="None" copyToOutput="true" /></contentFiles></metadata></package>`;
  const bytes = zipFile([{ name: 'Acme.Phrases.nuspec', contents: nuspec }, { name: 'contentFiles/any/any/phrases.txt', contents: version }]);
  writeFileSync(join(folder, `Acme.Phrases.${version}.nupkg`), bytes);
  return createHash('sha512').update(bytes).digest('base64');
}

/** A lock file of that package, as a restore for all platforms writes it. */
export function nugetLock(version: string, contentHash: string, projects = {}): string {
  const packages = { 'Acme.Phrases': { type: 'Direct', requested: '[1.*, )', resolved: version, contentHash } };
  return JSON.stringify({ version: 1, dependencies: { 'net10.0': { ...packages, ...projects } } }, null, 2);
}
