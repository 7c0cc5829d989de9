import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccessLog, AccountLogRole, ExecutionLog, Route, StageSource, WebSocketApi, WebSocketApiProps } from '../../src';
import { only, testFunction, testStack } from '../test-stack';

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

  test('makes a role that API Gateway writes logs with, and that stays when the stack goes', () => {
    templateOf({}).hasResource('AWS::IAM::Role', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' } }] },
        ManagedPolicyArns: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs']] }],
      },
    });
  });

  test('makes a function that may read and update the setting, pass that one role, and nothing else', () => {
    const template = templateOf({});
    const [roleId] = Object.keys(template.findResources('AWS::IAM::Role', { DeletionPolicy: 'Retain' }));
    const [{ Properties }] = Object.values(template.findResources('AWS::IAM::Role', { Properties: { Policies: Match.arrayWith([Match.objectLike({ PolicyName: 'Inline' })]) } }));

    expect(Properties.Policies).toEqual([{
      PolicyName: 'Inline',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['apigateway:GET', 'apigateway:PATCH'],
            Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':apigateway:', { Ref: 'AWS::Region' }, '::/account']] },
          },
          { Effect: 'Allow', Action: 'iam:PassRole', Resource: { 'Fn::GetAtt': [roleId, 'Arn'] } },
        ],
      },
    }]);
    expect(Properties.ManagedPolicyArns).toEqual([{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' }]);
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
