import { createHash } from 'node:crypto';
import { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { installPackages } from './install';
import { findPackages } from './manifest';
import { Packages } from './packages';
import { assemblyOf, builtAsset, folderAsset, warnOfDoubtful } from '../asset-code';
import { PythonOptions } from '../bundling';
import { Handler } from '../handler';
import { assetFiles } from '../source-files/asset-files';
import { SourceFiles } from '../source-files/source-files';

/**
 * The code of a Python handler: the files of its `srcPath`, and the packages of its project, installed for Lambda's platform.
 *
 * @param options undefined to install nothing
 */
export function pythonCode(
  scope: Construct, handler: Handler, options: PythonOptions | undefined, architecture: Architecture = Architecture.X86_64,
): Code {
  const { srcDir, runtime } = handler;
  if (handler.module.startsWith('..')) {
    throw new Error(`handler file \`${handler.file}\` is outside of \`srcPath\`, which is the asset of a Python function: move the file into it, or name a folder above it`);
  }
  const files = assetFiles(srcDir, 'python', [assemblyOf(scope)]);
  if (!files.includes(`${handler.module}.py`)) {
    throw new Error(`handler file \`${handler.file}\` would not be deployed: its name is like that of a secret or of a file that is not source, or \`.gitignore\` ignores it`);
  }
  warnOfDoubtful(scope, files);
  const packages = options && findPackages(srcDir);
  if (!packages) {
    return folderAsset(files);
  }
  const { buildFromSource = [] } = options;
  return builtAsset({
    source: srcDir,
    // The hash is of the inputs: uv and pip write different metadata, and an asset that exists is not built again.
    fingerprint: fingerprint(files, packages, [runtime.name, architecture.name, ...[...buildFromSource].sort()]),
    key: [runtime.name, architecture.name],
    write(outputDir) {
      installPackages(packages, { runtime, architecture, buildFromSource }, outputDir);
      files.copyTo(outputDir);
    },
  });
}

/** The name of the handler's function in the asset. */
export function pythonHandlerName(handler: Handler): string {
  return `${handler.module}.${handler.exportName}`;
}

function fingerprint(files: SourceFiles, packages: Packages, settings: string[]): string {
  const hash = createHash('sha256');
  [files.fingerprint(), ...settings, ...packages.key].forEach((part) => hash.update(`${part.length} ${part}`));
  return hash.digest('hex');
}
