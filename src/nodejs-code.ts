import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { builtAsset } from './asset-code';
import { EsbuildOptions, OutputFormat } from './bundling';
import { buildWithEsbuild, EsbuildFailure } from './esbuild';
import { Handler } from './handler';

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
  const codes = new Array<Code>(sources.length);
  for (const group of groupBy(sources.map((source, index) => ({ ...source, index })), buildOptionsKey)) {
    const entries = [...new Set(group.map(({ handler }) => handler.file))];
    const bundles = build ? bundle(entries, group) : new Map<string, BundledFile[]>();
    for (const { index, handler, options } of group) {
      codes[index] = codeOf(handler, options, bundles.get(handler.file) ?? []);
    }
  }
  return codes;
}

/** The name of the handler's function in the asset. */
export function nodejsHandlerName(handler: Handler): string {
  return `index.${handler.exportName}`;
}

interface BundledFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/** What esbuild is called with, but for the entries. */
function buildOptions({ handler, options }: NodejsSource) {
  return {
    bundle: true,
    platform: 'node' as const,
    format: options.format ?? OutputFormat.CJS,
    outExtension: { '.js': options.format === OutputFormat.ESM ? '.mjs' : '.js' },
    target: options.target ?? `node${/\d+/.exec(handler.runtime.name)}`,
    minify: options.minify ?? true,
    keepNames: options.keepNames,
    // Its comment is added below: esbuild would write the path of the map as it does those of files that code loads.
    sourcemap: options.sourceMap ? 'external' as const : false,
    mainFields: options.mainFields,
    tsconfig: options.tsconfig,
    external: [...options.externalModules ?? ['@aws-sdk/*'], ...options.nodeModules ?? []],
    define: options.define,
    loader: options.loader as Record<string, 'file'> | undefined,
    banner: options.banner === undefined ? undefined : { js: options.banner },
    footer: options.footer === undefined ? undefined : { js: options.footer },
  };
}

function buildOptionsKey(source: NodejsSource): string {
  return JSON.stringify(buildOptions(source));
}

/** Bundles each entry for itself, all in one call. */
function bundle(entries: string[], group: NodejsSource[]): Map<string, BundledFile[]> {
  const cwd = process.cwd();
  // Nothing is written there: it only fixes the relative paths in source maps, so that they, and the asset hash, are the same everywhere.
  const outdir = join(cwd, '.esbuild');
  const build = (some: string[]) => buildWithEsbuild({
    ...buildOptions(group[0]),
    entryPoints: some.map((file, index) => ({ in: file, out: `${index}/index` })),
    absWorkingDir: cwd,
    outdir,
    // Files that code loads are written to `outdir`, and lie beside the code in its asset.
    publicPath: './',
  });

  let result;
  try {
    result = build(entries);
  } catch (error) {
    throw error instanceof EsbuildFailure ? explain(error, entries, group, (entry) => build([entry])) : error;
  }

  const contents = new Map(result.outputFiles.map((file) => [file.path, file.contents]));
  return new Map(entries.map((entry, index) => {
    const folder = join(outdir, String(index));
    const own = [...contents.keys()].filter((path) => dirname(path) === folder);
    const imported = own.flatMap((path) => result.metafile.outputs[relative(cwd, path).split('\\').join('/')]?.imports ?? [])
      .filter(({ kind }) => kind === 'file-loader')
      .map(({ path }) => resolve(cwd, path));
    return [entry, [...own, ...imported].map((path) => ({
      path: basename(path),
      contents: contents.has(`${path}.map`) ? withSourceMapComment(path, contents.get(path)!) : contents.get(path)!,
    }))];
  }));
}

function withSourceMapComment(path: string, contents: Uint8Array): Uint8Array {
  return Buffer.concat([contents, Buffer.from(`//# sourceMappingURL=${basename(path)}.map\n`)]);
}

/** Which of the handlers fail: esbuild names the file at fault, which many may import. */
function explain(failure: EsbuildFailure, entries: string[], group: NodejsSource[], build: (entry: string) => unknown): Error {
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

function codeOf(handler: Handler, options: EsbuildOptions, files: BundledFile[]): Code {
  const copies: Copy[] = [
    ...(options.copyFiles ?? []).map(({ source, destination = source }) => (
      { from: copySource(handler.srcDir, source), to: copyTarget(destination) }
    )),
    ...installedModules(options.nodeModules ?? [], handler.srcDir),
  ];
  return builtAsset({
    source: dirname(handler.file),
    key: [
      ...files.map(({ path, contents }) => `${path} ${createHash('sha256').update(contents).digest('hex')}`),
      ...copies.map(({ from, to }) => `${to} ${FileSystem.fingerprint(from)}`),
    ],
    write: (outputDir) => {
      for (const { path, contents } of files) {
        writeFileSync(join(outputDir, path), contents);
      }
      for (const { from, to, withoutNodeModules } of copies) {
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
  const copies = new Map<string, string>();
  const place = (name: string, importer: string, parent: string, optional: boolean) => {
    const from = findModule(name, importer);
    if (!from) {
      if (optional) { return; }
      throw new Error(`\`nodeModules\` needs \`${JSON.stringify(name)}\`, which is not installed: it was looked up from \`${importer}\` upwards; run your package manager's install`);
    }
    const flat = join('node_modules', name);
    const to = [flat, join(parent, 'node_modules', name)].find((path) => (copies.get(path) ?? from) === from);
    if (to === undefined || copies.has(to)) { return; }
    copies.set(to, from);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
      place(dependency, from, to, dependency in optionalDependencies);
    }
  };
  names.forEach((name) => place(name, srcDir, '', false));
  return [...copies].map(([to, from]) => ({ to, from, withoutNodeModules: true }));
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
