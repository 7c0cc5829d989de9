import { ArnFormat, CustomResource, CustomResourceProvider, CustomResourceProviderRuntime, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';
import { shippedCode } from '../handlers/shipped-function';

const RESOURCE_TYPE = 'Custom::ApiGatewayAccountLogRole';

/** The account's setting, made in one stack by a function. The function creates the role: a role of the stack would go with the stack. */
export class AccountLogRoleSetting extends Construct {
  /** The one of the scope's stack. Its id has colons, as CDK's providers have, so that it meets no construct of the app's own. */
  public static of(scope: Construct): AccountLogRoleSetting {
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(RESOURCE_TYPE) as AccountLogRoleSetting ?? new AccountLogRoleSetting(stack);
  }

  /** What a stage with logs has to wait for. */
  public readonly dependable: IDependable;

  private constructor(stack: Stack) {
    super(stack, RESOURCE_TYPE);
    const arn = (service: string, account: string, resource: string, resourceName?: string) => stack.formatArn({
      service, account, resource, resourceName, region: service === 'iam' ? '' : undefined, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    // IAM has one name space for all Regions.
    const role = { path: '/cdk-websocket-api/', name: `ApiGatewayLogs-${stack.region}`, policy: 'service-role/AmazonAPIGatewayPushToCloudWatchLogs' };
    const roleArn = arn('iam', stack.account, `role${role.path}${role.name}`);
    const policyArn = arn('iam', 'aws', 'policy', role.policy);
    const standIn = new RoleStandIn(this, 'Role');

    const provider = CustomResourceProvider.getOrCreateProvider(this, RESOURCE_TYPE, {
      codeDirectory: shippedCode('account-log-role'),
      runtime: CustomResourceProviderRuntime.NODEJS_22_X,
      description: 'Sets the role that API Gateway writes logs with, if none is set',
      timeout: Duration.minutes(5),
      policyStatements: [
        allow(['apigateway:GET', 'apigateway:PATCH'], arn('apigateway', '', '/account')),
        // To see whether the role that the setting names is gone. That may be any role.
        allow('iam:GetRole', arn('iam', stack.account, 'role', '*')),
        {
          ...allow('iam:CreateRole', roleArn),
          Condition: Lazy.any({ produce: () => standIn.boundary && { StringEquals: { 'iam:PermissionsBoundary': standIn.boundary } } }),
        },
        { ...allow('iam:AttachRolePolicy', roleArn), Condition: { ArnEquals: { 'iam:PolicyARN': policyArn } } },
        { ...allow('iam:PassRole', roleArn), Condition: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } } },
      ],
    });
    this.dependable = new CustomResource(this, 'Resource', {
      resourceType: RESOURCE_TYPE,
      serviceToken: provider.serviceToken,
      // The parts of the ARNs: CloudFormation's validator warns of ARNs in the properties of resources that it does not know.
      properties: {
        Partition: stack.partition,
        Account: stack.account,
        RolePath: role.path,
        RoleName: role.name,
        ManagedPolicy: role.policy,
        PermissionsBoundary: Lazy.any({ produce: () => standIn.boundary }),
      },
    });
  }
}

function allow(actions: string | string[], resource: string) {
  return { Effect: 'Allow', Action: actions, Resource: resource };
}

/**
 * Stands in the construct tree for the role that the function creates, and is in no template. The app's aspects find it there, and so
 * show which permissions boundary they put on roles.
 */
class RoleStandIn extends CfnRole {
  private overridden?: string;

  constructor(scope: Construct, id: string) {
    super(scope, id, { assumeRolePolicyDocument: {} });
  }

  public get boundary(): string | undefined {
    return this.overridden ?? this.permissionsBoundary;
  }

  /** CDK's own aspects override the property. */
  public addOverride(path: string, value: any): void {
    if (path === 'Properties.PermissionsBoundary') { this.overridden = value; }
    super.addOverride(path, value);
  }

  protected shouldSynthesize(): boolean {
    return false;
  }
}
