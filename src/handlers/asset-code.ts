import { Annotations, AssetHashType, DockerImage, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { doubtfulFiles } from './source-files/secrets';
import { letEveryoneReadAll, SourceFiles } from './source-files/source-files';
import { WrittenCode } from './written-code';

/** An asset that is built at synth, without Docker. */
export interface BuiltAsset {
  /** The folder that it is built from. */
  readonly source: string;

  /**
   * Everything that decides what is written. CDK's asset cache compares this and the folder, but not `write`.
   */
  readonly key: string[];

  /** A hash of the inputs. Without it, CDK hashes what was written. */
  readonly fingerprint?: string;

  write(outputDir: string): void;
}

/** Code from an asset that is built at synth. Nothing is built for a stack that needs no bundling. */
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
          letEveryoneReadAll(outputDir);
          return true;
        },
      },
    },
  });
}

/** Code that consists of the unchanged files of a folder. */
export function folderAsset(files: SourceFiles): Code {
  return new WrittenCode({ key: ['folder', files.fingerprint()], write: (folder) => files.copyTo(folder) });
}

/** The folder of the cloud assembly, which must not become part of an asset in it. */
export function assemblyOf(scope: Construct): string {
  return Stage.of(scope)!.assetOutdir;
}

/** Warns of files that are not deployed, but that a handler may need. */
export function warnOfDoubtful(scope: Construct, files: SourceFiles) {
  if (files.doubtful.length > 0) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:secretsInSource', doubtfulFiles(files.doubtful, files.folder));
  }
}
