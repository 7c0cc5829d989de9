import { FunctionOptions, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bundling } from './bundling';
import { Permissions } from '../permissions';

/**
 * How a function is made from its source.
 *
 * Everything that `lambda.FunctionOptions` has, with these defaults: `memorySize` 1024 MB, `timeout` 10 seconds,
 * `tracing` active. API Gateway waits at most 29 seconds for an integration.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-common.html
 */
export interface HandlerProps extends FunctionOptions {
  /**
   * The folder that the handler is looked up from, relative to the working directory.
   *
   * It is also the asset of a Python function, and of a Node.js function that is not bundled.
   *
   * @default "."
   */
  readonly srcPath?: string;

  /**
   * The Lambda runtime.
   *
   * Needed with `code`. From source, only Node.js and Python runtimes can be built.
   *
   * @default - by the handler's file: `NODEJS_24_X` or `PYTHON_3_13`
   */
  readonly runtime?: Runtime;

  /**
   * How a Node.js handler becomes a Lambda asset.
   *
   * @default Bundling.esbuild()
   */
  readonly bundling?: Bundling;

  /**
   * What the function may do, besides answering to its API.
   *
   * @default - nothing more
   */
  readonly permissions?: Permissions[];

  /**
   * The code, built by other means than this library: then the handler is passed on untouched, nothing is looked up or bundled,
   * and every Lambda runtime works. `runtime` has to be given with it.
   *
   * @default - built from the handler's source
   */
  readonly code?: Code;
}

/**
 * `props` over `defaults`: the more specific wins, except `environment` (key by key), and `layers` and `permissions` (both, the
 * defaults first).
 */
export function mergeHandlerProps(defaults: HandlerProps, props: HandlerProps): HandlerProps {
  return {
    ...defaults,
    ...Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)),
    environment: { ...defaults.environment, ...props.environment },
    layers: [...defaults.layers ?? [], ...props.layers ?? []],
    permissions: [...defaults.permissions ?? [], ...props.permissions ?? []],
  };
}
