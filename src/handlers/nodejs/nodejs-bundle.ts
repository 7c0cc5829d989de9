import { basename, dirname, join, relative, resolve } from 'node:path';
import type { BuildOptions, BuildResult } from 'esbuild-wasm';
import { EsbuildOptions, ModuleFormat } from '../bundling';
import { buildInBackground, buildWithEsbuild, InMemory } from './esbuild';

export interface BundledFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/** What esbuild is called with, but for the entries: plain data, without what is left to its defaults. */
export function esbuildOptions(options: EsbuildOptions, runtimeName: string): BuildOptions {
  return JSON.parse(JSON.stringify({
    bundle: true,
    platform: 'node',
    format: options.format ?? ModuleFormat.CJS,
    outExtension: { '.js': options.format === ModuleFormat.ESM ? '.mjs' : '.js' },
    target: options.target ?? `node${/\d+/.exec(runtimeName)}`,
    minify: options.minify ?? true,
    keepNames: options.keepNames,
    // Its comment is added below: esbuild would write the path of the map as it does those of files that code loads.
    sourcemap: options.sourceMap ? 'external' : false,
    mainFields: options.mainFields,
    tsconfig: options.tsconfig,
    external: [...options.externalModules ?? ['@aws-sdk/*'], ...options.nodeModules ?? []],
    define: options.define,
    loader: options.loader,
    banner: options.banner === undefined ? undefined : { js: options.banner },
    footer: options.footer === undefined ? undefined : { js: options.footer },
  }));
}

/** Bundles each entry for itself, all in one call. */
export function bundle(entries: string[], options: BuildOptions): Map<string, BundledFile[]> {
  const cwd = process.cwd();
  return filesOf(buildWithEsbuild(call(entries, options, cwd)), entries, cwd);
}

/** The same bytes for one entry, while other things go on, and the files that they are made from. Paths are relative to the app's folder. */
export async function bundleInBackground(
  entry: string, options: BuildOptions, appFolder: string,
): Promise<{ files: BundledFile[]; inputs: string[] }> {
  const result = await buildInBackground(call([entry], options, appFolder));
  return {
    files: filesOf(result, [entry], appFolder).get(entry)!,
    inputs: Object.keys(result.metafile.inputs).map((path) => resolve(appFolder, path)),
  };
}

function call(entries: string[], options: BuildOptions, cwd: string): BuildOptions {
  return {
    ...options,
    entryPoints: entries.map((file, index) => ({ in: file, out: `${index}/index` })),
    absWorkingDir: cwd,
    // Nothing is written there: it only fixes the relative paths in source maps, so that they, and the asset hash, are the same everywhere.
    outdir: outdir(cwd),
    // Files that code loads are written to `outdir`, and lie beside the code in its asset.
    publicPath: './',
  };
}

function outdir(cwd: string): string {
  return join(cwd, '.esbuild');
}

function filesOf(result: BuildResult<InMemory>, entries: string[], cwd: string): Map<string, BundledFile[]> {
  const contents = new Map(result.outputFiles.map((file) => [file.path, file.contents]));
  return new Map(entries.map((entry, index) => {
    const folder = join(outdir(cwd), String(index));
    const own = [...contents.keys()].filter((path) => dirname(path) === folder);
    const imported = own.flatMap((path) => result.metafile.outputs[relative(cwd, path).split('\\').join('/')]?.imports ?? [])
      .map(({ path }) => resolve(cwd, path))
      .filter((path) => contents.has(path));
    return [entry, [...own, ...imported].map((path) => ({
      path: basename(path),
      contents: contents.has(`${path}.map`) ? withSourceMapComment(path, contents.get(path)!) : contents.get(path)!,
    }))];
  }));
}

function withSourceMapComment(path: string, contents: Uint8Array): Uint8Array {
  return Buffer.concat([contents, Buffer.from(`//# sourceMappingURL=${basename(path)}.map\n`)]);
}
