import { Stack } from 'aws-cdk-lib';
import { IWebSocketApi, WebSocketIntegration, WebSocketIntegrationType } from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FunctionGrantee } from '../granting/function-grantee';
import { joinedText } from '../joined-text';
import { Permissions } from '../permissions';

export interface FunctionTargetProps {
  readonly webSocketApi: IWebSocketApi;
  readonly fn: IFunction;
  /** What API Gateway calls: the function, or an alias of it. */
  readonly called: IFunction;
  /** The ARN of the routes that may invoke the function. */
  readonly sourceArn: string;
  /** Attaches permissions to the function's role. */
  readonly grantee?: FunctionGrantee;
}

/**
 * A function as the target of routes: one integration and one invoke permission, however many routes of the API lead to it, and none if
 * API Gateway does not call it. Everything is created in `scope`, so references go from `scope` to the function and never back.
 */
export class FunctionTarget extends Construct {
  public readonly fn: IFunction;
  /** What is called: the function, or an alias of it. */
  public readonly called: IFunction;
  private readonly grantee: FunctionGrantee;
  private integration?: WebSocketIntegration;

  constructor(scope: Construct, id: string, private readonly props: FunctionTargetProps) {
    super(scope, id);
    this.fn = props.fn;
    this.called = props.called;
    this.grantee = props.grantee ?? new FunctionGrantee(this, props.fn);
  }

  /** Whether API Gateway calls the function for a route. */
  public get isCalledByApi(): boolean {
    return this.integration !== undefined;
  }

  /** The integration that calls the function. Asking for it makes it. */
  public get integrationId(): string {
    this.integration ??= this.integrate();
    return this.integration.integrationId;
  }

  /** @param statements what the API permits of itself */
  public permit(permissions: Permissions[], statements: PolicyStatement[] = []): void {
    this.grantee.permit(permissions, statements);
  }

  private integrate(): WebSocketIntegration {
    const { webSocketApi, called, sourceArn } = this.props;
    const integration = new WebSocketIntegration(this, 'Integration', {
      webSocketApi,
      integrationType: WebSocketIntegrationType.AWS_PROXY,
      integrationUri: joinedText(this, Stack.of(this).formatArn({
        service: 'apigateway',
        account: 'lambda',
        resource: 'path/2015-03-31/functions',
        resourceName: `${called.functionArn}/invocations`,
      })),
    });
    called.addPermission('Permission', { scope: this, principal: new ServicePrincipal('apigateway.amazonaws.com'), sourceArn });
    return integration;
  }
}
