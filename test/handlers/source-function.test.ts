import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { Bundling, HandlerRouteProps, Permissions, Route, WebSocketApi } from '../../src';
import { ECHO, testStack } from '../test-stack';

const X_RAY = Match.objectLike({ Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] });

describe('a function made from source', () => {
  test('has 1024 MB, 10 seconds and X-Ray tracing', () => {
    templateWith({}).hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1024, Timeout: 10, TracingConfig: { Mode: 'Active' } });
  });

  test('has what its props say instead', () => {
    templateWith({ memorySize: 128, timeout: Duration.seconds(29), tracing: Tracing.PASS_THROUGH, description: 'Echo' })
      .hasResourceProperties('AWS::Lambda::Function', { MemorySize: 128, Timeout: 29, TracingConfig: { Mode: 'PassThrough' }, Description: 'Echo' });
  });

  test('has what it may always do in its role, and no policy beside it', () => {
    const template = templateWith({});

    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [{ PolicyName: 'WebSocketApi', PolicyDocument: { Statement: [Match.objectLike({ Action: 'execute-api:ManageConnections' }), X_RAY] } }],
    });
  });

  test('has what its permissions say in a policy beside its role', () => {
    templateWith({ permissions: [Permissions.service('ses')] })
      .hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [Match.objectLike({ Action: 'ses:*' })] } });
  });

  test('keeps the managed policies that CDK gives it', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, { vpc: new Vpc(stack, 'Vpc') }) } });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: [Match.anyValue(), { 'Fn::Join': ['', Match.arrayWith([':iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'])] }],
    });
  });

  test('has all in a policy where the role is given', () => {
    const stack = testStack();
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, { role }) } });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(role.roleName)],
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'execute-api:ManageConnections' }), X_RAY] },
    });
  });

  test('has no X-Ray and no permission for it when tracing is disabled', () => {
    const template = templateWith({ tracing: Tracing.DISABLED });

    template.hasResourceProperties('AWS::Lambda::Function', { TracingConfig: Match.absent(), MemorySize: 1024 });
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('xray');
  });

  test('has NODE_OPTIONS for source maps, unless the environment says otherwise', () => {
    const bundling = Bundling.esbuild({ sourceMap: true });

    templateWith({ bundling }).hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } } });
    templateWith({ bundling, environment: { NODE_OPTIONS: '--no-warnings' } })
      .hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { NODE_OPTIONS: '--no-warnings' } } });
  });
});

function templateWith(props: HandlerRouteProps): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, props) } });
  return Template.fromStack(stack);
}
