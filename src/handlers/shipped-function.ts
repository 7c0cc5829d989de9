import { join } from 'node:path';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { HandlerProps } from './handler-props';
import { createFunction, FunctionAdditions, MadeFunction } from './source-function';

/** Compiled and bundled, also when the tests run the source: see scripts/build/shipped.mjs. One asset holds all of them. */
const FUNCTIONS = join(__dirname, '..', '..', 'lib', 'shipped', 'functions');

/**
 * A function that the library deploys: `src/shipped/<name>/index.ts`, which exports `handler`. The app's property injectors see it as
 * they see any other function.
 */
export function createShippedFunction(
  scope: Construct, id: string, name: string, props: HandlerProps & { readonly description: string }, additions: FunctionAdditions = {},
): MadeFunction {
  return createFunction(scope, id, { code: Code.fromAsset(FUNCTIONS), handler: `${name}.handler`, runtime: Runtime.NODEJS_24_X }, props, additions);
}
