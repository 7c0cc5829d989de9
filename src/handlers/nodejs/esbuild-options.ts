import { OF_COPIES } from '../../given/elsewhere';
import { FLAG, listOf, mapOf, TEXT } from '../../given/kind';
import { Elsewhere, optionsIn, OptionsOf } from '../../given/options';
import { ModuleFormat } from '../module-format';

/**
 * A file or folder that goes into the asset unchanged.
 */
export interface CopyFile {
  /** The file or folder to copy, relative to `srcPath`. */
  readonly source: string;

  /**
   * Where it goes, relative to the root of the asset.
   *
   * @default - the same path as `source`
   */
  readonly destination?: string;
}

/**
 * Options of esbuild.
 *
 * @see https://esbuild.github.io/api/
 */
export interface EsbuildOptions {
  /**
   * Make the output smaller: white space, syntax and names.
   *
   * @default true
   */
  readonly minify?: boolean;

  /**
   * Keep the original `name` of functions and classes when minifying.
   *
   * @default false
   */
  readonly keepNames?: boolean;

  /**
   * Write a source map beside the output. The function then has `NODE_OPTIONS=--enable-source-maps`, unless its `environment` sets
   * `NODE_OPTIONS`.
   *
   * @default false
   */
  readonly sourceMap?: boolean;

  /**
   * The language level of the output, such as `node24` or `es2022`.
   *
   * @default - the Node.js version of the function's runtime
   */
  readonly target?: string;

  /**
   * The module format of the output.
   *
   * @default ModuleFormat.CJS
   */
  readonly format?: ModuleFormat;

  /**
   * The fields of a dependency's `package.json` that name its entry. The first one that exists counts.
   *
   * @default - esbuild's for Node.js: `main`, then `module`
   */
  readonly mainFields?: string[];

  /**
   * One `tsconfig.json` for all handlers, relative to the working directory.
   *
   * @default - the nearest to each source file
   */
  readonly tsconfig?: string;

  /**
   * Modules to leave out, because the runtime or a layer has them. `*` matches any text.
   *
   * @default - `@aws-sdk/*`, which Lambda's Node.js runtimes carry
   */
  readonly externalModules?: string[];

  /**
   * Modules to copy from `node_modules` instead of bundling them, with everything that they depend on or generate (`.prisma/client`).
   * Native addons and packages that read their own files need this. Install them for Lambda's platform: nothing is installed at synth.
   * They are looked up from the handler's file upwards, then from `srcPath`. An error if one is not installed.
   *
   * @default - none
   */
  readonly nodeModules?: string[];

  /**
   * Global identifiers to replace with constant expressions: `{ 'process.env.STAGE': '"prod"' }`. They are in the code that is deployed,
   * and not in the template.
   *
   * @default - none
   */
  readonly define?: { [identifier: string]: string };

  /**
   * The loader for a file extension: `{ '.graphql': 'text' }`.
   *
   * @default - esbuild's
   * @see https://esbuild.github.io/api/#loader
   */
  readonly loader?: { [extension: string]: string };

  /**
   * JavaScript to put before the output.
   *
   * @default - none
   */
  readonly banner?: string;

  /**
   * JavaScript to put after the output.
   *
   * @default - none
   */
  readonly footer?: string;

  /**
   * Files and folders that go into the asset unchanged.
   *
   * Files in a folder that are secrets by their names (`.env`, `*.pem`, `.aws`…) are left out, as for Python. To copy one, name the file
   * itself.
   *
   * @default - none
   */
  readonly copyFiles?: CopyFile[];
}

const COPY_FILE = { source: TEXT, destination: TEXT } satisfies OptionsOf<CopyFile>;

export const ESBUILD_OPTIONS = {
  minify: FLAG,
  keepNames: FLAG,
  sourceMap: FLAG,
  target: TEXT,
  format: TEXT,
  mainFields: listOf(TEXT),
  tsconfig: TEXT,
  externalModules: listOf(TEXT),
  nodeModules: listOf(TEXT),
  define: mapOf(TEXT),
  loader: mapOf(TEXT),
  banner: TEXT,
  footer: TEXT,
  copyFiles: listOf(optionsIn(() => COPY_FILE, OF_COPIES)),
} satisfies OptionsOf<EsbuildOptions>;

/** Options of esbuild, and of CDK's `NodejsFunction`, that people bring along. */
export const OF_ESBUILD: Elsewhere = {
  ...Object.fromEntries([
    'alias', 'charset', 'commandHooks', 'conditions', 'drop', 'esbuildArgs', 'inject', 'jsx', 'jsxFactory', 'jsxImportSource',
    'legalComments', 'packages', 'platform', 'plugins', 'preCompilation', 'pure', 'resolveExtensions', 'sourceMapMode', 'sourcesContent',
    'splitting', 'supported', 'treeShaking',
  ].map((name) => [
    name, 'it would be ignored; if you need it, run esbuild yourself, and give its output as `code: Code.fromAsset(…)` of the handler',
  ])),
  external: 'write `externalModules`',
  bundleAwsSDK: 'write `externalModules: []`',
};
