import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Route, RouteOptions, StageSource, WebSocketApi, WebSocketApiProps } from '../../src';
import { ECHO, only, testFunction, testStack, testStackWithEnv, warnings } from '../test-stack';

describe('Route.toHandler', () => {
  test('leads to a function made from source', () => {
    const template = templateOf({ routes: { ping: Route.toHandler(ECHO, { memorySize: 256 }) } });

    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.main', Runtime: 'nodejs24.x', MemorySize: 256, Environment: { Variables: { WEBSOCKET_CALLBACK_URL: Match.anyValue() } },
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'ping', AuthorizationType: 'NONE', Target: Match.anyValue() });
  });

  test('takes options of the route beside props of the function', () => {
    const template = templateOf({ routes: { $connect: Route.toHandler(ECHO, { operationName: 'Connect', apiKeyRequired: true }) } });

    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { OperationName: 'Connect', ApiKeyRequired: true });
  });
});

describe('Route.toFunction', () => {
  test('makes one integration and one invoke permission for all routes that lead to a function', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn), b: Route.toFunction(fn), c: Route.toFunction(fn) } });
    const template = Template.fromStack(stack);

    template.resourceCountIs('AWS::ApiGatewayV2::Route', 3);
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
    expect(invokePermissions(template)).toHaveLength(1);
  });

  test('lets this stage of the API invoke the function, on any route, and nobody else', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });

    const [permission] = invokePermissions(Template.fromStack(stack));
    expect(permission.Properties.SourceArn['Fn::Join'][1].slice(-2)).toEqual([{ Ref: expect.stringMatching(/^Api/) }, '/dev/*']);
  });

  test('leaves the settings of the function as they are', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', {
      routes: { a: Route.toFunction(testFunction(stack)) },
      defaultFunctionProps: { memorySize: 3008, environment: { TABLE: 't' } },
    });

    const fn = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Runtime: 'nodejs24.x' } }))[0];
    expect(fn.Properties).not.toHaveProperty('MemorySize');
    expect(fn.Properties).not.toHaveProperty('Environment');
  });

  test('takes an alias', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack).addAlias('live')) } });

    const { Properties } = only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Integration');
    expect(JSON.stringify(Properties.IntegrationUri)).toContain('Aliaslive');
  });

  test('warns of a function whose role is not known, because nothing can be granted to it', () => {
    const stack = testStackWithEnv();
    const fn = Function.fromFunctionArn(stack, 'Imported', 'arn:aws:lambda:eu-west-1:111111111111:function:imported');
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn), b: Route.toFunction(fn) } });

    expect(warnings(stack.node.root as App)).toEqual([expect.stringContaining(
      'the role of function `Stack/Imported` is not known, so it is not permitted to post to connections, nor anything else: '
      + 'permit `execute-api:ManageConnections` where the function is created, or import it with its role, by `Function.fromFunctionAttributes()`')]);
  });

  test('grants to an imported function whose role is known', () => {
    const stack = testStack();
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/given');
    const fn = Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:imported', role });
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { Roles: ['given'] });
  });

  test('takes an imported function', () => {
    const stack = testStack();
    const fn = Function.fromFunctionArn(stack, 'Imported', 'arn:aws:lambda:us-east-1:111111111111:function:imported');
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } });

    const { Properties } = only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Integration');
    expect(Properties.IntegrationUri['Fn::Join'][1].filter((part: unknown) => typeof part === 'string')).toEqual([
      'arn:', ':apigateway:', ':lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111111111111:function:imported/invocations',
    ]);
  });
});

describe('Route.toIntegration', () => {
  test('leads to any integration of CDK', () => {
    const template = templateOf({
      routes: { ping: Route.toIntegration(new WebSocketMockIntegration('Mock', { requestTemplates: { 200: '{"statusCode":200}' }, templateSelectionExpression: '200' })) },
    });

    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'MOCK', RequestTemplates: { 200: '{"statusCode":200}' }, TemplateSelectionExpression: '200',
    });
    template.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test('makes an integration for each route, so that none depends on which comes first', () => {
    const mock = new WebSocketMockIntegration('Mock');

    templateOf({ routes: { a: Route.toIntegration(mock), b: Route.toIntegration(mock) } }).resourceCountIs('AWS::ApiGatewayV2::Integration', 2);
  });
});

describe('the options of a route', () => {
  test('are left out of the template when they are not given', () => {
    const { Properties } = only(templateWith({}), 'AWS::ApiGatewayV2::Route');

    expect(Object.keys(Properties).sort()).toEqual(['ApiId', 'AuthorizationType', 'RouteKey', 'Target']);
  });

  test('returnResponse makes the route answer', () => {
    const template = templateWith({ returnResponse: true });

    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteResponseSelectionExpression: '$default' });
    template.hasResourceProperties('AWS::ApiGatewayV2::RouteResponse', { RouteResponseKey: '$default' });
  });

  test('throttle lies in the stage, which waits for the route', () => {
    const stage = only(templateWith({ throttle: { rateLimit: 5, burstLimit: 2 } }), 'AWS::ApiGatewayV2::Stage');

    expect(stage.Properties.RouteSettings).toEqual({ a: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 2 } });
    expect(stage.DependsOn).toContainEqual(expect.stringMatching(/^ApiRoutea/));
  });

  test('throttle repeats the settings of the stage that it does not change', () => {
    const stage = only(templateWith({ throttle: { rateLimit: 5 } }, {
      stage: StageSource.fromOptions({ throttle: { rateLimit: 100, burstLimit: 50 }, detailedMetrics: true }),
    }), 'AWS::ApiGatewayV2::Stage');

    expect(stage.Properties.RouteSettings).toEqual({
      a: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 50, DetailedMetricsEnabled: true },
    });
  });

  test('throttle with nothing in it is refused', () => {
    expect(() => templateWith({ throttle: {} })).toThrow('route `"a"` has an empty `throttle`: give `rateLimit`, `burstLimit` or both');
  });

  test('throttle is refused for a route in another stack than the stage', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) } });
    const other = new Stack(stack.node.root as App, 'Other');

    expect(() => api.addRoutes(other, { b: Route.toFunction(testFunction(other), { throttle: { rateLimit: 1 } }) }))
      .toThrow('route `"b"` cannot have a `throttle`: it would be stored on the stage, and the stage\'s stack `Stack` cannot refer to a route in another');
    expect(api.routes).toEqual(['a']);
  });
});

function templateOf(props: WebSocketApiProps): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', props);
  return Template.fromStack(stack);
}

function templateWith(options: RouteOptions, props: WebSocketApiProps = {}): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack), options) }, ...props });
  return Template.fromStack(stack);
}

function invokePermissions(template: Template) {
  return Object.values(template.findResources('AWS::Lambda::Permission', { Properties: { Principal: 'apigateway.amazonaws.com' } }));
}
