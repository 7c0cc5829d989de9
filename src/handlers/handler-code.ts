import { dirname, relative, resolve, sep } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Architecture, Code, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { assemblyOf, folderAsset, warnOfDoubtful } from './asset-code';
import { Bundling, RenderedBundling } from './bundling';
import { compiledCode, NamedSource } from './compiled/compiled-code';
import { CompiledLanguage } from './compiled/compiled-language';
import { compiledLanguageOf } from './compiled/languages';
import { checkVersion } from './function-version';
import { findHandler, Handler, sourceFolder } from './handler';
import { HandlerProps } from './handler-props';
import { SourceWarning } from './nodejs/build-messages';
import { bundleNodejs, nodejsHandlerName, NodejsSource, unbuiltNodejs } from './nodejs/nodejs-code';
import { missingExportOfSource } from './nodejs/nodejs-exports';
import { pythonCode, pythonHandlerName } from './python/python-code';
import { missingPythonExports } from './python/python-exports';
import { bundledSource, folderSource } from './recorded-source';
import { assetFiles } from './source-files/asset-files';
import { HandlerSource } from './source-metadata';

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
  /** What the code needs at run time because of how it was built. */
  readonly environment?: { [name: string]: string };
  /** Where it comes from, for tools that build it again: see `source-metadata.ts`. */
  readonly source?: HandlerSource;
  /** What may be wrong with it when it runs. */
  readonly warnings?: SourceWarning[];
  /** The same handler for another runtime or architecture; undefined if it was built for these, or has its own code. */
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
  const inPython: Array<{ name: string; handler: Handler }> = [];
  const toCompile: Array<NamedSource & { wanted: WantedHandler }> = [];
  for (const one of wanted) {
    const { name, props } = one;
    try {
      if (props.code) {
        ready.set(one, givenCode(one.handler, props.code, props));
        continue;
      }
      const srcPath = sourceFolder(one.handler, props.srcPath);
      const language = compiledLanguageOf(one.handler, srcPath, props.runtime);
      if (language) {
        const { handler: named, props: { runtime, architecture = Architecture.X86_64 } } = one;
        const request = { handler: named, srcDir: resolve(srcPath ?? '.'), runtime: runtime?.name, architecture: architecture.name };
        const options = optionsFor(language.name, language.bundling, props.bundling) ?? refuseUnbundled(language.name);
        toCompile.push({ name, language, source: language.find({ ...request, options }), runtime, wanted: one });
        continue;
      }
      const handler = findHandler(one.handler, srcPath, props.runtime);
      const isPython = handler.runtime.family === RuntimeFamily.PYTHON;
      const python = isPython ? optionsFor('Python', 'python', props.bundling) : undefined;
      const options = isPython ? undefined : optionsFor('Node.js', 'esbuild', props.bundling);
      if (isPython) {
        if (props.srcPath === undefined) { throw withoutSrcPath(one.handler, handler); }
        inPython.push({ name, handler });
        ready.set(one, {
          code: pythonCode(scope, handler, python, props.architecture),
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

  if (Stack.of(scope).bundlingRequired) { refuseMissing(inPython); }
  compiledCode(scope, toCompile).forEach((code, index) => ready.set(toCompile[index].wanted, code));
  const codes = Stack.of(scope).bundlingRequired ? bundleNodejs(toBundle) : unbuiltNodejs(toBundle);
  toBundle.forEach(({ wanted: one, handler, options }, index) => ready.set(one, {
    ...codes[index],
    handler: nodejsHandlerName(handler),
    runtime: handler.runtime,
    environment: options.sourceMap ? { NODE_OPTIONS: '--enable-source-maps' } : undefined,
    source: bundledSource(handler, options),
  }));
  wanted.forEach((one) => checked(one, ready.get(one)!));
  return wanted.map((one) => ({ ...ready.get(one)!, forPlatform: one.props.code ? undefined : rebuilder(scope, one, ready.get(one)!) }));
}

function checked({ name, props }: WantedHandler, { runtime }: HandlerCode) {
  try {
    checkVersion(props, runtime);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
}

/** All at once, so that Python is asked once. */
function refuseMissing(inPython: Array<{ name: string; handler: Handler }>) {
  const problems = missingPythonExports(inPython.map(({ handler }) => handler))
    .flatMap((problem, index) => problem === undefined ? [] : [`${inPython[index].name}: ${problem}`]);
  if (problems.length > 0) { throw new Error(problems.join('\n\n')); }
}

function rebuilder(scope: Construct, wanted: WantedHandler, built: HandlerCode): HandlerCode['forPlatform'] {
  return (runtime, architecture) => {
    if (runtime.name === built.runtime.name && architecture?.name === wanted.props.architecture?.name) { return undefined; }
    return buildHandlerCode(scope, [{ ...wanted, props: { ...wanted.props, runtime, architecture } }])[0];
  };
}

type Factory = 'esbuild' | 'python' | CompiledLanguage['bundling'];

/**
 * Options of another language are an error on a single handler. In the defaults of many handlers, they are ignored.
 *
 * @returns undefined if nothing is to be bundled
 */
function optionsFor<F extends Factory>(language: string, factory: F, bundling?: Bundling): RenderedBundling[F] {
  const { isDefault, ...rendered } = bundling?._render() ?? { [factory]: {} };
  const [other] = Object.keys(rendered).filter((name) => name !== factory);
  if (other === undefined) { return (rendered as RenderedBundling)[factory]; }
  if (!isDefault) {
    throw new Error(`\`bundling\` is \`Bundling.${other}()\`, but the handler is in ${language}: write \`Bundling.${factory}()\`, or leave it out`);
  }
  return {} as RenderedBundling[F];
}

function refuseUnbundled(language: string): never {
  throw new Error(`bundling is disabled, and a handler in ${language} has to be built: leave \`bundling\` out, or give what you built as \`code: Code.fromAsset(…)\``);
}

/** The whole folder of the app would be deployed, with all that a developer keeps there. */
function withoutSrcPath(handler: string, { file }: Handler): Error {
  const folder = relative(process.cwd(), dirname(file)).split(sep).join('/');
  return new Error(`handler \`${JSON.stringify(handler)}\` is in Python, so it needs a \`srcPath\`, the folder that is deployed: ` + (folder === '' || folder.startsWith('..')
    ? 'put the handlers into a folder of their own, and name it with `srcPath`'
    : `write \`srcPath: '${folder}'\` and \`'${handler.slice(handler.lastIndexOf('/') + 1)}'\``));
}

function givenCode(handler: string, code: Code, { runtime, bundling }: HandlerProps): HandlerCode {
  if (!runtime) {
    throw new Error(`handler \`${JSON.stringify(handler)}\` has \`code\` but no \`runtime\`: give \`runtime\` too`);
  }
  const { isDefault, ...rendered } = bundling?._render() ?? { isDefault: true };
  if (!isDefault && Object.keys(rendered).length > 0) {
    throw new Error(`handler \`${JSON.stringify(handler)}\` has both \`code\` and \`bundling\`: code that you give is deployed as it is; leave one of them out`);
  }
  return { code, handler, runtime };
}

/** JavaScript that is not bundled: the folder is the asset. */
function unbundledCode(scope: Construct, handler: Handler): HandlerCode {
  const { srcDir, file, module, exportName, runtime } = handler;
  if (!/\.[cm]?js$/.test(file)) {
    throw new Error(`\`${file}\` is not JavaScript that Lambda can run, and bundling is disabled: bundle it, or name the compiled file`);
  }
  if (`${resolve()}${sep}`.startsWith(`${srcDir}${sep}`)) {
    throw new Error(`bundling is disabled, so the asset would be the whole of \`${srcDir}\`: name the folder to deploy with \`srcPath\``);
  }
  if (module.startsWith('..')) {
    throw new Error(`handler file \`${file}\` is outside of \`srcPath\`, which is the asset if bundling is disabled: move the file into it, or name a folder above it`);
  }
  const problem = Stack.of(scope).bundlingRequired ? missingExportOfSource(handler) : undefined;
  if (problem !== undefined) { throw new Error(problem); }
  const files = assetFiles(srcDir, 'nodejs', [assemblyOf(scope)]);
  warnOfDoubtful(scope, files);
  return { code: folderAsset(files), handler: `${module}.${exportName}`, runtime, source: folderSource(handler) };
}
