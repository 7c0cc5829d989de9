import { randomBytes, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { ExecutionEnvironment, FunctionEvent, FunctionLog } from './execution-environment';
import { Reaper } from './process/reaper';
import { Spares } from './process/spares';
import { FunctionFolders, Lead, startsAhead } from './runtimes';
import { Failure, failure, Outcome, Task } from './task';
import { Clock } from '../clock';
import { FunctionModel } from '../definition/model';
import { Credentials } from '../iam/callers';

export type { FunctionEvent, FunctionLog } from './execution-environment';
export { extensionsNote, missingForFunction, runtimeNote } from './runtimes';

export interface FunctionPoolOptions {
  /** @default "$LATEST" */
  readonly version?: string;
  /** More variables; they win over the function's own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  /** Which hosts the gateway answers for. */
  readonly lead?: Lead;
  /** The folder of the unpacked code. */
  readonly codeFolder: string;
  /** The folder of the layers, laid over each other. */
  readonly layersFolder?: string;
  /** The app's folder. The AWS SDK, which Lambda's runtimes contain, is looked up from there. */
  readonly appFolder: string;
  /** @default - the reserved concurrency, at most one for each CPU, but at least two */
  readonly maxConcurrency?: number;
  /** Where a debugger attaches. There is one environment then, and no time-out. */
  readonly inspectPort?: number;
  /** By which the function tells the time, if it can be put forward. */
  readonly clock?: Pick<Clock, 'ahead'>;
  readonly reaper: Reaper;
  /** Where processes wait that are started ahead, for code that is replaced again. */
  readonly spares?: Spares<ExecutionEnvironment>;
  readonly onLog: (line: FunctionLog) => void;
  readonly onEvent?: (event: FunctionEvent) => void;
  /** Measures how long things take, in milliseconds. */
  readonly now?: () => number;
}

export interface InvokeOptions {
  /**
   * The ARN that the caller names, with the version or alias if it names one.
   *
   * @default - the function's own
   */
  readonly invokedArn?: string;
  /** How long the caller waits. If the invocation is still in line by then, it never runs. If it has begun, it goes on. */
  readonly timeoutMillis?: number;
  /** As in the header `X-Amzn-Trace-Id`. */
  readonly traceId?: string;
  /** A retry has the id of the first attempt. */
  readonly requestId?: string;
}

export interface Invocation {
  readonly requestId: string;
  /** What the function answered, or Lambda's description of the error. */
  readonly payload: string;
  readonly functionError?: 'Handled' | 'Unhandled';
  readonly durationMillis: number;
  /** How long the start took, if this was the first invocation of its environment. */
  readonly coldStartMillis?: number;
}

/** Kept, because asking takes a system call and every message needs it. */
const CPUS = availableParallelism();

/** If a process dies before it reads its event, another one gets it. This often at most. */
const MAX_RETURNS = 3;

const CLOSED = failure('Runtime.ExitError', 'the gateway is closed');
const ABANDONED = failure('Sandbox.Timedout', 'its caller waited no longer');
const LOST = failure('Runtime.ExitError', `${MAX_RETURNS + 1} processes ended before they read the event`);

/** What somebody who saves a file waits for comes first. */
const SPARE_MILLIS = 10;

interface QueuedTask extends Task {
  /** When its caller gives up. */
  readonly until: number;
  returns: number;
}

/** Runs one function as Lambda does: in as many environments as it needs, up to a limit; further invocations wait in line. */
export class FunctionPool {
  private readonly now: () => number;
  private readonly queue: QueuedTask[] = [];
  /** The environments that new invocations go to. */
  private environments = new Set<ExecutionEnvironment>();
  /** All environments, also those that are about to end. */
  private readonly alive = new Set<ExecutionEnvironment>();
  /** Whether this code has ever started. */
  private proven = false;
  private closed = false;
  private wasReplaced = false;
  private spareTimer?: NodeJS.Timeout;

  constructor(private fn: FunctionModel, private options: FunctionPoolOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  public get stats(): { readonly environments: number; readonly busy: number; readonly queued: number } {
    return {
      environments: this.alive.size,
      busy: [...this.alive].filter((environment) => environment.isBusy).length,
      queued: this.queue.length,
    };
  }

  /** Never rejects, whatever the function does. */
  public invoke(event: string, options: InvokeOptions = {}): Promise<Invocation> {
    const { invokedArn, timeoutMillis = Infinity, traceId = newTraceId(), requestId = randomUUID() } = options;
    return new Promise((resolve) => {
      const finish = ({ payload, failed }: Outcome, durationMillis: number, coldStartMillis?: number) => resolve({
        requestId, payload, functionError: failed ? 'Unhandled' : undefined, durationMillis, coldStartMillis,
      });
      this.queue.push({ requestId, event, invokedArn, traceId, until: this.now() + timeoutMillis, returns: 0, finish });
      if (this.closed) { this.fail(CLOSED, this.queue.splice(0)); } else { this.dispatch(); }
    });
  }

  /** Sends new invocations to environments with this code. The old ones finish what they do; resolves when they are gone. */
  public async replace(fn: FunctionModel, codeFolder: string): Promise<void> {
    const old = this.environments;
    this.fn = fn;
    this.options = { ...this.options, codeFolder };
    this.environments = new Set();
    this.proven = false;
    this.wasReplaced = true;
    for (const environment of old) {
      if (!environment.isBusy) { environment.end(); }
    }
    if (!this.closed) { this.start(); }
    await Promise.all([...old].map((environment) => environment.gone));
  }

  public get isInspected(): boolean {
    return this.options.inspectPort !== undefined;
  }

  /** Starts an environment for the first invocation, if there is none. */
  public warm() {
    if (!this.closed && this.environments.size === 0) { this.start(); }
  }

  /** Kills everything. */
  public async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.spareTimer);
    this.options.spares?.drop(this);
    const all = [...this.alive];
    for (const environment of all) { environment.end(); }
    this.fail(CLOSED, this.queue.splice(0));
    await Promise.all(all.map((environment) => environment.gone));
  }

  private get maxConcurrency(): number {
    if (this.options.inspectPort !== undefined) { return 1; }
    const { maxConcurrency = Math.min(this.fn.reservedConcurrency ?? Infinity, Math.max(2, CPUS)) } = this.options;
    return Math.max(1, maxConcurrency);
  }

  private start() {
    const spare = this.options.spares?.take(this, this.spareKey());
    spare?.begin(this.options.codeFolder);
    this.environments.add(spare ?? this.create(false));
  }

  private create(isSpare: boolean): ExecutionEnvironment {
    const { codeFolder, layersFolder, appFolder } = this.options;
    const folders: FunctionFolders = { code: codeFolder, layers: layersFolder, app: appFolder };
    const environment = new ExecutionEnvironment(this.fn, folders, { ...this.options, isSpare, now: this.now }, {
      idle: (one) => this.idle(one),
      ended: (one, reason) => this.ended(one, reason),
      returned: (task) => this.returned(task as QueuedTask),
    });
    this.alive.add(environment);
    void environment.gone.then(() => this.alive.delete(environment));
    return environment;
  }

  /** Whose code was replaced will have it replaced again. */
  private spareSoon() {
    const { spares, inspectPort } = this.options;
    if (!spares || !this.wasReplaced || spares.has(this) || !startsAhead(this.fn, { inspectPort })) { return; }
    clearTimeout(this.spareTimer);
    this.spareTimer = setTimeout(() => {
      if (!this.closed && !spares.has(this)) { spares.keep(this, this.spareKey(), this.create(true)); }
    }, SPARE_MILLIS).unref();
  }

  /** What a process depends on before it has its code. */
  private spareKey(): string {
    return JSON.stringify({ ...this.fn, code: undefined });
  }

  private idle(environment: ExecutionEnvironment) {
    if (!this.environments.has(environment)) {
      environment.end();
      return;
    }
    if (!this.proven) { this.spareSoon(); }
    this.proven = true;
    this.dispatch();
  }

  private returned(task: QueuedTask) {
    if (this.closed || ++task.returns > MAX_RETURNS) {
      this.fail(this.closed ? CLOSED : LOST, [task]);
    } else {
      this.queue.unshift(task);
    }
  }

  private ended(environment: ExecutionEnvironment, reason?: Failure) {
    const isCurrent = this.environments.delete(environment);
    if (isCurrent && reason) {
      // If the code has never started, it will not start for those in line either.
      this.fail(reason, this.proven ? this.queue.splice(0, 1) : this.queue.splice(0));
    }
    this.dispatch();
  }

  private dispatch() {
    if (this.closed) { return; }
    let coming = 0;
    for (const environment of this.environments) {
      if (environment.isIdle) {
        const task = this.take();
        if (!task) { return; }
        if (!environment.run(task)) { this.queue.unshift(task); }
      } else if (environment.isComing) {
        coming++;
      }
    }
    while (this.queue.length > coming && this.environments.size < this.maxConcurrency) {
      this.start();
      coming++;
    }
  }

  /** The first invocation in line whose caller still waits. */
  private take(): QueuedTask | undefined {
    for (let task = this.queue.shift(); task; task = this.queue.shift()) {
      if (this.now() < task.until) { return task; }
      this.fail(ABANDONED, [task]);
    }
    return undefined;
  }

  private fail(reason: Failure, tasks: readonly QueuedTask[]) {
    for (const task of tasks) { task.finish({ payload: reason(task.requestId), failed: true }, 0); }
  }
}

const TRACE_ID_BYTES = 20;
/** Each call for random bytes costs the same, however many it asks for. */
let random = Buffer.alloc(0);
let used = 0;

function newTraceId(): string {
  if (used === random.length) {
    random = randomBytes(256 * TRACE_ID_BYTES);
    used = 0;
  }
  const hex = random.toString('hex', used, used += TRACE_ID_BYTES);
  return `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${hex.slice(0, 24)};Parent=${hex.slice(24)};Sampled=0`;
}
