import { ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { describeFunctionError } from './function-error';
import { OutputLines } from './output-lines';
import { Reaper } from './reaper';
import { RuntimeApi, RuntimeListener } from './runtime-api';
import { FunctionFolders, launchOf } from './runtimes';
import { FunctionModel } from '../definition/model';

/** What Lambda gives a function to start, beside the timeout. */
const INIT_MILLIS = 10_000;
/** How long the output of a process that ended is waited for: what it started may hold it open. */
const OUTPUT_MILLIS = 100;
const CAN_FREEZE = process.platform !== 'win32';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface FunctionLog {
  /** Of the invocation that it was printed in. */
  readonly requestId?: string;
  readonly stream: 'stdout' | 'stderr';
  /** One line, without its end. */
  readonly text: string;
}

export interface FunctionEvent {
  readonly type: 'start' | 'ready' | 'exit' | 'timeout' | 'init-error';
  /** What the cold start took. */
  readonly durationMillis?: number;
  readonly reason?: string;
}

export interface EnvironmentOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly reaper: Reaper;
  readonly onLog: (line: FunctionLog) => void;
  readonly onEvent?: (event: FunctionEvent) => void;
  readonly now: () => number;
}

/** What went wrong, as the payload of an invocation: it names the request. */
export type Failure = (requestId: string) => string;

/** Who the environment works for. */
export interface EnvironmentOwner {
  /** It can take an invocation. */
  idle(environment: ExecutionEnvironment): void;
  /** It takes no more. With a failure: it never was ready. */
  ended(environment: ExecutionEnvironment, failure?: Failure): void;
}

export interface Outcome {
  readonly payload: string;
  readonly failed: boolean;
}

/** An invocation on its way. */
export interface Task {
  readonly requestId: string;
  readonly event: string;
  readonly traceId: string;
  finish(outcome: Outcome, durationMillis: number, coldStartMillis?: number): void;
}

/** One process that runs a function, one invocation at a time, and stands still between them. */
export class ExecutionEnvironment implements RuntimeListener {
  /** Once the process is gone. */
  public readonly gone: Promise<void>;
  private readonly startedAt: number;
  private readonly output: OutputLines[] = [];
  private state: 'starting' | 'idle' | 'busy' | 'answered' | 'ended' = 'starting';
  private process?: ChildProcess;
  private api?: RuntimeApi;
  private timer: NodeJS.Timeout;
  private frozen = false;
  private turning = false;
  private coldStartMillis?: number;
  private task?: Task;
  private handedAt = 0;
  private durationMillis = 0;
  private outcome?: Outcome;
  /** Of the present invocation, or of the last one where the process ended with it. */
  private requestId?: string;

  constructor(
    private readonly fn: FunctionModel,
    private readonly folders: FunctionFolders,
    private readonly options: EnvironmentOptions,
    private readonly owner: EnvironmentOwner,
  ) {
    this.startedAt = options.now();
    this.timer = setTimeout(() => this.timeOut(), INIT_MILLIS + fn.timeoutSeconds * 1000);
    options.onEvent?.({ type: 'start' });
    this.gone = this.start().catch((error: Error) => this.close(failure('Runtime.InvalidEntrypoint', error.message)));
  }

  public get isIdle(): boolean {
    return this.state === 'idle';
  }

  public get isBusy(): boolean {
    return this.state === 'busy';
  }

  /** It will be idle soon, with nothing more to wait for. */
  public get isComing(): boolean {
    return this.state === 'starting' || this.state === 'answered';
  }

  /** Hands an invocation to the environment, which has to be idle. */
  public run(task: Task) {
    const { fn, options } = this;
    // A start that took longer than Lambda gives it takes of the time of the first invocation.
    const late = Math.max(0, (this.coldStartMillis ?? 0) - INIT_MILLIS);
    const millis = Math.max(1, fn.timeoutSeconds * 1000 - late);
    this.state = 'busy';
    this.task = task;
    this.requestId = task.requestId;
    this.handedAt = options.now();
    this.timer = setTimeout(() => this.timeOut(), millis);
    this.thaw();
    const deadline = Date.now() + Math.floor(millis);
    this.api!.send({ requestId: task.requestId, body: task.event, traceId: task.traceId, deadline, functionArn: fn.arn });
  }

  /** Ends the process, and all that it started. An invocation that it has ends as exited. */
  public end() {
    this.close(failure('Runtime.ExitError', 'Runtime exited with error: signal: killed'), false);
  }

  public next() {
    if (this.state === 'starting') {
      this.coldStartMillis = rounded(this.options.now() - this.startedAt);
      this.options.onEvent?.({ type: 'ready', durationMillis: this.coldStartMillis });
    }
    clearTimeout(this.timer);
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

  private settle(outcome: Outcome) {
    this.state = 'answered';
    this.outcome = outcome;
    this.durationMillis = rounded(this.options.now() - this.handedAt);
    this.turnSoon();
  }

  private turnSoon() {
    if (this.turning) { return; }
    this.turning = true;
    // What was printed before is read in this turn of the event loop, if it was not yet.
    setImmediate(() => {
      this.turning = false;
      if (this.state !== 'ended') { this.turn(); }
    });
  }

  private turn() {
    const finish = this.finished();
    if (this.api!.isWaiting) {
      this.state = 'idle';
      this.requestId = undefined;
      this.owner.idle(this);
      setImmediate(() => this.freeze());
    }
    finish?.();
  }

  /** What tells the outcome, if there is one; the environment has done with it before. */
  private finished(fallback?: Outcome): (() => void) | undefined {
    const { task, outcome = fallback, durationMillis, coldStartMillis } = this;
    if (!task || !outcome) { return undefined; }
    this.output.forEach((lines) => lines.flush());
    this.task = undefined;
    this.outcome = undefined;
    this.coldStartMillis = undefined;
    return () => task.finish(outcome, durationMillis, coldStartMillis);
  }

  private timeOut() {
    const reason = failure('Sandbox.Timedout', `Task timed out after ${this.fn.timeoutSeconds.toFixed(2)} seconds`);
    this.options.onEvent?.({ type: 'timeout', reason: describeFunctionError(reason(this.requestId ?? '-')) });
    this.close(reason);
  }

  private close(reason: Failure, isFault = true) {
    const { state, options } = this;
    if (state === 'ended') { return; }
    clearTimeout(this.timer);
    if (state === 'busy') { this.durationMillis = rounded(options.now() - this.handedAt); }
    if (state === 'starting' && isFault) { options.onEvent?.({ type: 'init-error', reason: describeFunctionError(reason(this.requestId ?? '-')) }); }
    const finish = this.finished(this.task && { payload: reason(this.task.requestId), failed: true });
    this.state = 'ended';
    this.signal('SIGKILL');
    this.api?.close();
    this.owner.ended(this, state === 'starting' && isFault ? reason : undefined);
    finish?.();
  }

  private async start() {
    const { fn, options } = this;
    const folders = { ...this.folders, code: realpathSync(this.folders.code), layers: this.folders.layers && realpathSync(this.folders.layers) };
    const launch = await launchOf(fn, folders, options.reaper);
    this.api = await RuntimeApi.listen(this);
    if (this.state === 'ended') {
      this.api.close();
      return;
    }
    const child = spawn(launch.command, launch.args, {
      cwd: folders.code,
      env: { ...basicVariables(), ...launch.environment, ...fn.environment, ...options.environment, ...this.reservedVariables(folders.code) },
      // A group of its own: it is stopped, continued and killed with all that it starts.
      detached: CAN_FREEZE,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const ended = endOf(child);
    this.process = child;
    if (child.pid !== undefined) { options.reaper.add(child.pid); }
    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = new OutputLines((text) => options.onLog({ requestId: this.requestId, stream, text }));
      child[stream]!.on('data', (chunk) => lines.write(chunk));
      this.output.push(lines);
    }
    let end: string;
    try {
      end = await ended;
    } finally {
      this.signal('SIGKILL');
      if (child.pid !== undefined) { options.reaper.remove(child.pid); }
    }
    await outputOf(child);
    this.output.forEach((lines) => lines.flush());
    options.onEvent?.({ type: 'exit', reason: end });
    this.close(failure('Runtime.ExitError', end));
  }

  /** Functions cannot set these. */
  private reservedVariables(code: string): Record<string, string> {
    const { fn, options: { credentials } } = this;
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    return {
      AWS_LAMBDA_RUNTIME_API: this.api!.address,
      LAMBDA_TASK_ROOT: code,
      _HANDLER: fn.handler,
      AWS_REGION: fn.region,
      AWS_DEFAULT_REGION: fn.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMB),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    };
  }

  private freeze() {
    if (!CAN_FREEZE || this.frozen || this.state !== 'idle') { return; }
    this.frozen = true;
    this.signal('SIGSTOP');
  }

  private thaw() {
    if (!this.frozen) { return; }
    this.frozen = false;
    this.signal('SIGCONT');
  }

  private signal(signal: NodeJS.Signals) {
    const pid = this.process?.pid;
    if (pid === undefined) { return; }
    try {
      if (CAN_FREEZE) { process.kill(-pid, signal); } else { this.process!.kill(signal); }
    } catch {
      // There is nothing left of it.
    }
  }
}

function basicVariables(): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // No such folder: what a developer has at home is not in Lambda.
    HOME: '/home/sbx_user1051',
    ...process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {},
  };
}

/** In Lambda's words. Rejects where the process never started. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal) {
        resolve(`Runtime exited with error: signal: ${SIGNALS[signal] ?? signal}`);
      } else {
        resolve(code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`);
      }
    });
  });
}

/** Until all that it printed is read. */
function outputOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(patience);
      child.stdout!.destroy();
      child.stderr!.destroy();
      resolve();
    };
    const patience = setTimeout(finish, OUTPUT_MILLIS);
    if (child.stdout!.closed && child.stderr!.closed) { finish(); } else { child.once('close', finish); }
  });
}

/** Lambda's words for what went wrong. */
export function failure(errorType: string, reason: string): Failure {
  return (requestId) => JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` });
}

function rounded(millis: number): number {
  return Math.round(millis * 100) / 100;
}

/** As Go names them. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGINT: 'interrupt',
  SIGBUS: 'bus error',
};
