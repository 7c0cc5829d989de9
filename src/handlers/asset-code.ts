import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AssetHashType, DockerImage, FileSystem, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** An asset whose files are written at synth, without Docker. */
export interface BuiltAsset {
  /** The folder that it is built from. */
  readonly source: string;

  /**
   * All that decides what is written. CDK's asset cache compares this and the folder, but not `write`: two assets that differ only in
   * what they write would become one.
   */
  readonly key: string[];

  /** Stands for the contents of the source, and with the key for the asset. Without it, the asset is known by what was written. */
  readonly fingerprint?: string;

  write(outputDir: string): void;
}

/** Code from an asset that is written at synth; nothing is written for a stack that CDK does not bundle for. */
export function builtAsset({ source, key, fingerprint, write }: BuiltAsset): Code {
  return Code.fromAsset(source, {
    assetHash: fingerprint,
    assetHashType: fingerprint === undefined ? AssetHashType.OUTPUT : AssetHashType.CUSTOM,
    bundling: {
      // Never used: the local bundling below always takes the job.
      image: DockerImage.fromRegistry('none'),
      command: key,
      local: {
        tryBundle(outputDir) {
          write(outputDir);
          return true;
        },
      },
    },
  });
}

/** Code that is a folder as it stands. CDK's asset cache does not look into it again within a process, so its contents are part of the key. */
export function folderAsset(folder: string, exclude: string[]): Code {
  return Code.fromAsset(folder, { exclude, assetHash: FileSystem.fingerprint(folder, { exclude }) });
}

/** What lies in a source folder but is not source: the cloud assembly above all, which would contain itself. */
export function notSource(scope: Construct, folder: string): string[] {
  const assembly = relative(folder, Stage.of(scope)!.assetOutdir);
  return [
    ...assembly.startsWith('..') ? [] : [assembly, `${assembly}/**`],
    'cdk.out', '.git', '.env', '.DS_Store',
    '__pycache__', '*.pyc', '.pytest_cache', '.mypy_cache', '.ruff_cache',
    ...readdirSync(folder).filter((entry) => existsSync(join(folder, entry, 'pyvenv.cfg'))),
  ];
}
