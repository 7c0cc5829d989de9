import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { OutputLines } from './output-lines';
import { Reaper } from './reaper';
import { killStrays } from './stray-processes';

/** How long to wait for the output of a process that has ended: its children may hold the pipes open. */
const OUTPUT_MILLIS = 100;
const CAN_FREEZE = process.platform !== 'win32';
/** A flag of Linux: the process is ending. */
const PF_EXITING = 0x4;
const BUFFER = Buffer.alloc(256);

export interface ProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it gets one end of `link`, as descriptor 3. */
  readonly isLinked: boolean;
  /** In the environment of this process and its children, and nowhere else. */
  readonly mark: string;
  readonly reaper: Reaper;
  readonly onLine: (stream: 'stdout' | 'stderr', text: string) => void;
}

/** The process of an execution environment, with all that it starts. */
export class FunctionProcess {
  /** How it ended, in Lambda's words, once all its output is read. Rejects if it never started. */
  public readonly ended: Promise<string>;
  private readonly child: ChildProcess;
  private readonly output: OutputLines[] = [];
  /** `/proc/<pid>/stat`, kept open: it is read before every invocation. */
  private stat?: number;
  private hasEnded = false;
  private frozen = false;

  constructor(private readonly options: ProcessOptions) {
    const child = spawn(options.command, options.args, {
      cwd: options.folder,
      env: options.environment,
      // A group of its own: it is stopped, continued and killed together with all that it starts.
      detached: CAN_FREEZE,
      stdio: ['ignore', 'pipe', 'pipe', ...options.isLinked ? ['pipe' as const] : []],
      windowsHide: true,
    });
    this.child = child;
    this.stat = options.isLinked ? undefined : openStat(child.pid);
    this.ended = this.run(endOf(child));
    // Whoever awaits `ended` gets the error. Without this line, Node.js would end the gateway if nobody awaits it yet.
    this.ended.catch(() => undefined);
    for (const stream of ['stdout', 'stderr'] as const) {
      const lines = new OutputLines((text) => options.onLine(stream, text));
      // If the machine has no file descriptors left, there are no pipes.
      child[stream]?.on('data', (chunk) => lines.write(chunk)).on('error', () => undefined);
      this.output.push(lines);
    }
  }

  /** Our end; undefined if it never started. */
  public get link(): Socket | undefined {
    return this.child.stdio[3] as Socket | undefined;
  }

  /** The process group; undefined if it never started. */
  public get group(): number | undefined {
    return this.child.pid;
  }

  /**
   * Whether the process is ending, before Node.js has noticed. Only Linux tells; elsewhere it shows late. It is not asked of a process with
   * a link, which tells what was not read.
   */
  public get isEnding(): boolean {
    if (this.stat === undefined) { return this.hasEnded; }
    try {
      const text = BUFFER.toString('latin1', 0, readSync(this.stat, BUFFER, 0, BUFFER.length, 0));
      const [, state, flags] = /\) (\w)(?: -?\d+){5} (\d+)/.exec(text) ?? [];
      // eslint-disable-next-line no-bitwise
      return state === 'Z' || state === 'X' || (Number(flags) & PF_EXITING) !== 0;
    } catch {
      return true;
    }
  }

  /** Passes on what was printed without a line break. */
  public flush() {
    this.output.forEach((lines) => lines.flush());
  }

  public freeze() {
    if (!CAN_FREEZE || this.frozen) { return; }
    this.frozen = true;
    this.signal('SIGSTOP');
  }

  public thaw() {
    if (!this.frozen) { return; }
    this.frozen = false;
    this.signal('SIGCONT');
  }

  public kill() {
    this.signal('SIGKILL');
  }

  private async run(end: Promise<string>): Promise<string> {
    const { child, options: { reaper, mark } } = this;
    if (child.pid !== undefined) { reaper.add(child.pid); }
    try {
      const reason = await end;
      this.kill();
      await killStrays(mark);
      await outputOf(child);
      this.flush();
      return reason;
    } finally {
      if (child.pid !== undefined) { reaper.remove(child.pid); }
      this.hasEnded = true;
      if (this.stat !== undefined) { closeSync(this.stat); }
      this.stat = undefined;
    }
  }

  private signal(signal: NodeJS.Signals) {
    const { pid } = this.child;
    if (pid === undefined) { return; }
    try {
      if (CAN_FREEZE) { process.kill(-pid, signal); } else { this.child.kill(signal); }
    } catch {
      // Nothing is left of it.
    }
  }
}

function openStat(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux' || pid === undefined) { return undefined; }
  try {
    return openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return undefined;
  }
}

/** In Lambda's words. Rejects if the process never started. */
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

/** Resolves once everything that it printed is read. */
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

/** Go's names of signals. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGINT: 'interrupt',
  SIGBUS: 'bus error',
};
