import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, LayerVersion, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Authorization, Bundling, HandlerProps, HandlerRouteProps, Permissions, Route, WebSocketApi } from '../../src';
import { createShippedFunction } from '../../src/handlers/shipped-function';
import { createFunction, FunctionAdditions } from '../../src/handlers/source-function';
import { ECHO, testStack, testStackWithEnv } from '../test-stack';

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

describe('a function that nobody waits for', () => {
  const made = (props: HandlerProps, additions: FunctionAdditions = { isAsynchronous: true }) => {
    const stack = testStack();
    createFunction(stack, 'Made', { code: Code.fromInline('x'), handler: 'index.main', runtime: Runtime.NODEJS_24_X }, props, additions);
    return Template.fromStack(stack);
  };

  test('has five minutes, and gets events that are a minute old at most, once', () => {
    made({}).hasResourceProperties('AWS::Lambda::Function', { Timeout: 300 });
    made({}).hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
  });

  test('has what its props say instead', () => {
    const template = made({ timeout: Duration.seconds(5), maxEventAge: Duration.minutes(2), retryAttempts: 1, memorySize: 256 });

    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 5, MemorySize: 256 });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: 120, MaximumRetryAttempts: 1 });
  });

  test('is the only one with such settings', () => {
    made({}, {}).resourceCountIs('AWS::Lambda::EventInvokeConfig', 0);
  });
});

test('a function that is shipped is known by its name', () => {
  const stack = testStack();
  createShippedFunction(stack, 'Made', 'asynchronous', { description: 'Hands on' });

  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Handler: 'asynchronous.handler', Runtime: 'nodejs24.x', Description: 'Hands on' });
});

describe('what a function may do', () => {
  test('names the API, in one text of the template', () => {
    const template = templateWith({});
    const [{ Properties }] = Object.values(template.findResources('AWS::IAM::Role', { Properties: { Policies: [{ PolicyName: 'WebSocketApi' }] } }));
    const { 'Fn::Join': [separator, parts] } = Properties.Policies[0].PolicyDocument.Statement[0].Resource;

    expect(separator).toBe('');
    expect(parts.map((part: any) => part.Ref ?? part).join('')).toMatch(/^arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:Api\w+\/dev\/\*\/@connections\/\*$/);
  });

  const inlineOf = (template: Template) => Object.entries(template.findResources('AWS::IAM::Role'))
    .filter(([id]) => id.includes('Route')).map(([, { Properties }]) => Properties.Policies?.map(({ PolicyName }: any) => PolicyName));
  const guarded = (route: HandlerRouteProps, authorizer: HandlerRouteProps) => {
    const stack = testStack();
    const role = (id: string) => new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const [ofRoute, ofAuthorizer] = [route.role && role('RoleOne'), authorizer.role && role('RoleTwo')];
    new WebSocketApi(stack, 'Api', {
      routes: { $connect: Route.toHandler(ECHO, { ...route, role: ofRoute }) },
      authorization: Authorization.fromHandler(ECHO, { ...authorizer, role: ofAuthorizer }),
    });
    return Template.fromStack(stack);
  };
  const given = { role: {} as Role };

  test('is nothing where it has nothing to do: an authorizer without tracing', () => {
    expect(inlineOf(guarded({}, { tracing: Tracing.DISABLED })).sort()).toEqual([['WebSocketApi'], undefined]);
  });

  test.each<[string, HandlerRouteProps, HandlerRouteProps]>([
    ['a route', given, {}], ['an authorizer', {}, given],
  ])('is in its own role, and in no other in the place of one that is given: %s', (_, route, authorizer) => {
    const template = guarded(route, authorizer);

    expect(inlineOf(template)).toEqual([['WebSocketApi']]);
    template.resourcePropertiesCountIs('AWS::IAM::Role', { Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'execute-api:ManageConnections' })]) } }] },
      route.role ? 0 : 1);
  });
});

describe('a function takes only what is in its own place:', () => {
  const at = (props: (stack: Stack) => HandlerRouteProps) => () => {
    const stack = testStackWithEnv();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, props(stack)) } });
  };
  const layerIn = (region: string) => (stack: Stack) => (
    { layers: [LayerVersion.fromLayerVersionArn(stack, 'Layer', `arn:aws:lambda:${region}:111111111111:layer:l:1`)] }
  );
  const roleIn = (account: string) => (stack: Stack) => ({ role: Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${account}:role/r`) });

  test('a layer of its Region, whatever the account', () => {
    expect(at(layerIn('eu-west-1'))).not.toThrow();
    expect(at(layerIn('us-east-1'))).toThrow(/layer `Stack\/Layer` is in Region `"us-east-1"`, but `.*` is in `"eu-west-1"`: Lambda takes only layers of the function's own Region; publish it there/);
  });

  test('a layer that another stack makes, of the same Region', () => {
    const layerOf = (region: string) => ({ node }: Stack) => {
      const other = new Stack(node.root, 'Other', { env: { account: '111111111111', region }, crossRegionReferences: true });
      return { layers: [new LayerVersion(other, 'Layer', { code: Code.fromAsset('test/fixtures') })] };
    };

    expect(at(layerOf('eu-west-1'))).not.toThrow();
    expect(at(layerOf('us-east-1'))).toThrow('layer `Other/Layer` is in Region `"us-east-1"`');
  });

  test('a role of its account', () => {
    expect(at(roleIn('111111111111'))).not.toThrow();
    expect(at(roleIn('222222222222'))).toThrow(/role `Stack\/Role` is in account `"222222222222"`, but .*: Lambda takes only roles of the function's own account; give one of that account/);
  });
});

function templateWith(props: HandlerRouteProps): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, props) } });
  return Template.fromStack(stack);
}
