import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { builtAsset } from '../asset-code';
import { EsbuildOptions } from '../bundling';
import { Handler } from '../handler';
import { bundle, BundledFile, esbuildOptions } from './nodejs-bundle';
import { WrittenCode } from '../written-code';

/** A handler to bundle, and the name that an error calls it by. */
export interface NodejsSource {
  readonly name: string;
  readonly handler: Handler;
  readonly options: EsbuildOptions;
}

/**
 * The code of many Node.js handlers, bundled in one call of esbuild for all that share options.
 *
 * @param build false where nothing is to be built, because the stack is not going to be deployed
 * @returns one code for each source, in their order
 */
export function bundleNodejs(sources: NodejsSource[], build: boolean): Code[] {
  if (!build) {
    return sources.map(({ handler }) => assetOf(handler, [], []));
  }
  const bundles = new Map<NodejsSource, BundledFile[]>();
  const failures: string[] = [];
  for (const group of groupBy(sources, (source) => JSON.stringify(buildOptions(source)))) {
    try {
      const files = bundleGroup(group);
      group.forEach((source) => bundles.set(source, files.get(source.handler.file)!));
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  if (failures.length > 0) {
    throw new Error(failures.join('\n\n'));
  }
  return sources.map((source) => assetOf(source.handler, bundles.get(source)!, copies(source)));
}

/** The name of the handler's function in the asset. */
export function nodejsHandlerName(handler: Handler): string {
  return `index.${handler.exportName}`;
}

/** Bundles all that share options in one call. */
function bundleGroup(group: NodejsSource[]): Map<string, BundledFile[]> {
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

/** Which of the handlers fail: esbuild names the file at fault, which many may import. */
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
  return new Error(`cannot bundle the handler of ${names.join(', ')}:\n\n${failure.message}`);
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
      ...copied.map(({ from, to }) => `${to} ${FileSystem.fingerprint(from)}`),
    ],
    write: (outputDir) => {
      for (const { path, contents } of files) {
        writeFileSync(join(outputDir, path), contents);
      }
      for (const { from, to, withoutNodeModules } of copied) {
        mkdirSync(dirname(join(outputDir, to)), { recursive: true });
        cpSync(from, join(outputDir, to), {
          recursive: true,
          dereference: true,
          filter: (path) => !(withoutNodeModules && basename(path) === 'node_modules' && path !== from),
        });
      }
    },
  });
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly withoutNodeModules?: boolean;
}

/** What goes into the asset beside the bundle. */
function copies({ name, handler: { srcDir }, options: { copyFiles = [], nodeModules = [] } }: NodejsSource): Copy[] {
  try {
    return [
      ...copyFiles.map(({ source, destination = source }) => ({ from: copySource(srcDir, source), to: copyTarget(destination) })),
      ...installedModules(nodeModules, srcDir),
    ];
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
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

/** The modules and all that they depend on, as they are to lie in the asset: flat where versions allow, else nested. */
function installedModules(names: string[], srcDir: string): Copy[] {
  const placed = new Map<string, string>();
  /** What Node.js would find in the asset. */
  const visible = (name: string, folder: string): string | undefined => {
    const path = join(folder, 'node_modules', name);
    return placed.get(path) ?? (folder === '' ? undefined : visible(name, enclosing(folder)));
  };
  const place = (dependencies: Array<{ name: string; optional: boolean }>, importer: string, folder: string) => {
    // All of one module before what they depend on in turn: what lies nearer than the outermost folder is then known before it is looked for.
    const added = dependencies.flatMap(({ name, optional }) => {
      const from = findModule(name, importer);
      if (!from) {
        if (optional) { return []; }
        throw new Error(`\`nodeModules\` needs \`${JSON.stringify(name)}\`, which is not installed: it was looked up from \`${importer}\` upwards; run your package manager's install`);
      }
      const found = visible(name, folder);
      if (found === from) { return []; }
      const to = join(found === undefined ? '' : folder, 'node_modules', name);
      placed.set(to, from);
      return [{ from, to }];
    });
    added.forEach(({ from, to }) => place(dependenciesOf(from), from, to));
  };
  place(names.map((name) => ({ name, optional: false })), srcDir, '');
  return [...placed].map(([to, from]) => ({ to, from, withoutNodeModules: true }));
}

/** The folder of the module that another one is nested in, or '' for one that lies flat. */
function enclosing(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf(`${sep}node_modules${sep}`)));
}

/** What a module needs at run time. Which of its peers were installed, the package manager has decided. */
function dependenciesOf(module: string): Array<{ name: string; optional: boolean }> {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(readFileSync(join(module, 'package.json'), 'utf8'));
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [
    ...Object.keys(dependencies).map((name) => ({ name, optional: name in optionalDependencies })),
    ...[...Object.keys(optionalDependencies), ...peers].map((name) => ({ name, optional: true })),
  ];
}

function findModule(name: string, importer: string): string | undefined {
  for (let directory = importer; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) { return realpathSync(candidate); }
    if (directory === dirname(directory)) { return undefined; }
  }
}

function groupBy<T>(items: T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(key(item), [...groups.get(key(item)) ?? [], item]);
  }
  return [...groups.values()];
}
