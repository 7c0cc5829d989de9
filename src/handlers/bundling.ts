import { DOTNET_OPTIONS, DotnetOptions } from './dotnet/dotnet-options';
import { GO_OPTIONS, GoOptions } from './go/go-options';
import { MAVEN_OPTIONS, MavenOptions } from './java/maven-options';
import { ESBUILD_OPTIONS, EsbuildOptions, OF_ESBUILD } from './nodejs/esbuild-options';
import { listOf, TEXT } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

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
   * It is not called `go`, which is a reserved word in Go.
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
   * A handler in C#, published by the `dotnet` on the PATH: Release, for the function's architecture, without the runtime and without a
   * host executable. All the handlers of one project share one build and one asset. The tool works in a copy, so the project and its lock
   * files stay as they are.
   *
   * An error on a handler in another language. In `defaultFunctionProps`, it applies to the handlers in C# only.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/csharp-package.html
   */
  public static dotnet(options: DotnetOptions = {}): Bundling {
    checkOptions('`Bundling.dotnet()`', DOTNET_OPTIONS, options);
    return new Bundling({ dotnet: options });
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
  readonly dotnet?: DotnetOptions;
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

const PYTHON_OPTIONS = {
  buildFromSource: listOf(TEXT),
} satisfies OptionsOf<PythonOptions>;
