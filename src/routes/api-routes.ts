import { Annotations, Aspects } from 'aws-cdk-lib';
import { IWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { setEventSettings } from './asynchronous/event-settings';
import { Forwarders } from './asynchronous/forwarders';
import { escapeId, idIn } from './construct-id';
import { checkExistingFunction } from './existing-function';
import { FrontFunction, Fronts } from './front';
import { FunctionTarget } from './function-target';
import { PreparedFunction, PreparedRoute, prepareRoutes, RouteToPrepare } from './prepared-route';
import { Route } from './route';
import { checkRouteKeys, CONNECT, normalizeRouteKey, routeName } from './route-key';
import { checkRouteOptions, warnOfTimeout } from './route-options';
import { RouteResource } from './route-resource';
import { checkThrottle } from './throttle';
import { Authorization } from '../auth/authorization';
import { GroupRoute } from '../connections/group-route';
import { withoutTable } from '../connections/handshake-fronts';
import { checkPlace } from '../given/environment';
import { HandlerProps } from '../handlers/handler-props';
import { createFunction, FunctionAdditions } from '../handlers/source-function';
import { Permissions } from '../permissions';
import { StageEndpoint } from '../stage-endpoint';
import { BoundStage } from '../stage-source';

export interface ApiRoutesProps {
  readonly api: IWebSocketApi;
  readonly stage: BoundStage;
  readonly endpoint: StageEndpoint;
  readonly authorization: Authorization;
  /** Whether clients need an API key to connect. */
  readonly apiKeyRequired?: boolean;
  readonly defaultFunctionProps: HandlerProps;
  /** The ARN of a route, or of all with `*`, as Lambda sees it when API Gateway invokes a function. */
  readonly invokeArn: (route: string) => string;
  /** Functions of this library that stand before those of the app. */
  readonly fronts?: Fronts;
  /** What functions of routes have besides what every API gives them. */
  readonly additions?: Required<Pick<FunctionAdditions, 'environment' | 'statements'>>;
}

/** What was made for a route. */
interface AddedRoute {
  readonly resource: RouteResource;
  /** Undefined if the route leads to an integration that is not a function of the app. */
  readonly target?: FunctionTarget;
  /** Hand the messages to the function, if API Gateway does not call it. */
  readonly forwarders?: Forwarders;
}

interface MadeRoute extends AddedRoute {
  readonly route: PreparedRoute;
  readonly front?: FrontFunction;
}

export const MANAGE_CONNECTIONS = 'execute-api:ManageConnections';

/** The routes of one API, wherever they were added. */
export class ApiRoutes {
  private readonly added = new Map<string, AddedRoute>();
  /** What the function of every route may do, also of routes to come. */
  private readonly permissions: Permissions[] = [];
  /** The names that the app gives to functions of the API, each with its owner. */
  private functionNames = new Map<string, string>();
  /** The routes that the app may leave to this library, as far as it has not added them, and what was made for them in the end. */
  private missing: PreparedRoute[] = [];
  private made?: MadeRoute[];

  constructor(private readonly owner: Construct, private readonly props: ApiRoutesProps) {
    // Aspects come when the app is complete, and before references between stacks are resolved.
    if (props.fronts) { Aspects.of(owner).add({ visit: (node) => { if (node === owner) { this.addMissing(); } } }); }
  }

  public get keys(): string[] {
    return [...this.added.keys()];
  }

  public get resources(): RouteResource[] {
    return [...this.added.values(), ...this.made ?? []].map(({ resource }) => resource);
  }

  /** Whether a client needs an API key. */
  public get requiresKey(): boolean {
    return this.resources.some(({ resource }) => resource.apiKeyRequired === true);
  }

  /** All that the routes consist of. */
  public get parts(): Construct[] {
    const parts = [...this.added.values()].flatMap(({ target, forwarders }) => [target, forwarders]).filter((part) => part !== undefined);
    return [...new Set([...this.resources, ...parts])];
  }

  public resourceOf(routeKey: string): RouteResource | undefined {
    return this.added.get(normalizeRouteKey(routeKey))?.resource;
  }

  public functionOf(routeKey: string): IFunction | undefined {
    return this.added.get(normalizeRouteKey(routeKey))?.target?.fn;
  }

  public permitAll(permissions: Permissions[]): void {
    this.permissions.push(...permissions);
    new Set([...this.added.values()].map(({ target }) => target)).forEach((target) => target?.permit(permissions));
  }

  public permit(routeKey: string, permissions: Permissions[]): void {
    const key = normalizeRouteKey(routeKey);
    const target = this.added.get(key)?.target;
    if (!target) {
      throw new Error(this.added.has(key)
        ? `${routeName(key)} of \`${this.owner.node.path}\` has no function to attach permissions to: it leads to an integration`
        : `${routeName(key)} does not exist, so no permissions can be attached to its function: \`${this.owner.node.path}\` has ${this.keys.map((one) => `\`${JSON.stringify(one)}\``).join(', ') || 'no routes'}`);
    }
    target.permit(permissions);
  }

  /** Adds routes: all of them, or an error and none. */
  public add(scope: Construct, routes: { [routeKey: string]: Route }): void {
    const functionNames = new Map(this.functionNames);
    const prepared = this.prepare(scope, routes, functionNames);
    const homeId = scope === this.owner ? undefined : idIn(scope, this.owner);
    const existing = homeId === undefined ? scope : scope.node.tryFindChild(homeId) as Construct | undefined;
    const home = existing ?? new Construct(scope, homeId!);
    const before = new Set(home.node.children);
    try {
      const made = prepared.map((route) => this.create(home, route));
      made.forEach((one) => {
        const { route, resource, target } = one;
        this.added.set(route.key, { resource, target, forwarders: this.forward(home, one) });
        route.throttle?.(resource);
      });
      leadOn(made);
    } catch (error) {
      home.node.children.filter((child) => !before.has(child)).forEach((child) => home.node.tryRemoveChild(child.node.id));
      if (!existing) { scope.node.tryRemoveChild(home.node.id); }
      throw error;
    }
    this.functionNames = functionNames;
    const targets = prepared.map(({ key }) => this.added.get(key)!.target);
    new Set(targets).forEach((target) => target && this.permitNew(target, before));
  }

  /**
   * Prepares the routes that this library serves where the app has none. The app may add them later, and in another stack, so
   * `addMissing` comes when the app is complete.
   */
  public prepareMissing(): void {
    const keys = (this.props.fronts?.serves ?? []).filter((key) => !this.added.has(key));
    const routes = keys.map((key) => ({ key, target: { shipped: undefined }, options: {} }));
    this.missing = this.prepareTargets(this.owner, routes, new Map(this.functionNames));
  }

  private prepare(scope: Construct, routes: { [routeKey: string]: Route }, functionNames: Map<string, string>): PreparedRoute[] {
    const { api, apiKeyRequired, stage, fronts } = this.props;
    checkPlace(scope, `\`${this.owner.node.path}\``, api.env, 'API Gateway keeps a route where its API is; add the route to a stack there');
    const keys = checkRouteKeys(Object.keys(routes), this.keys, this.owner);
    const wanted = Object.entries(routes).map(([written, route]) => {
      const key = normalizeRouteKey(written);
      return { key, ...route._render(key) };
    });
    keys.forEach((key) => warnOfMissingDollar(scope, key));
    return this.prepareTargets(scope, wanted.map((route) => {
      checkRouteOptions(route.key, route.options);
      if (route.key === CONNECT && apiKeyRequired && route.options.apiKeyRequired === false) {
        throw new Error(`${routeName(CONNECT)} has \`apiKeyRequired: false\`, but the API has \`apiKeys\`, and API Gateway asks for them on this route alone: leave out one of them`);
      }
      checkThrottle(routeName(route.key), route.options.throttle ?? {});
      if ('integration' in route.target) { fronts?.checkIntegration(route.key); }
      if ('shipped' in route.target) { checkShipped(scope, route.key, route.target.shipped, fronts); }
      return { ...route, throttle: route.options.throttle ? stage.throttle(scope, route.key, route.options.throttle) : undefined };
    }), functionNames);
  }

  private prepareTargets(scope: Construct, routes: Array<Omit<RouteToPrepare, 'authorizer'>>, functionNames: Map<string, string>): PreparedRoute[] {
    const { authorization, defaultFunctionProps } = this.props;
    const toPrepare = routes.map((route) => ({ ...route, authorizer: route.key === CONNECT ? authorization._source : undefined }));
    return prepareRoutes(scope, toPrepare, defaultFunctionProps, functionNames);
  }

  /** Makes the routes that the app has left to this library. They are none of the app's routes. */
  private addMissing(): void {
    this.made ??= this.missing.filter(({ key }) => !this.added.has(key)).map((route) => this.create(this.owner, route));
  }

  private create(home: Construct, route: PreparedRoute): MadeRoute {
    const { key, target, options, authorizer } = route;
    const { api, apiKeyRequired, authorization, fronts } = this.props;
    const keyOptions = key === CONNECT && apiKeyRequired ? { apiKeyRequired } : {};
    const resource = new RouteResource(home, `Route ${escapeId(key)}`, { webSocketApi: api, routeKey: key, options: { ...options, ...keyOptions } });
    const authorizerFunction = authorizer && functionFor(resource, 'AuthorizerFunction', 'the authorizer', authorizer).called;
    resource.authorize(key === CONNECT ? authorization._render(authorizerFunction) : Authorization.none()._render());
    if (target.kind === 'integration') {
      resource.integrate(target.integration);
      return { route, resource };
    }
    const isAsynchronous = options.asynchronous ?? false;
    const functionTarget = target.kind === 'shipped' ? undefined : this.functionTarget(home, resource, target, isAsynchronous);
    const front = target.kind === 'shipped' && target.route ? fronts!.serving(home) : fronts?.before(home, key);
    if (front || !isAsynchronous) { resource.target((front ?? functionTarget)!.integrationId); }
    return { route, resource, target: functionTarget, front };
  }

  /** Has the messages of an asynchronous route handed to its function, now that nothing can fail any more. */
  private forward(home: Construct, { route: { key, options }, resource, target, front }: MadeRoute): Forwarders | undefined {
    if (!options.asynchronous || front) { return undefined; }
    const forwarders = Forwarders.of(home, { webSocketApi: this.props.api, sourceArn: this.props.invokeArn('*') });
    resource.target(forwarders.add(key, target!.called));
    return forwarders;
  }

  /** What the API adds to the functions that it makes. */
  private additions(): Required<Pick<FunctionAdditions, 'environment' | 'statements'>> {
    const { endpoint, additions = { environment: {}, statements: [] } } = this.props;
    return {
      environment: { WEBSOCKET_CALLBACK_URL: endpoint.joinedCallbackUrl, ...additions.environment },
      statements: [new PolicyStatement({ actions: [MANAGE_CONNECTIONS], resources: [endpoint.connectionsArn] }), ...additions.statements],
    };
  }

  private functionTarget(home: Construct, route: RouteResource, prepared: PreparedFunction, isAsynchronous: boolean): FunctionTarget {
    const { api: webSocketApi, invokeArn } = this.props;
    const name = routeName(route.routeKey);
    if (prepared.kind === 'handler') {
      const { fn, called, grantee } = functionFor(route, 'Function', name, prepared, { ...this.additions(), isAsynchronous });
      return new FunctionTarget(route, 'Target', { webSocketApi, fn, called, grantee, sourceArn: invokeArn(nameInArn(route.routeKey)) });
    }
    const { fn } = prepared;
    const id = `Function ${idIn(home, fn)}`;
    const known = home.node.tryFindChild(id) as FunctionTarget | undefined;
    if (!known || !(isAsynchronous || known.isCalledByApi)) { checkExistingFunction(route, name, fn, isAsynchronous); }
    // Routes come and go, and the permission stays as it is.
    const target = known ?? new FunctionTarget(home, id, { webSocketApi, fn, called: fn, sourceArn: invokeArn('*') });
    if (isAsynchronous) { setEventSettings(target, name, fn); }
    return target;
  }

  private permitNew(target: FunctionTarget, before: ReadonlySet<unknown>): void {
    if (before.has(target)) { return; }
    const isExisting = !(target.node.scope instanceof RouteResource);
    const statements = isExisting ? this.additions().statements : [];
    target.permit(this.permissions, statements);
  }
}

/** In the order of their keys: what a front may call must not depend on their order in the map. */
function leadOn(routes: MadeRoute[]): void {
  const ordered = [...routes].sort(({ route: a }, { route: b }) => a.key < b.key ? -1 : 1);
  ordered.forEach(({ route: { key, target: { kind, ...served }, options }, target, front }) => {
    if (target) { front?.lead(key, target.called); }
    if (kind === 'shipped' && 'route' in served && served.route) { front?.serve(key, { ...served.route, returnResponse: options.returnResponse }); }
  });
}

function checkShipped(scope: Construct, key: string, route: GroupRoute, fronts: Fronts | undefined): void {
  if (!fronts) { throw withoutTable(key, route); }
  fronts.checkRoute(scope, key, route);
}

function functionFor(scope: Construct, id: string, name: string, prepared: PreparedFunction, additions?: FunctionAdditions) {
  if (prepared.kind === 'handler') {
    if (!additions?.isAsynchronous) { warnOfTimeout(scope, name, prepared.props.timeout); }
    return createFunction(scope, id, prepared.code, prepared.props, additions);
  }
  const { fn } = prepared;
  checkExistingFunction(scope, name, fn);
  return { fn, called: fn, grantee: undefined };
}

/** A route in an ARN. Whether API Gateway changes other characters there is not documented: `*` is safe. */
function nameInArn(routeKey: string): string {
  return /^\$?[\w.-]+$/.test(routeKey) ? routeKey : '*';
}

function warnOfMissingDollar(scope: Construct, key: string): void {
  if (/^(connect|disconnect|default)$/i.test(key)) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:routeKeyWithoutDollar',
      `${routeName(key)} is called for messages that select ${JSON.stringify(key)}: if you mean the route of API Gateway, write \`"$${key.toLowerCase()}"\``);
  }
}
