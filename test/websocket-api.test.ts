import { App, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Table, AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Authorization, Permissions, Route, WebSocketApi } from '../src';
import { ECHO, only, testApp, testFunction, testStack } from './test-stack';

describe('a WebSocket API', () => {
  test('without routes is an error at synth', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api');

    expect(() => (stack.node.root as App).synth()).toThrow('[Stack/Api] there are no routes: give some with `routes` or `addRoutes()`');
  });

  test('that gets its routes later is none', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api').addRoutes(stack, { a: Route.toFunction(testFunction(stack)) });

    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('knows its URLs, also for a cdk.Stage', () => {
    const stack = new Stack(new Stage(testApp(), 'prod', { env: { region: 'eu-west-1', account: '111111111111' } }), 'Stack');
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });

    const host = [{ Ref: expect.stringMatching(/^Api/) }, '.execute-api.eu-west-1.', { Ref: 'AWS::URLSuffix' }, '/prod'];
    expect(stack.resolve(api.url)).toEqual({ 'Fn::Join': ['', ['wss://', ...host]] });
    expect(stack.resolve(api.callbackUrl)).toEqual({ 'Fn::Join': ['', ['https://', ...host]] });
  });

  test('knows its routes in the order that they were added', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { b: Route.toFunction(testFunction(stack)) } });
    api.addRoutes(stack, { a: Route.toFunction(testFunction(stack, 'Other')) });

    expect(api.routes).toEqual(['b', 'a']);
  });

  test('leaves nothing in the tree when it cannot be made, and can then be made with the same id', () => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler('nowhere.main') } })).toThrow('route `"a"`: handler `"nowhere.main"` is not found');
    expect(stack.node.children).toEqual([]);
    expect(() => new WebSocketApi(stack, 'Api')).not.toThrow();
  });
});

describe('getFunction', () => {
  test('finds the function behind a route, however its key is written', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn), b: Route.toHandler(ECHO) } });

    expect(api.getFunction(' a ')).toBe(fn);
    expect(api.getFunction('b')).toBeInstanceOf(Function);
  });

  test('finds nothing where there is no route, or no function behind it', () => {
    const api = new WebSocketApi(testStack(), 'Api', { routes: { ping: Route.toIntegration(new WebSocketMockIntegration('Mock')) } });

    expect(api.getFunction('ping')).toBeUndefined();
    expect(api.getFunction('pong')).toBeUndefined();
  });
});

describe('addRoutes', () => {
  test('creates everything of a route in another stack, which depends on the API and not the other way', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', {
      routes: { $default: Route.toFunction(testFunction(stack)) },
      authorization: Authorization.fromHandler(ECHO, { environment: { URL: 'u' } }),
    });
    const other = new Stack(stack.node.root as App, 'Other');
    api.addRoutes(other, { $connect: Route.toHandler(ECHO), shared: Route.toFunction(testFunction(other)) });

    const template = Template.fromStack(other);
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 2);
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', 2);
    template.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 1);
    template.resourceCountIs('AWS::Lambda::Function', 3);
    expect(other.dependencies).toEqual([stack]);
    expect(stack.dependencies).toEqual([]);
  });

  test('takes a function of another stack without a cycle: what it is granted is created beside the route', () => {
    const functions = testStack();
    const fn = testFunction(functions);
    const stack = new Stack(functions.node.root as App, 'ApiStack');
    const table = new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } });
    api.attachPermissions(Permissions.fullAccess(table), Permissions.grant(table, 'grantReadData'));

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ 'Fn::ImportValue': Match.stringLikeRegexp('FunctionServiceRole') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'execute-api:ManageConnections' }), Match.objectLike({ Action: 'dynamodb:*' })]) },
    });
    expect(functions.dependencies).toEqual([]);
  });

  test('does not mix up two APIs with the same id that add routes in the same place', () => {
    const app = testApp();
    const home = new Stack(app, 'Home');
    const fn = testFunction(home);
    ['A', 'B'].forEach((id) => new WebSocketApi(new Stack(app, id), 'Api').addRoutes(home, { a: Route.toFunction(fn) }));

    Template.fromStack(home).resourceCountIs('AWS::ApiGatewayV2::Integration', 2);
    Template.fromStack(home).resourceCountIs('AWS::ApiGatewayV2::Route', 2);
  });

  test('makes one integration for a function whose routes are added one after the other', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    const api = new WebSocketApi(stack, 'Api');
    api.addRoutes(stack, { a: Route.toFunction(fn) });
    api.addRoutes(stack, { b: Route.toFunction(fn) });

    Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
  });

  test('adds all of its routes or none', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });
    const before = stack.node.findAll().length;

    expect(() => api.addRoutes(stack, { b: Route.toHandler(ECHO), c: Route.toHandler('nowhere.main') })).toThrow('route `"c"`: handler `"nowhere.main"` is not found');
    expect(api.routes).toEqual(['a']);
    expect(stack.node.findAll()).toHaveLength(before);
  });
});

describe('the permission to manage connections', () => {
  const manageConnections = (apiId: unknown) => ({
    Action: 'execute-api:ManageConnections',
    Effect: 'Allow',
    Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':execute-api:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':', apiId, '/dev/*/@connections/*']] },
  });

  test('is given to a function made from source, for all methods and this stage only', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [{ PolicyDocument: { Statement: Match.arrayWith([manageConnections({ Ref: Object.keys(template.findResources('AWS::ApiGatewayV2::Api'))[0] })]) } }],
    });
  });

  test('is given once to a function that exists and serves several routes', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn), b: Route.toFunction(fn) } });

    const { Properties } = only(Template.fromStack(stack), 'AWS::IAM::Policy');
    expect(Properties.PolicyDocument.Statement).toHaveLength(1);
  });

  test('can be granted to anybody', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
    const grant = api.grantManageConnections(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));

    grant.assertSuccess();
    const { Properties } = only(Template.fromStack(stack), 'AWS::IAM::Policy');
    expect(Properties.PolicyDocument.Statement).toEqual([manageConnections({ Ref: expect.any(String) })]);
  });
});

test('grantConnect permits the handshake of this stage, in the shape that WebSocket APIs need', () => {
  const stack = testStack();
  const api = new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization: Authorization.iam() });
  api.grantConnect(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));

  const [statement] = only(Template.fromStack(stack), 'AWS::IAM::Policy').Properties.PolicyDocument.Statement;
  expect(statement.Action).toBe('execute-api:Invoke');
  expect(statement.Resource['Fn::Join'][1].at(-1)).toBe('/dev/$connect');
});

describe('attachPermissions', () => {
  test('reaches the function of every route, present and future, once each', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn), b: Route.toFunction(fn), c: Route.toHandler(ECHO) } });
    api.attachPermissions(Permissions.service('ses'));
    api.addRoutes(stack, { d: Route.toHandler(ECHO) });

    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const granted = policies.map(({ Properties }) => Properties.PolicyDocument.Statement.filter(({ Action }: any) => Action === 'ses:*').length);
    expect(granted).toEqual([1, 1, 1]);
  });

  test('passes over a route without a function', () => {
    const api = new WebSocketApi(testStack(), 'Api', { routes: { ping: Route.toIntegration(new WebSocketMockIntegration('Mock')) } });

    expect(() => api.attachPermissions(Permissions.all())).not.toThrow();
  });
});

describe('attachPermissionsToRoute', () => {
  test('reaches the function of that route only', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO), b: Route.toHandler(ECHO) } });
    api.attachPermissionsToRoute(' a ', Permissions.service('ses'));

    expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toEqual([expect.stringMatching(/^ApiRoutea/)]);
  });

  test('is refused for a route that does not exist', () => {
    const api = new WebSocketApi(testStack(), 'Api', { routes: { a: Route.toHandler(ECHO) } });

    expect(() => api.attachPermissionsToRoute('b', Permissions.all()))
      .toThrow('route `"b"` does not exist, so no permissions can be attached to its function: `Stack/Api` has `"a"`');
  });

  test('is refused for a route without a function', () => {
    const api = new WebSocketApi(testStack(), 'Api', { routes: { ping: Route.toIntegration(new WebSocketMockIntegration('Mock')) } });

    expect(() => api.attachPermissionsToRoute('ping', Permissions.all()))
      .toThrow('route `"ping"` of `Stack/Api` has no function to attach permissions to: it leads to an integration');
  });
});
