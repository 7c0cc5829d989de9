import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildWarnings, SourceWarning, withAdvice } from './build-messages';
import { copiedFiles, Copy } from './copied-files';
import { decoratorMetadata } from './decorator-metadata';
import { nativeAddons } from './native-addons';
import { bundle, Bundle, BundledFile, BuildOutcome, esbuildOptions } from './nodejs-bundle';
import { missingExport } from './nodejs-exports';
import { builtAsset } from '../asset-code';
import { EsbuildOptions } from './esbuild-options';
import { Handler } from '../handler';
import { doubtfulFiles } from '../source-files/secrets';
import { WrittenCode } from '../written-code';

/** A handler to bundle, and the name that an error calls it by. */
export interface NodejsSource {
  readonly name: string;
  readonly handler: Handler;
  readonly options: EsbuildOptions;
}

/** The code of a handler, and what may be wrong with it when it runs. */
export interface NodejsCode {
  readonly code: Code;
  readonly warnings: SourceWarning[];
}

/** The code of Node.js handlers in stacks that are not going to be deployed: nothing is built. */
export function unbuiltNodejs(sources: NodejsSource[]): NodejsCode[] {
  return sources.map(({ handler }) => ({ code: assetOf(handler, [], []), warnings: [] }));
}

/**
 * The code of many Node.js handlers, bundled in one call of esbuild for all that share options.
 *
 * @returns one code for each source, in their order
 */
export function bundleNodejs(sources: NodejsSource[]): NodejsCode[] {
  const codes = new Map<NodejsSource, NodejsCode>();
  const failures: string[] = [];
  for (const group of groupBy(sources, (source) => JSON.stringify(buildOptions(source)))) {
    try {
      const { bundles, warnings } = bundleGroup(group);
      failures.push(...missingExports(group, bundles));
      const { tsconfig } = group[0].options;
      const decorators = decoratorMetadata(tsconfig === undefined ? undefined : resolve(tsconfig));
      group.forEach((source) => {
        const built = bundles.get(source.handler.file)!;
        const copied = copiesOf(source);
        codes.set(source, {
          code: assetOf(source.handler, built.files, copied),
          warnings: [...buildWarnings(warnings, built), ...nativeAddons(built), ...decorators(built), ...secretsLeftOut(copied)],
        });
      });
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  if (failures.length > 0) {
    throw new Error(failures.join('\n\n'));
  }
  return onceEach(sources.map((source) => codes.get(source)!));
}

/** The name of the handler's function in the asset. */
export function nodejsHandlerName(handler: Handler): string {
  return `index.${handler.exportName}`;
}

/** Bundles all that share options in one call. */
function bundleGroup(group: NodejsSource[]): BuildOutcome {
  const entries = [...new Set(group.map(({ handler }) => handler.file))];
  const options = buildOptions(group[0]);
  try {
    return bundle(entries, options);
  } catch (error) {
    throw explain(error as Error, entries, group, (entry) => bundle([entry], options));
  }
}

function buildOptions({ handler, options }: NodejsSource) {
  return esbuildOptions(options, handler.runtime.name);
}

/** Finds the handlers that fail. esbuild names only the file at fault, which many handlers may import. */
function explain(failure: Error, entries: string[], group: NodejsSource[], build: (entry: string) => unknown): Error {
  const failing = entries.length === 1 ? entries : entries.filter((entry) => {
    try {
      build(entry);
      return false;
    } catch {
      return true;
    }
  });
  const names = group.filter(({ handler }) => failing.includes(handler.file)).map(({ name }) => name);
  return new Error(`cannot bundle the handler of ${names.join(', ')}:\n\n${withAdvice(failure.message)}`);
}

/** Warns once of a file that many handlers import. */
function onceEach(codes: NodejsCode[]): NodejsCode[] {
  const told = new Set<string>();
  return codes.map(({ code, warnings }) => ({
    code,
    warnings: warnings.filter(({ text }) => !told.has(text) && told.add(text)),
  }));
}

/** What is wrong with the exports of each handler. A banner or footer that touches `exports` may do anything, so nothing is said then. */
function missingExports(group: NodejsSource[], bundles: ReadonlyMap<string, Bundle>): string[] {
  const { banner, footer } = group[0].options;
  if (/\bexports?\b/.test(`${banner} ${footer}`)) { return []; }
  return group.flatMap(({ name, handler }) => {
    const problem = missingExport(handler, bundles.get(handler.file)!);
    return problem === undefined ? [] : [`${name}: ${problem}`];
  });
}

function copiesOf({ name, handler, options }: NodejsSource): Copy[] {
  try {
    return copiedFiles(handler, options);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
}

function secretsLeftOut(copied: Copy[]): SourceWarning[] {
  return copied.filter(({ doubtful }) => doubtful.length > 0)
    .map(({ doubtful, from }) => ({ id: 'secretsInSource', text: doubtfulFiles(doubtful, from) }));
}

function assetOf(handler: Handler, files: BundledFile[], copied: Copy[]): Code {
  if (files.length > 0 && copied.length === 0) {
    return new WrittenCode({
      key: files.map(({ path, contents }) => `${path} ${createHash('sha256').update(contents).digest('hex')}`),
      write: (folder) => files.forEach(({ path, contents }) => writeFileSync(join(folder, path), contents)),
    });
  }
  return builtAsset({
    source: dirname(handler.file),
    key: [
      ...files.map(({ path, contents }) => `${path} ${createHash('sha256').update(contents).digest('hex')}`),
      ...copied.map(({ from, to, secrets }) => `${to} ${FileSystem.fingerprint(from, { exclude: secrets })}`),
    ],
    write: (outputDir) => {
      for (const { path, contents } of files) {
        writeFileSync(join(outputDir, path), contents);
      }
      for (const { from, to, withoutNodeModules, secrets } of copied) {
        mkdirSync(dirname(join(outputDir, to)), { recursive: true });
        cpSync(from, join(outputDir, to), {
          recursive: true,
          dereference: true,
          filter: (path) => !(withoutNodeModules && basename(path) === 'node_modules') && !secrets.includes(relative(from, path)),
        });
      }
    },
  });
}

function groupBy<T>(items: T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(key(item), [...groups.get(key(item)) ?? [], item]);
  }
  return [...groups.values()];
}
