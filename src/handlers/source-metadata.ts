import { relative, sep } from 'node:path';
import { CfnResource } from 'aws-cdk-lib';
import { EsbuildOptions } from './bundling';
import { Handler } from './handler';
import { esbuildOptions } from './nodejs/nodejs-bundle';

/** The key in the metadata of a function. */
const METADATA = 'cdk-websocket-api:source';

/** Where CDK says whether tools on this machine want to know what assets are made from; the CDK CLI says yes, unless told not to. */
const ASSET_METADATA_ENABLED = 'aws:cdk:enable-asset-metadata';

/** What the local gateway needs to build a handler again when its source changes. Paths are relative to the folder of the app. */
export interface HandlerSource {
  readonly file: string;
  /** The folder that is the asset, where it is not bundled. */
  readonly folder?: string;
  /** What esbuild is called with, where it is. */
  readonly esbuild?: object;
}

export function bundledSource(handler: Handler, options: EsbuildOptions): HandlerSource {
  return { file: fromApp(handler.file), esbuild: esbuildOptions(options, handler.runtime.name) };
}

export function folderSource(handler: Handler): HandlerSource {
  return { file: fromApp(handler.file), folder: fromApp(handler.srcDir) };
}

/** Writes the source of a function beside it in the template, under the same condition as CDK does the paths of assets. */
export function recordSource(fn: CfnResource, source: HandlerSource | undefined) {
  if (source && fn.node.tryGetContext(ASSET_METADATA_ENABLED)) {
    fn.addMetadata(METADATA, source);
  }
}

function fromApp(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/') || '.';
}
