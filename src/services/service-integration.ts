import {
  CfnIntegrationResponse, IWebSocketRoute, PassthroughBehavior, WebSocketIntegrationType, WebSocketRouteIntegration,
  WebSocketRouteIntegrationBindOptions, WebSocketRouteIntegrationConfig,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { setEvent } from './event-template';
import { ServiceRouteOptions } from './service-options';
import { answersMessages } from '../routes/route-key';

/** To the byte what API Gateway sends when an integration fails. */
export const ERROR_FRAME = '{"message": "Internal server error", "connectionId":"$context.connectionId", "requestId":"$context.requestId"}';

/** Selects the template with the key `$default`, whatever comes. */
const STATIC = '\\$default';

/** What API Gateway calls. */
export interface ServiceCall {
  /** `AWS` unless it is given. CDK's enum lacks `HTTP` and `HTTP_PROXY`. */
  readonly type?: 'AWS' | 'HTTP' | 'HTTP_PROXY' | 'MOCK';
  readonly uri: string;
  readonly method?: string;
  readonly role?: IRole;
  readonly parameters?: { [destination: string]: string };
  /** Undefined if the message passes as it is. */
  readonly template?: string;
}

/** What a client is answered. */
export interface ServiceResponse {
  /** The id of its construct. */
  readonly id: string;
  /** `$default`, or a regular expression for the status between slashes. */
  readonly key: string;
  /** Undefined if what the service answered passes as it is. */
  readonly template?: string;
}

/** The integration of a route with something that is no function. It holds no state, so that a route may be part of several APIs. */
export abstract class ServiceIntegration extends WebSocketRouteIntegration {
  constructor(protected readonly options: ServiceRouteOptions) {
    super('Integration');
  }

  public bind({ route, scope }: WebSocketRouteIntegrationBindOptions): WebSocketRouteIntegrationConfig {
    const { type = 'AWS', uri, method, role, parameters, template } = this.call(route, scope.node.scope as Construct);
    return {
      type: type as WebSocketIntegrationType,
      uri,
      method,
      credentialsRole: role,
      requestParameters: parameters,
      ...template === undefined ? {} : {
        requestTemplates: { $default: template },
        templateSelectionExpression: STATIC,
        passthroughBehavior: PassthroughBehavior.NEVER,
      },
      timeout: this.options.timeout,
    };
  }

  /**
   * Has the client answered by the integration with this id. What that takes is created below the route.
   *
   * @internal
   */
  public _respond(route: IWebSocketRoute, integrationId: string): void {
    for (const { id, key, template } of this.responses()) {
      new CfnIntegrationResponse(route, id, {
        apiId: route.webSocketApi.apiId,
        integrationId,
        integrationResponseKey: key,
        ...template === undefined ? {} : { responseTemplates: { $default: template }, templateSelectionExpression: STATIC },
      });
    }
  }

  /**
   * What API Gateway calls for a route.
   *
   * @param home where all routes of one `addRoutes` are created
   */
  protected abstract call(route: IWebSocketRoute, home: Construct): ServiceCall;

  /** What the client gets of an answer with a status of 200 to 299. Undefined if it gets all of it. */
  protected answer(): string | undefined {
    return undefined;
  }

  protected responses(): ServiceResponse[] {
    return this.options.returnResponse
      ? [{ id: 'Answer', key: '/2\\d\\d/', template: this.answer() }, { id: 'Failure', key: '$default', template: ERROR_FRAME }]
      : [];
  }

  /** The request: the user's own template, or one that has the event in `$event`. */
  protected template({ routeKey }: IWebSocketRoute, request: string): string {
    const { requestTemplate, authorizerKeys = [] } = this.options;
    return requestTemplate ?? setEvent({ hasBody: answersMessages(routeKey), authorizerKeys }) + request;
  }
}
