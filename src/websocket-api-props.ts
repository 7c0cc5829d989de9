import { API_KEYS, ApiKeys } from './api-keys/api-keys';
import { API_SOURCE, ApiSource } from './api-source';
import { AUTHORIZATION, Authorization } from './auth/authorization';
import { CONNECTION_TABLE, ConnectionTable } from './connections/connection-table';
import { CUSTOM_DOMAIN, CustomDomain } from './domain/custom-domain';
import { OF_DEFAULTS } from './given/elsewhere';
import { FLAG, mapOf } from './given/kind';
import { optionsIn, OptionsOf } from './given/options';
import { HANDLER_PROPS, HandlerProps } from './handlers/handler-props';
import { ACCESS_LOG, AccessLog } from './logs/access-log';
import { Route, ROUTE } from './routes/route';
import { routeName } from './routes/route-key';
import { STAGE_SOURCE, StageSource } from './stage-source';

/**
 * What a WebSocket API consists of.
 */
export interface WebSocketApiProps {
  /**
   * The routes, by route key: `$connect`, `$disconnect`, `$default`, or the value that selects the route. By default that is the field
   * `action` of a message. A key has at most 128 characters, and an API has at most 300 routes. If AWS has raised that quota, set the
   * context value `cdk-websocket-api:maxRoutes`.
   *
   * @default - none; add them with `addRoutes`
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
   */
  readonly routes?: { [routeKey: string]: Route };

  /**
   * Props of every function that is made from source, the authorizer's included. A function's own props win. `environment` is merged by
   * key, `layers` and `permissions` are added to those given here.
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
   * Closes `wss://<api>.execute-api.<region>.<suffix>`, so that clients and functions use `customDomain` alone: `url`, `callbackUrl` and
   * `WEBSOCKET_CALLBACK_URL` then name it. An error without `customDomain`, with a wildcard domain, and with an API that exists.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-custom-domain-names.html
   */
  readonly disableExecuteApiEndpoint?: boolean;

  /**
   * API keys, without which nobody connects. Route `$connect` then requires one, and an API that has no such route is an error.
   *
   * @default - none; anybody may connect whom `authorization` lets in
   */
  readonly apiKeys?: ApiKeys;

  /**
   * Who may connect.
   *
   * @default Authorization.none()
   */
  readonly authorization?: Authorization;

  /**
   * A table of who is connected, and in which groups. The API then has a `broadcaster`, and routes may lead to groups:
   * `Route.joinGroup()`, `Route.sendToGroup()`, …. A `$connect` or `$disconnect` that leads to an integration is then an error.
   *
   * @default - none
   */
  readonly connections?: ConnectionTable;

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

export const ROUTES = mapOf(ROUTE, routeName);

/** The options, and what each takes. */
export const WEBSOCKET_API_PROPS = {
  routes: ROUTES,
  defaultFunctionProps: optionsIn(() => HANDLER_PROPS, OF_DEFAULTS),
  accessLog: ACCESS_LOG,
  customDomain: CUSTOM_DOMAIN,
  disableExecuteApiEndpoint: FLAG,
  apiKeys: API_KEYS,
  authorization: AUTHORIZATION,
  connections: CONNECTION_TABLE,
  api: API_SOURCE,
  stage: STAGE_SOURCE,
} satisfies OptionsOf<WebSocketApiProps>;

/** A stage that exists has its settings already. */
export function checkStage(path: string, api: ApiSource, stage: StageSource, { accessLog, customDomain }: WebSocketApiProps) {
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

/** Only the table of connections knows when a token expires. */
export function checkExpiry(path: string, authorization: Authorization, connections: ConnectionTable | undefined): void {
  if (authorization._closesOnExpiry && !connections) {
    throw new Error(`\`authorization\` of \`${path}\` has \`closeOnExpiry\`, but nothing knows when the token of a connection expires: ` +
      'write `connections: ConnectionTable.create()` beside it');
  }
}
