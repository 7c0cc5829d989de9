import { CodeFolders } from './code-folders';
import { ExecutionEnvironment } from './execution-environment';
import { FunctionPool } from './function-pool';
import { InspectedFunctions } from './inspected-functions';
import { Reaper } from './process/reaper';
import { Spares } from './process/spares';
import { Lead } from './runtimes';
import { UnledCalls } from './unled-calls';
import { Clock } from '../clock';
import { FunctionModel } from '../definition/model';
import { Trace } from '../events/trace';
import { Callers, callerOf } from '../iam/callers';

export interface FunctionPoolsOptions {
  readonly callers: Callers;
  readonly trace: Trace;
  /** The folder of the app, where the SDK that Lambda carries is found. */
  readonly appFolder: string;
  readonly maxConcurrency?: number;
  readonly inspected?: InspectedFunctions;
  /** By which functions tell the time, if it can be put forward. */
  readonly clock?: Pick<Clock, 'ahead'>;
}

/** How functions find the APIs of the assembly. */
export interface FunctionSurroundings {
  /** The environment of a function on this machine. */
  readonly environmentOf: (fn: FunctionModel) => Record<string, string>;
  /** The hosts that the gateway answers for. */
  readonly lead?: Lead;
}

interface Entry {
  readonly fn: FunctionModel;
  readonly pool: Promise<FunctionPool>;
}

/** The pools of functions, one for each version that is called. A pool is made by the first call. */
export class FunctionPools {
  /** By the ARN of the function, then by the version. */
  private readonly pools = new Map<string, Map<string, Entry>>();
  private surroundings: FunctionSurroundings = { environmentOf: ({ environment }) => environment };
  private readonly unled: UnledCalls;
  private readonly spares = new Spares<ExecutionEnvironment>();

  constructor(private readonly options: FunctionPoolsOptions, private readonly code: CodeFolders, private readonly reaper: Reaper) {
    this.unled = new UnledCalls(() => this.surroundings.lead?.hosts ?? [], (text) => options.trace.add({ type: 'warning', text }));
  }

  /** The pool of a version. It rejects if the code cannot be opened. */
  public of(fn: FunctionModel, version: string): Promise<FunctionPool> {
    const versions = this.versionsOf(fn.arn);
    const known = versions.get(version);
    if (known) { return known.pool; }
    const pool = this.make(fn, version);
    versions.set(version, { fn, pool });
    pool.catch(() => versions.delete(version));
    return pool;
  }

  /**
   * Gives new environments to the functions that changed, and ends those that are gone.
   *
   * @returns the paths of those that changed
   */
  public async update(functions: ReadonlyMap<string, FunctionModel>, surroundings: FunctionSurroundings): Promise<string[]> {
    const isLedElsewhere = JSON.stringify(this.surroundings.lead) !== JSON.stringify(surroundings.lead);
    this.surroundings = surroundings;
    const changed: string[] = [];
    for (const [arn, versions] of this.pools) {
      const fn = functions.get(arn);
      const [first] = versions.values();
      if (!fn) {
        this.pools.delete(arn);
        void closeAll([...versions.values()]);
      } else if (first && (isLedElsewhere || fingerprint(fn) !== fingerprint(first.fn))) {
        changed.push(fn.path);
        await this.replace(fn);
      }
    }
    return changed;
  }

  /** Gives a function other code. It resolves when new calls run that code, and `oldIsGone` when nothing runs the old code any more. */
  public async replace(fn: FunctionModel): Promise<{ readonly oldIsGone: Promise<unknown> }> {
    const versions = this.versionsOf(fn.arn);
    const gone: Promise<void>[] = [];
    for (const [version, { pool }] of [...versions]) {
      versions.set(version, { fn, pool });
      gone.push((await pool).replace(this.localized(fn), await this.code.run(fn.code)));
    }
    return { oldIsGone: Promise.all(gone) };
  }

  /** Looks for a call that did not reach the gateway, in what a function printed or failed with. */
  public look(fn: FunctionModel, text: string) {
    this.unled.look(fn, text);
  }

  public async close() {
    await closeAll([...this.pools.values()].flatMap((versions) => [...versions.values()]));
  }

  private versionsOf(arn: string): Map<string, Entry> {
    const known = this.pools.get(arn);
    if (known) { return known; }
    const versions = new Map<string, Entry>();
    this.pools.set(arn, versions);
    return versions;
  }

  private async make(fn: FunctionModel, version: string): Promise<FunctionPool> {
    const { callers, trace, appFolder, maxConcurrency, inspected, clock } = this.options;
    const codeFolder = await this.code.run(fn.code);
    return new FunctionPool(this.localized(fn), {
      version,
      credentials: callers.credentialsOf(fn.role
        ? callerOf(fn.role)
        : { arn: `arn:aws:sts::${fn.account}:assumed-role/${fn.name}`, name: fn.name, account: fn.account }),
      codeFolder,
      layersFolder: await this.code.layersOf(fn),
      appFolder,
      maxConcurrency,
      lead: this.surroundings.lead,
      inspectPort: await inspected?.portOf(fn, codeFolder, version),
      clock,
      reaper: this.reaper,
      spares: this.spares,
      onLog: (line) => {
        trace.add({ type: 'function-log', function: fn.path, ...line });
        this.look(fn, line.text);
      },
      onEvent: ({ type: what, ...rest }) => trace.add({ type: 'function', function: fn.path, what, ...rest }),
    });
  }

  private localized(fn: FunctionModel): FunctionModel {
    return { ...fn, environment: this.surroundings.environmentOf(fn) };
  }
}

/** If a pool could not be made, there is nothing to close. */
function closeAll(entries: Entry[]): Promise<unknown> {
  return Promise.all(entries.map(({ pool }) => pool.then((one) => one.close(), () => undefined)));
}

/** What a running environment depends on, as text. */
function fingerprint({ code, layers, environment, handler, runtime, timeoutSeconds, memoryMB, role }: FunctionModel): string {
  return JSON.stringify([code, layers, environment, handler, runtime, timeoutSeconds, memoryMB, role?.arn]);
}
