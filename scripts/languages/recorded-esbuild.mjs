import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** If Node.js preloads it (`--require`), it records which esbuild is loaded, in the file that ESBUILD_RECORD names. */
export const ESBUILD_RECORDER = fileURLToPath(new URL('record-esbuild.cjs', import.meta.url));

/** @param name `esbuild`, the native one, or `esbuild-wasm` */
export function expectEsbuild(name, record) {
  const loaded = [...new Set(readFileSync(record, 'utf8').trim().split('\n'))].join(' and ');
  if (loaded !== name) { throw new Error(`${name} was expected, and ${loaded} was loaded`); }
}
