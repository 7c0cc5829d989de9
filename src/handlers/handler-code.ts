import { resolve, sep } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Architecture, Code, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { folderAsset, notSource } from './asset-code';
import { Bundling } from './bundling';
import { findHandler, Handler } from './handler';
import { HandlerProps } from './handler-props';
import { bundleNodejs, nodejsHandlerName, NodejsSource, unbuiltNodejs } from './nodejs/nodejs-code';
import { missingExportOfSource } from './nodejs/nodejs-exports';
import { pythonCode, pythonHandlerName } from './python/python-code';
import { bundledSource, folderSource, HandlerSource } from './source-metadata';

/** A handler whose code is wanted, and what an error calls it: "route `"$connect"`". */
export interface WantedHandler {
  readonly name: string;
  readonly handler: string;
  readonly props: HandlerProps;
}

/** What `lambda.Function` needs to know of a handler. */
export interface HandlerCode {
  readonly code: Code;
  readonly handler: string;
  readonly runtime: Runtime;
  /** What the code needs to run as it was built. */
  readonly environment?: { [name: string]: string };
  /** Where it comes from, for who wants to build it again: see `source-metadata.ts`. */
  readonly source?: HandlerSource;
  /** The same handler for another runtime or architecture; undefined if it is what it was built for, or comes with its own code. */
  readonly forPlatform?: (runtime: Runtime, architecture?: Architecture) => HandlerCode | undefined;
}

/**
 * Finds and builds the code of many handlers: all of it, or an error and nothing.
 *
 * @param scope decides whether there is anything to bundle: CDK knows which stacks it is going to deploy
 * @returns the code of each, in their order
 */
export function buildHandlerCode(scope: Construct, wanted: WantedHandler[]): HandlerCode[] {
  const ready = new Map<WantedHandler, HandlerCode>();
  const toBundle: Array<NodejsSource & { wanted: WantedHandler }> = [];
  for (const one of wanted) {
    const { name, props } = one;
    try {
      if (props.code) {
        ready.set(one, givenCode(one.handler, props.code, props.runtime));
        continue;
      }
      const handler = findHandler(one.handler, props.srcPath, props.runtime);
      const options = (props.bundling ?? Bundling.esbuild())._render();
      if (handler.runtime.family === RuntimeFamily.PYTHON) {
        ready.set(one, {
          code: pythonCode(scope, handler, props.architecture),
          handler: pythonHandlerName(handler),
          runtime: handler.runtime,
          source: folderSource(handler),
        });
      } else if (options) {
        toBundle.push({ name, handler, options, wanted: one });
      } else {
        ready.set(one, unbundledCode(scope, handler));
      }
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
  }

  const codes = Stack.of(scope).bundlingRequired ? bundleNodejs(toBundle) : unbuiltNodejs(toBundle);
  toBundle.forEach(({ wanted: one, handler, options }, index) => ready.set(one, {
    code: codes[index],
    handler: nodejsHandlerName(handler),
    runtime: handler.runtime,
    environment: options.sourceMap ? { NODE_OPTIONS: '--enable-source-maps' } : undefined,
    source: bundledSource(handler, options),
  }));
  return wanted.map((one) => ({ ...ready.get(one)!, forPlatform: one.props.code ? undefined : rebuilder(scope, one, ready.get(one)!) }));
}

function rebuilder(scope: Construct, wanted: WantedHandler, built: HandlerCode): HandlerCode['forPlatform'] {
  return (runtime, architecture) => {
    if (runtime.name === built.runtime.name && architecture?.name === wanted.props.architecture?.name) { return undefined; }
    return buildHandlerCode(scope, [{ ...wanted, props: { ...wanted.props, runtime, architecture } }])[0];
  };
}

function givenCode(handler: string, code: Code, runtime: Runtime | undefined): HandlerCode {
  if (!runtime) {
    throw new Error(`handler \`${JSON.stringify(handler)}\` comes with its \`code\`, which does not tell the runtime: give \`runtime\` too`);
  }
  return { code, handler, runtime };
}

/** JavaScript as it stands: the folder is the asset. */
function unbundledCode(scope: Construct, handler: Handler): HandlerCode {
  const { srcDir, file, module, exportName, runtime } = handler;
  if (!/\.[cm]?js$/.test(file)) {
    throw new Error(`\`${file}\` is not JavaScript that Lambda can run, and bundling is disabled: bundle it, or name the compiled file`);
  }
  if (`${resolve()}${sep}`.startsWith(`${srcDir}${sep}`)) {
    throw new Error(`bundling is disabled, so the asset would be the whole of \`${srcDir}\`: name with \`srcPath\` the folder that is`);
  }
  if (module.startsWith('..')) {
    throw new Error(`handler file \`${file}\` is outside of \`srcPath\`, which is the asset where bundling is disabled`);
  }
  const problem = Stack.of(scope).bundlingRequired ? missingExportOfSource(handler) : undefined;
  if (problem !== undefined) { throw new Error(problem); }
  return { code: folderAsset(srcDir, notSource(scope, srcDir)), handler: `${module}.${exportName}`, runtime, source: folderSource(handler) };
}
