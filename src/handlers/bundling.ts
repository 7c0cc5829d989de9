import { GO_OPTIONS, GoOptions } from './go/go-options';
import { MAVEN_OPTIONS, MavenOptions } from './java/maven-options';
import { ModuleFormat } from './module-format';
import { FLAG, listOf, mapOf, TEXT } from '../given/kind';
import { checkOptions, Elsewhere, optionsIn, OptionsOf } from '../given/options';

/**
 * How a handler becomes a Lambda asset.
 *
 * @example
 * Route.toHandler('src/resize.main', {
 *   bundling: Bundling.esbuild({ nodeModules: ['sharp'], copyFiles: [{ source: 'templates' }] }),
 * });
 */
export class Bundling {
  /**
   * A Node.js handler, bundled by esbuild: one call for all the handlers of one `addRoutes` that share these options.
   *
   * One pinned version of esbuild: the native one if it is found (an optional dependency of this package, else the same version
   * from the working directory upwards or on the PATH), else the WebAssembly one inside this package. Both give the same bytes.
   *
   * An error on a Python handler. In `defaultFunctionProps`, it applies to the Node.js handlers only.
   *
   * @see https://esbuild.github.io/api/
   */
  public static esbuild(options: EsbuildOptions = {}): Bundling {
    checkOptions('`Bundling.esbuild()`', ESBUILD_OPTIONS, options, OF_ESBUILD);
    return new Bundling({ esbuild: options });
  }

  /**
   * A Python handler: its `srcPath`, with the packages that its project asks for.
   *
   * An error on a Node.js handler. In `defaultFunctionProps`, it applies to the Python handlers only.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
   */
  public static python(options: PythonOptions = {}): Bundling {
    checkOptions('`Bundling.python()`', PYTHON_OPTIONS, options);
    for (const name of options.buildFromSource ?? []) {
      if (!/^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/.test(name)) {
        throw new Error(`\`${JSON.stringify(name)}\` in \`buildFromSource\` is not the name of a package: write the bare name, such as \`"dictdiffer"\``);
      }
    }
    return new Bundling({ python: options });
  }

  /**
   * A handler in Go: a `main` package, built by the `go` on the PATH for Lambda's Linux and the function's architecture, without cgo.
   * All the packages of one module that share these options are built in one run.
   *
   * An error on a handler in another language. In `defaultFunctionProps`, it applies to the handlers in Go only.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-golang.html
   */
  public static golang(options: GoOptions = {}): Bundling {
    checkOptions('`Bundling.golang()`', GO_OPTIONS, options);
    return new Bundling({ golang: options });
  }

  /**
   * A handler in Java, built by Maven: the wrapper of the project if there is one, else the `mvn` on the PATH. Classes are at the root of
   * the asset, and dependencies of the scopes `compile` and `runtime` in `lib/`. All the handlers of one project share one build and one
   * asset. Tests do not run. Maven works in a copy, so the project stays as it is.
   *
   * An error on a handler in another language. In `defaultFunctionProps`, it applies to the handlers in Java only.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/java-package.html
   */
  public static maven(options: MavenOptions = {}): Bundling {
    checkOptions('`Bundling.maven()`', MAVEN_OPTIONS, options);
    return new Bundling({ maven: options });
  }

  /**
   * Not bundled: the asset is an unchanged copy of `srcPath`, without the files that look like secrets.
   *
   * A Node.js handler is then JavaScript that Lambda can run, and a Python handler finds its packages in a layer. An error on a handler in
   * a language that is compiled: give what you built as `code`.
   */
  public static disabled(): Bundling {
    return new Bundling({});
  }

  private constructor(private readonly options: RenderedBundling) {
  }

  /**
   * The options, under the factory that they belong to; none if nothing is bundled.
   *
   * @internal
   */
  public _render(): RenderedBundling {
    return this.options;
  }

  /**
   * The same for many handlers, some of which may be in another language.
   *
   * @internal
   */
  public _asDefault(): Bundling {
    return new Bundling({ ...this.options, isDefault: true });
  }
}

/**
 * What `Bundling` holds: the options of one factory at most.
 *
 * @internal
 */
export interface RenderedBundling {
  readonly esbuild?: EsbuildOptions;
  readonly python?: PythonOptions;
  readonly golang?: GoOptions;
  readonly maven?: MavenOptions;
  readonly isDefault?: boolean;
}

/**
 * Options of Python handlers.
 */
export interface PythonOptions {
  /**
   * Packages that are built on this machine because no index has a wheel of them. They have to be pure Python: what this machine
   * compiles does not run on Lambda. Building runs code of the package.
   *
   * @default - none: only wheels are installed
   */
  readonly buildFromSource?: string[];
}

/**
 * A file or folder that goes into the asset unchanged.
 */
export interface CopyFile {
  /** The file or folder to copy, relative to `srcPath`. */
  readonly source: string;

  /**
   * Where it goes, relative to the root of the asset.
   *
   * @default - the same path as `source`
   */
  readonly destination?: string;
}

/**
 * Options of esbuild.
 *
 * @see https://esbuild.github.io/api/
 */
export interface EsbuildOptions {
  /**
   * Make the output smaller: white space, syntax and names.
   *
   * @default true
   */
  readonly minify?: boolean;

  /**
   * Keep the original `name` of functions and classes when minifying.
   *
   * @default false
   */
  readonly keepNames?: boolean;

  /**
   * Write a source map beside the output. The function then has `NODE_OPTIONS=--enable-source-maps`, unless its `environment` sets
   * `NODE_OPTIONS`.
   *
   * @default false
   */
  readonly sourceMap?: boolean;

  /**
   * The language level of the output, such as `node24` or `es2022`.
   *
   * @default - the Node.js version of the function's runtime
   */
  readonly target?: string;

  /**
   * The module format of the output.
   *
   * @default ModuleFormat.CJS
   */
  readonly format?: ModuleFormat;

  /**
   * The fields of a dependency's `package.json` that name its entry. The first one that exists counts.
   *
   * @default - esbuild's for Node.js: `main`, then `module`
   */
  readonly mainFields?: string[];

  /**
   * One `tsconfig.json` for all handlers, relative to the working directory.
   *
   * @default - the nearest to each source file
   */
  readonly tsconfig?: string;

  /**
   * Modules to leave out, because the runtime or a layer has them. `*` matches any text.
   *
   * @default - `@aws-sdk/*`, which Lambda's Node.js runtimes carry
   */
  readonly externalModules?: string[];

  /**
   * Modules to copy from `node_modules` instead of bundling them, with everything that they depend on or generate (`.prisma/client`).
   * Native addons and packages that read their own files need this. Install them for Lambda's platform: nothing is installed at synth.
   * They are looked up from the handler's file upwards, then from `srcPath`. An error if one is not installed.
   *
   * @default - none
   */
  readonly nodeModules?: string[];

  /**
   * Global identifiers to replace with constant expressions: `{ 'process.env.STAGE': '"prod"' }`. They are in the code that is deployed,
   * and not in the template.
   *
   * @default - none
   */
  readonly define?: { [identifier: string]: string };

  /**
   * The loader for a file extension: `{ '.graphql': 'text' }`.
   *
   * @default - esbuild's
   * @see https://esbuild.github.io/api/#loader
   */
  readonly loader?: { [extension: string]: string };

  /**
   * JavaScript to put before the output.
   *
   * @default - none
   */
  readonly banner?: string;

  /**
   * JavaScript to put after the output.
   *
   * @default - none
   */
  readonly footer?: string;

  /**
   * Files and folders that go into the asset unchanged.
   *
   * Files in a folder that are secrets by their names (`.env`, `*.pem`, `.aws`…) are left out, as for Python. To copy one, name the file
   * itself.
   *
   * @default - none
   */
  readonly copyFiles?: CopyFile[];
}

const COPY_FILE = { source: TEXT, destination: TEXT } satisfies OptionsOf<CopyFile>;

const ESBUILD_OPTIONS = {
  minify: FLAG,
  keepNames: FLAG,
  sourceMap: FLAG,
  target: TEXT,
  format: TEXT,
  mainFields: listOf(TEXT),
  tsconfig: TEXT,
  externalModules: listOf(TEXT),
  nodeModules: listOf(TEXT),
  define: mapOf(TEXT),
  loader: mapOf(TEXT),
  banner: TEXT,
  footer: TEXT,
  copyFiles: listOf(optionsIn(() => COPY_FILE)),
} satisfies OptionsOf<EsbuildOptions>;

/** Options of esbuild, and of CDK's `NodejsFunction`, that people bring along. */
const OF_ESBUILD: Elsewhere = {
  ...Object.fromEntries([
    'alias', 'charset', 'commandHooks', 'conditions', 'drop', 'esbuildArgs', 'inject', 'jsx', 'jsxFactory', 'jsxImportSource',
    'legalComments', 'packages', 'platform', 'plugins', 'preCompilation', 'pure', 'resolveExtensions', 'sourceMapMode', 'sourcesContent',
    'splitting', 'supported', 'treeShaking',
  ].map((name) => [
    name, 'it would be ignored; if you need it, run esbuild yourself, and give its output as `code: Code.fromAsset(…)` of the handler',
  ])),
  external: 'write `externalModules`',
  bundleAwsSDK: 'write `externalModules: []`',
};

const PYTHON_OPTIONS = {
  buildFromSource: listOf(TEXT),
} satisfies OptionsOf<PythonOptions>;
