import { relative, sep } from 'node:path';
import { CfnResource, Stage } from 'aws-cdk-lib';
import { Handler } from './handler';
import { EsbuildOptions } from './nodejs/esbuild-options';
import { appFolder, esbuildOptions } from './nodejs/nodejs-bundle';
import { HandlerSource, SOURCE_METADATA, withPaths } from './source-metadata';

/** Where CDK says whether tools on this machine want to know what assets are made from; the CDK CLI says yes, unless told not to. */
const ASSET_METADATA_ENABLED = 'aws:cdk:enable-asset-metadata';

export function bundledSource({ file, runtime }: Handler, options: EsbuildOptions): HandlerSource {
  return { file, esbuild: { ...esbuildOptions(options, runtime.name), absWorkingDir: appFolder() } };
}

export function folderSource({ file, srcDir }: Handler): HandlerSource {
  return { file, folder: srcDir };
}

/**
 * Writes the source of a function into the cloud assembly, beside the template. Neither the working directory nor the options of esbuild
 * (`define` may hold secrets) get into the template, which is deployed.
 */
export function recordSource(fn: CfnResource, source: HandlerSource | undefined) {
  if (source && fn.node.tryGetContext(ASSET_METADATA_ENABLED)) {
    const { outdir } = Stage.of(fn)!;
    fn.node.addMetadata(SOURCE_METADATA, withPaths(source, (path) => relative(outdir, path).split(sep).join('/') || '.'));
  }
}
