import { AppModel, Place, RouteModel, Target } from './app-model';

/** What somebody changes in an app that is deployed, and what CloudFormation deletes or replaces then: a row of docs/upgrading.md. */
export interface Edit {
  /** As the page says it. */
  readonly change: string;
  readonly replaces: string;
  /** The app afterwards, or nothing if this edit makes no sense for that app. `pick` chooses one of several. */
  apply(before: AppModel, pick: Pick): AppModel | undefined;
  /** Whether the resource at this path goes. `stays` says whether the app has it afterwards, too. */
  goes(path: string, before: AppModel, after: AppModel, stays: boolean): boolean;
}

export type Pick = <T>(among: readonly T[]) => T;

const KEYS = ['say', 'order', 'list', 'a-b', 'a_b', 'ab', 'Say', '#1', 'été', 'x'.repeat(60)];

const TARGETS: Target[] = ['handler', 'function', 'queue', 'mock'];

const PLACES: Place[] = ['routes', 'addRoutes', 'another stack'];

export const EDITS: Edit[] = [
  {
    change: 'add, remove or reorder routes',
    replaces: 'nothing but what belongs to a route that you remove',
    apply: (before, pick) => pick([added, removed, reordered])(before, pick),
    goes: ofRoutesThatAreGone,
  },
  {
    change: 'rename a route',
    replaces: 'the route, its function, role, integration and permission',
    apply: (before, pick) => ofRoute(before, pick, (route) => ({ ...route, key: pick(unused(before)) })),
    goes: ofRoutesThatAreGone,
  },
  {
    change: 'move a route from `routes` to `addRoutes`, or to another scope',
    replaces: 'the route, its function, role, integration and permission',
    apply: (before, pick) => ofRoute(before, pick, (route) => ({ ...route, place: pick(PLACES.filter((place) => place !== route.place)) })),
    goes: ofRoutesThatAreGone,
  },
  {
    change: 'lead a route elsewhere: from a handler to a function, a queue and so on',
    replaces: 'the function, role, integration and permission of the old target; the route stays',
    apply: (before, pick) => ofRoute(before, pick, ({ key, place, target }) => (
      { key, place, target: pick(TARGETS.filter((other) => other !== target)) }
    )),
    goes: (path, before, after, stays) => !stays && (
      before.routes.some((route) => !after.routes.includes(route) && belongsTo(path, route)) || ofWhatIsShared(path, after)
    ),
  },
  {
    change: 'an option of a route: throttle, response, memory, time-out, runtime, permissions',
    replaces: 'nothing',
    apply: (before, pick) => ofRoute(before, pick, (route) => pick(OPTIONS)(route)),
    goes: nothing,
  },
  {
    change: 'remove the `returnResponse` or the `model` of a route',
    replaces: 'the route response, or the model',
    apply: (before, pick) => ofRoute(before, pick, (route) => (
      route.returnResponse || route.model ? { ...route, returnResponse: undefined, model: undefined } : undefined
    )),
    goes: (path, before, after) => before.routes.some((route) => (
      !after.routes.includes(route) && belongsTo(path, route) && /\/(Response|Model)$/.test(path) && route.target !== 'mock'
    )),
  },
  {
    change: 'the `functionName` of a handler',
    replaces: 'the function and its permission',
    apply: (before, pick) => ofRoute(before, pick, (route) => route.target === 'handler' ? { ...route, functionName: pick(namesFor(before, route)) } : undefined),
    goes: (path, before, after) => before.routes.some((route) => (
      !after.routes.includes(route) && belongsTo(path, route) && /\/(Function\/Resource|Permission)$/.test(path)
    )),
  },
  {
    change: 'the name or description of the API, `defaultFunctionProps`, fields or format of the access log',
    replaces: 'nothing but, if the log is no longer JSON, the queries of `monitor()` that read it',
    apply: (before, pick) => pick<AppModel>([
      { ...before, apiName: pick(['one', 'two']) },
      { ...before, description: pick(['one', 'two']) },
      { ...before, memorySize: pick([256, 512]) },
      ...before.accessLog === 'disabled' ? [] : [{ ...before, accessLog: before.accessLog === 'csv' ? 'json' as const : 'csv' as const }],
    ]),
    goes: (path, _, after) => after.accessLog === 'csv' && readsTheAccessLog(path),
  },
  {
    change: 'the `stageName`',
    replaces: 'the stage, the log group that the library made, and the permissions of functions: the URL is another',
    apply: (before, pick) => ({ ...before, stageName: pick(['one', 'two'].filter((name) => name !== before.stageName)) }),
    goes: (path) => /(^|\/)(Stage|LogGroup)\/Resource$/.test(path) || /\/(Target|Function [^/]+)\/Permission$/.test(path),
  },
  {
    change: 'give a log group of your own, or disable the access log',
    replaces: 'the log group that the library made; without an access log, also the setting of the account\'s log role, and the queries of `monitor()` that read the log',
    apply: (before, pick) => before.accessLog === 'disabled' || before.logGroupName !== undefined
      ? undefined
      : pick<AppModel>([{ ...before, logGroupName: 'chat' }, { ...before, accessLog: 'disabled' }]),
    goes: (path, _, after) => /\/LogGroup\/Resource$/.test(path)
      || (after.accessLog === 'disabled' && (path.startsWith('Custom::ApiGatewayAccountLogRole') || readsTheAccessLog(path))),
  },
  {
    change: 'turn on `authorization`, `apiKeys`, `customDomain` or monitoring',
    replaces: 'nothing',
    apply: (before, pick) => {
      const turnedOn: AppModel[] = [{ authorization: pick(['iam' as const, 'handler' as const]) }, { apiKeys: true }, { domain: 'one.example.com' }, { monitored: true }]
        .filter((props) => Object.keys(props).every((name) => before[name as keyof AppModel] === undefined))
        .map((props) => ({ ...before, ...props }));
      return turnedOn.length === 0 ? undefined : pick(turnedOn);
    },
    goes: nothing,
  },
  {
    change: 'turn on `connections`',
    replaces: 'the integration and the permission of `$connect` and `$disconnect`, which the table of connections answers first',
    apply: (before) => before.connections ? undefined : { ...before, connections: true },
    goes: (path, _before, _after, stays) => !stays && /Route \$(connect|disconnect)\/Target\/(Integration\/Resource|Permission)$/.test(path),
  },
  {
    change: 'the name of the domain',
    replaces: 'the domain name and its API mapping',
    apply: (before) => before.domain === undefined ? undefined : { ...before, domain: before.domain === 'one.example.com' ? 'two.example.com' : 'one.example.com' },
    goes: (path) => /\/(DomainName|ApiMapping)\/Resource$/.test(path),
  },
  {
    change: 'the id of the stack, with the same `stackName`',
    replaces: 'the permission of an authorizer\'s function',
    apply: (before) => ({ ...before, stackId: before.stackId === 'Chat' ? 'Renamed' : 'Chat' }),
    goes: (path) => /AuthorizerPermission$|Authorizer\w{8}-Permission$/.test(path),
  },
];

/** Options that nothing is replaced for. */
const OPTIONS: ((route: RouteModel) => RouteModel | undefined)[] = [
  (route) => route.target === 'handler' || route.target === 'function' ? { ...route, throttle: !route.throttle } : undefined,
  (route) => route.target === 'handler' && !route.returnResponse ? { ...route, returnResponse: true } : undefined,
  (route) => route.target === 'handler' && !route.model ? { ...route, model: true } : undefined,
  (route) => route.target === 'handler' ? { ...route, memorySize: route.memorySize === 256 ? 512 : 256 } : undefined,
  (route) => route.target === 'handler' ? { ...route, timeout: route.timeout === 5 ? 6 : 5 } : undefined,
  (route) => route.target === 'handler' ? { ...route, olderRuntime: !route.olderRuntime } : undefined,
  (route) => route.target === 'handler' && !route.permissions ? { ...route, permissions: true } : undefined,
];

function added(before: AppModel, pick: Pick): AppModel | undefined {
  const route = { key: pick(unused(before)), target: pick(TARGETS), place: pick(PLACES) };
  return { ...before, routes: [...before.routes, route] };
}

function removed(before: AppModel, pick: Pick): AppModel | undefined {
  const removable = before.routes.filter(isFree);
  if (removable.length === 0) { return undefined; }
  const gone = pick(removable);
  return { ...before, routes: before.routes.filter((route) => route !== gone) };
}

function reordered(before: AppModel, pick: Pick): AppModel | undefined {
  const last = pick(before.routes);
  return { ...before, routes: [...before.routes.filter((route) => route !== last), last] };
}

/** Changes one route, in its place. */
function ofRoute(before: AppModel, pick: Pick, change: (route: RouteModel) => RouteModel | undefined): AppModel | undefined {
  const free = before.routes.filter(isFree);
  if (free.length === 0) { return undefined; }
  const chosen = pick(free);
  const changed = change(chosen);
  return changed && { ...before, routes: before.routes.map((route) => route === chosen ? changed : route) };
}

/** The routes that an edit may touch: an API with an authorizer has to have `$connect`. */
function isFree({ key }: RouteModel): boolean {
  return key !== '$connect';
}

function unused({ routes }: AppModel): string[] {
  return KEYS.filter((key) => !routes.some((route) => route.key === key));
}

/** No two functions may have one name. */
function namesFor({ routes }: AppModel, { key }: RouteModel): string[] {
  const taken = routes.map(({ functionName }) => functionName);
  return [`one-${routes.findIndex((route) => route.key === key)}`, 'two', 'three'].filter((name) => !taken.includes(name));
}

/** A saved query of `monitor()`: its id has words, those of alarms and dashboard have one. */
function readsTheAccessLog(path: string): boolean {
  return /\/Monitoring\/(?!Errors of functions)\w+ [^/]+$/.test(path);
}

function nothing(): boolean {
  return false;
}

function ofRoutesThatAreGone(path: string, before: AppModel, after: AppModel): boolean {
  const kept = (route: RouteModel) => after.routes.some(({ key, place }) => key === route.key && place === route.place);
  return before.routes.some((route) => !kept(route) && belongsTo(path, route)) || ofWhatIsShared(path, after);
}

/** `Api/Route say/Function/Resource`, or below another scope. */
function belongsTo(path: string, { key, place }: RouteModel): boolean {
  return path.includes(`/Route ${key}/`) && placeOf(path) === place;
}

function placeOf(path: string): Place {
  if (path.startsWith('Later/')) { return 'addRoutes'; }
  return path.includes('%2F') ? 'another stack' : 'routes';
}

/** What lets API Gateway reach a function or a queue that exists is there once for all routes that lead to it. */
function ofWhatIsShared(path: string, after: AppModel): boolean {
  const led = (to: Target, ...places: Place[]) => after.routes.some(({ target, place }) => target === to && places.includes(place));
  if (path === 'Function/ServiceRole/DefaultPolicy/Resource') { return !led('function', 'routes', 'addRoutes'); }
  return (/\/Function [^/]+\//.test(path) && !led('function', placeOf(path))) || (/\/Role [^/]*Queue\//.test(path) && !led('queue', placeOf(path)));
}
