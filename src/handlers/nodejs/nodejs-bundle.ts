import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { BuildOptions, BuildResult, Message, Metafile } from 'esbuild-wasm';
import { buildInBackground, buildWithEsbuild, InMemory } from './esbuild';
import type { EsbuildOptions } from './esbuild-options';
import { ModuleFormat } from '../module-format';

export interface BundledFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/** The bundle of one handler, and what esbuild reports about it. */
export interface Bundle {
  readonly files: BundledFile[];
  readonly format: ModuleFormat;
  readonly code: Uint8Array;
  readonly output: Metafile['outputs'][string];
  readonly inputs: Metafile['inputs'];
  /** The folder that the paths of the metafile are relative to. */
  readonly folder: string;
}

/** By entry, in the caller's spelling. */
export interface BuildOutcome {
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly warnings: Message[];
}

/** The options for esbuild without the entries: plain data, without the options that keep their defaults. */
export function esbuildOptions(options: EsbuildOptions, runtimeName: string): BuildOptions {
  const globals = options.format === ModuleFormat.ESM ? commonJsGlobals(options.banner) : undefined;
  const banner = [globals?.banner, options.banner].filter((text) => text !== undefined).join('\n');
  return JSON.parse(JSON.stringify({
    bundle: true,
    platform: 'node',
    format: options.format ?? ModuleFormat.CJS,
    outExtension: { '.js': options.format === ModuleFormat.ESM ? '.mjs' : '.js' },
    target: options.target ?? `node${/\d+/.exec(runtimeName)}`,
    minify: options.minify ?? true,
    keepNames: options.keepNames,
    // The comment that names the map is added below: esbuild would write its path like those of files that code loads.
    sourcemap: options.sourceMap ? 'external' : false,
    mainFields: options.mainFields,
    tsconfig: options.tsconfig === undefined ? undefined : relative(appFolder(), resolve(options.tsconfig)),
    external: [...options.externalModules ?? ['@aws-sdk/*'], ...options.nodeModules ?? []],
    define: globals ? { ...globals.define, ...options.define } : options.define,
    loader: options.loader,
    banner: banner === '' ? undefined : { js: banner },
    footer: options.footer === undefined ? undefined : { js: options.footer },
  }));
}

/**
 * What CommonJS modules need that are bundled into an ECMAScript module. `require` is by that name in what esbuild writes; the others
 * are renamed, because modules may declare them for themselves.
 *
 * @param banner the user's own, which may declare `require` already
 */
function commonJsGlobals(banner: string = ''): { banner: string; define: { [name: string]: string } } {
  const require = /\brequire\b/.test(banner) ? '' : 'const require=__handlerRequire(import.meta.url);';
  return {
    banner: 'import{createRequire as __handlerRequire}from"node:module";import{dirname as __handlerFolder}from"node:path";'
      + `import{fileURLToPath as __handlerPath}from"node:url";${require}`
      + 'const __handlerFilename=__handlerPath(import.meta.url),__handlerDirname=__handlerFolder(__handlerFilename);',
    define: { __filename: '__handlerFilename', __dirname: '__handlerDirname' },
  };
}

/** Bundles each entry for itself, all in one call. */
export function bundle(entries: string[], options: BuildOptions): BuildOutcome {
  const folder = appFolder();
  const result = buildWithEsbuild(call(entries, options, folder));
  return { bundles: bundlesOf(result, entries, options, folder), warnings: result.warnings };
}

/**
 * The same bytes for one entry, without blocking, and the files that they are made from.
 *
 * @param otherwise the folder that paths are relative to, if the options do not say
 */
export async function bundleInBackground(
  entry: string, { absWorkingDir: folder, ...options }: BuildOptions, otherwise: string,
): Promise<{ files: BundledFile[]; inputs: string[] }> {
  const base = folder ?? otherwise;
  const result = await buildInBackground(call([entry], options, base));
  return {
    files: bundlesOf(result, [entry], options, base).get(entry)!.files,
    inputs: Object.keys(result.metafile.inputs).map((path) => resolve(base, path)),
  };
}

/**
 * The folder that paths in the output are relative to (in comments and source maps): so the output is the same from every working
 * directory of an app.
 */
export function appFolder(): string {
  const cwd = process.cwd();
  for (const marker of ['cdk.json', 'package.json']) {
    for (let directory = cwd; ; directory = dirname(directory)) {
      if (existsSync(join(directory, marker))) { return directory; }
      if (directory === dirname(directory)) { break; }
    }
  }
  return cwd;
}

function call(entries: string[], options: BuildOptions, cwd: string): BuildOptions {
  return {
    ...options,
    entryPoints: entries.map((file, index) => ({ in: file, out: `${index}/index` })),
    absWorkingDir: cwd,
    // Nothing is written there. It fixes the relative paths in source maps, so that they and the asset hash are the same everywhere.
    outdir: outdir(cwd),
    // Files that code loads go to `outdir`, and so beside the code in its asset.
    publicPath: './',
  };
}

function outdir(cwd: string): string {
  return join(cwd, '.esbuild');
}

function bundlesOf(result: BuildResult<InMemory>, entries: string[], options: BuildOptions, cwd: string): Map<string, Bundle> {
  const { inputs, outputs } = result.metafile;
  const contents = new Map(result.outputFiles.map((file) => [file.path, file.contents]));
  return new Map(entries.map((entry, index) => {
    const folder = join(outdir(cwd), String(index));
    const own = [...contents.keys()].filter((path) => dirname(path) === folder);
    const outputOf = (path: string) => outputs[relative(cwd, path).split('\\').join('/')];
    const imported = own.flatMap((path) => outputOf(path)?.imports ?? [])
      .map(({ path }) => resolve(cwd, path))
      .filter((path) => contents.has(path));
    const main = own.find((path) => outputOf(path)?.entryPoint !== undefined)!;
    return [entry, {
      files: [...own, ...imported].map((path) => ({
        path: basename(path),
        contents: contents.has(`${path}.map`) ? withSourceMapComment(path, contents.get(path)!) : contents.get(path)!,
      })),
      format: options.format === ModuleFormat.ESM ? ModuleFormat.ESM : ModuleFormat.CJS,
      code: contents.get(main)!,
      output: outputOf(main),
      inputs,
      folder: cwd,
    }];
  }));
}

function withSourceMapComment(path: string, contents: Uint8Array): Uint8Array {
  return Buffer.concat([contents, Buffer.from(`//# sourceMappingURL=${basename(path)}.map\n`)]);
}
