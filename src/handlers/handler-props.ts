import { FunctionOptions, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bundling } from './bundling';
import { ARCHITECTURE, CODE, DURATION, LAYER, POLICY_STATEMENT, ROLE, RUNTIME, VPC } from '../given/cdk-kinds';
import { ANYTHING, FLAG, listOf, made, mapOf, NUMBER, TEXT } from '../given/kind';
import { Elsewhere, OptionsOf } from '../given/options';
import { PERMISSION, Permissions } from '../permissions';

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
   * The folder that the handler is looked up from, relative to the working directory, or else (in a test, which may run elsewhere) to the
   * folder of the nearest `cdk.json` above it.
   *
   * The project of a handler in Go is the nearest `go.mod` from its folder upwards; of one in Java or C#, the nearest `pom.xml` or
   * `*.csproj` from `srcPath` upwards.
   *
   * `srcPath` is also the asset of a Python function, which must have it, and of a Node.js function that is not bundled. Files that look
   * like secrets by their names (`.env`, `*.pem`, `.aws`…) are left out, and for Python what a `.gitignore` in the folder names.
   *
   * @default - the working directory; Python handlers have no default
   */
  readonly srcPath?: string;

  /**
   * The Lambda runtime.
   *
   * Needed with `code`. From source, the runtimes of Node.js, Python, Java, .NET and Go (`PROVIDED_AL2023`, `PROVIDED_AL2`)
   * can be built.
   *
   * @default - by the handler's language: `NODEJS_24_X`, `PYTHON_3_13`, `JAVA_25`, `PROVIDED_AL2023` for Go, and for C# that
   * of the project's `TargetFramework`
   */
  readonly runtime?: Runtime;

  /**
   * How the handler becomes a Lambda asset.
   *
   * @default - `Bundling.esbuild()` for Node.js, `Bundling.python()` for Python, `Bundling.golang()` for Go, `Bundling.maven()` for Java,
   * `Bundling.dotnet()` for C#
   */
  readonly bundling?: Bundling;

  /**
   * What the function may do, besides answering to its API.
   *
   * @default - nothing more
   */
  readonly permissions?: Permissions[];

  /**
   * Code that you built yourself. The handler is then passed on untouched, nothing is looked up or bundled, and every Lambda runtime
   * works. `runtime` has to be given with it. For a container image, write `Handler.FROM_IMAGE` as the handler, with
   * `Runtime.FROM_IMAGE`; `layers` in `defaultFunctionProps`, and the options there that add a layer, do not apply to it.
   *
   * @default - built from the handler's source
   */
  readonly code?: Code;

  /**
   * Publish a version of the function whenever its code or its configuration changes. Routes and authorizers then call the alias `live`
   * of the newest version, and the settings of asynchronous invocations (`retryAttempts`, `maxEventAge`, `onFailure`, `onSuccess`) are
   * the alias's. `getFunction` still returns the function. An error if it is `false` together with an option that needs a version.
   *
   * @default - true with `snapStart`, `durableConfig`, `provisionedConcurrency` or `currentVersionOptions`, which have no effect without
   * a version; else false
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
   */
  readonly publishVersion?: boolean;

  /**
   * How many execution environments Lambda keeps ready for the alias `live`: see `publishVersion`. A whole number from 1, at most
   * `reservedConcurrentExecutions`; an error otherwise, and together with `snapStart`.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
   */
  readonly provisionedConcurrency?: number;
}

/** What each option takes. CDK's own options are CDK's to check, unless a wrong value would surface far from where it was given. */
export const HANDLER_PROPS = {
  srcPath: TEXT,
  runtime: RUNTIME,
  bundling: made(Bundling),
  permissions: listOf(PERMISSION),
  code: CODE,
  publishVersion: FLAG,
  provisionedConcurrency: NUMBER,
  architecture: ARCHITECTURE,
  environment: mapOf(TEXT),
  layers: listOf(LAYER),
  maxEventAge: DURATION,
  role: ROLE,
  timeout: DURATION,
  adotInstrumentation: ANYTHING,
  allowAllIpv6Outbound: ANYTHING,
  allowAllOutbound: ANYTHING,
  allowPublicSubnet: ANYTHING,
  applicationLogLevel: ANYTHING,
  applicationLogLevelV2: ANYTHING,
  codeSigningConfig: ANYTHING,
  currentVersionOptions: ANYTHING,
  deadLetterQueue: ANYTHING,
  deadLetterQueueEnabled: ANYTHING,
  deadLetterTopic: ANYTHING,
  description: TEXT,
  durableConfig: ANYTHING,
  environmentEncryption: ANYTHING,
  ephemeralStorageSize: ANYTHING,
  events: ANYTHING,
  filesystem: ANYTHING,
  functionName: TEXT,
  initialPolicy: listOf(POLICY_STATEMENT),
  insightsVersion: ANYTHING,
  ipv6AllowedForDualStack: ANYTHING,
  logFormat: ANYTHING,
  logGroup: ANYTHING,
  loggingFormat: ANYTHING,
  logRemovalPolicy: ANYTHING,
  logRetention: ANYTHING,
  logRetentionRetryOptions: ANYTHING,
  logRetentionRole: ANYTHING,
  memorySize: NUMBER,
  onFailure: ANYTHING,
  onSuccess: ANYTHING,
  paramsAndSecrets: ANYTHING,
  profiling: ANYTHING,
  profilingGroup: ANYTHING,
  recursiveLoop: ANYTHING,
  reservedConcurrentExecutions: NUMBER,
  retryAttempts: NUMBER,
  runtimeManagementMode: ANYTHING,
  securityGroups: ANYTHING,
  snapStart: ANYTHING,
  systemLogLevel: ANYTHING,
  systemLogLevelV2: ANYTHING,
  tenancyConfig: ANYTHING,
  tracing: ANYTHING,
  vpc: VPC,
  vpcSubnets: ANYTHING,
} satisfies OptionsOf<HandlerProps>;

/** What to do with these props where a function exists: this library does not change it. */
export const OF_EXISTING_FUNCTION: Elsewhere = {
  ...Object.fromEntries(Object.keys(HANDLER_PROPS).map((name) => [name, 'the function keeps its own settings; set it where you make the function'])),
  permissions: 'grant them to the function itself, such as `table.grantReadData(fn)`',
};

/**
 * `props` over `defaults`: the more specific wins, except `environment` (key by key), and `layers` (each once) and `permissions` (both,
 * the defaults first; a container image has no layers, so those of the defaults are not for it).
 */
export function mergeHandlerProps(defaults: HandlerProps, props: HandlerProps): HandlerProps {
  const isImage = (props.runtime ?? defaults.runtime) === Runtime.FROM_IMAGE;
  const { layers: defaultLayers = [], ...ofDefaults } = isImage ? withoutLayers(defaults) : defaults;
  const layers = [...new Map([...defaultLayers, ...props.layers ?? []].map((layer) => [layer.layerVersionArn, layer])).values()];
  return {
    ...ofDefaults,
    ...Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)),
    bundling: props.bundling ?? defaults.bundling?._asDefault(),
    environment: { ...defaults.environment, ...props.environment },
    layers: layers.length > 0 ? layers : undefined,
    permissions: [...defaults.permissions ?? [], ...props.permissions ?? []],
  };
}

/** Without the options that CDK turns into layers, which a container image has none of. */
function withoutLayers({ layers, adotInstrumentation, insightsVersion, paramsAndSecrets, ...props }: HandlerProps): HandlerProps {
  return props;
}
