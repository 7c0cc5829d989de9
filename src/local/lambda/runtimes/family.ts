import { join } from 'node:path';
import { FunctionModel } from '../../definition/model';
import { Reaper } from '../process/reaper';

/** Where to find what a function needs. */
export interface FunctionFolders {
  readonly code: string;
  /** The layers, laid over each other: `/opt` of Lambda. */
  readonly layers?: string;
  readonly app: string;
}

/** The hosts of the assembly, and the port of the gateway, which answers in their place: see `docs/addresses.md`. */
export interface Lead {
  readonly hosts: readonly string[];
  readonly port: number;
}

export interface Surroundings {
  readonly folders: FunctionFolders;
  readonly lead?: Lead;
  /** Where a debugger attaches, on loopback; undefined if none is expected. */
  readonly inspectPort?: number;
  readonly reaper: Reaper;
  /** Whether the process is started before its code is known. */
  readonly isSpare?: boolean;
  /** How far the clock of functions is put forward, in milliseconds; undefined if that never happens. */
  readonly clockAhead?: number;
}

/** A command that runs a function. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Defaults; the function's own variables win over them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it gets its events as frames; else it asks the Runtime API. */
  readonly takesFrames?: boolean;
}

/** How the functions of one family of runtimes run here. Everything specific to a family is in its file, and in its client in `clients`. */
export interface Family {
  /** Lambda's own runtimes set `AWS_EXECUTION_ENV` and run `AWS_LAMBDA_EXEC_WRAPPER`; runtimes that come with the function do not. */
  readonly isManaged: boolean;
  /** How a debugger attaches; undefined for runtimes that take none here. */
  readonly inspection?: Inspection;
  serves(runtime: string): boolean;
  /** @throws Error if it cannot run here */
  launch(fn: FunctionModel, surroundings: Surroundings): Launch | Promise<Launch>;
  /** What is missing here, as the rest of a sentence about the function. */
  missing(fn: FunctionModel, folders: FunctionFolders): string | undefined;
  /** How the version here differs from Lambda's. */
  note?(fn: FunctionModel, app: string): string | undefined;
}

export interface Inspection {
  /** What attaches: `a Node.js debugger`. */
  readonly by: string;
  /** The one that debuggers suggest. */
  readonly firstPort: number;
  /** What is missing for it, and what to install. */
  missing?(fn: FunctionModel, app: string): string | undefined;
}

/**
 * Whether one of our own clients gets its events as frames. It stands still while it waits, in which a debugger would have to wait too; and
 * wrappers pass on what they like. On Windows it asks the Runtime API.
 */
export function takesFrames({ environment }: FunctionModel, { inspectPort }: Pick<Surroundings, 'inspectPort'>): boolean {
  return process.platform !== 'win32' && inspectPort === undefined && !environment.AWS_LAMBDA_EXEC_WRAPPER;
}

/** The folder of the runtime clients. */
export const CLIENTS = join(__dirname, 'clients');

/** `22` of `nodejs22.x`, `3.13` of `python3.13`. */
export function versionOf({ runtime }: FunctionModel): string {
  return /\d+(?:\.\d+)?/.exec(runtime)?.[0] ?? '';
}
