import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Where the cloud assembly of an app is, and how it was found. */
export interface AppAssembly {
  readonly folder: string;
  /** The command that was run to make it. */
  readonly command?: string;
}

const ASSEMBLY = 'cdk.out';
const HAS_GROUPS = process.platform !== 'win32';

/**
 * A cloud assembly: the folder that is named, or what the command makes that is named; else `cdk.out`, else what the app of `cdk.json` makes.
 *
 * @throws Error where there is none, or the command fails
 */
export async function findAssembly(app: string | undefined, onOutput: (text: string) => void, cwd = process.cwd()): Promise<AppAssembly> {
  if (app !== undefined) {
    const folder = resolve(cwd, app);
    if (existsSync(folder) && statSync(folder).isDirectory()) { return { folder }; }
    if (!/\s/.test(app)) {
      throw new Error(`\`--app ${app}\` is neither a folder nor a command: run \`cdk synth\` and name its folder (\`cdk.out\`), or write the command in quotes`);
    }
    return synthesize(app, onOutput, cwd);
  }
  const folder = join(cwd, ASSEMBLY);
  if (existsSync(join(folder, 'manifest.json'))) { return { folder }; }
  const command = appOfCdkJson(cwd);
  if (command === undefined) {
    throw new Error(`there is neither \`${ASSEMBLY}\` nor \`cdk.json\` in \`${cwd}\`: go to the folder of a CDK app, or name its assembly with \`--app\``);
  }
  return synthesize(command, onOutput, cwd);
}

function appOfCdkJson(cwd: string): string | undefined {
  const file = join(cwd, 'cdk.json');
  if (!existsSync(file)) { return undefined; }
  const { app } = readContext(file);
  if (typeof app !== 'string') {
    throw new Error(`\`${file}\` has no \`app\`, and there is no \`${ASSEMBLY}\` beside it: run \`cdk synth\`, or name an assembly or a command with \`--app\``);
  }
  return app;
}

function readContext(file: string): { readonly app?: unknown; readonly context?: object } {
  if (!existsSync(file)) { return {}; }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`\`${file}\` is not JSON: see where it ends, and its commas`);
  }
  return typeof value === 'object' && value !== null ? value : {};
}

/** Runs an app as the CDK CLI does. Its context is that of `cdk.json`, and asks for what `--watch` needs. */
async function synthesize(command: string, onOutput: (text: string) => void, cwd: string): Promise<AppAssembly> {
  const folder = join(cwd, ASSEMBLY);
  const context = {
    ...readContext(join(cwd, 'cdk.json')).context,
    ...readContext(join(cwd, 'cdk.context.json')),
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:enable-path-metadata': true,
  };
  const { VIRTUAL_ENV, PATH = '' } = process.env;
  // As a Python package, jsii starts the gateway with the folder of Node.js first, and there may be a `python3` beside it.
  const path = VIRTUAL_ENV ? { PATH: [join(VIRTUAL_ENV, 'bin'), PATH].join(delimiter) } : {};
  const child = spawn(command, {
    cwd,
    shell: true,
    env: { ...process.env, ...path, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, to be ended with all that it starts.
    detached: HAS_GROUPS,
  });
  const end = () => { if (HAS_GROUPS) { process.kill(-child.pid!); } else { child.kill(); } };
  process.once('exit', end);
  child.stdout.on('data', (data) => onOutput(String(data)));
  child.stderr.on('data', (data) => onOutput(String(data)));
  const status = await new Promise((done) => child.on('close', done));
  process.off('exit', end);
  if (status !== 0) {
    throw new Error(`\`${command}\` ended with status ${status}: see what it says above`);
  }
  if (!existsSync(join(folder, 'manifest.json'))) {
    throw new Error(`\`${command}\` made no cloud assembly in \`${folder}\`: it has to call \`app.synth()\`, and may not name another \`outdir\``);
  }
  return { folder, command };
}
