import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, extname, join, resolve } from 'node:path';
import { CdkSettings } from './cdk-settings';
import { defaultRegion, UNKNOWN_ACCOUNT } from './default-place';

const IS_WINDOWS = process.platform === 'win32';

/** How many bytes of environment a process may start with: on Linux a single variable, on Windows all of them. */
const MAX_ENVIRONMENT_BYTES = IS_WINDOWS ? 32_760 : 131_072;

/** Where a CDK app finds its context, or the file that holds what does not fit. */
const CONTEXT = 'CDK_CONTEXT_JSON';
const CONTEXT_FILE = 'CONTEXT_OVERFLOW_LOCATION_ENV';

/**
 * Runs an app as the CDK CLI does, its `build` first. The context also asks for the metadata that `--watch` needs.
 *
 * @returns the command that ran
 * @throws Error if a command fails, or makes no cloud assembly
 */
export async function runCdkApp(app: string, settings: CdkSettings, onOutput: (text: string) => void, cwd: string): Promise<string> {
  const { build, output, context } = settings;
  const command = commandLineOf(app, cwd);
  const { CDK_DEFAULT_ACCOUNT, VIRTUAL_ENV, PATH = '' } = process.env;
  const environment = {
    // Python writes the encoding of the console to a pipe on Windows.
    PYTHONIOENCODING: 'utf-8',
    ...process.env,
    // As a Python package, jsii starts the gateway with the folder of Node.js first, and there may be a `python3` beside it.
    ...VIRTUAL_ENV ? { PATH: [join(VIRTUAL_ENV, 'bin'), PATH].join(delimiter) } : {},
    CDK_DEFAULT_ACCOUNT: CDK_DEFAULT_ACCOUNT || UNKNOWN_ACCOUNT,
    CDK_DEFAULT_REGION: defaultRegion(),
    CDK_OUTDIR: output,
  };
  if (build !== undefined) { await run(build, environment, onOutput, cwd); }
  mkdirSync(output, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'cdk-context-'));
  try {
    const withContext = {
      ...environment,
      ...contextVariables({
        ...context,
        'aws:cdk:enable-asset-metadata': true,
        'aws:cdk:enable-path-metadata': true,
      }, environment, folder),
    };
    await run(command, withContext, onOutput, cwd);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (!existsSync(join(output, 'manifest.json'))) {
    throw new Error(`\`${command}\` wrote no cloud assembly to \`${output}\`: call \`app.synth()\`, and do not set another \`outdir\``);
  }
  return command;
}

/** One word may be a script: Node.js runs it, unless it runs by itself. */
function commandLineOf(app: string, cwd: string): string {
  const [, first, rest] = /^\s*("[^"]+"|\S+)(.*)$/.exec(app) ?? ['', app, ''];
  const file = resolve(cwd, first.replaceAll('"', ''));
  return extname(file) === '.js' && isFile(file) && !runsByItself(file) ? `"${process.execPath}" ${first}${rest}` : app;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function runsByItself(file: string): boolean {
  if (IS_WINDOWS) { return false; }
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

function contextVariables(context: object, environment: Environment, folder: string): Record<string, string> {
  const text = JSON.stringify(context);
  const sizes = Object.entries({ ...environment, [CONTEXT]: text }).map(([name, value = '']) => Buffer.byteLength(name) + Buffer.byteLength(value));
  if (sizes.reduce((sum, size) => sum + size, 0) < MAX_ENVIRONMENT_BYTES) { return { [CONTEXT]: text }; }
  const file = join(folder, 'context.json');
  writeFileSync(file, text);
  return { [CONTEXT]: '{}', [CONTEXT_FILE]: file };
}

async function run(command: string, env: Environment, onOutput: (text: string) => void, cwd: string) {
  const child = spawn(command, {
    cwd,
    shell: true,
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, to be ended with all that it starts.
    detached: !IS_WINDOWS,
  });
  const end = () => { if (IS_WINDOWS) { child.kill(); } else { process.kill(-child.pid!); } };
  process.once('exit', end);
  child.stdout.on('data', (data) => onOutput(String(data)));
  child.stderr.on('data', (data) => onOutput(String(data)));
  let status: number | string;
  try {
    status = await new Promise((done, fail) => child.on('error', fail).on('close', (code, signal) => done(code ?? signal!)));
  } finally {
    process.off('exit', end);
  }
  if (status !== 0) {
    throw new Error(`\`${command}\` ended with ${typeof status === 'string' ? 'signal' : 'status'} ${status}: see its output above`);
  }
}
