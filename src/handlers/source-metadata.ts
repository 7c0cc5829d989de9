import { resolve } from 'node:path';

/** The type of the metadata entry of a function that says how its code was made. */
export const SOURCE_METADATA = 'cdk-websocket-api:source';

/** What the local gateway needs to build a handler again when its source changes. Paths are absolute. */
export interface HandlerSource {
  readonly file: string;
  /** The folder that is the asset. Undefined if the handler is bundled. */
  readonly folder?: string;
  /** What esbuild is called with. Undefined if the handler is not bundled. */
  readonly esbuild?: Readonly<Record<string, unknown>>;
  /** What a tool chain builds. The handler is then looked up from the folder, and the file is that of the project. */
  readonly project?: ProjectSource;
}

/** What decides the code of a handler in a compiled language, besides the files. */
export interface ProjectSource {
  /** The factory of `Bundling`. */
  readonly language: string;
  readonly handler: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly options: object;
}

/** The form of the entry in the assembly. */
type Recorded = { readonly [name in keyof HandlerSource]?: unknown };

/**
 * A source, in the form in which it is in the cloud assembly: its paths are relative to the assembly.
 *
 * @param change maps a path to its new form
 */
export function withPaths(source: HandlerSource, change: (path: string) => string): HandlerSource {
  const { file, folder, esbuild, project } = source;
  return {
    file: change(file),
    ...folder === undefined ? {} : { folder: change(folder) },
    ...esbuild === undefined ? {} : { esbuild: { ...esbuild, absWorkingDir: change(String(esbuild.absWorkingDir ?? '.')) } },
    ...project === undefined ? {} : { project },
  };
}

/**
 * Reads what was recorded.
 *
 * @param assembly the folder of the cloud assembly that it was found in
 * @returns undefined if this version did not write it
 */
export function parseSource(value: unknown, assembly: string): HandlerSource | undefined {
  if (typeof value !== 'object' || value === null) { return undefined; }
  const { file, folder, esbuild, project } = value as Recorded;
  if (typeof file !== 'string' || !(folder === undefined || typeof folder === 'string')) { return undefined; }
  if (![esbuild, project].every((one) => one === undefined || (typeof one === 'object' && one !== null && !Array.isArray(one)))) { return undefined; }
  return withPaths({ file, folder, esbuild: esbuild as HandlerSource['esbuild'], project: project as ProjectSource | undefined }, (path) => resolve(assembly, path));
}
