import { Stack, Stage } from 'aws-cdk-lib';
import { IDomainName, IWebSocketApi, IWebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { ApiSource } from './api-source';
import { Authorization } from './auth/authorization';
import { CustomDomain } from './domain/custom-domain';
import { domainConflicts } from './domain/shared-domain';
import { API, CONSTRUCT, STAGE } from './given/cdk-kinds';
import { checkArgument, listOf, made, mapOf, TEXT } from './given/kind';
import { checkOptions, optionsIn, OptionsOf } from './given/options';
import { FunctionSource, SourceFunction } from './handlers/function-source';
import { buildHandlerCode, HandlerCode } from './handlers/handler-code';
import { HANDLER_PROPS, HandlerProps, mergeHandlerProps } from './handlers/handler-props';
import { createFunction, FunctionAdditions, MadeFunction } from './handlers/source-function';
import { AccessLog } from './logs/access-log';
import { Permissions } from './permissions';
import { tooManyResources } from './resource-limit';
import { FunctionTarget } from './routes/function-target';
import { Route, ROUTE, RouteRendering } from './routes/route';
import { checkRouteKeys, CONNECT, normalizeRouteKey, routeName } from './routes/route-key';
import { RouteResource } from './routes/route-resource';
import { BoundStage, StageSource } from './stage-source';

/**
 * What a WebSocket API consists of.
 */
export interface WebSocketApiProps {
  /**
   * The routes, by route key: `$connect`, `$disconnect`, `$default`, or the value that selects the route, which by default is
   * the field `action` of a message. At most 128 characters each, and 300 routes; where AWS has
   * raised that quota of the API, the context value `cdk-websocket-api:maxRoutes` says to how many.
   *
   * @default - none; they have to be added with `addRoutes`
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
   */
  readonly routes?: { [routeKey: string]: Route };

  /**
   * Props of every function that is made from source, the authorizer's included. A function's own props win, except `environment`
   * (key by key), and `layers` and `permissions` (both, these first).
   *
   * @default - none
   */
  readonly defaultFunctionProps?: HandlerProps;

  /**
   * The access log.
   *
   * @default AccessLog.json()
   */
  readonly accessLog?: AccessLog;

  /**
   * A domain of your own.
   *
   * @default - none; the API is at `url`
   */
  readonly customDomain?: CustomDomain;

  /**
   * Who may connect.
   *
   * @default Authorization.none()
   */
  readonly authorization?: Authorization;

  /**
   * The API: one to create, or one that exists.
   *
   * @default ApiSource.fromProps({})
   */
  readonly api?: ApiSource;

  /**
   * The stage that the API is deployed to: one to create, or one that exists.
   *
   * @default StageSource.fromOptions({})
   */
  readonly stage?: StageSource;
}

/**
 * An API Gateway WebSocket API: routes to Lambda functions made from source, the permissions that they need, an access log, a deployed
 * stage, and if wanted an authorizer and a domain.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html
 */
export class WebSocketApi extends Construct {
  /** The API inside, or the imported one. */
  public readonly api: IWebSocketApi;

  /** The stage inside, or the imported one. */
  public readonly stage: IWebSocketStage;

  /** The log group of the access log, where it goes to one. */
  public readonly accessLogGroup?: ILogGroup;

  /**
   * Where clients connect to on the domain of your own: `wss://<domain>`, or `wss://<domain>/<path>/`. For a wildcard domain, the caller
   * replaces the `*`.
   */
  public readonly customDomainUrl?: string;

  /** The domain of your own in API Gateway, created or given. */
  public readonly apiGatewayDomain?: IDomainName;

  /** The certificate of the domain that was created, created or given. */
  public readonly acmCertificate?: ICertificate;

  private readonly authorization: Authorization;
  private readonly defaultFunctionProps: HandlerProps;
  private readonly boundStage: BoundStage;
  /** The route keys, and what is behind each; nothing where that is no function. */
  private readonly targets = new Map<string, FunctionTarget | undefined>();
  /** What the routes consist of, wherever they were added. */
  private readonly parts = new Set<Construct>();
  /** What the function of every route may do, also of routes to come. */
  private readonly permissions: Permissions[] = [];

  /**
   * @param scope where the API is created
   * @param id its id there
   * @param props what it consists of
   */
  constructor(scope: Construct, id: string, props: WebSocketApiProps = {}) {
    super(scope, id);
    try {
      checkOptions(`\`${this.node.path}\``, WEBSOCKET_API_PROPS, props);
      const api = props.api ?? ApiSource.fromProps({});
      const stage = props.stage ?? StageSource.fromOptions({});
      checkStage(this.node.path, api, stage, props);
      const accessLog = props.accessLog ?? (stage._exists ? AccessLog.disabled() : AccessLog.json());

      this.authorization = props.authorization ?? Authorization.none();
      this.defaultFunctionProps = props.defaultFunctionProps ?? {};
      this.api = api._bind(this);

      const { settings, logGroup } = accessLog._bind(this, this.api.apiId, stage._stageName(this));
      this.accessLogGroup = logGroup;
      this.boundStage = stage._bind(this, this.api, settings);
      this.stage = this.boundStage.stage;

      const domain = props.customDomain?._bind(this, this.api, this.stage);
      this.customDomainUrl = domain?.url;
      this.apiGatewayDomain = domain?.apiGatewayDomain;
      this.acmCertificate = domain?.certificate;

      this.addRoutes(this, props.routes ?? {});

      for (const accountRole of [accessLog._accountRole, stage._executionLog?._accountRole]) {
        const setting = accountRole?._bind(this);
        if (setting) { this.stage.node.addDependency(setting); }
      }

      this.node.addValidation({
        validate: () => [
          ...this.validateRoutes(api._exists),
          ...tooManyResources(this.node.path, [...this.parts]),
          ...domain ? domainConflicts(domain.mapping) : [],
        ],
      });
    } catch (error) {
      // Nothing half-built stays behind for somebody who catches the error.
      scope.node.tryRemoveChild(id);
      throw error;
    }
  }

  /**
   * Where clients connect to: `wss://<api>.execute-api.<region>.<suffix>/<stage>`.
   */
  public get url(): string {
    return `wss://${this.endpoint}`;
  }

  /**
   * Where functions post to connections, `@connections`: `https://<api>.execute-api.<region>.<suffix>/<stage>`. Route functions that
   * are made from source have it in the environment variable `WEBSOCKET_CALLBACK_URL`.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
   */
  public get callbackUrl(): string {
    return `https://${this.endpoint}`;
  }

  /**
   * The route keys, in the order that they were added.
   */
  public get routes(): string[] {
    return [...this.targets.keys()];
  }

  /**
   * The function behind a route.
   *
   * @param routeKey the key of the route
   * @returns undefined where there is no such route, or no function behind it
   */
  public getFunction(routeKey: string): IFunction | undefined {
    checkArgument('`routeKey` of `getFunction()`', TEXT, routeKey);
    return this.targets.get(normalizeRouteKey(routeKey))?.fn;
  }

  /**
   * Adds routes.
   *
   * Everything that belongs to them is created in `scope`: their functions, integrations and permissions, and with `$connect` the
   * authorizer. So `scope` can be in another stack, which then depends on this API, and never the other way.
   *
   * @param scope where the routes are created
   * @param routes the routes, by route key. Keys that are empty, unknown, too long, or there already are an error, and so are handlers
   * that cannot be found or bundled; then none of the routes is added
   */
  public addRoutes(scope: Construct, routes: { [routeKey: string]: Route }): void {
    checkArgument('`scope` of `addRoutes()`', CONSTRUCT, scope);
    checkArgument('`routes` of `addRoutes()`', ROUTES, routes);
    const keys = checkRouteKeys(Object.keys(routes), this.routes, this);
    const added = Object.values(routes).map((route, index) => ({ key: keys[index], ...route._render() }));
    const throttles = added.map(({ key, options }) => options.throttle && this.boundStage.throttle(scope, key, options.throttle));
    const functions = this.prepareFunctions(scope, added);

    const home = scope === this ? this : scope.node.tryFindChild(idOf(this)) as Construct ?? new Construct(scope, idOf(this));
    added.forEach(({ key, target, options }, index) => {
      const route = new RouteResource(home, `Route ${escapeId(key)}`, { webSocketApi: this.api, routeKey: key, options });
      route.authorize(key === CONNECT ? this.authorization._render(this.authorizerFunction(route, functions)) : Authorization.none()._render());
      if ('integration' in target) {
        route.integrate(target.integration);
        this.targets.set(key, undefined);
      } else {
        const functionTarget = this.functionTarget(home, route, target.source, functions);
        route.target(functionTarget.integrationId);
        this.targets.set(key, functionTarget);
        this.parts.add(functionTarget);
      }
      this.parts.add(route);
      throttles[index]?.(route);
    });
  }

  /**
   * Permits something to the function of every route, also of routes to come.
   *
   * @param permissions what is permitted
   */
  public attachPermissions(...permissions: Permissions[]): void {
    checkArgument('`permissions` of `attachPermissions()`', PERMISSIONS, permissions);
    this.permissions.push(...permissions);
    new Set(this.targets.values()).forEach((target) => target?.permit(permissions));
  }

  /**
   * Permits something to the function of one route.
   *
   * @param routeKey the key of the route. An error if there is no such route, or no function behind it
   * @param permissions what is permitted
   */
  public attachPermissionsToRoute(routeKey: string, ...permissions: Permissions[]): void {
    checkArgument('`routeKey` of `attachPermissionsToRoute()`', TEXT, routeKey);
    checkArgument('`permissions` of `attachPermissionsToRoute()`', PERMISSIONS, permissions);
    const key = normalizeRouteKey(routeKey);
    const target = this.targets.get(key);
    if (!target) {
      throw new Error(this.targets.has(key)
        ? `${routeName(key)} of \`${this.node.path}\` has no function that permissions could be attached to: it leads to an integration`
        : `${routeName(key)} does not exist, so no permissions can be attached to its function: \`${this.node.path}\` has ${this.routes.map((one) => `\`${JSON.stringify(one)}\``).join(', ') || 'no routes'}`);
    }
    target.permit(permissions);
  }

  /**
   * Permits posting to the connections of this stage, asking for them, and closing them. Route functions may do so already.
   *
   * @param grantee who may
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
   */
  public grantManageConnections(grantee: IGrantable): Grant {
    return this.grant(grantee, MANAGE_CONNECTIONS, this.connectionsArn);
  }

  /**
   * Permits connecting to this stage, where `Authorization.iam()` asks for it.
   *
   * @param grantee who may
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
   */
  public grantConnect(grantee: IGrantable): Grant {
    return this.grant(grantee, 'execute-api:Invoke', this.arn(CONNECT));
  }

  private grant(grantee: IGrantable, action: string, resourceArn: string): Grant {
    return Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resourceArn] });
  }

  /** The same for created and imported APIs and stages; the parts depend on no stage, so there is no cycle. */
  private get endpoint(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.api.apiId}.execute-api.${region}.${urlSuffix}/${this.stage.stageName}`;
  }

  private get connectionsArn(): string {
    return this.arn('*/@connections/*');
  }

  private arn(resource: string): string {
    return Stack.of(this).formatArn({ service: 'execute-api', resource: this.api.apiId, resourceName: `${this.stage.stageName}/${resource}` });
  }

  /** Builds the code of all functions that the routes need made. */
  private prepareFunctions(scope: Construct, added: Array<RouteRendering & { readonly key: string }>): PreparedFunctions {
    const wanted = added.flatMap(({ key, target }) => 'source' in target ? [{ name: routeName(key), source: target.source }] : []);
    if (this.authorization._source && added.some(({ key }) => key === CONNECT)) {
      wanted.push({ name: 'the authorizer', source: this.authorization._source });
    }
    const sources = wanted.flatMap(({ name, source }) => (
      'handler' in source ? [{ name, source, handler: source.handler, props: mergeHandlerProps(this.defaultFunctionProps, source.props) }] : []
    ));
    const codes = buildHandlerCode(scope, sources);
    return new Map(sources.map(({ source, props }, index) => [source, { props, code: codes[index] }]));
  }

  private authorizerFunction(route: RouteResource, functions: PreparedFunctions): IFunction | undefined {
    return this.authorization._source && makeFunction(this.authorization._source, route, 'AuthorizerFunction', functions).called;
  }

  private functionTarget(home: Construct, route: RouteResource, source: FunctionSource, functions: PreparedFunctions): FunctionTarget {
    const manageConnections = new PolicyStatement({ actions: [MANAGE_CONNECTIONS], resources: [this.connectionsArn] });
    if ('handler' in source) {
      const { fn, called } = makeFunction(source, route, 'Function', functions, {
        environment: { WEBSOCKET_CALLBACK_URL: this.callbackUrl },
        statements: [manageConnections],
      });
      const target = new FunctionTarget(route, 'Target', this.api, fn, called);
      target.permit(this.permissions);
      return target;
    }
    const id = `Function ${idOf(source.existing)}`;
    const known = home.node.tryFindChild(id) as FunctionTarget | undefined;
    if (known) { return known; }
    const target = new FunctionTarget(home, id, this.api, source.existing);
    target.permit([Permissions.statement(manageConnections), ...this.permissions]);
    return target;
  }

  private validateRoutes(imported: boolean): string[] {
    if (this.targets.size === 0 && !imported) {
      return ['there are no routes: give some with `routes` or `addRoutes()`'];
    }
    if (this.authorization._restricts && !this.targets.has(CONNECT)) {
      return ['`authorization` is set, but there is no `"$connect"` route, and API Gateway asks for it on that route alone: anybody could connect; add a `"$connect"` route'];
    }
    return [];
  }
}

const ROUTES = mapOf(ROUTE, routeName);

const PERMISSIONS = listOf(made(Permissions));

const WEBSOCKET_API_PROPS = {
  routes: ROUTES,
  defaultFunctionProps: optionsIn(() => HANDLER_PROPS),
  accessLog: made(AccessLog),
  customDomain: made(CustomDomain),
  authorization: made(Authorization),
  api: made(ApiSource, (value) => API.accepts(value) ? 'ApiSource.fromApi(api)' : undefined),
  stage: made(StageSource, (value) => STAGE.accepts(value) ? 'StageSource.fromStage(stage)' : undefined),
} satisfies OptionsOf<WebSocketApiProps>;

const MANAGE_CONNECTIONS = 'execute-api:ManageConnections';

type PreparedFunctions = Map<SourceFunction, { readonly props: HandlerProps; readonly code: HandlerCode }>;

function makeFunction(
  source: FunctionSource, scope: Construct, id: string, functions: PreparedFunctions, additions?: FunctionAdditions,
): MadeFunction {
  if ('existing' in source) { return { fn: source.existing, called: source.existing }; }
  const { code, props } = functions.get(source)!;
  return createFunction(scope, id, code, props, additions);
}

function checkStage(path: string, api: ApiSource, stage: StageSource, { accessLog, customDomain }: WebSocketApiProps) {
  if (!stage._exists) { return; }
  if (!api._exists) {
    throw new Error(`\`stage\` of \`${path}\` exists, but \`api\` does not: give the API that it is a stage of with \`ApiSource.fromApi()\`, ` +
      'or have a stage created with `StageSource.fromOptions()`');
  }
  if (accessLog) {
    throw new Error(`\`accessLog\` of \`${path}\` cannot be set together with a stage that exists: set it where the stage is created`);
  }
  if (customDomain) {
    throw new Error(`\`customDomain\` of \`${path}\` cannot be set together with a stage that exists: map the domain where the stage is created`);
  }
}

/** A construct as an id in another place: its path, which is the same in every `cdk.Stage` that the app is deployed to. */
function idOf(construct: IConstruct): string {
  const stagePath = Stage.of(construct)?.node.path;
  return escapeId(stagePath ? construct.node.path.slice(stagePath.length + 1) : construct.node.path);
}

/** Ids may not have slashes: CDK would replace them, and two texts could become one. */
function escapeId(text: string): string {
  return text.replace(/[%/]/g, encodeURIComponent);
}
