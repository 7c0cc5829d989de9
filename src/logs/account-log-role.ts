import { join } from 'node:path';
import { CustomResource, CustomResourceProvider, CustomResourceProviderRuntime, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';

/**
 * The role that API Gateway writes logs with: one for an account and region, and a WebSocket API with logs cannot be deployed before it
 * is set ("CloudWatch Logs role ARN must be set in account settings to enable logging").
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class AccountLogRole {
  /**
   * Sets the role if none is set, and leaves it alone otherwise: once for a stack, however many APIs it has. It is never unset, and
   * stays when the stack goes, because other APIs may have come to use it.
   */
  public static ensure(): AccountLogRole {
    return new AccountLogRole((scope) => AccountLogRoleSetting.of(scope));
  }

  /**
   * The role is set by other means; nothing is done.
   */
  public static existing(): AccountLogRole {
    return new AccountLogRole(() => undefined);
  }

  private constructor(private readonly setting: (scope: Construct) => IDependable | undefined) {
  }

  /**
   * @returns what a stage with logs has to wait for
   *
   * @internal
   */
  public _bind(scope: Construct): IDependable | undefined {
    return this.setting(scope);
  }
}

/** Compiled, also when the tests run the source. */
const HANDLER = join(__dirname, '..', '..', 'lib', 'shipped', 'account-log-role');

/** The setting of the account, made in one stack. */
class AccountLogRoleSetting extends Construct {
  public static of(scope: Construct): AccountLogRoleSetting {
    const id = 'ApiGatewayAccountLogRole';
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(id) as AccountLogRoleSetting ?? new AccountLogRoleSetting(stack, id);
  }

  private constructor(stack: Stack, id: string) {
    super(stack, id);
    const role = new Role(this, 'Role', {
      description: 'API Gateway writes the logs of this account and region with this role',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);

    const resourceType = 'Custom::ApiGatewayAccountLogRole';
    const provider = CustomResourceProvider.getOrCreateProvider(this, resourceType, {
      codeDirectory: HANDLER,
      runtime: CustomResourceProviderRuntime.NODEJS_22_X,
      description: 'Sets the role that API Gateway writes logs with, if none is set',
      timeout: Duration.minutes(5),
      policyStatements: [
        {
          Effect: 'Allow',
          Action: ['apigateway:GET', 'apigateway:PATCH'],
          Resource: stack.formatArn({ service: 'apigateway', account: '', resource: '/account' }),
        },
        { Effect: 'Allow', Action: 'iam:PassRole', Resource: role.roleArn },
      ],
    });
    new CustomResource(this, 'Resource', {
      resourceType,
      serviceToken: provider.serviceToken,
      properties: { RoleArn: role.roleArn },
    });
  }
}
