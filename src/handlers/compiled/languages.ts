import { existsSync, readdirSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { Token } from 'aws-cdk-lib';
import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { CompiledLanguage } from './compiled-language';
import { DOTNET } from '../dotnet/dotnet-language';
import { GO } from '../go/go-language';
import { findScripts } from '../handler';
import { JAVA } from '../java/java-language';

/**
 * By the family of the runtime. Node.js and Python have no projects that are built: see `handler.ts`. A language is loaded when a handler
 * is in it.
 */
const BY_FAMILY = new Map<RuntimeFamily | undefined, () => CompiledLanguage>([
  [RuntimeFamily.OTHER, () => GO],
  [RuntimeFamily.GO, () => GO],
  [RuntimeFamily.JAVA, () => JAVA],
  [RuntimeFamily.DOTNET_CORE, () => DOTNET],
]);

/**
 * The language of a handler, if it is one that is compiled: by its runtime, else by what its name looks like.
 *
 * @returns undefined if the handler is in Node.js or Python, or is none
 */
export function compiledLanguageOf(handler: string, srcPath: string = '.', runtime?: Runtime): CompiledLanguage | undefined {
  if (Token.isUnresolved(handler) || Token.isUnresolved(srcPath)) { return undefined; }
  if (runtime) { return BY_FAMILY.get(runtime.family)?.(); }
  const parts = handler.split('::').length;
  if (parts > 1) { return parts === 2 ? JAVA : DOTNET; }
  const path = resolve(srcPath, handler);
  const scripts = findScripts(handler, srcPath);
  const isGo = handler.endsWith('.go') ? existsSync(path) || scripts.length === 0 : isGoFolder(path);
  if (isGo && scripts.length > 0) {
    const names = [path, ...scripts].map((one) => `\`${relative(process.cwd(), one).split(sep).join('/')}\``);
    throw new Error(`handler \`${JSON.stringify(handler)}\` is found in two languages, ${names.join(' and ')}: say which with \`runtime\`, or rename one`);
  }
  return isGo ? GO : undefined;
}

/** Whether a folder has Go files, or only folders that have. */
function isGoFolder(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) { return false; }
  const entries = readdirSync(path, { withFileTypes: true });
  const hasGo = (names: string[]) => names.some((name) => name.endsWith('.go'));
  return hasGo(entries.map(({ name }) => name))
    || (entries.every((entry) => entry.isDirectory()) && entries.some(({ name }) => hasGo(readdirSync(resolve(path, name)))));
}
