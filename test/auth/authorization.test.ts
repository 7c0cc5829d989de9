import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketIamAuthorizer, WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
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

describe('what is no authorization is refused with the factory that takes it', () => {
  const refusal = (authorization: unknown) => () => new WebSocketApi(testStack(), 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization: authorization as Authorization });

  test.each<[string, () => unknown, string]>([
    ['a handler', () => 'src/auth.main', 'write `Authorization.fromHandler("src/auth.main")`'],
    ['a function', () => testFunction(testStack()), 'write `Authorization.fromFunction(fn)`'],
    ['an authorizer', () => new WebSocketIamAuthorizer(), 'write `Authorization.fromAuthorizer(authorizer)`'],
  ])('%s', (_, value, message) => {
    expect(refusal(value())).toThrow(message);
  });

  test('an ARN, which is no handler', () => {
    expect(refusal('arn:aws:lambda:eu-west-1:111111111111:function:auth')).toThrow(/another factory of `Authorization` makes$/);
  });

  test.each<[string, () => unknown, string]>([
    ['of a function to make', () => Authorization.fromHandler(ECHO, { identitySources: [] } as any), '`Authorization.fromHandler()` has no option `identitySources`: did you mean `identitySource`?'],
    ['of an authorizer of HTTP APIs', () => Authorization.fromHandler(ECHO, { resultsCacheTtl: 1 } as any), '`Authorization.fromHandler()` has no option `resultsCacheTtl`: it is for HTTP APIs'],
    ['of an authorizer of HTTP APIs, beside a function that exists', () => Authorization.fromFunction(testFunction(testStack()), { resultsCacheTtl: 1 } as any), 'it is for HTTP APIs'],
    ['of a function that exists', () => Authorization.fromFunction(testFunction(testStack()), { memorySize: 128 } as any), '`Authorization.fromFunction()` has no option `memorySize`: the function keeps its own settings'],
    ['of a function of CDK', () => Authorization.fromHandler(ECHO, { entry: 'src/auth.ts' } as any), '`Authorization.fromHandler()` has no option `entry`: the first argument names file and export'],
  ])('an option %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[string, (source: HandshakeValue[]) => unknown]>([
    ['fromFunction', (identitySource) => Authorization.fromFunction(testFunction(testStack()), { identitySource })],
    ['fromHandler', (identitySource) => Authorization.fromHandler(ECHO, { identitySource })],
  ])('an answer of the authorizer as what %s needs', (factory, make) => {
    expect(() => make([HandshakeValue.authorizer('sub')])).toThrow(`\`identitySource\` of \`Authorization.${factory}()\` cannot have`);
  });
});

describe('what an authorization means to the rest of the API', () => {
  const jwt = { issuer: 'https://login.example.com', audience: ['chat'] };

  test.each<[string, Authorization, object]>([
    ['none', Authorization.none(), {}],
    ['iam', Authorization.iam(), { restricts: true }],
    ['a function', Authorization.fromHandler(ECHO), { restricts: true, answers: true, mayReturnKey: true }],
    ['an authorizer', Authorization.fromAuthorizer(new WebSocketLambdaAuthorizer('Given', testFunction(testStack()))), { restricts: true, answers: true, mayReturnKey: true }],
    ['a token', Authorization.jwt(jwt), { restricts: true, answers: true }],
    ['a token that ends its connection', Authorization.jwt({ ...jwt, closeOnExpiry: true }), { restricts: true, answers: true, closesOnExpiry: true }],
    ['a token in the subprotocol', Authorization.jwt({ ...jwt, token: HandshakeValue.subprotocol() }), { restricts: true, answers: true, isTokenInSubprotocol: true }],
  ])('%s', (_, authorization, meaning) => {
    expect({
      restricts: authorization._restricts,
      answers: authorization._answers,
      mayReturnKey: authorization._mayReturnKey,
      isTokenInSubprotocol: authorization._isTokenInSubprotocol,
      closesOnExpiry: authorization._closesOnExpiry,
    }).toEqual({ restricts: false, answers: false, mayReturnKey: false, isTokenInSubprotocol: false, closesOnExpiry: false, ...meaning });
  });

  test('a function that exists decides where one does', () => {
    const fn = testFunction(testStack());

    expect(Authorization.fromFunction(fn)._existing).toBe(fn);
    expect([Authorization.fromHandler(ECHO), Authorization.iam()].map(({ _existing }) => _existing)).toEqual([undefined, undefined]);
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
