import { App, Duration, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { CfnEventInvokeConfig, Code, Function, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FunctionRouteOptions, HandlerProps, HandlerRouteProps, Route, RouteOptions, WebSocketApi } from '../../../src';
import { ECHO, only, testApp, testFunction, testStack, testStackWithEnv, warnings } from '../../test-stack';

const ASYNCHRONOUS = { asynchronous: true };

describe('an asynchronous route', () => {
  test('leads to a function that hands its messages on, and API Gateway may not call its own function', () => {
    const template = apiWith({ ask: Route.toHandler(ECHO, ASYNCHRONOUS) });
    const [forwarder] = forwarders(template);
    const own = functionOf(template, 'Routeask');

    expect(forwarder.routes).toEqual({ ask: arnOf(own) });
    expect(only(template, 'AWS::ApiGatewayV2::Integration').Properties.IntegrationUri['Fn::Join'][1]).toContainEqual(arnOf(forwarder.id));
    expect(only(template, 'AWS::Lambda::Permission').Properties.FunctionName).toEqual(arnOf(forwarder.id));
  });

  test('has a function that has five minutes, and that Lambda calls once, within a minute', () => {
    const template = apiWith({ ask: Route.toHandler(ECHO, ASYNCHRONOUS) });

    expect(template.findResources('AWS::Lambda::Function')[functionOf(template, 'Routeask')].Properties.Timeout).toBe(300);
    expect(only(template, 'AWS::Lambda::EventInvokeConfig').Properties)
      .toMatchObject({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0, Qualifier: '$LATEST' });
  });

  test('takes the times that the app gives, for the route or for all', () => {
    const template = apiWith(
      { ask: Route.toHandler(ECHO, { ...ASYNCHRONOUS, retryAttempts: 1 }) },
      { timeout: Duration.minutes(2), maxEventAge: Duration.hours(1) },
    );

    expect(template.findResources('AWS::Lambda::Function')[functionOf(template, 'Routeask')].Properties.Timeout).toBe(120);
    expect(only(template, 'AWS::Lambda::EventInvokeConfig').Properties)
      .toMatchObject({ MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 1 });
  });

  test('takes the times that an organisation injects', () => {
    const app = testApp();
    PropertyInjectors.of(app).add({
      constructUniqueId: Function.PROPERTY_INJECTION_ID, inject: (props) => ({ retryAttempts: 2, ...props }),
    });
    const template = apiWith({ ask: Route.toHandler(ECHO, ASYNCHRONOUS) }, {}, testStack({}, app));

    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 });
  });

  test('whose function is published leads to its alias, which has the times', () => {
    const template = apiWith({ ask: Route.toHandler(ECHO, { ...ASYNCHRONOUS, publishVersion: true }) });
    const [alias] = Object.keys(template.findResources('AWS::Lambda::Alias'));

    expect(forwarders(template)[0].routes).toEqual({ ask: { Ref: alias } });
    const { Properties: settings } = only(template, 'AWS::Lambda::EventInvokeConfig');
    expect(settings.MaximumRetryAttempts).toBe(0);
    expect(JSON.stringify(settings.Qualifier)).toContain(alias);
  });

  test('may post to its connections, and has what is attached to it', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', {
      routes: { ask: Route.toHandler(ECHO, ASYNCHRONOUS), fn: Route.toFunction(testFunction(stack), ASYNCHRONOUS) },
    });

    expect(api.getFunction('ask')!.node.path).toBe('Stack/Api/Route ask/Function');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('FunctionServiceRole'),
      PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Action: 'execute-api:ManageConnections' })] }),
    });
  });

  test('is no reason to warn of its timeout, but one that API Gateway waits for is', () => {
    const fn = (stack: Stack) => new Function(stack, 'Slow', {
      code: Code.fromInline('exports.main = 1'), handler: 'index.main', runtime: Runtime.NODEJS_24_X, timeout: Duration.minutes(1),
    });
    const asynchronous = appWith((stack) => ({
      a: Route.toFunction(fn(stack), ASYNCHRONOUS),
      b: Route.toHandler(ECHO, { ...ASYNCHRONOUS, timeout: Duration.minutes(9) }),
    }));
    const both = appWith((stack) => {
      const slow = fn(stack);
      return { a: Route.toFunction(slow, ASYNCHRONOUS), b: Route.toFunction(slow) };
    });

    expect(warnings(asynchronous)).toEqual([]);
    expect(warnings(both)).toEqual([expect.stringContaining('the function of route `"b"` may run for 60 seconds')]);
    expect(warnings(both)).toEqual([expect.stringContaining('write `asynchronous: true`')]);
  });
});

describe('one function forwards', () => {
  test('the messages of all asynchronous routes of a scope', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { one: Route.toHandler(ECHO, ASYNCHRONOUS), sync: Route.toHandler(ECHO) } });
    api.addRoutes(new Construct(stack, 'Feature'), { two: Route.toHandler(ECHO, ASYNCHRONOUS) });
    api.addRoutes(api, { three: Route.toHandler(ECHO, ASYNCHRONOUS) });

    expect(forwarders(Template.fromStack(stack)).map(({ routes }) => Object.keys(routes))).toEqual([['one', 'three'], ['two']]);
  });

  test('of another stack the messages of its routes, and the stack of the API does not depend on it', () => {
    const app = testApp();
    const [apiStack, feature] = ['Api', 'Feature'].map((id) => new Stack(app, id, { env: { account: '111111111111', region: 'eu-west-1' } }));
    const api = new WebSocketApi(apiStack, 'Api', { routes: { one: Route.toHandler(ECHO, ASYNCHRONOUS) } });
    api.addRoutes(feature, { two: Route.toHandler(ECHO, ASYNCHRONOUS), three: Route.toFunction(api.getFunction('one')!, ASYNCHRONOUS) });

    expect(forwarders(Template.fromStack(feature)).map(({ routes }) => Object.keys(routes))).toEqual([['three', 'two']]);
    expect(apiStack.dependencies).toEqual([]);
  });

  test('and may invoke the functions of its routes, and nothing else', () => {
    const template = apiWith({
      one: Route.toHandler(ECHO, ASYNCHRONOUS), two: Route.toHandler(ECHO, ASYNCHRONOUS), three: Route.toHandler(ECHO),
    });
    const [role] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.includes('Asynchronous')).map(([, { Properties }]) => Properties);

    expect(role.Policies.flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement)).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: ['Routeone', 'Routetwo'].map((id) => arnOf(functionOf(template, id))) },
    ]);
  });

  test('as many routes as its environment holds, and then there is a second', () => {
    const keys = Array.from({ length: 40 }, (_, index) => `route-${index}`);
    const all = forwarders(apiOf(keys));

    expect(all).toHaveLength(2);
    expect(all.flatMap(({ routes }) => Object.keys(routes)).sort()).toEqual([...keys].sort());
    // An ARN is 130 bytes at most.
    all.forEach(({ routes }) => expect(Object.keys(routes).length * (130 + 'route-00:"",""'.length)).toBeLessThan(4096));
  });

  test('the same routes whatever their order, and however many calls have added them', () => {
    const keys = Array.from({ length: 40 }, (_, index) => `route-${index}`);
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api');
    keys.forEach((key) => api.addRoutes(api, { [key]: Route.toHandler(ECHO, ASYNCHRONOUS) }));

    expect(withoutCode(apiOf([...keys].reverse()))).toEqual(withoutCode(apiOf(keys)));
    expect(withoutCode(Template.fromStack(stack))).toEqual(withoutCode(apiOf(keys)));
  });
});

describe('a function that exists', () => {
  test('is called once, within a minute, if the app has not set it', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn, ASYNCHRONOUS), b: Route.toFunction(fn, ASYNCHRONOUS) } });

    expect(only(Template.fromStack(stack), 'AWS::Lambda::EventInvokeConfig').Properties)
      .toEqual({ FunctionName: stack.resolve(fn.functionName), Qualifier: '$LATEST', MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
  });

  test.each<[string, (fn: Function) => IFunction, string]>([
    ['a version', (fn) => fn.currentVersion, 'Version'],
    ['an alias', (fn) => fn.addAlias('live'), 'live'],
  ])('is called once also by %s of it', (_, called, qualifier) => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(called(testFunction(stack)), ASYNCHRONOUS) } });

    expect(JSON.stringify(only(Template.fromStack(stack), 'AWS::Lambda::EventInvokeConfig').Properties.Qualifier)).toContain(qualifier);
  });

  test.each<[string, (fn: Function) => void]>([
    ['by CDK', (fn) => fn.configureAsyncInvoke({ retryAttempts: 2 })],
    ['in CloudFormation\'s words', (fn) => new CfnEventInvokeConfig(fn.stack, 'Own', { functionName: fn.functionName, qualifier: '$LATEST', maximumRetryAttempts: 2 })],
  ])('keeps settings that the app gives it %s, also later', (_, configure) => {
    const stack = testStack();
    const fn = testFunction(stack);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn, ASYNCHRONOUS) } });
    configure(fn);

    expect(only(Template.fromStack(stack), 'AWS::Lambda::EventInvokeConfig').Properties.MaximumRetryAttempts).toBe(2);
  });

  test('is called once although another function, or a version of it, has settings', () => {
    const stack = testStack();
    const [fn, other] = [testFunction(stack), testFunction(stack, 'Other')];
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn, ASYNCHRONOUS) } });
    other.configureAsyncInvoke({ retryAttempts: 2 });
    fn.currentVersion.configureAsyncInvoke({ retryAttempts: 2 });
    const settings = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::EventInvokeConfig')).map(({ Properties }) => Properties.MaximumRetryAttempts);

    expect(settings.sort()).toEqual([0, 2, 2]);
  });

  test('of two APIs has one setting, as Lambda has, whichever is made first', () => {
    const idsOf = (...apis: string[]) => {
      const stack = testStack();
      const fn = testFunction(stack);
      apis.forEach((id) => new WebSocketApi(stack, id, { routes: { a: Route.toFunction(fn, ASYNCHRONOUS) } }));
      return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::EventInvokeConfig'));
    };

    expect(idsOf('One', 'Two')).toEqual([expect.stringMatching(/^One/)]);
    expect(idsOf('Two', 'One')).toEqual(idsOf('One', 'Two'));
  });

  test('and is imported keeps its own settings, and a warning says so', () => {
    const app = appWith((stack) => ({
      a: Route.toFunction(Function.fromFunctionAttributes(stack, 'Imported', {
        functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:f', sameEnvironment: true, skipPermissions: true,
      }), ASYNCHRONOUS),
    }));

    expect(warnings(app)).toContainEqual(expect.stringContaining('function `Stack/Imported` of route `"a"` is imported, so its settings of asynchronous invocations stay as they are'));
  });

  test('may serve other routes that API Gateway waits for', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn, ASYNCHRONOUS), b: Route.toFunction(fn, { returnResponse: true }) } });

    Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::Integration', 2);
  });
});

describe('what cannot be asynchronous is an error', () => {
  test.each<[string, () => Route, string]>([
    ['a handler that answers', () => Route.toHandler(ECHO, { asynchronous: true, returnResponse: true }), '`Route.toHandler()` cannot have `returnResponse` together with `asynchronous`'],
    ['a function that answers', () => Route.toFunction(testFunction(testStack()), { asynchronous: true, returnResponse: true }), '`Route.toFunction()` cannot have `returnResponse`'],
    ['an integration', () => Route.toIntegration(new WebSocketMockIntegration('Mock'), ASYNCHRONOUS as RouteOptions), '`Route.toIntegration()` has no option `asynchronous`: API Gateway waits for an integration'],
    ['a text', () => Route.toHandler(ECHO, { asynchronous: 'yes' } as unknown as HandlerRouteProps), '`asynchronous` of `Route.toHandler()` is the string `"yes"`, but takes `true` or `false`'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<FunctionRouteOptions>([ASYNCHRONOUS])('the route $connect', (options) => {
    expect(() => apiWith({ $connect: Route.toHandler(ECHO, options) })).toThrow('route `"$connect"` cannot be `asynchronous`: its answer lets the client in or refuses it');
  });

  test('and then the routes are as they were', () => {
    const stack = testStackWithEnv();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, ASYNCHRONOUS) } });
    const before = withoutCode(Template.fromStack(stack));
    const other = testStackWithEnv();
    const again = new WebSocketApi(other, 'Api', { routes: { a: Route.toHandler(ECHO, ASYNCHRONOUS) } });
    const refused = Function.fromFunctionArn(other, 'Refused', 'arn:aws:lambda:us-east-1:222222222222:function:f');
    expect(() => again.addRoutes(again, { b: Route.toHandler(ECHO, ASYNCHRONOUS), c: Route.toFunction(refused, ASYNCHRONOUS) })).toThrow();

    expect(api.routes).toEqual(['a']);
    expect(withoutCode(Template.fromStack(other))).toEqual(before);
  });
});

function appWith(routes: (stack: Stack) => { [key: string]: Route }): App {
  const app = testApp();
  const stack = testStackWithEnv(app);
  new WebSocketApi(stack, 'Api', { routes: routes(stack) });
  return app;
}

function apiWith(routes: { [key: string]: Route }, defaultFunctionProps: HandlerProps = {}, stack = testStack()): Template {
  new WebSocketApi(stack, 'Api', { routes, defaultFunctionProps });
  return Template.fromStack(stack);
}

function apiOf(keys: string[]): Template {
  return apiWith(Object.fromEntries(keys.map((key) => [key, Route.toHandler(ECHO, ASYNCHRONOUS)])));
}

/** Code that is not bundled has another key each time. */
function withoutCode(template: Template): unknown {
  return JSON.parse(JSON.stringify(template.toJSON(), (key, value) => key === 'S3Key' ? undefined : value));
}

/** The functions that forward, and the ARN of the function of each of their routes. */
function forwarders(template: Template): Array<{ id: string; routes: { [key: string]: unknown } }> {
  return Object.entries(template.findResources('AWS::Lambda::Function', { Properties: { Handler: 'asynchronous.handler' } }))
    .map(([id, { Properties }]) => ({ id, routes: parsed(Properties.Environment.Variables.ROUTES['Fn::Join'][1]) }));
}

/** JSON with references in it. */
function parsed(parts: unknown[]): { [key: string]: unknown } {
  const references = parts.filter((part) => typeof part !== 'string');
  const text = parts.map((part) => typeof part === 'string' ? part : '@').join('');
  return Object.fromEntries(Object.keys(JSON.parse(text)).map((key, index) => [key, references[index]]));
}

function functionOf(template: Template, path: string): string {
  return Object.keys(template.findResources('AWS::Lambda::Function')).find((id) => id.includes(path))!;
}

function arnOf(id: string) {
  return { 'Fn::GetAtt': [id, 'Arn'] };
}
