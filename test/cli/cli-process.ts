import { ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newFolder } from '../local/assembly-folder';
import { until } from '../local/local-function';

export const CLI = resolve('lib/cli/main.js');
const running: ChildProcess[] = [];

/** The command as users start it, with folders of its own for what it keeps and for temporary files. */
export class CliProcess {
  public static start(args: string[], cwd = newFolder(), options: { readonly env?: NodeJS.ProcessEnv } = {}): CliProcess {
    if (!existsSync(CLI)) { throw new Error('there is no `lib` to test: make it with `npx projen compile`'); }
    const temporary = newFolder();
    const env = { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: join(newFolder(), 'cache'), ...options.env };
    const child = spawn(process.execPath, [CLI, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    return new CliProcess(child, temporary);
  }

  public stdout = '';
  public stderr = '';
  /** With which status, or by which signal, it ended, once it has. */
  public readonly ended: Promise<number | NodeJS.Signals>;

  private constructor(public readonly child: ChildProcess, public readonly temporary: string) {
    child.stdout!.on('data', (data) => this.stdout += data);
    child.stderr!.on('data', (data) => this.stderr += data);
    this.ended = new Promise((done) => child.once('close', (code, signal) => done(code ?? signal!)));
  }

  public get lines(): string[] {
    return this.stdout.split('\n').slice(0, -1);
  }

  /** What `--json` prints. */
  public get events(): Array<{ readonly type: string; readonly [name: string]: any }> {
    return this.lines.map((line) => JSON.parse(line));
  }

  /** Once it serves, with `--json`: where. */
  public async url(): Promise<string> {
    await until(() => this.lines.length > 0 || this.child.exitCode !== null);
    if (this.lines.length === 0) { throw new Error(`it did not start: ${this.stderr}`); }
    return this.events[0].apis[0].url;
  }

  /** Once it serves, for people: where. */
  public async printedUrl(): Promise<string> {
    await until(() => this.stdout.includes('  findings ') || this.child.exitCode !== null);
    const [url] = /ws:\S+/.exec(this.stdout) ?? [];
    if (url === undefined) { throw new Error(`it did not start: ${this.stderr}`); }
    return url;
  }
}

afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));
