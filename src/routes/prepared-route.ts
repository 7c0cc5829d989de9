import { Construct } from 'constructs';
import { RouteRendering } from './route';
import { routeName } from './route-key';
import { RouteResource } from './route-resource';
import type { GroupRoute } from '../connections/group-route';
import { FunctionSource } from '../handlers/function-source';
import { buildHandlerCode, HandlerCode } from '../handlers/handler-code';
import { HandlerProps, mergeHandlerProps } from '../handlers/handler-props';

/** A function that exists, or what one is made from. */
export type PreparedFunction =
  | { readonly kind: 'existing'; readonly fn: Extract<FunctionSource, { existing: unknown }>['existing'] }
  | { readonly kind: 'handler'; readonly code: HandlerCode; readonly props: HandlerProps };

/** A route that can be created: everything about it has been checked. */
export interface PreparedRoute extends Pick<RouteRendering, 'options'> {
  readonly key: string;
  readonly target:
    | { readonly kind: 'integration'; readonly integration: Extract<RouteRendering['target'], { integration: unknown }>['integration'] }
    /** A function of this library answers, and does what the route says. */
    | { readonly kind: 'shipped'; readonly route?: GroupRoute }
    | PreparedFunction;
  /** The function of its authorizer. */
  readonly authorizer?: PreparedFunction;
  /** Sets its throttle when it is there. */
  readonly throttle?: (route: RouteResource) => void;
}

/** A route, and the source of its authorizer's function, before any code is built. */
export interface RouteToPrepare extends Pick<RouteRendering, 'options'> {
  readonly key: string;
  readonly target: RouteRendering['target'] | { readonly shipped: undefined };
  readonly authorizer?: FunctionSource;
  readonly throttle?: (route: RouteResource) => void;
}

/**
 * Builds the code of all functions that the routes need made: all of it in one go, or an error and nothing.
 *
 * @param functionNames the names that functions of the API have, each with its owner; names of these routes are added
 */
export function prepareRoutes(
  scope: Construct, routes: RouteToPrepare[], defaults: HandlerProps, functionNames: Map<string, string>,
): PreparedRoute[] {
  const sources = routes.flatMap(({ key, target, authorizer }) => [
    ...'source' in target ? [{ name: routeName(key), source: target.source }] : [],
    ...authorizer ? [{ name: 'the authorizer', source: authorizer }] : [],
  ]);
  const wanted = sources.flatMap(({ name, source }) => 'handler' in source
    ? [{ name, handler: source.handler, props: mergeHandlerProps(defaults, source.props) }]
    : []);
  takeFunctionNames(wanted, functionNames);
  const built = buildHandlerCode(scope, wanted).map((code, index) => ({ kind: 'handler' as const, code, props: wanted[index].props })).values();
  // In the order of `sources`.
  const prepare = (source: FunctionSource): PreparedFunction => 'existing' in source ? { kind: 'existing', fn: source.existing } : built.next().value!;

  const prepareTarget = (target: RouteToPrepare['target']): PreparedRoute['target'] => {
    if ('shipped' in target) { return { kind: 'shipped', route: target.shipped }; }
    return 'integration' in target ? { kind: 'integration', integration: target.integration } : prepare(target.source);
  };

  return routes.map(({ target, authorizer, ...route }) => ({
    ...route,
    target: prepareTarget(target),
    authorizer: authorizer && prepare(authorizer),
  }));
}

/** Lambda takes one function of a name in an account and Region. */
function takeFunctionNames(wanted: Array<{ readonly name: string; readonly props: HandlerProps }>, owners: Map<string, string>): void {
  for (const { name, props: { functionName } } of wanted) {
    if (functionName === undefined) { continue; }
    const owner = owners.get(functionName);
    if (owner !== undefined) {
      throw new Error(`${owner} and ${name} have the same \`functionName\` \`${JSON.stringify(functionName)}\`: ` +
        'give each function a name of its own, or none; a name in `defaultFunctionProps` is the name of all of them');
    }
    owners.set(functionName, name);
  }
}
