import { IncomingMessage, ServerResponse } from 'node:http';
import { readModel } from './assembly/model-reader';
import { Clock } from './clock';
import { checkExpressions } from './definition/check-expressions';
import { functionArns } from './definition/functions-in-use';
import { FunctionModel, Model } from './definition/model';
import { ConnectionInfo, ServedApi } from './definition/served-api';
import { Confined } from './dispatch/confined';
import { UnderWay } from './dispatch/under-way';
import { GatewayEvent, NewEvent } from './events/trace';
import { environmentOf } from './function-environment';
import { GatewayParts, partsOf } from './gateway-parts';
import { callerOf, Credentials } from './iam/callers';
import { EventInvocations } from './lambda/event-invocations';
import { Requests } from './requests';
import { Tables } from './tables';
import { Trust } from './trust';
import { PoolKeys } from './user-pools/pool-keys';
import { claimsOf, TokenOptions } from './user-pools/pool-token';
import { AddressBook } from './wire/address';
import { Backend, Throttles } from './wire/backend';
import { checkOrigins } from './wire/handshake/origin';
import { Listener } from './wire/listener';
import { Proxy } from './wire/proxy';
import { checkHost, inUrl, isNameOfThisMachine, listeningAddresses, reachableAddresses } from './wire/reach';
import { servedApis } from './wire/served-apis';
import { Upgrades } from './wire/upgrade';

export interface GatewayOptions {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** The folder of the app: modules that Lambda carries are found from there. */
  readonly appFolder: string;
  readonly maxConcurrency?: number;
  /** A function that a debugger attaches to, by its path, name or ARN; empty for all. */
  readonly inspect?: string;
  /** An address to listen at beside loopback, so that other devices can connect. */
  readonly host?: string;
  /** Origins whose pages may connect, beside those of this machine and of the app's domains. */
  readonly allowedOrigins?: readonly string[];
  /** A page that shows what happens. */
  readonly page?: GatewayPage;
}

/** A page for people, served beside the APIs to browsers on this machine. */
export interface GatewayPage {
  isAt(url: string): boolean;
  answer(gateway: Gateway, request: IncomingMessage, response: ServerResponse): void;
}

/** Serves a cloud assembly. */
export class Gateway {
  /** Starts to serve. If something in the assembly cannot be served, it throws before any function runs. */
  public static async start(options: GatewayOptions): Promise<Gateway> {
    checkOrigins('allowedOrigins', options.allowedOrigins ?? []);
    if (options.host !== undefined) { checkHost('host', options.host); }
    const model = readModel(options.assembly, { env: options.env, keepsTables: Tables.canBeKept(options.appFolder) });
    const gateway = new Gateway(options, await partsOf(options, model));
    try {
      await gateway.listen(options);
      await gateway.serve(model);
      return gateway;
    } catch (error) {
      await gateway.close();
      throw error;
    }
  }

  public port = 0;
  /** The authority that clients and functions must trust to connect with TLS. */
  public readonly ca: string;
  public readonly caFile: string;
  /** Of a caller who may do everything. */
  public readonly credentials: Credentials;
  private readonly options: GatewayOptions;
  private readonly env: Record<string, string>;
  private readonly tables: Tables;
  private readonly poolKeys = new PoolKeys();
  private readonly backend: Backend;
  private readonly confined: Confined;
  private readonly trust: Trust;
  private readonly listener: Listener;
  private readonly underWay: UnderWay;
  private readonly eventInvocations: EventInvocations;
  private closed?: Promise<void>;

  private constructor(options: GatewayOptions, { backend, confined, trust, developer, underWay, eventInvocations, env }: GatewayParts) {
    const { key, cert, ca, caFile } = trust.local;
    this.options = options;
    this.env = env;
    this.backend = backend;
    this.confined = confined;
    this.trust = trust;
    this.credentials = developer;
    this.ca = ca;
    this.caFile = caFile;
    this.underWay = underWay;
    this.tables = new Tables({ appFolder: options.appFolder, env, credentials: developer, warn: (text) => this.report({ type: 'warning', text }) });
    this.eventInvocations = eventInvocations;
    const proxy = new Proxy({
      isHost: (name) => backend.addresses.isHost(name),
      warn: (text) => this.report({ type: 'warning', text }),
    });
    const upgrades = new Upgrades({
      backend,
      underWay,
      originRules: () => ({ allowed: this.allowedOrigins, domains: backend.addresses.domains(), reachable: options.host !== undefined }),
    });
    const requests = new Requests({
      backend,
      underWay,
      poolKeys: this.poolKeys,
      isPage: (url) => options.page?.isAt(url) === true,
      answerPage: (request, response) => options.page!.answer(this, request, response),
    });
    this.listener = new Listener({
      key,
      cert,
      hosts: listeningAddresses(options.host),
      onRequest: (request, response) => requests.handle(request, response),
      onUpgrade: (request, socket, head) => void underWay.track(upgrades.handle(request, socket, head)),
      onConnect: (request, socket, head, serve) => proxy.handle(request, socket, head, serve),
      contextFor: (name) => trust.contextFor(name),
    });
  }

  public get apis(): ServedApi[] {
    return servedApis(this.backend.model, this.backend.addresses);
  }

  /** Origins that the developer allows in addition to those that may always connect. */
  public get allowedOrigins(): readonly string[] {
    return this.options.allowedOrigins ?? [];
  }

  /** `ws://…` for other devices, one for each address of this machine; empty if only this machine can connect. */
  public get reachableUrls(): string[] {
    return reachableAddresses(this.options.host).map((address) => `ws://${inUrl(address)}:${this.port}`);
  }

  public get model(): Model {
    return this.backend.model;
  }

  /** The functions that the APIs call, as they are in the assembly. */
  public get functionsInUse(): FunctionModel[] {
    const { functions, model } = this.backend;
    return [...new Set(functionArns(model).flatMap((arn) => model.functions.get(functions.find(arn)?.arn ?? '') ?? []))];
  }

  /** Credentials of a role or user of the assembly, by its name, construct path or ARN. */
  public credentialsFor(name: string): Credentials {
    const { callers, model: { principals } } = this.backend;
    const principal = principals.find((one) => [one.name, one.path, one.arn].includes(name));
    if (!principal) {
      throw new Error(`there is no role or user \`${JSON.stringify(name)}\`: there are ${principals.map(({ path }) => `\`${path}\``).join(', ')}`);
    }
    return callers.credentialsOf(callerOf(principal));
  }

  /** What time it is for functions, which live on while the manual clock stands still. */
  public now(): number {
    return Date.now() + (this.backend.clock.ahead ?? 0);
  }

  /** A token of a user pool of the assembly, signed with a key that the functions here find as that of the pool. */
  public token(options: TokenOptions): string {
    return this.poolKeys.sign(claimsOf(options, this.model.userPools ?? [], this.now()));
  }

  public connections(): ConnectionInfo[] {
    return [...this.backend.connections.values()].filter(({ open }) => open).map(({ info }) => info);
  }

  public events(): GatewayEvent[] {
    return this.backend.trace.events();
  }

  public onEvent(listener: (event: GatewayEvent) => void): () => void {
    return this.backend.trace.listen(listener);
  }

  public report(event: NewEvent) {
    this.backend.trace.add(event);
  }

  /** Resolves when every message that came in is answered and every connection that is closing is closed. */
  public async settled() {
    const closing = () => [...this.backend.connections.values()].filter((connection) => connection.closing);
    for (let waited = 0; !this.underWay.isEmpty || closing().length > 0; waited += 5) {
      await this.underWay.done();
      // By now, a client should have answered the close frame.
      if (waited > 1000) { closing().forEach((connection) => connection.terminate()); }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The DynamoDB that the gateway started for the tables of the app, if nobody named one. */
  public get tablesUrl(): string | undefined {
    return this.tables.url;
  }

  /** Serves the assembly as it is now. Connections stay open. */
  public async reload() {
    await this.serve(readModel(this.options.assembly, { env: this.env, keepsTables: Tables.canBeKept(this.options.appFolder) }));
  }

  /** Runs a function with other code from now on. */
  public async swap(fn: FunctionModel, codeFolder: string) {
    await this.backend.functions.swap(fn, codeFolder);
  }

  /** A folder that is removed when the gateway closes. */
  public newFolder(name: string): string {
    return this.backend.functions.newFolder(name);
  }

  public close(): Promise<void> {
    return this.closed ??= this.shutDown();
  }

  private async shutDown() {
    for (const connection of this.backend.connections.values()) { connection.terminate(); }
    this.eventInvocations.close();
    await this.listener.close();
    await this.confined.close();
    await this.backend.functions.close();
    await this.tables.close();
  }

  private async listen({ port, host }: GatewayOptions) {
    try {
      this.port = await this.listener.listen(port);
    } catch (error) {
      switch ((error as NodeJS.ErrnoException).code) {
        case 'EADDRINUSE': throw new Error(`port ${port} is in use: end what listens there, or choose another with \`--port\` (0 takes any that is free)`);
        case 'EADDRNOTAVAIL': throw new Error(`this machine does not have the address \`${host}\`: choose one that it has, or \`0.0.0.0\` for all`);
        default: throw error;
      }
    }
  }

  private async serve(model: Model) {
    checkExpressions(model);
    await this.tables.keep(model);
    const { backend, trust, env, options: { host } } = this;
    const addresses = new AddressBook(model, this.port, host === undefined ? undefined : isNameOfThisMachine);
    backend.model = model;
    backend.addresses = addresses;
    backend.throttles = new Throttles(backend.clock);
    trust.cover(addresses.hosts());
    await backend.functions.serve(model, {
      environmentOf: (fn) => environmentOf(fn, env, addresses, trust, `http://localhost:${this.port}`),
      lead: { hosts: addresses.hosts(), port: this.port },
    });
    for (const principal of model.principals) { backend.callers.credentialsOf(callerOf(principal)); }

    const warn = (text: string) => this.report({ type: 'warning', text });
    model.warnings.forEach(warn);
    model.unresolved.forEach(({ name, usedBy }) => warn(`\`${name}\` is not known here, and used by ${usedBy.join(', ')}: give it in the env file`));
    (await backend.functions.missing(functionArns(model))).forEach(warn);
    await this.tables.create(model);
    await backend.functions.warmInspected(functionArns(model));
  }
}
