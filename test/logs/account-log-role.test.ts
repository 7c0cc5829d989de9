import { App, Aspects, CfnResource, CustomResource, PERMISSIONS_BOUNDARY_CONTEXT_KEY, RemovalPolicies, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRole, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AccessLog, AccountLogRole, ExecutionLog, Route, StageSource, WebSocketApi, WebSocketApiProps } from '../../src';
import { only, testApp, testFunction, testStack, testStackWithEnv } from '../test-stack';

describe('AccountLogRole.ensure', () => {
  test('is what an access log does by default, and the stage waits for it', () => {
    const template = templateOf({});
    const [setting] = Object.keys(template.findResources('Custom::ApiGatewayAccountLogRole'));

    expect(only(template, 'AWS::ApiGatewayV2::Stage').DependsOn).toContain(setting);
  });

  test('is done once for a stack, however many APIs it has', () => {
    const stack = testStack();
    ['One', 'Two', 'Three'].forEach((id) => new WebSocketApi(stack, id, { routes: { a: Route.toFunction(testFunction(stack, `${id}Function`)) } }));

    Template.fromStack(stack).resourceCountIs('Custom::ApiGatewayAccountLogRole', 1);
  });

  test('is done in each stack', () => {
    const stack = testStack();
    const other = new Stack(stack.node.root as App, 'Other');
    [stack, other].forEach((scope) => new WebSocketApi(scope, 'Api', { routes: { a: Route.toFunction(testFunction(scope)) } }));

    [stack, other].forEach((scope) => Template.fromStack(scope).resourceCountIs('Custom::ApiGatewayAccountLogRole', 1));
  });

  test('makes no role that could go with the stack, whatever the app says of removal', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });
    RemovalPolicies.of(stack.node.root).destroy();

    Template.fromStack(stack).resourcePropertiesCountIs('AWS::IAM::Role', Match.objectLike({
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'apigateway.amazonaws.com' } })] },
    }), 0);
  });

  test('names one role for each account and Region, in every stack and partition, and AWS\'s policy for it', () => {
    const properties = ['First', 'Second'].map((id) => {
      const stack = new Stack(testApp(), id, { env: { account: '111111111111', region: 'cn-north-1' } });
      new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });
      return only(Template.fromStack(stack), 'Custom::ApiGatewayAccountLogRole').Properties;
    });

    properties.forEach((one) => expect(one).toEqual({
      ServiceToken: expect.anything(),
      Partition: { Ref: 'AWS::Partition' },
      Account: '111111111111',
      RolePath: '/cdk-websocket-api/',
      RoleName: 'ApiGatewayLogs-cn-north-1',
      ManagedPolicy: 'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    }));
  });

  test('makes a function that may set the setting, create that one role with that one policy, pass it to API Gateway, and nothing else', () => {
    const stack = testStackWithEnv();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });
    const ROLE = inPartition(':iam::111111111111:role/cdk-websocket-api/ApiGatewayLogs-eu-west-1');

    const { Policies, ManagedPolicyArns } = functionRole(Template.fromStack(stack)).Properties;

    expect(Policies).toEqual([{
      PolicyName: 'Inline',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['apigateway:GET', 'apigateway:PATCH'], Resource: inPartition(':apigateway:eu-west-1::/account') },
          { Effect: 'Allow', Action: 'iam:GetRole', Resource: inPartition(':iam::111111111111:role/*') },
          { Effect: 'Allow', Action: 'iam:CreateRole', Resource: ROLE },
          {
            Effect: 'Allow',
            Action: 'iam:AttachRolePolicy',
            Resource: ROLE,
            Condition: { ArnEquals: { 'iam:PolicyARN': inPartition(':iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs') } },
          },
          { Effect: 'Allow', Action: 'iam:PassRole', Resource: ROLE, Condition: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } } },
        ],
      },
    }]);
    expect(ManagedPolicyArns).toEqual([{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' }]);
  });

  const BOUNDARY = 'arn:aws:iam::111111111111:policy/boundary';

  test.each<[string, (app: App) => void]>([
    ['`PermissionsBoundary.of(app).apply()`', (app) => PermissionsBoundary.of(app).apply(ManagedPolicy.fromManagedPolicyArn(new Stack(app, 'Given'), 'Boundary', BOUNDARY))],
    ['the context', (app) => app.node.setContext(PERMISSIONS_BOUNDARY_CONTEXT_KEY, { arn: BOUNDARY })],
    ['an aspect that sets the property', (app) => Aspects.of(app).add({
      visit(node) {
        if (node instanceof CfnRole) {
          node.permissionsBoundary = BOUNDARY;
        } else if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::IAM::Role') {
          node.addPropertyOverride('PermissionsBoundary', BOUNDARY);
        }
      },
    })],
  ])('has the role created with the boundary that the app puts on its roles by %s, and with no other', (_, apply) => {
    const app = testApp();
    apply(app);
    const stack = testStackWithEnv(app);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });
    const template = Template.fromStack(stack);

    expect(only(template, 'Custom::ApiGatewayAccountLogRole').Properties.PermissionsBoundary).toBe(BOUNDARY);
    expect(functionRole(template).Properties).toMatchObject({
      PermissionsBoundary: BOUNDARY,
      Policies: [{
        PolicyDocument: {
          Statement: expect.arrayContaining([
            expect.objectContaining({ Action: 'iam:CreateRole', Condition: { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } } }),
          ]),
        },
      }],
    });
  });

  test.each(['before', 'after'])('does not meet a construct of the app called ApiGatewayAccountLogRole that is made %s', (when) => {
    const stack = testStack();
    const own = () => new CustomResource(new Construct(stack, 'ApiGatewayAccountLogRole'), 'Resource', { serviceToken: 'token', resourceType: 'Custom::Own' });
    if (when === 'before') { own(); }
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });
    if (when === 'after') { own(); }
    const template = Template.fromStack(stack);
    const [setting] = Object.keys(template.findResources('Custom::ApiGatewayAccountLogRole'));

    template.resourceCountIs('Custom::Own', 1);
    expect(only(template, 'AWS::ApiGatewayV2::Stage').DependsOn).toContain(setting);
  });

  test('is what an execution log does too', () => {
    templateOf({ accessLog: AccessLog.disabled(), stage: StageSource.fromOptions({ executionLog: ExecutionLog.errors() }) })
      .resourceCountIs('Custom::ApiGatewayAccountLogRole', 1);
  });
});

describe('AccountLogRole.existing', () => {
  test('does nothing', () => {
    const template = templateOf({ accessLog: AccessLog.json({ accountRole: AccountLogRole.existing() }) });

    template.resourceCountIs('Custom::ApiGatewayAccountLogRole', 0);
    expect(only(template, 'AWS::ApiGatewayV2::Stage')).not.toHaveProperty('DependsOn');
  });
});

function templateOf(props: WebSocketApiProps): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) }, ...props });
  return Template.fromStack(stack);
}

/** The role of the function behind the custom resource. */
function functionRole(template: Template): any {
  const [role] = Object.values(template.findResources('AWS::IAM::Role', { Properties: { Policies: Match.arrayWith([Match.objectLike({ PolicyName: 'Inline' })]) } }));
  return role;
}

function inPartition(rest: string) {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, rest]] };
}
