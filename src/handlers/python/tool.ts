import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

export interface ToolOptions {
  /** A folder without code of the user's: tools may run what they find in the folder that they start in. */
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

/** Runs a tool from the PATH, never in a folder of the user's. */
export function runTool(command: string, args: string[], { cwd = tmpdir(), environment = {}, input }: ToolOptions = {}): ToolResult {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd, input, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024,
  });
  return { ok: status === 0, stdout: stdout ?? '', complaint: withoutPasswords(error ? String(error) : (stderr || stdout).trim()) };
}

function withoutPasswords(text: string): string {
  return text.replace(/(:\/\/)[^/@\s]+@/g, '$1****@');
}

const found = new Map<string, string | undefined>();

/** Makes Python ignore the working directory, `PYTHONPATH` and the user's site packages. */
export const ISOLATED = ['-I'];

/** The names of Python's command. */
export const PYTHONS = ['python3', 'python'];

/** The Python on the PATH, if there is one. */
export function findPython(): string | undefined {
  return firstThatRuns('python', PYTHONS, [...ISOLATED, '-c', '']);
}

/** The uv on the PATH, if there is one. */
export function findUv(): string | undefined {
  return firstThatRuns('uv', ['uv'], ['--version']);
}

/** The Python on the PATH that has pip, if there is one. */
export function findPip(): string | undefined {
  return firstThatRuns('pip', PYTHONS, [...ISOLATED, '-m', 'pip', '--version']);
}

function firstThatRuns(tool: string, commands: string[], args: string[]): string | undefined {
  const key = `${tool} ${process.env.PATH}`;
  if (!found.has(key)) { found.set(key, commands.find((command) => runTool(command, args).ok)); }
  return found.get(key);
}
