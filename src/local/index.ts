import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findAssembly } from './assembly/app-assembly';
import { ManualClock, RealClock } from './clock';
import { consolePage } from './console/console-page';
import { ConnectionInfo, HandshakeNeeds, RouteMessage, ServedApi } from './definition/served-api';
import { onLines } from './events/terminal-text';
import { GatewayEvent } from './events/trace';
import { Gateway } from './gateway';
import { Credentials } from './iam/callers';
import { TokenOptions } from './user-pools/pool-token';

export type { ConnectionInfo, Credentials, GatewayEvent, HandshakeNeeds, RouteMessage, ServedApi, TokenOptions };

export interface LocalGatewayOptions {
  /**
   * The folder of a synthesized cloud assembly, a command that synthesizes one (`npx tsx bin/app.ts`), or an `App` to synthesize.
   *
   * @default - as on the command line: `cdk.out`, or what the app of `cdk.json` makes
   */
  readonly app?: string | { synth(): { readonly directory: string } };

  /**
   * The port to listen on; 0 takes any that is free.
   *
   * @default 0
   */
  readonly port?: number;

  /**
   * An IP address of this machine to listen at besides loopback, so that phones, containers or WSL can connect; `0.0.0.0` stands for all.
   * Everybody who reaches that address can connect then.
   *
   * @default - only this machine can connect
   */
  readonly host?: string;

  /**
   * Origins whose pages may connect, such as `https://app.example.com`; `*` stands for every one. Pages of `localhost` and of the app's
   * custom domains always may, and programs send no origin.
   *
   * @default - no others
   */
  readonly allowedOrigins?: readonly string[];

  /**
   * Values that the assembly does not hold, by the names in the warnings, and values for environment variables that the functions
   * have. `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` are passed to all functions.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: string };

  /**
   * With `manual`, time passes for connections only when you call `advance()`. The clock of functions in Node.js runs by itself, and is put
   * forward as far.
   *
   * @default 'real'
   */
  readonly clock?: 'real' | 'manual';

  /**
   * How many invocations of a function run at once; further ones wait.
   *
   * @default - the number of CPUs, or the reserved concurrency of the function, if that is less
   */
  readonly maxConcurrency?: number;
}

const OPTIONS: readonly string[] = Object.keys({
  app: true, port: true, host: true, allowedOrigins: true, env: true, clock: true, maxConcurrency: true,
} satisfies { [name in keyof Required<LocalGatewayOptions>]: true });

/** WebSocket APIs of a cloud assembly, served on this machine. */
export interface LocalGateway {
  /** `ws://localhost:<port>/<stage>` of the only API; if there are several, see `apis`. */
  readonly url: string;
  /** The same with TLS, for clients that trust `ca`. */
  readonly secureUrl: string;
  /** The endpoint of `@connections`, as handlers have it in `WEBSOCKET_CALLBACK_URL`. */
  readonly callbackUrl: string;
  /** The certificate to trust, in PEM. */
  readonly ca: string;
  /** The file that holds it, for `NODE_EXTRA_CA_CERTS` and the like. */
  readonly caFile: string;
  readonly port: number;
  /** Where the tables of the app are, if the gateway started dynalite for them. */
  readonly tablesUrl?: string;
  readonly apis: readonly ServedApi[];
  /** Credentials of a caller who may do everything, for tests and for the AWS CLI. */
  readonly credentials: Credentials;
  /** Credentials of a role or user of the app, by its name, its construct path or its ARN. */
  credentialsFor(principal: string): Credentials;
  /**
   * A token of a Cognito user pool of the app, signed with a key of this gateway. For the functions here, that is the key of the pool.
   * Nobody else takes it.
   */
  token(options: TokenOptions): string;
  /** The connections that are open. */
  connections(): ConnectionInfo[];
  /** What has happened, the latest last. Only the last thousands are kept. */
  events(): GatewayEvent[];
  /** @returns a function that stops listening */
  onEvent(listener: (event: GatewayEvent) => void): () => void;
  /** Lets time pass for connections, and waits for what follows from it. Needs the manual clock. */
  advance(milliseconds: number): Promise<void>;
  /**
   * What time it is for functions in Node.js, in milliseconds since 1970: later than for your test by what you have advanced. Give tokens
   * that your test signs their `exp` by it.
   */
  now(): number;
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
  /** Ends everything: connections, functions, temporary files. */
  close(): Promise<void>;
  /** The same as `close()`, for `await using gateway = await startLocalGateway()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves the WebSocket APIs of a CDK app on this machine, with no AWS account and no Docker. Missing prerequisites are emitted as Node.js
 * warnings.
 *
 * @throws Error if an option is wrong, the assembly cannot be read or has no WebSocket API, or the port is in use
 */
export async function startLocalGateway(options: LocalGatewayOptions = {}): Promise<LocalGateway> {
  const { app, port = 0, env = {}, clock: kind = 'real', maxConcurrency, host, allowedOrigins } = options;
  // Programs in JavaScript have no compiler that says so.
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new Error(`\`startLocalGateway()\` has no option \`${unknown}\`: it has ${OPTIONS.map((name) => `\`${name}\``).join(', ')}`);
  }
  if (allowedOrigins !== undefined && !Array.isArray(allowedOrigins)) {
    throw new Error(`\`allowedOrigins\` is \`${JSON.stringify(allowedOrigins)}\`: write a list, such as \`['https://app.example.com']\``);
  }
  if (app !== undefined && typeof app !== 'string' && typeof app?.synth !== 'function') {
    throw new Error('`app` is neither the folder of a cloud assembly, nor a command, nor an `App`: a stack is served with its app');
  }
  if (!['real', 'manual'].includes(kind)) {
    throw new Error(`there is no clock \`${kind}\`: write \`real\` or \`manual\``);
  }
  const { folder: assembly, command } = typeof app === 'object'
    ? { folder: resolve(app.synth().directory), command: undefined }
    : await findAssembly(app, (text) => process.stderr.write(text));
  const appFolder = typeof app === 'object' || command !== undefined ? resolve() : appFolderOf(assembly);
  const clock = kind === 'manual' ? new ManualClock() : new RealClock();
  const gateway = await Gateway.start({ assembly, port, env, clock, appFolder, maxConcurrency, host, allowedOrigins, page: consolePage });
  for (const event of gateway.events()) {
    if (event.type === 'warning') { process.emitWarning(onLines(event.text), 'cdk-websocket-api'); }
  }
  const only = (): ServedApi => {
    if (gateway.apis.length !== 1) {
      throw new Error(`there are ${gateway.apis.length} stages of APIs: take the URL of one of \`apis\`: ${gateway.apis.map(({ name, stage }) => `\`${name}\` (${stage})`).join(', ')}`);
    }
    return gateway.apis[0];
  };
  return {
    get url() { return only().url; },
    get secureUrl() { return only().secureUrl; },
    get callbackUrl() { return only().callbackUrl; },
    get apis() { return gateway.apis; },
    ca: gateway.ca,
    caFile: gateway.caFile,
    port: gateway.port,
    get tablesUrl() { return gateway.tablesUrl; },
    credentials: gateway.credentials,
    credentialsFor: (principal) => gateway.credentialsFor(principal),
    token: (tokenOptions) => gateway.token(tokenOptions),
    connections: () => gateway.connections(),
    events: () => gateway.events(),
    onEvent: (listener) => gateway.onEvent(listener),
    now: () => gateway.now(),
    settled: () => gateway.settled(),
    close: () => gateway.close(),
    [Symbol.asyncDispose]: () => gateway.close(),
    async advance(milliseconds) {
      if (!(clock instanceof ManualClock)) {
        throw new Error('the clock runs by itself: start the gateway with `clock: \'manual\'` to advance it');
      }
      clock.advance(milliseconds);
      await gateway.settled();
    },
  };
}

/** The folder of an assembly inside its app, as `cdk.out` is; for an assembly elsewhere, the working directory. */
function appFolderOf(assembly: string): string {
  const parent = dirname(assembly);
  return ['cdk.json', 'node_modules'].some((name) => existsSync(join(parent, name))) ? parent : resolve();
}
