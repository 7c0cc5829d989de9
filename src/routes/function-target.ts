import { Annotations, Names, Stack } from 'aws-cdk-lib';
import { IWebSocketApi, WebSocketIntegration, WebSocketIntegrationType } from 'aws-cdk-lib/aws-apigatewayv2';
import { IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Permissions } from '../permissions';

/**
 * A function as the target of routes: one integration and one invoke permission, however many routes of the API lead to it. Both lie in
 * `scope`, and so does what the function is granted where it belongs to another stack: references go from `scope` to the function, and
 * never back.
 */
export class FunctionTarget extends Construct {
  public readonly integrationId: string;
  private readonly grantee: IGrantable;

  /** @param called what API Gateway calls: the function, or an alias of it */
  constructor(scope: Construct, id: string, webSocketApi: IWebSocketApi, public readonly fn: IFunction, called: IFunction = fn) {
    super(scope, id);
    const stack = Stack.of(this);

    this.integrationId = new WebSocketIntegration(this, 'Integration', {
      webSocketApi,
      integrationType: WebSocketIntegrationType.AWS_PROXY,
      integrationUri: stack.formatArn({
        service: 'apigateway',
        account: 'lambda',
        resource: 'path/2015-03-31/functions',
        resourceName: `${called.functionArn}/invocations`,
      }),
    }).integrationId;

    called.addPermission('Permission', {
      scope: this,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: stack.formatArn({ service: 'execute-api', resource: webSocketApi.apiId, resourceName: '*/*' }),
    });

    this.grantee = fn.role && Stack.of(fn) !== stack
      // Another stack may grant to the same role: policies of one name would take each other's place.
      ? Role.fromRoleName(this, 'Role', fn.role.roleName, { defaultPolicyName: `Policy${Names.uniqueResourceName(this, { maxLength: 122 })}` })
      : fn;
  }

  public permit(permissions: Permissions[]) {
    if (this.fn.role) {
      permissions.forEach((permission) => permission._attach(this.grantee));
    } else if (permissions.length > 0) {
      Annotations.of(this).addWarningV2('cdk-websocket-api:unknownRole',
        `the role of function \`${this.fn.node.path}\` is not known, so it is not permitted to post to connections, nor anything else: ` +
        'permit `execute-api:ManageConnections` where the function is created, or import it with its role, by `Function.fromFunctionAttributes()`');
    }
  }
}
