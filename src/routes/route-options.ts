import { Annotations, Duration } from 'aws-cdk-lib';
import { ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { answersMessages, CONNECT, routeName } from './route-key';
import { THROTTLE_SETTINGS } from './throttle';
import { FLAG, made, TEXT } from '../given/kind';
import { optionsIn, OptionsOf } from '../given/options';
import { isMap } from '../messages/draft-04';
import { MessageModel } from '../messages/message-model';

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

export const ROUTE_OPTIONS = {
  returnResponse: FLAG,
  apiKeyRequired: FLAG,
  operationName: TEXT,
  throttle: optionsIn(() => THROTTLE_SETTINGS),
  model: made(MessageModel, (value) => isMap(value) && ('type' in value || 'properties' in value) ? 'MessageModel.fromJsonSchema(schema)' : undefined),
} satisfies OptionsOf<RouteOptions>;

export const FUNCTION_ROUTE_OPTIONS = { ...ROUTE_OPTIONS, asynchronous: FLAG } satisfies OptionsOf<FunctionRouteOptions>;

/** The longest that API Gateway waits for an integration of a WebSocket API. */
const MAX_INTEGRATION_SECONDS = 29;

/** Checks the options of a route that can have no effect on it. */
export function checkRouteOptions(key: string, { apiKeyRequired, asynchronous, model, returnResponse }: FunctionRouteOptions): void {
  if (apiKeyRequired === true && key !== CONNECT) {
    throw new Error(`${routeName(key)} cannot have \`apiKeyRequired\`: API Gateway asks for an API key when a client connects, and never again; set it on route \`"${CONNECT}"\``);
  }
  if (returnResponse === true && !answersMessages(key)) {
    throw new Error(`${routeName(key)} cannot have \`returnResponse\`: ` + (key === CONNECT
      ? 'a handshake is answered with a status only; post to the connection once it is open, or answer on another route'
      : 'the client has gone when it is called'));
  }
  if (model !== undefined && !answersMessages(key)) {
    throw new Error(`${routeName(key)} cannot have a \`model\`: it has no message that API Gateway could check; ` + (key === CONNECT
      ? 'look at the headers and the query string in the handler'
      : 'set it on the routes of the messages'));
  }
  if (asynchronous === true && key === CONNECT) {
    throw new Error(`${routeName(key)} cannot be \`asynchronous\`: its answer lets the client in or refuses it, and nobody would wait for it; leave it out`);
  }
}

/** Warns of a function that may run longer than API Gateway waits for it. */
export function warnOfTimeout(scope: Construct, what: string, timeout: Duration | undefined): void {
  const advice = /^route /.test(what) && !what.includes(CONNECT)
    ? 'write `asynchronous: true` and post the answer to the connection, or hand long work to a queue'
    : 'hand long work to another function or a queue';
  if (timeout && !timeout.isUnresolved() && timeout.toSeconds({ integral: false }) > MAX_INTEGRATION_SECONDS) {
    Annotations.of(scope).addWarningV2('cdk-websocket-api:integrationTimeout',
      `the function of ${what} may run for ${timeout.toSeconds({ integral: false })} seconds, but API Gateway waits ${MAX_INTEGRATION_SECONDS} seconds at most and then reports an error: ` +
      `${advice}`);
  }
}
