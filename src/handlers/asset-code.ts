import { Annotations, AssetHashType, DockerImage, Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SourceFiles } from './source-files/source-files';
import { WrittenCode } from './written-code';

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

/** Code that is the files of a folder as they are. */
export function folderAsset(files: SourceFiles): Code {
  return new WrittenCode({ key: ['folder', files.fingerprint()], write: (folder) => files.copyTo(folder) });
}

/** What an asset never takes from its folder: the cloud assembly, which would contain itself. */
export function assemblyOf(scope: Construct): string {
  return Stage.of(scope)!.assetOutdir;
}

/** Says which files are not deployed that a handler may need. */
export function warnOfDoubtful(scope: Construct, files: SourceFiles) {
  if (files.doubtful.length > 0) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:secretsInSource', `${files.doubtful.map((path) => `\`${path}\``).join(', ')} in \`${files.folder}\` ` +
      'may be a private key, so it is not deployed. If it holds public certificates only, give it the extension `.crt`; ' +
      'if it is a secret, read it from Secrets Manager, and put it into `.gitignore`');
  }
}
