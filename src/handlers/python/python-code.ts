import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { Architecture, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { builtAsset, folderAsset, notSource } from '../asset-code';
import { Handler } from '../handler';

/**
 * The code of a Python handler: its `srcPath`, with what its `requirements.txt`, `uv.lock` or `pyproject.toml` asks for installed
 * beside it for Lambda's platform.
 */
export function pythonCode(scope: Construct, handler: Handler, architecture: Architecture = Architecture.X86_64): Code {
  const { srcDir, runtime } = handler;
  if (handler.module.startsWith('..')) {
    throw new Error(`handler file \`${handler.file}\` is outside of \`srcPath\`, which is the asset of a Python function: move \`srcPath\` up or the file in`);
  }
  const exclude = [...notSource(scope, srcDir), 'node_modules'];
  const manifest = ['requirements.txt', 'uv.lock', 'pyproject.toml'].find((file) => existsSync(join(srcDir, file)));
  if (manifest === undefined) {
    return folderAsset(srcDir, exclude);
  }
  refuseRequirementsOfApp(join(srcDir, manifest));
  return builtAsset({
    source: srcDir,
    // Known by what it is made from: so uv and pip, which leave different traces, make the same asset, and one that exists is not made again.
    fingerprint: FileSystem.fingerprint(srcDir, { exclude }),
    key: [manifest, runtime.name, architecture.name],
    write(outputDir) {
      install(srcDir, manifest, outputDir, runtime, architecture);
      FileSystem.copyDirectory(srcDir, outputDir, { exclude });
    },
  });
}

/** The name of the handler's function in the asset. */
export function pythonHandlerName(handler: Handler): string {
  return `${handler.module}.${handler.exportName}`;
}

/** A CDK app in Python has a `requirements.txt` of its own, which fits no Lambda function. */
function refuseRequirementsOfApp(manifest: string) {
  if (/^\W*(name = )?\W?aws-cdk-lib\b/m.test(readFileSync(manifest, 'utf8'))) {
    throw new Error(`\`${manifest}\` asks for aws-cdk-lib, so it is the CDK app's own and not the function's: ` +
      'put the handlers into a folder of their own, with their own requirements.txt if they need one, and name it with `srcPath`');
  }
}

/** Installs for Lambda's platform, which need not be this machine's, so only wheels will do. */
function install(srcDir: string, manifest: string, outputDir: string, runtime: Runtime, architecture: Architecture) {
  const version = runtime.name.replace('python', '');
  const machine = architecture === Architecture.ARM_64 ? 'aarch64' : 'x86_64';
  if (isInstalled('uv')) {
    const target = ['--target', outputDir, '--only-binary', ':all:', '--python-version', version, '--python-platform', `${machine}-manylinux_2_28`];
    if (manifest === 'uv.lock') {
      const requirements = run(srcDir, 'uv', ['export', '--quiet', '--frozen', '--no-dev', '--no-emit-project', '--no-header']);
      run(srcDir, 'uv', ['pip', 'install', '--quiet', ...target, '--requirements', '-'], requirements);
    } else {
      run(srcDir, 'uv', ['pip', 'install', '--quiet', ...target, '--requirements', manifest]);
    }
    rmSync(join(outputDir, '.lock'), { force: true });
  } else if (manifest === 'uv.lock' || !isInstalled('python3')) {
    throw new Error(`\`${join(srcDir, manifest)}\` cannot be installed: ` +
      (manifest === 'uv.lock' ? 'there is no `uv` on the PATH; install it, or write a requirements.txt' : 'there is neither `uv` nor `python3` with pip on the PATH; install one of them'));
  } else {
    const platforms = ['2_28', '2_17', '2014'].flatMap((glibc) => ['--platform', `manylinux${glibc === '2014' ? '' : '_'}${glibc}_${machine}`]);
    run(srcDir, 'python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--root-user-action', 'ignore', '--no-compile',
      '--target', outputDir, '--only-binary', ':all:', '--implementation', 'cp', '--python-version', version, ...platforms,
      ...manifest === 'requirements.txt' ? ['--requirement', manifest] : projectDependencies(srcDir)]);
  }
}

/** pip installs a project or a requirements file, but not the dependencies of a project alone. */
function projectDependencies(srcDir: string): string[] {
  const script = 'import json, tomllib; print(json.dumps(tomllib.load(open("pyproject.toml", "rb")).get("project", {}).get("dependencies", [])))';
  return JSON.parse(run(srcDir, 'python3', ['-c', script]));
}

function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version'], { env: process.env, stdio: 'ignore' }).status === 0;
}

function run(cwd: string, command: string, args: string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env: process.env, input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) {
    throw new Error(`the Python packages of \`${cwd}\` cannot be installed for Lambda: \`${[command, ...args].join(' ')}\` said\n\n${error ?? (stderr || stdout).trim()}`);
  }
  return stdout;
}
