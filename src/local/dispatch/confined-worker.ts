import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { validateBody } from './request-model';
import { EVALUATIONS } from '../integrations/evaluations';
import { IntegrationFailure } from '../integrations/failure';
import { parseVelocity } from '../integrations/velocity-syntax';

/** Everything that runs in a worker: what templates, schemas and clients wrote decides how long it takes. */
const TASKS = { ...EVALUATIONS, validateBody };

export type Tasks = typeof TASKS;

export interface Job {
  readonly name: keyof Tasks;
  readonly args: readonly unknown[];
}

/** Tells that the worker has loaded what it needs. */
export const READY = 'ready';

export type Done =
  | { readonly result: unknown }
  | { readonly error: string; readonly kind?: IntegrationFailure['kind'] };

giveWay();
// Loads the parser and the validator now: the time limit of the first job is for the job alone.
parseVelocity('$x');
validateBody({}, '{}');
parentPort?.on('message', ({ name, args }: Job) => parentPort!.postMessage(run(name, args)));
parentPort?.postMessage(READY);

/** On a machine with few processors, the gateway's own thread comes first. Only Linux has priorities for threads. */
function giveWay() {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), 10);
  } catch {
    // It keeps the normal priority.
  }
}

function run(name: keyof Tasks, args: readonly unknown[]): Done {
  try {
    return { result: (TASKS[name] as (...given: readonly unknown[]) => unknown)(...args) };
  } catch (error) {
    return { error: (error as Error).message, ...error instanceof IntegrationFailure ? { kind: error.kind } : {} };
  }
}
