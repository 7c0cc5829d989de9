/* eslint-disable @typescript-eslint/no-require-imports -- esbuild is loaded when it is needed, and from where it is found */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { BuildFailure, BuildOptions, BuildResult, Message } from 'esbuild-wasm';

/** The one version whose output is known: what is bundled in this package. */
const { version: VERSION } = require('esbuild-wasm/package.json') as { version: string };

type Esbuild = typeof import('esbuild-wasm');

/** What is built is told, and written nowhere. */
const IN_MEMORY = { write: false, metafile: true } as const;

/** The first that worked: finding it costs a few look-ups, and a broken one is not tried twice. */
let working: Esbuild | undefined;

/**
 * Builds with the pinned esbuild: the native one where it is found and works, else the WebAssembly one.
 *
 * @throws EsbuildFailure with esbuild's own messages when the code cannot be built
 */
export function buildWithEsbuild(options: BuildOptions): BuildResult<typeof IN_MEMORY> {
  for (const load of working ? [() => working!] : candidates()) {
    const esbuild = load();
    try {
      const result = esbuild.buildSync({ ...options, ...IN_MEMORY, logLevel: 'silent' });
      working = esbuild;
      return result;
    } catch (error) {
      if (isBuildFailure(error)) {
        throw new EsbuildFailure(error.errors, esbuild.formatMessagesSync(error.errors, { kind: 'error', color: false }).join('').trimEnd());
      }
      // Not the code's fault: this esbuild does not run here (its binary for this platform is missing, say).
      if (load === wasm) { throw error; }
    }
  }
  throw new Error('unreachable: the WebAssembly candidate either builds or throws');
}

/** The code cannot be built; the message is esbuild's own. */
export class EsbuildFailure extends Error {
  constructor(public readonly errors: Message[], message: string) {
    super(message);
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return Array.isArray((error as BuildFailure).errors);
}

function wasm(): Esbuild {
  return require('esbuild-wasm');
}

/** In the order of preference. */
function* candidates(): Generator<() => Esbuild> {
  for (const directory of [__dirname, process.cwd(), ...directoriesOfPathExecutable()]) {
    const manifest = tryResolve('esbuild/package.json', directory);
    if (manifest && require(manifest).version === VERSION) {
      yield () => require(dirname(manifest));
    }
  }
  yield wasm;
}

/** An `esbuild` on the PATH that npm installed is a link into the package that has the API. */
function directoriesOfPathExecutable(): string[] {
  return (process.env.PATH ?? '').split(delimiter)
    .map((directory) => join(directory, 'esbuild'))
    .filter((executable) => existsSync(executable))
    .map((executable) => dirname(realpathSync(executable)));
}

function tryResolve(id: string, directory: string): string | undefined {
  try {
    return require.resolve(id, { paths: [directory] });
  } catch {
    return undefined;
  }
}
