import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { runCdkApp } from './cdk-app';
import { readCdkSettings } from './cdk-settings';

/** Where the cloud assembly of an app is, and how it was found. */
export interface AppAssembly {
  readonly folder: string;
  /** The command that was run to make it. */
  readonly command?: string;
}

/**
 * A cloud assembly: the folder that `app` names, or the output of the command `app`. Without `app`, it is the assembly that exists already
 * (`cdk.out`, or the `output` of `cdk.json`), or else the output of the app of `cdk.json`.
 *
 * @throws Error if there is none, or the command fails
 */
export async function findAssembly(app: string | undefined, onOutput: (text: string) => void, cwd = process.cwd()): Promise<AppAssembly> {
  if (app !== undefined && isFolder(resolve(cwd, app))) { return { folder: resolve(cwd, app) }; }
  if (app !== undefined && !isCommand(app, cwd)) {
    throw new Error(`\`${app}\` is neither a folder nor a command: run \`cdk synth\` and name its folder (\`cdk.out\`), or write the whole command (\`npx tsx bin/app.ts\`)`);
  }
  const settings = readCdkSettings(cwd);
  const { output: folder, isApp } = settings;
  if (app === undefined && existsSync(join(folder, 'manifest.json'))) { return { folder }; }
  const command = app ?? settings.app;
  if (command === undefined) {
    const missing = `\`${relative(cwd, folder) || folder}\``;
    throw new Error(isApp
      ? `\`${join(cwd, 'cdk.json')}\` has no \`app\`, and there is no ${missing} beside it: run \`cdk synth\`, or name an assembly or a command with \`--app\``
      : `there is neither ${missing} nor \`cdk.json\` in \`${cwd}\`: go to the folder of a CDK app, or name its assembly with \`--app\``);
  }
  return { folder, command: await runCdkApp(command, settings, onOutput, cwd) };
}

/** A single word that is not a file is a folder that does not exist. */
function isCommand(app: string, cwd: string): boolean {
  return /\s/.test(app.trim()) || (/\.js$/.test(app) && existsSync(resolve(cwd, app)));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
