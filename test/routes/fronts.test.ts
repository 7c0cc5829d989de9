import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { Authorization, Route } from '../../src';
import { HandshakeFronts } from '../../src/connections/handshake-fronts';
import { ApiRoutes } from '../../src/routes/api-routes';
import { StageEndpoint } from '../../src/stage-endpoint';
import { StageSource } from '../../src/stage-source';
import { ECHO, testApp, testFunction, testStack } from '../test-stack';

describe('a function of the library that stands before $connect', () => {
  test('is what API Gateway calls, and calls the function of the app', () => {
    const stack = testStack();
    routesOf(stack).add(stack, { $connect: Route.toHandler(ECHO) });
    const template = Template.fromStack(stack);

    const [front] = idsOf(template, 'AWS::Lambda::Function', ({ Handler }) => Handler === 'connections.handler');
    const [behind] = idsOf(template, 'AWS::Lambda::Function', ({ Handler }) => Handler !== 'connections.handler');
    expect(calledBy(template, '$connect')).toBe(front);
    expect(Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => Properties.FunctionName['Fn::GetAtt'][0])).toEqual([front]);
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { CONNECT_HANDLER: { 'Fn::GetAtt': [behind, 'Arn'] } } } });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: { 'Fn::GetAtt': [behind, 'Arn'] } }] },
    });
  });

  test('leaves the function of the app as it was: its logical id, and who it is', () => {
    const resources = (fronted: boolean) => {
      const stack = testStack();
      const routes = routesOf(stack, { fronted });
      routes.add(stack, { $connect: Route.toHandler(ECHO) });
      expect(routes.functionOf('$connect')?.node.path).toBe('Stack/Route $connect/Function');
      return Template.fromStack(stack).toJSON().Resources;
    };
    const without = Object.entries(resources(false)).filter(([id]) => /Function/.test(id) && !/Target/.test(id));

    expect(without.length).toBeGreaterThan(1);
    expect(resources(true)).toMatchObject(Object.fromEntries(without));
  });

  test('calls a function that exists, which API Gateway still calls on other routes', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    routesOf(stack).add(stack, { $connect: Route.toFunction(fn), other: Route.toFunction(fn) });
    const template = Template.fromStack(stack);

    expect(calledBy(template, 'other')).toBe(stack.getLogicalId(fn.node.defaultChild as any));
    expect(calledBy(template, '$connect')).not.toBe(calledBy(template, 'other'));
  });

  test('calls a function that exists, which API Gateway need not be permitted to call', () => {
    const stack = testStack();
    const fn = testFunction(stack);
    routesOf(stack).add(stack, { $connect: Route.toFunction(fn) });

    expect(Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Permission')).map(({ Properties }) => Properties.FunctionName['Fn::GetAtt'][0]))
      .not.toContain(stack.getLogicalId(fn.node.defaultChild as any));
  });

  test('is in the other stack if another stack adds $connect', () => {
    const app = testApp();
    const stack = testStack({}, app);
    const other = new Stack(app, 'Other');
    const routes = routesOf(stack);
    routes.prepareMissing();
    routes.add(other, { $connect: Route.toHandler(ECHO) });

    expect(idsOf(Template.fromStack(other), 'AWS::Lambda::Function', ({ Handler }) => Handler === 'connections.handler')).toHaveLength(1);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('serves $connect itself if the app has none, and the app sees no such route', () => {
    const stack = testStack();
    const routes = routesOf(stack, { authorization: Authorization.fromHandler(ECHO) });
    routes.add(stack, { a: Route.toHandler(ECHO) });
    routes.prepareMissing();
    const template = Template.fromStack(stack);

    expect(calledBy(template, '$connect')).toBe(idsOf(template, 'AWS::Lambda::Function', ({ Handler }) => Handler === 'connections.handler')[0]);
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$connect', AuthorizationType: 'CUSTOM' });
    expect(routes.keys).toEqual(['a']);
    expect(routes.functionOf('$connect')).toBeUndefined();
    expect(routes.resources.map(({ routeKey }) => routeKey)).toEqual(['a', '$connect']);
  });

  test('serves no $connect that the app has', () => {
    const stack = testStack();
    const routes = routesOf(stack);
    routes.add(stack, { $connect: Route.toHandler(ECHO) });
    routes.prepareMissing();

    Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  });

  test('says where a handler of the authorizer is missing at the line that has no $connect', () => {
    const routes = routesOf(testStack({}, new App()), { authorization: Authorization.fromHandler('no/such.main') });

    expect(() => routes.prepareMissing()).toThrow('no/such');
  });

  test('cannot stand before an integration', () => {
    const stack = testStack();

    expect(() => routesOf(stack).add(stack, { $connect: Route.toIntegration(new WebSocketMockIntegration('Mock')) })).toThrow(
      'route `"$connect"` leads to an integration, but a test needs a function of this library there, which can only call a function: ' +
      'lead the route to one with `Route.toHandler()` or `Route.toFunction()`, or leave it out');
  });

  test('may call the same functions in whatever order the routes are written', () => {
    const template = (keys: string[]) => {
      const stack = testStack();
      routesOf(stack).add(stack, Object.fromEntries(keys.map((key) => [key, Route.toHandler(ECHO)])));
      // An app that bundles nothing has another asset each time.
      return JSON.parse(JSON.stringify(Template.fromStack(stack).toJSON(), (name, value) => name === 'S3Key' ? undefined : value));
    };

    expect(template(['a', '$connect'])).toEqual(template(['$connect', 'a']));
  });
});

test('all that routes consist of is known, each part once', () => {
  const stack = testStack();
  const fn = testFunction(stack);
  const routes = routesOf(stack, { fronted: false });
  routes.add(stack, {
    a: Route.toFunction(fn),
    b: Route.toFunction(fn),
    c: Route.toMock(),
    d: Route.toHandler(ECHO, { asynchronous: true }),
    e: Route.toHandler(ECHO, { asynchronous: true }),
  });

  expect(routes.parts.map(({ node }) => node.path).sort()).toEqual([
    'Stack/Asynchronous', 'Stack/Function Function', 'Stack/Route a', 'Stack/Route b', 'Stack/Route c', 'Stack/Route d', 'Stack/Route d/Target', 'Stack/Route e', 'Stack/Route e/Target',
  ]);
});

function routesOf(owner: Construct, { fronted = true, authorization = Authorization.none() } = {}): ApiRoutes {
  const api = new WebSocketApi(owner, 'Api');
  const stage = StageSource.fromOptions({})._bind(owner, api, undefined);
  return new ApiRoutes(owner, {
    api,
    stage,
    endpoint: new StageEndpoint(owner, api, stage.stage),
    authorization,
    defaultFunctionProps: {},
    invokeArn: (route) => `arn:${route}`,
    fronts: fronted ? new HandshakeFronts('a test', { webSocketApi: api, invokeArn: 'arn:*' }) : undefined,
  });
}

function idsOf(template: Template, type: string, isMeant: (properties: any) => boolean): string[] {
  return Object.entries(template.findResources(type)).filter(([, { Properties }]) => isMeant(Properties)).map(([id]) => id);
}

/** The logical id of the function that API Gateway calls for a route. */
function calledBy(template: Template, routeKey: string): string {
  const [route] = Object.values(template.findResources('AWS::ApiGatewayV2::Route', { Properties: { RouteKey: routeKey } }));
  const integration = route.Properties.Target['Fn::Join'][1][1].Ref;
  return /"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(JSON.stringify(template.toJSON().Resources[integration].Properties.IntegrationUri))![1];
}
