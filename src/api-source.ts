import { Names } from 'aws-cdk-lib';
import { IWebSocketApi, WebSocketApi, WebSocketApiProps } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { asked } from './given/asked';
import { API, OWN_API } from './given/cdk-kinds';
import { OF_OTHER_APIS } from './given/elsewhere';
import { checkPlace } from './given/environment';
import { ANYTHING, checkArgument, FLAG, made, TEXT } from './given/kind';
import { checkOptions, OptionsOf } from './given/options';

/**
 * The API that the routes belong to: one to create, or one that exists.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$default': Route.toHandler('src/default.main') },
 *   api: ApiSource.fromProps({ apiName: 'chat', routeSelectionExpression: '$request.body.type' }),
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop.html
 */
export class ApiSource {
  /**
   * An API to create.
   *
   * @param props the props of CDK's `WebSocketApi`. `connectRouteOptions`, `disconnectRouteOptions` and `defaultRouteOptions` are an error:
   * use `routes` instead. Without `apiName`, the API is named after the construct's path
   */
  public static fromProps(props: WebSocketApiProps): ApiSource {
    checkOptions('`ApiSource.fromProps()`', API_PROPS, props, OF_OTHER_APIS);
    for (const name of ['connectRouteOptions', 'disconnectRouteOptions', 'defaultRouteOptions'] as const) {
      if (props[name] !== undefined) {
        throw new Error(`\`${name}\` is not allowed in \`ApiSource.fromProps()\`: use \`routes\`, with the key \`"$${name.replace('RouteOptions', '')}"\``);
      }
    }
    return new ApiSource({ props });
  }

  /**
   * An API that exists.
   *
   * @param api the API, created elsewhere in the app or imported. An error if it is in another account or Region
   */
  public static fromApi(api: IWebSocketApi): ApiSource {
    checkArgument('`api` of `ApiSource.fromApi()`', API, api, factoryFor);
    return new ApiSource({ api });
  }

  private constructor(private readonly source: { readonly props: WebSocketApiProps } | { readonly api: IWebSocketApi }) {
  }

  /** @internal */
  public get _exists(): boolean {
    return 'api' in this.source;
  }

  /**
   * Whether it says where API Gateway finds the API key.
   *
   * @internal
   */
  public get _hasKeySource(): boolean {
    return 'props' in this.source && this.source.props.apiKeySelectionExpression !== undefined;
  }

  /** @internal */
  public _bind(scope: Construct): IWebSocketApi {
    if ('api' in this.source) {
      const { api } = this.source;
      checkPlace(scope, `\`api\` of \`ApiSource.fromApi()\`, \`${api.node.path}\`,`, api.env, 'API Gateway keeps stages and routes where the API is; put the construct there');
      return api;
    }
    return new WebSocketApi(scope, 'Api', {
      apiName: Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' }),
      ...asked(this.source.props),
    });
  }
}

/** The kind of a source of an API, for those who take one. */
export const API_SOURCE = made(ApiSource, factoryFor);

/** The factory that takes such a value. */
function factoryFor(value: unknown): string | undefined {
  if (OWN_API.accepts(value)) { return 'ApiSource.fromApi(webSocketApi.api)'; }
  return API.accepts(value) ? 'ApiSource.fromApi(api)' : undefined;
}

const API_PROPS = {
  apiName: TEXT,
  apiKeySelectionExpression: ANYTHING,
  description: TEXT,
  routeSelectionExpression: TEXT,
  connectRouteOptions: ANYTHING,
  disconnectRouteOptions: ANYTHING,
  defaultRouteOptions: ANYTHING,
  ipAddressType: ANYTHING,
  disableSchemaValidation: FLAG,
} satisfies OptionsOf<WebSocketApiProps>;
