import { ThrottleSettings, WebSocketRouteIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { THROTTLE_SETTINGS } from './throttle';
import { FUNCTION, INTEGRATION } from '../given/cdk-kinds';
import { checkArgument, FLAG, made, TEXT } from '../given/kind';
import { checkOptions, optionsIn, OptionsOf, splitOptions } from '../given/options';
import { FunctionSource } from '../handlers/function-source';
import { HANDLER_PROPS, HandlerProps } from '../handlers/handler-props';

/**
 * A route of a WebSocket API: what answers, and how.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export class Route {
  /**
   * A function made from its source.
   *
   * @param handler the file, without its extension, and the export: `src/connect.main`
   * @param props how the function is made, and options of the route
   */
  public static toHandler(handler: string, props: HandlerRouteProps = {}): Route {
    checkArgument('`handler` of `Route.toHandler()`', TEXT, handler);
    checkOptions('`Route.toHandler()`', HANDLER_ROUTE_PROPS, props);
    const [options, handlerProps] = splitOptions(props, ROUTE_OPTIONS);
    return new Route({ source: { handler, props: handlerProps } }, options);
  }

  /**
   * A function that exists. It keeps its own settings; it still gets the permission to post to connections, and what
   * `attachPermissions` attaches.
   *
   * Several routes may lead to the same function.
   *
   * @param fn the function, an alias or version of it, or an imported one
   * @param options options of the route
   */
  public static toFunction(fn: IFunction, options: RouteOptions = {}): Route {
    checkArgument('`fn` of `Route.toFunction()`', FUNCTION, fn);
    checkOptions('`Route.toFunction()`', ROUTE_OPTIONS, options);
    return new Route({ source: { existing: fn } }, options);
  }

  /**
   * Any other integration.
   *
   * @param integration one of CDK's, from `aws-cdk-lib/aws-apigatewayv2-integrations`, or one of your own
   * @param options options of the route
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
   */
  public static toIntegration(integration: WebSocketRouteIntegration, options: RouteOptions = {}): Route {
    checkArgument('`integration` of `Route.toIntegration()`', INTEGRATION, integration);
    checkOptions('`Route.toIntegration()`', ROUTE_OPTIONS, options);
    return new Route({ integration }, options);
  }

  private constructor(private readonly target: RouteTarget, private readonly options: RouteOptions) {
  }

  /** @internal */
  public _render(): RouteRendering {
    return { target: this.target, options: this.options };
  }
}

/**
 * Options of a route.
 */
export interface RouteOptions {
  /**
   * Send what the integration returns back to the client. Without it, answers go through `@connections` only.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
   */
  readonly returnResponse?: boolean;

  /**
   * Ask for an API key. API Gateway looks at it when a client connects, so it matters on `$connect` alone; a usage plan that holds the
   * API's stage and the key is needed too.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
   */
  readonly apiKeyRequired?: boolean;

  /**
   * The name of the operation, for the documentation of the API.
   *
   * @default - none
   */
  readonly operationName?: string;

  /**
   * Throttling of this route, in requests a second and requests at once. What is not given is as the stage has it. It lies in the
   * stage, so the route has to be in the stage's stack, and the stage cannot be an imported one: errors otherwise.
   *
   * @default - as the stage
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
   */
  readonly throttle?: ThrottleSettings;
}

/**
 * A route to a function that is made from its source: how the function is made, and options of the route.
 */
export interface HandlerRouteProps extends HandlerProps, RouteOptions {
}

const ROUTE_OPTIONS = {
  returnResponse: FLAG,
  apiKeyRequired: FLAG,
  operationName: TEXT,
  throttle: optionsIn(() => THROTTLE_SETTINGS),
} satisfies OptionsOf<RouteOptions>;

const HANDLER_ROUTE_PROPS = { ...HANDLER_PROPS, ...ROUTE_OPTIONS } satisfies OptionsOf<HandlerRouteProps>;

/** The kind of a route, for those who take one. */
export const ROUTE = made(Route, (value) => {
  if (typeof value === 'string') { return `Route.toHandler(${JSON.stringify(value)})`; }
  if (FUNCTION.accepts(value)) { return 'Route.toFunction(fn)'; }
  return INTEGRATION.accepts(value) ? 'Route.toIntegration(integration)' : undefined;
});

/** What answers. */
export type RouteTarget = { readonly source: FunctionSource } | { readonly integration: WebSocketRouteIntegration };

export interface RouteRendering {
  readonly target: RouteTarget;
  readonly options: RouteOptions;
}
