import { accessSync, constants, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { localFile, withLocalPaths } from './lambda-paths';
import { Launch, Surroundings } from './runtimes/family';
import { FunctionModel } from '../definition/model';

/**
 * The command of a function with `AWS_LAMBDA_EXEC_WRAPPER`: it runs the wrapper, with the command of the runtime as arguments.
 *
 * @throws Error if the wrapper is not there, or cannot be run
 */
export function wrapped(launch: Launch, fn: FunctionModel, surroundings: Surroundings): Launch {
  const name = fn.environment.AWS_LAMBDA_EXEC_WRAPPER;
  if (!name) { return launch; }
  const file = localFile(name, surroundings.folders);
  if (file === undefined) { throw new Error(`\`AWS_LAMBDA_EXEC_WRAPPER\` is \`${name}\`, which is in neither the code nor the layers: write \`/opt/…\` or \`/var/task/…\``); }
  try {
    accessSync(file, constants.X_OK);
  } catch {
    throw new Error(`\`AWS_LAMBDA_EXEC_WRAPPER\` is \`${name}\`, which is not executable: \`chmod +x\` it before it is packed`);
  }
  return { ...launch, command: localScript(file, surroundings), args: [launch.command, ...launch.args] };
}

/** Wrappers are scripts that name paths in `/opt`. That is another folder here, so a copy with the other paths runs. */
function localScript(file: string, { folders, reaper }: Surroundings): string {
  const text = readFileSync(file, 'latin1');
  const local = text.startsWith('#!') ? withLocalPaths(text, folders) : text;
  if (local === text) { return file; }
  const folder = mkdtempSync(join(tmpdir(), 'cdk-websocket-api-wrapper-'));
  reaper.addFolder(folder);
  const copy = join(folder, basename(file));
  writeFileSync(copy, local, { encoding: 'latin1', mode: 0o755 });
  return copy;
}
