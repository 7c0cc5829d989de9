import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { GroupRoute } from '../connections/group-route';

/**
 * A function of this library that API Gateway calls in the place of functions of the app, and that calls them itself: it stands before
 * them. The routes still have the functions of the app: they are granted what every function of a route is granted.
 */
export interface FrontFunction {
  readonly integrationId: string;

  /** Leads a route on to the function behind. */
  lead(routeKey: string, behind: IFunction): void;

  /** Serves a route itself. */
  serve(routeKey: string, route: GroupRoute & { readonly returnResponse?: boolean }): void;
}

/** Where functions of this library stand before functions of the app. */
export interface Fronts {
  /** The routes that they serve where the app has none. */
  readonly serves: string[];

  /**
   * The function that stands before a route. Each place where routes are created has one of its own, so that nothing there depends on
   * another stack than the API's.
   *
   * @param home where the route is created
   * @returns undefined if API Gateway calls the function of the route
   */
  before(home: Construct, routeKey: string): FrontFunction | undefined;

  /** The function that serves routes itself. */
  serving(home: Construct): FrontFunction;

  /** Throws if a route cannot be served. */
  checkRoute(scope: Construct, routeKey: string, route: GroupRoute): void;

  /** Throws if a route cannot lead to an integration, because a function has to stand before it. */
  checkIntegration(routeKey: string): void;
}
