import { Annotations, Resource, Token } from 'aws-cdk-lib';
import {
  CfnApi, CfnRoute, CfnRouteResponse, IWebSocketApi, IWebSocketRoute, IWebSocketRouteAuthorizer, RouteReference, WebSocketIntegration,
  WebSocketIntegrationType, WebSocketRouteIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { routeName } from './route-key';
import { RouteOptions } from './route-options';
import { checkPlace, placeOfArn } from '../given/environment';
import { Selection } from '../messages/selected-route';
import { selectingField } from '../messages/selecting-field';
import { ServiceIntegration } from '../services/service-integration';

export interface RouteResourceProps {
  readonly webSocketApi: IWebSocketApi;
  readonly routeKey: string;
  readonly options: RouteOptions;
}

/**
 * A route, with all that is its own below it. CDK's `WebSocketRoute` puts the authorizer into the API's stack, and an integration that
 * several routes share below the first of them.
 */
export class RouteResource extends Resource implements IWebSocketRoute {
  public readonly webSocketApi: IWebSocketApi;
  public readonly routeKey: string;
  public readonly resource: CfnRoute;

  constructor(scope: Construct, id: string, { webSocketApi, routeKey, options }: RouteResourceProps) {
    super(scope, id);
    this.webSocketApi = webSocketApi;
    this.routeKey = routeKey;

    this.resource = new CfnRoute(this, 'Resource', {
      apiId: webSocketApi.apiId,
      routeKey,
      // Written out, because CloudFormation does not take an authorizer away when the property just disappears.
      authorizationType: 'NONE',
      apiKeyRequired: options.apiKeyRequired,
      operationName: options.operationName,
      routeResponseSelectionExpression: options.returnResponse ? '$default' : undefined,
    });
    if (options.model) {
      const model = options.model._bind(this, webSocketApi.apiId, selectionOf(webSocketApi, routeKey));
      this.resource.modelSelectionExpression = '$default';
      this.resource.requestModels = { $default: model.name };
      // The route names it, and does not refer to it.
      this.resource.addDependency(model);
    }
    if (options.returnResponse) {
      new CfnRouteResponse(this, 'Response', {
        apiId: webSocketApi.apiId,
        routeId: this.routeId,
        routeResponseKey: '$default',
      });
    }
  }

  public get routeId(): string {
    return this.resource.ref;
  }

  public get routeRef(): RouteReference {
    return { apiId: this.webSocketApi.apiId, routeId: this.routeId };
  }

  /** Lets in the clients that the authorizer lets in. API Gateway allows one on `$connect` only. */
  public authorize(authorizer: IWebSocketRouteAuthorizer) {
    const { authorizerId, authorizationType } = authorizer.bind({ route: this, scope: this });
    this.resource.authorizationType = authorizationType;
    this.resource.authorizerId = authorizerId;
  }

  /** Sends the messages of the route to an existing integration. */
  public target(integrationId: string) {
    this.resource.target = `integrations/${integrationId}`;
  }

  /** Makes an integration for this route. */
  public integrate(integration: WebSocketRouteIntegration) {
    const { type, uri, method, ...config } = integration.bind({ route: this, scope: this });
    const [, functionArn] = /\/functions\/(arn:[^/]+)\/invocations$/.exec(uri) ?? [];
    if (functionArn !== undefined) {
      checkPlace(this, `the function of the integration, \`${functionArn}\`,`, { region: placeOfArn(functionArn).region },
        'API Gateway calls functions of its own Region; name a function there');
    }
    if (type === WebSocketIntegrationType.MOCK && !Object.keys(config.requestTemplates ?? {}).length) {
      Annotations.of(this).addWarningV2('cdk-websocket-api:mockWithoutTemplate',
        `${routeName(this.routeKey)} leads to a mock without a request template, and a mock answers only with the status that one gives: ` +
        'write `requestTemplates: { $default: \'{"statusCode":200}\' }` and `templateSelectionExpression: \'$default\'`');
    }
    const { integrationId } = new WebSocketIntegration(this, 'Integration', {
      webSocketApi: this.webSocketApi,
      integrationType: type,
      integrationUri: uri,
      integrationMethod: method,
      ...config,
    });
    // Not `instanceof`: an app may hold two copies of this library.
    (integration as Partial<ServiceIntegration>)._respond?.(this, integrationId);
    this.target(integrationId);
  }
}

/** What a message has to hold to come to a route. Undefined where a field alone does not say, or nothing here says which. */
function selectionOf({ node }: IWebSocketApi, key: string): Selection | undefined {
  const { routeSelectionExpression } = node.defaultChild as CfnApi | undefined ?? {};
  if (key === '$default' || routeSelectionExpression === undefined || Token.isUnresolved(routeSelectionExpression)) { return undefined; }
  const field = selectingField(routeSelectionExpression);
  return field && { field, key };
}
