import { ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { join } from 'node:path';

/**
 * If the gateway itself is killed, this kills its process groups and removes its folders. Frozen processes would stay for ever.
 * A shell waits for the end of its input, which comes however the gateway ends. Windows has none.
 */
export class Reaper {
  /** In the environment of every process of this gateway. */
  public readonly mark = randomBytes(8).toString('hex');
  private readonly shell?: ChildProcess;

  constructor() {
    if (process.platform === 'win32') { return; }
    const shell = spawn('/bin/sh', [join(__dirname, 'reaper.sh'), this.mark], {
      cwd: '/',
      env: { PATH: `${process.env.PATH ?? ''}:/usr/bin:/bin` },
      // In a session of its own, so that the signals of a terminal do not reach it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.on('error', () => undefined);
    shell.stdin!.on('error', () => undefined);
    shell.unref();
    (shell.stdin as Socket).unref();
    this.shell = shell;
  }

  public add(pgid: number) {
    this.tell(`+${pgid}`);
  }

  public remove(pgid: number) {
    this.tell(`-${pgid}`);
  }

  public addFolder(path: string) {
    if (/[\r\n]/.test(path)) { throw new Error(`folder ${JSON.stringify(path)} has a line break in its name: use another one`); }
    this.tell(`+dir ${path}`);
  }

  /** Kills what is still listed. */
  public async close() {
    const { shell } = this;
    if (!shell || shell.exitCode !== null || shell.signalCode !== null) { return; }
    shell.ref();
    shell.stdin!.end();
    if (shell.pid !== undefined) { await once(shell, 'exit'); }
  }

  private tell(line: string) {
    this.shell?.stdin!.write(`${line}\n`);
  }
}
