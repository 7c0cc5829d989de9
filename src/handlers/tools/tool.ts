import { spawn, spawnSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface ToolOptions {
  /** A folder without code of the user's, unless the tool has to start in the project: tools may run what they find where they start. */
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** What a tool answered. */
export interface ToolResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Its error message, without passwords. */
  readonly complaint: string;
}

/** A command line to run. */
export interface ToolCall extends ToolOptions {
  readonly command: string;
  readonly args: string[];
}

/** Work that calls tools. It does not say how it waits for them: a synthesis stands still meanwhile, the local gateway must not. */
export type Steps<T = void> = Generator<ToolCall, T, ToolResult>;

const MAX_OUTPUT = 64 * 1024 * 1024;

/** Runs a tool from the PATH, never in a folder of the user's unless told to. */
export function runTool(command: string, args: string[], options: ToolOptions = {}): ToolResult {
  const { cwd = tmpdir(), environment = {}, input } = options;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd, input, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: MAX_OUTPUT, shell: isScript(command),
  });
  return resultOf(status, stdout ?? '', stderr ?? '', error);
}

/** Does the work, and waits for each tool. */
export function runSteps<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) {
    const { command, args, ...options } = step.value;
    step = steps.next(runTool(command, args, options));
  }
  return step.value;
}

/** Does the work while this process goes on. */
export async function runStepsInBackground<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next();
  while (!step.done) { step = steps.next(await runInBackground(step.value)); }
  return step.value;
}

function runInBackground({ command, args, cwd = tmpdir(), environment = {} }: ToolCall): Promise<ToolResult> {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], shell: isScript(command) });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
    child.on('error', (error) => done(resultOf(null, stdout, stderr, error)));
    child.on('close', (status) => done(resultOf(status, stdout, stderr)));
  });
}

function resultOf(status: number | null, stdout: string, stderr: string, error?: Error): ToolResult {
  return { ok: status === 0, stdout, complaint: withoutPasswords(error ? String(error) : (stderr || stdout).trim()) };
}

/** On Windows, only the shell runs these. */
function isScript(command: string): boolean {
  return /\.(cmd|bat)$/i.test(command);
}

function withoutPasswords(text: string): string {
  return text.replace(/(:\/\/)[^/@\s]+@/g, '$1****@');
}

const found = new Map<string, string | undefined>();

/** The first of some commands that runs with these arguments. */
export function firstThatRuns(tool: string, commands: string[], args: string[]): string | undefined {
  const key = `${tool} ${process.env.PATH}`;
  if (!found.has(key)) { found.set(key, commands.find((command) => runTool(command, args).ok)); }
  return found.get(key);
}

/** A tool on this machine. */
export interface Tool {
  readonly command: string;
  /** Changes when another version is installed. It costs no start of the tool. */
  readonly identity: string;
}

/** The first command of some names that is on the PATH. */
export function findOnPath(...names: string[]): Tool | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((one) => one !== '')) {
    for (const file of names.flatMap((name) => endings.map((ending) => join(folder, name + ending)))) {
      const tool = toolAt(file);
      if (tool) { return tool; }
    }
  }
  return undefined;
}

/** The tool in a file; undefined if there is none that can be run. */
export function toolAt(file: string): Tool | undefined {
  const status = statSync(file, { throwIfNoEntry: false });
  if (!status?.isFile() || (process.platform !== 'win32' && !/[1357]/.test(status.mode.toString(8).slice(-3)))) { return undefined; }
  return { command: file, identity: `${realpathSync(file)} ${status.size} ${status.mtimeMs}` };
}
