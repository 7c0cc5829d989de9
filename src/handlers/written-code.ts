import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CfnResource, FileAssetPackaging, Names, Stack, Stage } from 'aws-cdk-lib';
import { Code, CodeConfig, ResourceBindOptions } from 'aws-cdk-lib/aws-lambda';
import {
  ASSET_RESOURCE_METADATA_ENABLED_CONTEXT, ASSET_RESOURCE_METADATA_IS_BUNDLED_KEY, ASSET_RESOURCE_METADATA_PATH_KEY,
  ASSET_RESOURCE_METADATA_PROPERTY_KEY,
} from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { sha256 } from './source-files/sha256';
import { letEveryoneReadAll } from './source-files/source-files';

/** What is written into an asset. */
export interface WrittenAsset {
  /** Everything that decides what is written. Its hash identifies the asset. */
  readonly key: string[];
  /** Writes it into an empty folder. Not called if the cloud assembly has the asset. */
  write(folder: string): void;
}

/**
 * Code that is written straight into the cloud assembly. CDK's own bundled assets are made for Docker: CDK announces each one on the
 * terminal, writes it to a folder, hashes and moves it, and adds a bucket and three constructs. For many small bundles, that takes longer
 * than bundling them.
 */
export class WrittenCode extends Code {
  public readonly isInline = false;
  private fileName = '';

  constructor(private readonly asset: WrittenAsset) {
    super();
  }

  public bind(scope: Construct): CodeConfig {
    const stack = Stack.of(scope);
    const { outdir, assetOutdir } = Stage.of(scope)!;
    const sourceHash = sha256(this.asset.key);
    this.fileName = relative(outdir, writeOnce(assetOutdir, sourceHash, this.asset));
    const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      sourceHash,
      fileName: this.fileName,
      deployTime: true,
      displayName: `${Names.stackRelativeConstructPath(scope)}/Code`,
    });
    return { s3Location: { bucketName, objectKey } };
  }

  public bindToResource(resource: CfnResource, { resourceProperty = 'Code' }: ResourceBindOptions = {}) {
    if (resource.node.tryGetContext(ASSET_RESOURCE_METADATA_ENABLED_CONTEXT)) {
      resource.addMetadata(ASSET_RESOURCE_METADATA_PATH_KEY, this.fileName);
      resource.addMetadata(ASSET_RESOURCE_METADATA_IS_BUNDLED_KEY, true);
      resource.addMetadata(ASSET_RESOURCE_METADATA_PROPERTY_KEY, resourceProperty);
    }
  }
}

/** The folder of an asset in a cloud assembly. */
export function assetFolder(assetOutdir: string, hash: string): string {
  return join(assetOutdir, `asset.${hash}`);
}

function writeOnce(assetOutdir: string, hash: string, asset: WrittenAsset): string {
  const folder = assetFolder(assetOutdir, hash);
  if (!existsSync(folder)) { writeAsset(folder, asset.write); }
  return folder;
}

/** A folder with the name of an asset is complete: it is written under another name first, and then renamed. */
export function writeAsset(folder: string, write: (folder: string) => void) {
  const building = `${folder}-building-${process.pid}`;
  mkdirSync(building, { recursive: true });
  try {
    write(building);
    letEveryoneReadAll(building);
    renameSync(building, folder);
  } catch (error) {
    rmSync(building, { recursive: true });
    // Another process may have written it meanwhile.
    if (!existsSync(folder)) { throw error; }
  }
}
