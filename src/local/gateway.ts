import { IncomingMessage, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { readModel } from './assembly/model-reader';
import { Clock } from './clock';
import { evaluateExpression } from './definition/expression';
import { withStageVariables } from './definition/integration-target';
import { ApiModel, FunctionModel, Model } from './definition/model';
import { ConnectionInfo, ServedApi } from './definition/served-api';
import { serviceEndpoint } from './definition/service-endpoint';
import { Confined } from './dispatch/confined';
import { Closing } from './dispatch/peer';
import { GatewayEvent, NewEvent, Trace } from './events/trace';
import { environmentOf } from './function-environment';
import { Callers, callerOf, conditionKeys, Credentials } from './iam/callers';
import { isAllowed } from './iam/iam-policy';
import { runIntegration } from './integrations/integration';
import { Functions } from './lambda/functions';
import { createTables } from './table-creator';
import { Trust } from './trust';
import { AddressBook, isLocal } from './wire/address';
import { Backend, Throttles } from './wire/backend';
import { Connection, MAX_MESSAGE_BYTES } from './wire/connection';
import { handleConnectionsRequest, isConnectionsPath } from './wire/connections-api';
import { FrameLimit } from './wire/frame-limit';
import { handshake, HandshakeResult } from './wire/handshake';
import { faultOf } from './wire/handshake-request';
import { Listener } from './wire/listener';
import { handleDisconnect, handleMessage } from './wire/message';
import { checkOrigins, mayConnectFrom, OriginRules, reasonForOrigin } from './wire/origin';
import { Proxy } from './wire/proxy';
import { checkHost, inUrl, isNameOfThisMachine, listeningAddresses, reachableAddresses } from './wire/reach';
import { refusalBytes } from './wire/refusal';
import { servedApis } from './wire/served-apis';

export interface GatewayOptions {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** The folder of the app: modules that Lambda carries are found from there. */
  readonly appFolder: string;
  readonly maxConcurrency?: number;
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

/** How many messages of one client may be under way before it is not read from for a while. */
const MAX_UNDER_WAY = 1000;
const MAX_URL_CHARACTERS = 4096;
/** What `$disconnect` is told where `ws` has told the client. */
const PROTOCOL_CLOSINGS: Readonly<Record<string, Closing>> = {
  WS_ERR_INVALID_UTF8: { code: 1007, reason: 'Invalid frame payload data' },
  WS_ERR_TOO_MANY_BUFFERED_PARTS: { code: 1008, reason: 'Policy violation' },
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: { code: 1009, reason: 'Message too big' },
};
/** How long a client that is refused may take to end the connection. */
const LINGER_MILLIS = 5000;

/** A cloud assembly, served. */
export class Gateway {
  /** Starts to serve: what cannot be served is an error before anything runs. */
  public static async start(options: GatewayOptions): Promise<Gateway> {
    checkOrigins('allowedOrigins', options.allowedOrigins ?? []);
    if (options.host !== undefined) { checkHost('host', options.host); }
    const model = readModel(options.assembly, { env: options.env });
    const gateway = new Gateway(options, model);
    try {
      gateway.port = await gateway.listener.listen(options.port);
      await gateway.serve(model);
      return gateway;
    } catch (error) {
      await gateway.close();
      switch ((error as NodeJS.ErrnoException).code) {
        case 'EADDRINUSE': throw new Error(`port ${options.port} is in use: end what listens there, or choose another with \`--port\` (0 takes any that is free)`);
        case 'EADDRNOTAVAIL': throw new Error(`this machine does not have the address \`${options.host}\`: choose one that it has, or \`0.0.0.0\` for all`);
        default: throw error;
      }
    }
  }

  public port = 0;
  /** Whom clients and functions have to trust, to connect with TLS. */
  public readonly ca: string;
  public readonly caFile: string;
  /** Of a caller who may do everything. */
  public readonly credentials: Credentials;
  private readonly backend: Backend;
  private readonly listener: Listener;
  private readonly sockets = new WebSocketServer({
    noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, handleProtocols: () => false, clientTracking: false,
  });
  private readonly confined = new Confined();
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly trust: Trust;
  private closed?: Promise<void>;

  private constructor(private readonly options: GatewayOptions, model: Model) {
    const { clock } = options;
    const trace = new Trace(() => clock.now());
    const callers = new Callers();
    this.credentials = callers.credentialsOf({ arn: 'arn:aws:iam::123456789012:user/local', name: 'the developer', account: '123456789012' });
    const functions: Functions = new Functions({
      callers,
      trace,
      appFolder: options.appFolder,
      environmentOf: (fn) => environmentOf(fn, options.env, this.backend.addresses, this.trust),
      lead: () => ({ hosts: this.backend.addresses.hosts(), port: this.port }),
      maxConcurrency: options.maxConcurrency,
    });
    const trust = new Trust(functions.newFolder('certificates'), options.env.NODE_EXTRA_CA_CERTS ?? process.env.NODE_EXTRA_CA_CERTS);
    this.trust = trust;
    const { key, cert, ca, caFile } = trust.local;
    this.ca = ca;
    this.caFile = caFile;
    const proxy = new Proxy({
      isHost: (name) => this.backend.addresses.isHost(name),
      serve: (socket, head) => this.listener.serveTunnel(socket, head),
      warn: (text) => this.report({ type: 'warning', text }),
    });
    this.backend = {
      clock,
      trace,
      callers,
      functions,
      model,
      confined: this.confined,
      connections: new Map(),
      addresses: new AddressBook(model, 0),
      throttles: new Throttles(clock),
      runIntegration: (integration, request) => runIntegration(integration, request, {
        invokeFunction: (arn, payload, timeoutMillis) => functions.invoke(arn, payload, timeoutMillis).then((result) => (
          result.timedOut ? { payload: JSON.stringify({ errorMessage: 'Endpoint request timed out' }), functionError: 'Timeout' } : result
        )),
        evaluate: (owner, name, ...args) => this.confined.run(owner, name, ...args),
        endpointFor: (service) => serviceEndpoint(service, options.env),
        credentialsFor: (roleArn) => this.credentialsOfRole(roleArn),
        isAllowed: (roleArn, action, resource) => this.mayCall(roleArn, action, resource),
        region: this.backend.model.apis[0].region,
      }),
    };
    this.listener = new Listener({
      key,
      cert,
      hosts: listeningAddresses(options.host),
      onRequest: (request, response) => this.onRequest(request, response),
      onUpgrade: (request, socket, head) => void this.track(this.onUpgrade(request, socket, head)),
      onConnect: (request, socket, head) => proxy.handle(request, socket, head),
      contextFor: (name) => trust.contextFor(name),
    });
    this.sockets.on('headers', (headers: string[], request: IncomingMessage & { subprotocol?: string }) => {
      if (request.subprotocol !== undefined) { headers.push(`Sec-WebSocket-Protocol: ${request.subprotocol}`); }
    });
  }

  public get apis(): ServedApi[] {
    return servedApis(this.backend.model, this.backend.addresses);
  }

  /** Origins that the developer allows, beside those that always may connect. */
  public get allowedOrigins(): readonly string[] {
    return this.options.allowedOrigins ?? [];
  }

  /** `ws://…` for other devices, one for each address by which they reach this machine; none if only this machine can connect. */
  public get reachableUrls(): string[] {
    return reachableAddresses(this.options.host).map((address) => `ws://${inUrl(address)}:${this.port}`);
  }

  public get model(): Model {
    return this.backend.model;
  }

  /** The functions that some API calls, as the assembly has them. */
  public get functionsInUse(): FunctionModel[] {
    const { functions, model } = this.backend;
    return [...new Set([...functionArns(model)].flatMap((arn) => model.functions.get(functions.find(arn)?.arn ?? '') ?? []))];
  }

  /** Credentials of a role or user of the assembly, by its name or construct path. */
  public credentialsFor(name: string): Credentials {
    const principal = this.backend.model.principals.find((one) => one.name === name || one.path === name || one.arn === name);
    if (!principal) {
      throw new Error(`there is no role or user \`${JSON.stringify(name)}\`: there are ${this.backend.model.principals.map(({ path }) => `\`${path}\``).join(', ')}`);
    }
    return this.backend.callers.credentialsOf(callerOf(principal));
  }

  public connections(): ConnectionInfo[] {
    return [...this.backend.connections.values()].filter(({ open }) => open).map(({ id, address, identity, connectedAt, lastActiveAt }) => ({
      connectionId: id,
      api: address.api.name,
      stage: address.stage.name,
      sourceIp: identity.sourceIp,
      connectedAt: new Date(connectedAt),
      lastActiveAt: new Date(lastActiveAt),
    }));
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

  /** Resolves once nothing is under way: every message that has come in is answered, and every connection that is closing is closed. */
  public async settled() {
    const closing = () => [...this.backend.connections.values()].filter((connection) => connection.closing);
    for (let waited = 0; this.underWay.size > 0 || closing().length > 0; waited += 5) {
      await Promise.all(this.underWay);
      // A client that does not answer a close frame has had its time.
      if (waited > 1000) { closing().forEach((connection) => connection.terminate()); }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Serves the assembly as it is now; connections stay open. */
  public async reload() {
    await this.serve(readModel(this.options.assembly, { env: this.options.env }));
  }

  /** Runs a function with other code from now on. */
  public async swap(fn: FunctionModel, codeFolder: string) {
    await this.backend.functions.swap(fn, codeFolder);
  }

  /** A folder that is gone when the gateway is. */
  public newFolder(name: string): string {
    return this.backend.functions.newFolder(name);
  }

  public close(): Promise<void> {
    return this.closed ??= this.shutDown();
  }

  private async shutDown() {
    for (const connection of this.backend.connections.values()) { connection.terminate(); }
    await this.listener.close();
    await this.confined.close();
    await this.backend.functions.close();
  }

  private async serve(model: Model) {
    checkExpressions(model);
    const { backend } = this;
    backend.model = model;
    backend.addresses = new AddressBook(model, this.port, this.options.host === undefined ? undefined : isNameOfThisMachine);
    backend.throttles = new Throttles(backend.clock);
    this.trust.cover(backend.addresses.hosts());
    await backend.functions.serve(model);
    for (const principal of model.principals) { backend.callers.credentialsOf(callerOf(principal)); }

    const warn = (text: string) => backend.trace.add({ type: 'warning', text });
    model.warnings.forEach(warn);
    model.unresolved.forEach(({ name, usedBy }) => warn(`\`${name}\` is not known here, and used by ${usedBy.join(', ')}: give it in the env file`));
    (await backend.functions.missing(functionArns(model))).forEach(warn);
    const tables = serviceEndpoint('dynamodb', this.options.env);
    if (tables !== undefined && model.tables.length > 0 && isLocal(new URL(tables).hostname)) {
      await createTables(model.tables, tables, this.credentials);
    }
  }

  private credentialsOfRole(arn: string | undefined): Credentials {
    const principal = this.backend.model.principals.find((one) => one.arn === arn);
    return principal ? this.backend.callers.credentialsOf(callerOf(principal)) : this.credentials;
  }

  private mayCall(roleArn: string | undefined, action: string, resource: string): boolean {
    const { model: { principals, apis: [{ region }] } } = this.backend;
    const principal = principals.find(({ arn }) => arn === roleArn);
    return isAllowed(principal?.statements, { action, resource, context: principal && conditionKeys(callerOf(principal), region) }) === 'allow';
  }

  private onRequest(request: IncomingMessage, response: ServerResponse) {
    const url = request.url ?? '/';
    if (isConnectionsPath(url)) {
      void this.track(handleConnectionsRequest(this.backend, request, response).catch((error) => {
        response.destroy();
        // Who breaks off in the middle of a request is none of our faults.
        if (!request.errored) { throw error; }
      }));
    } else if (this.options.page?.isAt(url) && isFromThisMachine(request)) {
      this.options.page.answer(this, request, response);
    } else {
      request.resume();
      const address = this.backend.addresses.find(request.headers.host, url.split('?')[0]);
      const status = 'status' in address ? address.status : 426;
      response.writeHead(status, { 'content-type': 'application/json', ...status === 426 ? { upgrade: 'websocket' } : {} });
      response.end(JSON.stringify({ message: { 403: 'Forbidden', 404: 'Not Found', 426: 'Upgrade Required' }[status] }));
    }
  }

  private async onUpgrade(request: IncomingMessage & { subprotocol?: string }, socket: Duplex, head: Buffer) {
    let gone = false;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => gone = true);
    const { url = '/', headers: { origin } } = request;
    const [path] = url.split('?');
    const refuse = (status: number, message: string, reason: string) => {
      // Never the query: tokens are sent in it.
      this.report({ type: 'warning', text: `a client was refused with ${status} at ${JSON.stringify(path.slice(0, 200))}: ${reason}` });
      hangUp(socket, refusalBytes({ status, message }));
    };

    const fault = faultOf(request);
    if (fault) { return refuse(400, 'Bad Request', fault); }
    if (!mayConnectFrom(origin, this.originRules())) { return refuse(403, 'Forbidden', reasonForOrigin(origin!)); }
    if (url.length > MAX_URL_CHARACTERS) { return refuse(414, 'Request-URI Too Long', `its URL has more than ${MAX_URL_CHARACTERS} characters`); }
    const address = this.backend.addresses.find(request.headers.host, path);
    if ('status' in address || !['', '/'].includes(address.rest)) {
      const status = 'status' in address ? address.status : 403;
      return refuse(status, status === 403 ? 'Forbidden' : 'Not Found', `there is ${this.apis.map((api) => [api.url, ...api.domainUrls].join(', ')).join(', ')}`);
    }

    let result: HandshakeResult;
    try {
      result = await handshake(this.backend, request, address);
    } catch (error) {
      hangUp(socket, refusalBytes({ status: 500, message: 'Internal server error' }));
      throw error;
    }
    if (!result.open) { return hangUp(socket, result.answer); }
    if (gone || !socket.readable || !socket.writable) {
      // It connected, as far as its `$connect` route knows.
      return handleDisconnect(this.backend, result.connection, 1006, 'Connection closed abnormally');
    }
    request.subprotocol = result.subprotocol;
    // What a client may ask for there is for the `$connect` route to say.
    delete request.headers['sec-websocket-protocol'];
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.attach(webSocket, socket, result.connection));
  }

  private originRules(): OriginRules {
    return { allowed: this.allowedOrigins, domains: this.backend.addresses.domains(), reachable: this.options.host !== undefined };
  }

  private attach(webSocket: WebSocket, socket: Duplex, connection: Connection) {
    const { backend } = this;
    backend.connections.set(connection.id, connection);
    connection.opened(webSocket);

    const frames = new FrameLimit();
    const checkFrames = (chunk: Buffer) => {
      if (!frames.accepts(chunk)) {
        socket.off('data', checkFrames);
        connection.close(1009, 'Message too big');
      }
    };
    socket.prependListener('data', checkFrames);

    let underWay = 0;
    webSocket.on('message', (data: Buffer, binary: boolean) => {
      if (connection.closing) { return; }
      connection.touch();
      if (binary) { return connection.close(1003, 'Binary is not supported'); }
      if (++underWay >= MAX_UNDER_WAY) { connection.pause(); }
      void this.track(handleMessage(backend, connection, data.toString())).finally(() => {
        if (--underWay === MAX_UNDER_WAY - 1) { connection.resume(); }
      });
    });
    // Of the protocol: `ws` tells the client with a code, and closes.
    webSocket.on('error', (error: NodeJS.ErrnoException) => {
      connection.closing ??= PROTOCOL_CLOSINGS[error.code ?? ''] ?? { code: 1002, reason: 'Protocol error' };
      this.report({ type: 'warning', text: `connection \`${connection.id}\` is closed: ${error.message}` });
    });
    webSocket.on('close', (code, reason) => {
      connection.ended();
      backend.connections.delete(connection.id);
      const ending = connection.closing ?? { code, reason: code === 1005 ? 'Client-side close frame status not set' : code === 1006 ? 'Connection closed abnormally' : reason.toString() };
      void this.track(handleDisconnect(backend, connection, ending.code, ending.reason));
    });
  }

  /** What is under way never fails; should it, that is said, and all else goes on. */
  private track(work: Promise<unknown>): Promise<unknown> {
    const tracked = work
      .catch((error: Error) => this.report({ type: 'warning', text: `a fault of the gateway itself: ${error.stack}` }))
      .finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
    return tracked;
  }
}

/** Who reaches the gateway from another device can write any `Host`, so the address counts too. */
function isFromThisMachine({ headers, socket }: IncomingMessage): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return isLocal((headers.host ?? '').replace(/:\d+$/, '')) && (address === '::1' || (address !== '' && isLocal(address)));
}

function hangUp(socket: Duplex, lastWords: string) {
  // With something left to read, the end of the other side would not be seen.
  socket.resume();
  socket.end(lastWords);
  const patience = setTimeout(() => socket.destroy(), LINGER_MILLIS).unref();
  socket.once('close', () => clearTimeout(patience));
}

/** An expression that API Gateway would refuse fails here, and not at the first message. */
function checkExpressions({ apis }: Model) {
  for (const { path, routeSelectionExpression, apiKeySelectionExpression, routes } of apis) {
    const ofRoutes = [...routes.values()].flatMap(({ modelSelectionExpression }) => modelSelectionExpression ?? []);
    for (const expression of [routeSelectionExpression, apiKeySelectionExpression, ...ofRoutes]) {
      try {
        evaluateExpression(expression, {});
      } catch (error) {
        throw new Error(`\`${path}\`: ${(error as Error).message}`);
      }
    }
  }
}

/** The functions that the routes and authorizers of these APIs call. */
function functionArns({ apis }: Model): Set<string> {
  return new Set(apis.flatMap((api) => [...api.routes.values()].flatMap(({ integration, authorization }) => [
    ...authorization.type === 'CUSTOM' ? [authorization.functionArn] : [],
    ...integration?.target.kind === 'function' ? [integration.target.arn] : [],
  ].flatMap((arn) => stageVariablesOf(api).map((variables) => withStageVariables(arn, variables))))));
}

function stageVariablesOf({ stages }: ApiModel): Array<Readonly<Record<string, string>>> {
  return stages.length === 0 ? [{}] : stages.map(({ variables }) => variables);
}

