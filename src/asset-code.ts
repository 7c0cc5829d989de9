import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AssetHashType, DockerImage, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** An asset whose files are written at synth, without Docker. */
export interface BuiltAsset {
  /** The folder that it is built from. */
  readonly source: string;

  /** What of the source is not part of it. */
  readonly exclude?: string[];

  /**
   * All that decides what is written. CDK's asset cache compares this and the folder, but not `write`: two assets that differ only in
   * what they write would become one.
   */
  readonly key: string[];

  /** Whether the asset is known by its source and key, so that a build that exists is used again, or by what was written. */
  readonly hash: AssetHashType.SOURCE | AssetHashType.OUTPUT;

  write(outputDir: string): void;
}

/** Code from an asset that is written at synth; nothing is written for a stack that CDK does not bundle for. */
export function builtAsset({ source, exclude, key, hash, write }: BuiltAsset): Code {
  return Code.fromAsset(source, {
    exclude,
    assetHashType: hash,
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
