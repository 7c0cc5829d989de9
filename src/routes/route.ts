import { ThrottleSettings, WebSocketRouteIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { THROTTLE_SETTINGS } from './throttle';
import { FUNCTION, INTEGRATION } from '../given/cdk-kinds';
import { checkArgument, FLAG, made, TEXT } from '../given/kind';
import { checkOptions, Elsewhere, optionsIn, OptionsOf, splitOptions } from '../given/options';
import { FunctionSource } from '../handlers/function-source';
import { HANDLER_PROPS, HandlerProps, OF_EXISTING_FUNCTION } from '../handlers/handler-props';
import { isMap } from '../messages/draft-04';
import { MessageModel } from '../messages/message-model';

/**
 * A route of a WebSocket API: what answers its messages, and how.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: {
 *     '$default': Route.toHandler('src/default.main', { returnResponse: true }),
 *     'sendMessage': Route.toFunction(existingFunction),
 *   },
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export class Route {
  /**
   * A function that is made from its source.
   *
   * @param handler the file, without its extension, and the export: `src/connect.main`; in Go, the folder of a `main` package:
   * `cmd/connect`
   * @param props how the function is made, and how the route behaves
   */
  public static toHandler(handler: string, props: HandlerRouteProps = {}): Route {
    checkArgument('`handler` of `Route.toHandler()`', TEXT, handler, factoryFor);
    checkOptions('`Route.toHandler()`', HANDLER_ROUTE_PROPS, props);
    checkAsynchronous('`Route.toHandler()`', props);
    const [options, handlerProps] = splitOptions(props, FUNCTION_ROUTE_OPTIONS);
    return new Route({ source: { handler, props: handlerProps } }, options);
  }

  /**
   * A function that exists. It keeps its own settings, and gets the permission to post to connections and what `attachPermissions`
   * attaches. If CDK must not change its role (`mutable: false`), nothing is attached, and a warning says what the role has to allow.
   *
   * Several routes may lead to one function.
   *
   * @param fn the function, an alias or version of it, or an imported one. An error if it is in another account or Region
   */
  public static toFunction(fn: IFunction, options: FunctionRouteOptions = {}): Route {
    checkArgument('`fn` of `Route.toFunction()`', FUNCTION, fn, factoryFor);
    checkOptions('`Route.toFunction()`', FUNCTION_ROUTE_OPTIONS, options, OF_THE_FUNCTION);
    checkAsynchronous('`Route.toFunction()`', options);
    return new Route({ source: { existing: fn } }, options);
  }

  /**
   * Any other integration.
   *
   * @param integration one of CDK's, from `aws-cdk-lib/aws-apigatewayv2-integrations`, or one of your own
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
   */
  public static toIntegration(integration: WebSocketRouteIntegration, options: RouteOptions = {}): Route {
    checkArgument('`integration` of `Route.toIntegration()`', INTEGRATION, integration, factoryFor);
    checkOptions('`Route.toIntegration()`', ROUTE_OPTIONS, options, OF_NO_FUNCTION);
    return new Route({ integration }, options);
  }

  private constructor(private readonly target: RouteTarget, private readonly options: FunctionRouteOptions) {
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
   * Send what the integration returns back to the client. Without it, answers go through `@connections` only. An error on `$connect`
   * and `$disconnect`, where no client receives it.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
   */
  readonly returnResponse?: boolean;

  /**
   * Ask for an API key. API Gateway looks at it when a client connects, so it is an error on any route but `$connect`. You also need a
   * usage plan with the API's stage and the key.
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
   * Throttling of this route, in requests a second and requests at once. Limits that you leave out come from the stage. They are stored
   * on the stage, so the route must be in its stack, and the stage cannot be an imported one: errors otherwise.
   *
   * @default - the limits of the stage
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
   */
  readonly throttle?: ThrottleSettings;

  /**
   * What the messages of the route look like. API Gateway checks each one, and refuses those that do not fit. An error on `$connect` and
   * `$disconnect`, which have no message.
   *
   * @default - everything is passed on
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-request-validation.html
   */
  readonly model?: MessageModel;
}

/**
 * Options of a route to a function.
 */
export interface FunctionRouteOptions extends RouteOptions {
  /**
   * Do not wait for the function, so that it may run for longer than the 29 seconds that API Gateway waits: up to 15 minutes. It gets the
   * same event, and answers by posting to the connection. A function of this library takes the message from API Gateway, and hands it on;
   * if Lambda does not take it, the client gets API Gateway's error message at once.
   *
   * The function is made with a `timeout` of 5 minutes, `retryAttempts` of 0 and a `maxEventAge` of 1 minute, unless you set them. With
   * `Route.toFunction()`, retries and age are set if the function is of this app and has no settings of asynchronous invocations; an
   * imported one keeps its own, with a warning. Even so, Lambda may call it twice for one message: see `messageId` in the event.
   *
   * An error together with `returnResponse`, and on `$connect`.
   *
   * @default false
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
   */
  readonly asynchronous?: boolean;
}

/**
 * A route to a function that is made from its source: how the function is made, and how the route behaves.
 */
export interface HandlerRouteProps extends HandlerProps, FunctionRouteOptions {
}

const ROUTE_OPTIONS = {
  returnResponse: FLAG,
  apiKeyRequired: FLAG,
  operationName: TEXT,
  throttle: optionsIn(() => THROTTLE_SETTINGS),
  model: made(MessageModel, (value) => isMap(value) && ('type' in value || 'properties' in value) ? 'MessageModel.fromJsonSchema(schema)' : undefined),
} satisfies OptionsOf<RouteOptions>;

const FUNCTION_ROUTE_OPTIONS = { ...ROUTE_OPTIONS, asynchronous: FLAG } satisfies OptionsOf<FunctionRouteOptions>;

const HANDLER_ROUTE_PROPS = { ...HANDLER_PROPS, ...FUNCTION_ROUTE_OPTIONS } satisfies OptionsOf<HandlerRouteProps>;

const OF_THE_FUNCTION: Elsewhere = {
  ...OF_EXISTING_FUNCTION,
  permissions: 'write `api.attachPermissionsToRoute(routeKey, …)`',
};

const OF_NO_FUNCTION: Elsewhere = {
  ...Object.fromEntries(Object.keys(HANDLER_PROPS).map((name) => [name, 'it is for a function that `Route.toHandler()` makes'])),
  asynchronous: 'API Gateway waits for an integration, for up to 29 seconds; lead the route to a function, with `Route.toFunction(fn, { asynchronous: true })`',
};

/** The kind of a route, for those who take one. */
export const ROUTE = made(Route, factoryFor);

/** The factory that takes such a value. */
function factoryFor(value: unknown): string | undefined {
  if (typeof value === 'string' && !value.startsWith('arn:')) { return `Route.toHandler(${JSON.stringify(value)})`; }
  if (FUNCTION.accepts(value)) { return 'Route.toFunction(fn)'; }
  return INTEGRATION.accepts(value) ? 'Route.toIntegration(integration)' : undefined;
}

/** What answers. */
export type RouteTarget = { readonly source: FunctionSource } | { readonly integration: WebSocketRouteIntegration };

export interface RouteRendering {
  readonly target: RouteTarget;
  readonly options: FunctionRouteOptions;
}

function checkAsynchronous(factory: string, { asynchronous, returnResponse }: FunctionRouteOptions): void {
  if (asynchronous === true && returnResponse === true) {
    throw new Error(`${factory} cannot have \`returnResponse\` together with \`asynchronous\`: nobody waits for the function; leave one of them out, ` +
      'and post the answer to the connection');
  }
}
