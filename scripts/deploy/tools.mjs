// What is not of this repository: the emulator and cfn-lint, which are Python, and the AWS SDK that Lambda's Node.js runtimes carry. Each
// is installed once, below .cache, in the versions that are pinned here and in python/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOrThrow } from '../commands.mjs';

const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));

/** What the chat example imports, as far as the library's own node_modules do not have it. */
const LAMBDA_SDK = ['@aws-sdk/lib-dynamodb@3.1162.0', '@aws-sdk/client-dynamodb@3.1164.0'];

/** @returns why the tools cannot be installed here, or undefined */
export function missingTool() {
  const { status } = spawnSync('python3', ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']);
  return status === 0 ? undefined : 'there is no `python3` of version 3.11 or newer on the PATH';
}

/** @returns the folder of the programs of a virtual environment */
export async function pythonTool(name) {
  const requirements = fileURLToPath(new URL(`python/${name}.txt`, import.meta.url));
  const folder = await installed(name, readFileSync(requirements, 'utf8'), async (venv) => {
    await runOrThrow('python3', ['-m', 'venv', venv]);
    const options = ['--quiet', '--disable-pip-version-check', '--no-compile', '--requirement', requirements];
    await runOrThrow(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', ...options]);
  });
  return join(folder, 'bin');
}

/** @returns the folder of modules */
export async function lambdaSdk() {
  const folder = await installed('lambda-sdk', LAMBDA_SDK.join(), (prefix) => (
    runOrThrow('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--loglevel=error', ...LAMBDA_SDK])
  ));
  return join(folder, 'node_modules');
}

/** A folder with a mark is complete. */
async function installed(name, version, install) {
  const folder = join(CACHE, `${name}-${createHash('sha256').update(version).digest('hex').slice(0, 8)}`);
  const mark = join(folder, '.installed');
  if (!existsSync(mark)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await install(folder);
    writeFileSync(mark, '');
  }
  return folder;
}
