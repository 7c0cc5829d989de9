import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Authorization, AuthorizerOptions, HandlerProps, HandshakeValue, Route, WebSocketApi } from '../../src';
import { ECHO, only, testFunction, testStack } from '../test-stack';

describe('authorization', () => {
  test('is asked for on $connect, and written out as NONE everywhere else', () => {
    expect(types(Authorization.iam())).toEqual({ $connect: 'AWS_IAM', $default: 'NONE' });
  });

  test('is NONE by default, written out so that CloudFormation takes an old one away', () => {
    expect(types(undefined)).toEqual({ $connect: 'NONE', $default: 'NONE' });
    expect(types(Authorization.none())).toEqual({ $connect: 'NONE', $default: 'NONE' });
  });

  test.each([
    ['iam', Authorization.iam()],
    ['custom', Authorization.fromHandler(ECHO)],
  ])('of kind %s without a $connect route is an error at synth, because anybody could connect', (_, authorization) => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(testFunction(stack)) }, authorization });

    expect(() => (stack.node.root as App).synth()).toThrow(/\[Stack\/Api\] `authorization` is set, but there is no `"\$connect"` route.*anybody could connect/);
  });

  test('of kind none without a $connect route is fine', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(testFunction(stack)) }, authorization: Authorization.none() });

    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});

describe('Authorization.fromHandler', () => {
  test('makes a REQUEST authorizer that needs the header Authorization', () => {
    custom().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      IdentitySource: ['route.request.header.Authorization'],
      Name: 'Authorizer',
    });
  });

  test('takes another name and other sources', () => {
    custom({ authorizerName: 'Tokens', identitySource: [HandshakeValue.queryString('token'), HandshakeValue.header('X-Tenant')] })
      .hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
        IdentitySource: ['route.request.querystring.token', 'route.request.header.X-Tenant'],
        Name: 'Tokens',
      });
  });

  test('takes no source at all, and then always calls the function', () => {
    custom({ identitySource: [] }).hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { IdentitySource: [] });
  });

  test('makes the function with the default props, but without what only routes need', () => {
    const template = custom({}, { memorySize: 128 });
    const [fn] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) => id.includes('Authorizer')).map(([, { Properties }]) => Properties);

    expect(fn.MemorySize).toBe(128);
    expect(fn).not.toHaveProperty('Environment');
    const [role] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.includes('AuthorizerFunction')).map(([, { Properties }]) => Properties);
    expect(JSON.stringify(role)).not.toContain('ManageConnections');
  });

  test('takes a function that exists', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toFunction(fn) }, authorization: Authorization.fromFunction(fn) });

    Template.fromStack(stack).hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'CUSTOM', AuthorizerId: Match.anyValue() });
  });

  test('lets the authorizer, and nobody else, invoke the function', () => {
    const permissions = Object.values(custom().findResources('AWS::Lambda::Permission'));

    expect(permissions.filter(({ Properties }) => JSON.stringify(Properties.SourceArn).includes('/authorizers/'))).toHaveLength(1);
  });

  test('can serve several APIs', () => {
    const stack = testStack();
    const authorization = Authorization.fromHandler(ECHO);
    ['One', 'Two'].forEach((id) => new WebSocketApi(stack, id, { routes: { $connect: Route.toHandler(ECHO) }, authorization }));

    Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::Authorizer', 2);
  });

  test('names the authorizer when its handler is not found', () => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', {
      routes: { $connect: Route.toHandler(ECHO) },
      authorization: Authorization.fromHandler('src/nowhere.main'),
    })).toThrow('the authorizer: handler `"src/nowhere.main"` is not found');
    expect(stack.node.children).toEqual([]);
  });
});

describe('Authorization.fromAuthorizer', () => {
  test('takes an authorizer of CDK', () => {
    const stack = testStack();
    const authorizer = new WebSocketLambdaAuthorizer('Given', testFunction(stack));
    new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization: Authorization.fromAuthorizer(authorizer) });

    expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Authorizer').Properties.Name).toBe('Given');
  });
});

function types(authorization: Authorization | undefined) {
  const stack = testStack();
  const fn = testFunction(stack);
  new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toFunction(fn), $default: Route.toFunction(fn) }, authorization });
  const routes = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route'));
  return Object.fromEntries(routes.map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType]));
}

function custom(options?: AuthorizerOptions, defaultFunctionProps?: HandlerProps): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', {
    routes: { $connect: Route.toHandler(ECHO) },
    authorization: Authorization.fromHandler(ECHO, options),
    defaultFunctionProps,
  });
  return Template.fromStack(stack);
}
