import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerProps } from './handler-props';
import { createFunction, FunctionAdditions, MadeFunction } from './source-function';

/** Compiled and bundled, also when the tests run the source: see scripts/build/shipped.mjs. */
const SHIPPED = join(__dirname, '..', '..', 'lib', 'shipped');

/** The folder of what the library deploys. `functions` holds the functions that all APIs may have; one asset has all of them. */
export function shippedCode(name: string, shipped: string = SHIPPED): string {
  const folder = join(shipped, name);
  if (!existsSync(folder)) {
    throw new Error(`\`${folder}\`, which \`cdk-websocket-api\` deploys, is not there: if you bundle your app into one file, leave the library out of it, ` +
      'for it reads its own folder; with esbuild, that is `--external:cdk-websocket-api`');
  }
  return folder;
}

/**
 * A function that the library deploys: `src/shipped/<name>/index.ts`, which exports `handler`. The app's property injectors see it as
 * they see any other function.
 */
export function createShippedFunction(
  scope: Construct, id: string, name: string, props: HandlerProps & { readonly description: string }, additions: FunctionAdditions = {},
): MadeFunction {
  return createFunction(scope, id, { code: Code.fromAsset(shippedCode('functions')), handler: `${name}.handler`, runtime: Runtime.NODEJS_24_X }, props, additions);
}
