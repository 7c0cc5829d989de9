import { realpathSync } from 'node:fs';
import { Socket } from 'node:net';
import { describeFunctionError } from './function-error';
import { basicVariables, newMark, reservedVariables } from './function-variables';
import { untilFree } from './inspected-functions';
import { withLocalPaths } from './lambda-paths';
import { Deadline } from './process/deadline';
import { FunctionProcess } from './process/function-process';
import { Reaper } from './process/reaper';
import { Admission, RuntimeApi } from './runtime-api/runtime-api';
import { RuntimeFrames } from './runtime-api/runtime-frames';
import { RuntimeLink, RuntimeListener } from './runtime-api/runtime-link';
import { isOwnedBy } from './runtime-api/socket-owner';
import { FunctionFolders, launchOf, Lead } from './runtimes';
import { Failure, failure, Outcome, Task } from './task';
import { Clock } from '../clock';
import { FunctionModel } from '../definition/model';
import { Credentials } from '../iam/callers';

/** How long Lambda lets a function start, in addition to its timeout. */
const INIT_MILLIS = 10_000;
/** If a process hangs up on the Runtime API and does not come back, it is killed after this time. */
const HANG_UP_MILLIS = 1000;
/** A process in which nothing runs need not be stopped at once. To stop and wake it for each of many messages takes longer than they do. */
const QUIET_MILLIS = 10;
/** What is left of the time of an invocation while somebody debugs it. */
const DAY_MILLIS = 24 * 60 * 60 * 1000;

export interface FunctionLog {
  /** The invocation during which it was printed. */
  readonly requestId?: string;
  readonly stream: 'stdout' | 'stderr';
  /** One line, without its line break. */
  readonly text: string;
}

export interface FunctionEvent {
  readonly type: 'start' | 'ready' | 'exit' | 'timeout' | 'init-error';
  /** How long the cold start took. */
  readonly durationMillis?: number;
  readonly reason?: string;
}

export interface EnvironmentOptions {
  /** The version that runs. */
  readonly version?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  /** Which hosts the gateway answers for. */
  readonly lead?: Lead;
  /** Where a debugger attaches. Then no time-out passes, and the process is not frozen. */
  readonly inspectPort?: number;
  /** By which the function tells the time, if it can be put forward. */
  readonly clock?: Pick<Clock, 'ahead'>;
  readonly reaper: Reaper;
  /** Whether the process is started before its code is known. */
  readonly isSpare?: boolean;
  readonly onLog: (line: FunctionLog) => void;
  readonly onEvent?: (event: FunctionEvent) => void;
  readonly now: () => number;
}

/** What owns an environment, and is told of its changes. */
export interface EnvironmentOwner {
  /** It can take an invocation. */
  idle(environment: ExecutionEnvironment): void;
  /** It takes no more invocations. There is a failure if it was never ready. */
  ended(environment: ExecutionEnvironment, failure?: Failure): void;
  /** The process died before it read this invocation: another environment can have it. */
  returned(task: Task): void;
}

/** One process that runs a function, one invocation at a time, and is frozen between them. */
export class ExecutionEnvironment implements RuntimeListener {
  /** Resolves once the process is gone. */
  public readonly gone: Promise<void>;
  private startedAt: number;
  /** `ahead` means that it has no code yet; `lost`, that it hung up while it waited: it may be about to end. */
  private state: 'ahead' | 'starting' | 'idle' | 'busy' | 'answered' | 'lost' | 'ended' = 'starting';
  private code?: string;
  private process?: FunctionProcess;
  private api?: RuntimeApi;
  private link?: RuntimeLink;
  private readonly deadline = new Deadline();
  private quietTimer?: NodeJS.Timeout;
  private turning = false;
  private coldStartMillis?: number;
  private task?: Task;
  private handedAt = 0;
  private durationMillis = 0;
  private outcome?: Outcome;
  /** Whether the process hung up before it read the current event. */
  private unread = false;
  /** The id of the current invocation, or of the one during which the process ended. */
  private requestId?: string;

  constructor(
    private readonly fn: FunctionModel,
    private readonly folders: FunctionFolders,
    private readonly options: EnvironmentOptions,
    private readonly owner: EnvironmentOwner,
  ) {
    this.startedAt = options.now();
    if (options.isSpare) { this.state = 'ahead'; } else { this.begin(folders.code); }
    this.gone = this.start().catch((error: Error) => this.close(failure('Runtime.InvalidEntrypoint', error.message)));
  }

  /** Starts, with this code. Call it only of what is started ahead. */
  public begin(codeFolder: string) {
    this.state = 'starting';
    this.startedAt = this.options.now();
    this.limit(INIT_MILLIS + this.fn.timeoutSeconds * 1000);
    this.options.onEvent?.({ type: 'start' });
    this.code = realpathSync(codeFolder);
    if (this.options.isSpare && this.link instanceof RuntimeFrames) { this.link.begin(this.code); }
  }

  public get isIdle(): boolean {
    return this.state === 'idle' && this.link!.isWaiting;
  }

  public get isBusy(): boolean {
    return this.state === 'busy';
  }

  /** It will be idle soon by itself. */
  public get isComing(): boolean {
    return this.state === 'starting' || this.state === 'answered';
  }

  /**
   * Hands over an invocation. Call it only while `isIdle`.
   *
   * @returns whether it took it: its process may have died just now
   */
  public run(task: Task): boolean {
    const { fn, options } = this;
    if (this.process!.isEnding) {
      this.hungUp('none');
      return false;
    }
    // If the start takes longer than Lambda allows, the first invocation gets less time.
    const late = Math.max(0, (this.coldStartMillis ?? 0) - INIT_MILLIS);
    const millis = options.inspectPort === undefined ? Math.max(1, fn.timeoutSeconds * 1000 - late) : DAY_MILLIS;
    this.state = 'busy';
    this.task = task;
    this.requestId = task.requestId;
    this.handedAt = options.now();
    this.limit(millis);
    this.process!.thaw();
    const deadline = Date.now() + Math.floor(millis);
    const { requestId, event: body, traceId, invokedArn: functionArn = fn.arn } = task;
    this.link!.send({ requestId, body, traceId, deadline, functionArn, ahead: options.clock?.ahead });
    return true;
  }

  /** Ends the process and all that it started. Its current invocation fails. */
  public end() {
    this.close(failure('Runtime.ExitError', 'Runtime exited with error: signal: killed'), 'wanted');
  }

  public next() {
    if (this.state === 'starting' && this.coldStartMillis === undefined) {
      this.coldStartMillis = rounded(this.options.now() - this.startedAt);
      this.options.onEvent?.({ type: 'ready', durationMillis: this.coldStartMillis });
    }
    this.deadline.clear();
    this.turnSoon();
  }

  public answer(payload: string) {
    this.settle({ payload, failed: false });
  }

  public error(payload: string) {
    this.settle({ payload, failed: true });
  }

  public initError(payload: string) {
    if (this.state === 'starting') { this.close(() => payload); }
  }

  public hungUp(event: 'none' | 'read' | 'unread') {
    const { state } = this;
    if (state === 'ended' || (state === 'busy' && event !== 'unread')) { return; }
    this.unread = state === 'busy';
    this.deadline.set(HANG_UP_MILLIS, () => this.end());
    if (state === 'idle') {
      this.state = 'lost';
      this.process!.thaw();
    }
  }

  private admits(socket: Socket): ReturnType<Admission> {
    if (this.process?.group === undefined) { return 'unknown'; }
    const owned = isOwnedBy(this.process.group, socket);
    // By the time that the last request of a process is read, the system may have closed the socket.
    return owned === 'no' && this.process.isEnding ? 'yes' : owned;
  }

  private settle(outcome: Outcome) {
    this.state = 'answered';
    this.outcome = outcome;
    this.durationMillis = rounded(this.options.now() - this.handedAt);
    this.turnSoon();
  }

  private turnSoon() {
    if (this.turning) { return; }
    this.turning = true;
    // Anything printed before is read within this turn of the event loop.
    setImmediate(this.onTurn);
  }

  private readonly onTurn = () => {
    this.turning = false;
    if (this.state !== 'ended') { this.turn(); }
  };

  private turn() {
    const finish = this.finished();
    if (this.link!.isWaiting) {
      this.state = 'idle';
      this.requestId = undefined;
      this.owner.idle(this);
      if (this.isIdle) { this.freezeSoon(); }
    }
    finish?.();
  }

  /** Only while it has nothing to do: the next invocation may come at once. */
  private freezeSoon() {
    if (this.options.inspectPort !== undefined) { return; }
    const freeze = () => { if (this.isIdle) { this.process!.freeze(); } };
    if (!this.link!.isQuiet) {
      setImmediate(freeze);
    } else if (this.quietTimer) {
      this.quietTimer.refresh();
    } else {
      this.quietTimer = setTimeout(freeze, QUIET_MILLIS).unref();
    }
  }

  /** Clears the invocation, if it has an outcome, and returns the function that reports it. */
  private finished(fallback?: Outcome): (() => void) | undefined {
    const { task, outcome = fallback, durationMillis, coldStartMillis } = this;
    if (!task || !outcome) { return undefined; }
    this.process?.flush();
    this.task = undefined;
    this.outcome = undefined;
    this.coldStartMillis = undefined;
    return () => task.finish(outcome, durationMillis, coldStartMillis);
  }

  private limit(millis: number) {
    if (this.options.inspectPort === undefined) { this.deadline.set(millis, this.onTimeOut); }
  }

  private readonly onTimeOut = () => {
    const reason = failure('Sandbox.Timedout', `Task timed out after ${this.fn.timeoutSeconds.toFixed(2)} seconds`);
    this.options.onEvent?.({ type: 'timeout', reason: describeFunctionError(reason(this.requestId ?? '-')) });
    this.close(reason);
  };

  private close(reason: Failure, cause: 'fault' | 'wanted' = 'fault') {
    const { state, options } = this;
    if (state === 'ended') { return; }
    this.deadline.end();
    clearTimeout(this.quietTimer);
    if (state === 'busy') { this.durationMillis = rounded(options.now() - this.handedAt); }
    const neverReady = state === 'starting' && cause === 'fault';
    if (neverReady) { options.onEvent?.({ type: 'init-error', reason: describeFunctionError(reason(this.requestId ?? '-')) }); }
    const finish = this.finished(this.task && { payload: reason(this.task.requestId), failed: true });
    this.state = 'ended';
    this.process?.kill();
    this.link?.close();
    this.api?.close();
    this.owner.ended(this, neverReady ? reason : undefined);
    finish?.();
  }

  private async start() {
    const { fn, options } = this;
    const { code, layers } = this.folders;
    const folders = { ...this.folders, code: realpathSync(code), layers: layers && realpathSync(layers) };
    const { lead, inspectPort, reaper, isSpare, clock } = options;
    const launch = await launchOf(fn, { folders, lead, inspectPort, reaper, isSpare, clockAhead: clock?.ahead });
    if (inspectPort !== undefined) { await untilFree(inspectPort, () => this.state !== 'ended'); }
    const { takesFrames: isLinked = false } = launch;
    this.api = await RuntimeApi.listen(this, (socket) => this.admits(socket), isLinked);
    if (this.state === 'ended') {
      this.api.close();
      return;
    }
    const mark = newMark(options.reaper.mark);
    this.process = new FunctionProcess({
      ...launch,
      folder: folders.code,
      environment: {
        ...basicVariables(),
        ...launch.environment,
        ...Object.fromEntries(Object.entries(fn.environment).map(([name, value]) => [name, withLocalPaths(value, folders)])),
        ...options.environment,
        ...reservedVariables(fn, {
          version: options.version, code: folders.code, runtimeApi: this.api.address, credentials: options.credentials, mark,
        }),
      },
      isLinked,
      mark,
      reaper: options.reaper,
      onLine: (stream, text) => options.onLog({ requestId: this.requestId, stream, text }),
    });
    this.link = this.process.link ? new RuntimeFrames(this.process.link, this) : this.api;
    if (isSpare && this.code !== undefined && this.link instanceof RuntimeFrames) { this.link.begin(this.code); }
    const end = await this.process.ended;
    // Whether the process read its event shows when its connection ends. That may come after the end of the process.
    await new Promise((resolve) => setImmediate(resolve));
    options.onEvent?.({ type: 'exit', reason: end });
    const { task } = this;
    // If the process was killed before it read the event, another process gets the event.
    // If it ended by itself, the event fails, as in Lambda.
    if (task && this.unread && end.includes('signal: ')) {
      this.task = undefined;
      this.owner.returned(task);
    }
    this.close(failure('Runtime.ExitError', end));
  }
}

function rounded(millis: number): number {
  return Math.round(millis * 100) / 100;
}
