// A file of its own: the local gateway bundles handlers too, and loads no CDK for it.

/**
 * The module format that esbuild writes.
 */
export enum ModuleFormat {
  /** CommonJS, `index.js`. */
  CJS = 'cjs',
  /** ECMAScript modules, `index.mjs`. */
  ESM = 'esm',
}
