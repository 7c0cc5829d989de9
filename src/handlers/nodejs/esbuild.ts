/* eslint-disable @typescript-eslint/no-require-imports -- esbuild is loaded when it is needed, and from where it is found */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { BuildFailure, BuildOptions, BuildResult } from 'esbuild-wasm';

/** The one version whose output is known: what is bundled in this package. */
const { version: VERSION } = require('esbuild-wasm/package.json') as { version: string };

type Esbuild = typeof import('esbuild-wasm');

/** esbuild returns what it built, and writes no file. */
const IN_MEMORY = { write: false, metafile: true } as const;
export type InMemory = typeof IN_MEMORY;

/**
 * By default, V8 compiles code that runs often a second time, to make it faster. esbuild in WebAssembly runs for a second and is compiled
 * anew each time, so that costs more than it saves. The V8 of Node.js 20 to 25 has this flag; a V8 without it would complain on stderr.
 */
const FAST_START = '--import data:text/javascript,import{setFlagsFromString}from\'node:v8\';'
  + 'if(parseInt(process.versions.node)<26)setFlagsFromString(\'--wasm-tiering-budget=2000000000\')';

/** The first one that worked. Finding it takes a few look-ups, and a broken one is not tried twice. */
let working: Esbuild | undefined;

/** The code cannot be built: esbuild's own messages. */
export class BuildError extends Error {
  /** @param files where the faults are; absolute */
  constructor(message: string, public readonly files: string[]) {
    super(message);
  }
}

/**
 * Builds with the pinned esbuild: the native one where it is found and works, else the WebAssembly one.
 *
 * @param esbuilds those to try, in their order
 * @throws BuildError when the code cannot be built
 */
export function buildWithEsbuild(options: BuildOptions, esbuilds = candidates()): BuildResult<InMemory> {
  const attempts = attemptsAt(options, esbuilds);
  let attempt = attempts.next();
  while (!attempt.done) {
    let outcome: Outcome;
    try {
      const { value: esbuild } = attempt;
      outcome = { result: withFastStart(() => esbuild.buildSync({ ...options, ...IN_MEMORY, logLevel: 'silent' })) };
    } catch (error) {
      outcome = { error };
    }
    attempt = attempts.next(outcome);
  }
  return attempt.value;
}

/** The same without blocking. A process of esbuild stays, so the next build is fast. */
export async function buildInBackground(options: BuildOptions, esbuilds = candidates()): Promise<BuildResult<InMemory>> {
  const attempts = attemptsAt(options, esbuilds);
  let attempt = attempts.next();
  while (!attempt.done) {
    let outcome: Outcome;
    try {
      const { value: esbuild } = attempt;
      outcome = { result: await withFastStart(() => esbuild.build({ ...options, ...IN_MEMORY, logLevel: 'silent' })) };
    } catch (error) {
      outcome = { error };
    }
    attempt = attempts.next(outcome);
  }
  return attempt.value;
}

type Outcome = { readonly result: BuildResult<InMemory> } | { readonly error: unknown };

/** Asks for the outcome with each esbuild in turn, until one runs. Returns its result, or throws the fault of the code that it found. */
function* attemptsAt({ absWorkingDir = '' }: BuildOptions, esbuilds: Iterable<Esbuild>): Generator<Esbuild, BuildResult<InMemory>, Outcome> {
  let failure: unknown;
  for (const esbuild of esbuilds) {
    const outcome = yield esbuild;
    if ('result' in outcome) {
      working = esbuild;
      return outcome.result;
    }
    if (isBuildFailure(outcome.error)) {
      const { errors } = outcome.error;
      const text = esbuild.formatMessagesSync(errors, { kind: 'error', color: false }).join('').trimEnd();
      throw new BuildError(text, errors.flatMap(({ location }) => location ? resolve(absWorkingDir, location.file) : []));
    }
    // This esbuild does not run here, or none takes the options.
    failure = outcome.error;
  }
  throw failure;
}

/** Sets the flag for the process that esbuild starts for WebAssembly. The native esbuild is no Node.js process and ignores it. */
function withFastStart<T>(call: () => T): T {
  const { NODE_OPTIONS } = process.env;
  process.env.NODE_OPTIONS = NODE_OPTIONS ? `${NODE_OPTIONS} ${FAST_START}` : FAST_START;
  try {
    return call();
  } finally {
    if (NODE_OPTIONS === undefined) { delete process.env.NODE_OPTIONS; } else { process.env.NODE_OPTIONS = NODE_OPTIONS; }
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return Array.isArray((error as BuildFailure).errors);
}

/** In the order of preference. Once one has worked, no other is tried. */
export function* candidates(): Iterable<Esbuild> {
  if (working) {
    yield working;
    return;
  }
  for (const directory of [__dirname, process.cwd(), ...directoriesOfPathExecutable()]) {
    const esbuild = native(directory);
    if (esbuild) { yield esbuild; }
  }
  yield require('esbuild-wasm');
}

/** The native esbuild that is found from a directory upwards, if it is the pinned version and can be loaded. */
function native(directory: string): Esbuild | undefined {
  try {
    const manifest = require.resolve('esbuild/package.json', { paths: [directory] });
    return require(manifest).version === VERSION ? require(dirname(manifest)) : undefined;
  } catch {
    return undefined;
  }
}

/** An `esbuild` on the PATH that npm installed is a link into the package that has the API. */
function directoriesOfPathExecutable(): string[] {
  return (process.env.PATH ?? '').split(delimiter)
    .map((directory) => join(directory, 'esbuild'))
    .filter((executable) => existsSync(executable))
    .map((executable) => dirname(realpathSync(executable)));
}
