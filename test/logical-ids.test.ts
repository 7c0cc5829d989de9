import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { Construct } from 'constructs';
import { Authorization, Bundling, Route, RouteOptions, WebSocketApi } from '../src';
import { goldenLogicalIds, logicalIds } from './golden';
import { connectionsWithGroups, everything } from './scenarios';
import { ECHO, testApp, testFunction, testStack } from './test-stack';

test('an API with every feature on has the logical ids that were committed', () => {
  const app = testApp();
  everything(app);
  const ids = logicalIds(app);

  expect(ids).toEqual(goldenLogicalIds('everything', ids));
});

test('the table of connections, and what keeps and reaches it, have the logical ids that were committed', () => {
  const app = testApp();
  connectionsWithGroups(app);
  const ids = logicalIds(app);

  expect(ids).toEqual(goldenLogicalIds('connections', ids));
});

describe('the resources of an API', () => {
  // Real bundles: what is built together must not show in what is built.
  const all = resourcesOf((routes) => routes);

  test.each(Object.keys(routesOf(testStack())))('are as they were, but for those of the route, when route %s comes or goes', (key) => {
    const without = resourcesOf(({ [key]: _, ...others }) => others);

    expect(Object.keys(all).length).toBeGreaterThan(Object.keys(without).length);
    expect(all).toEqual({ ...all, ...without });
  });

  test('are as they were when the routes change places', () => {
    expect(resourcesOf((routes) => Object.fromEntries(Object.entries(routes).reverse()))).toEqual(all);
    expect(resourcesOf((routes) => Object.fromEntries(Object.entries(routes).sort(([a], [b]) => a < b ? -1 : 1)))).toEqual(all);
  });

  test('are as they were, but for the stage that holds it, when a route gets a throttle', () => {
    const throttled = resourcesOf((routes) => routes, { throttle: { rateLimit: 1 } });

    const [stage] = Object.keys(all).filter((id) => all[id].Type === 'AWS::ApiGatewayV2::Stage');

    expect(throttled[stage]).not.toEqual(all[stage]);
    expect({ ...throttled, [stage]: undefined }).toEqual({ ...all, [stage]: undefined });
  });

  test('are as they were when a route in another stack comes', () => {
    const withFeature = resourcesOf((routes) => routes, {}, (api, app) => api.addRoutes(new Stack(app, 'Feature'), { feature: Route.toHandler(ECHO) }));

    expect(withFeature).toEqual(all);
  });
});

describe('the resources of a route in another stack', () => {
  test.each(['first', 'second'])('are as they were when route %s comes or goes', (key) => {
    const both = featureOf(['first', 'second']);
    const without = featureOf(['first', 'second'].filter((other) => other !== key));

    expect(both).toEqual({ ...both, ...without });
  });

  test('do not meet those of another API\'s routes in the same stack', () => {
    const app = testApp();
    const apis = ['One', 'Two'].map((id) => new WebSocketApi(new Stack(app, id), 'Api', { routes: { $default: Route.toHandler(ECHO) } }));
    const feature = new Stack(app, 'Feature');
    apis.forEach((api) => api.addRoutes(feature, { feature: Route.toHandler(ECHO) }));

    Template.fromStack(feature).resourceCountIs('AWS::ApiGatewayV2::Route', 2);
  });

  test.each([
    ['without feature flags', {}],
    ['with those of a new app', recommendedFlags],
  ])('grant to a function of a third stack by policies of different names, %s', (_, flags) => {
    const app = testApp(flags);
    const fn = testFunction(new Stack(app, 'Functions'));
    const stacks = ['One', 'Two'].map((id) => new Stack(app, id));
    stacks.forEach((stack) => new WebSocketApi(stack, 'Api', { routes: { $default: Route.toFunction(fn) } }));
    const names = stacks.flatMap((stack) => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties.PolicyName));

    // All are attached to one role, where a policy replaces another one of its name.
    expect(new Set(names).size).toBe(2);
    names.forEach((name) => expect(name).toMatch(/^[\w+=,.@-]{1,128}$/));
  });

  function featureOf(keys: string[]) {
    const app = testApp();
    const api = new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { $default: Route.toHandler(ECHO) } });
    const feature = new Stack(app, 'Feature');
    api.addRoutes(feature, Object.fromEntries(keys.map((key) => [key, Route.toHandler(ECHO)])));
    return Template.fromStack(feature).toJSON().Resources;
  }
});

describe('a route key', () => {
  const keys = [
    'Default', 'Resource', 'Api', 'Stage', 'LogGroup', 'Function', 'Target', 'Integration', 'constructor', 'toString',
    'a', 'A', 'ab', 'a-b', 'a--b', 'a b', 'a_b', 'a.b', 'a/b', 'a//b', 'a%2Fb', 'a%2fb', 'a%252Fb', 'a%b', '%', '/', '-',
    'é', 'e\u0301', 'привет', '你好', '👋', '👋🏽', '"', '{}', '\\',
  ];

  test('never collides with another one, or with what is the API\'s own', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: Object.fromEntries(keys.map((key) => [key, Route.toHandler(ECHO)])) });
    const template = Template.fromStack(stack);

    expect(api.routes).toEqual(keys);
    expect(Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties.RouteKey)).toEqual(keys);
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', keys.length);
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { Handler: 'index.main', Runtime: 'nodejs24.x' }, keys.length);
  });

  test('decides the logical ids, and the handler does not', () => {
    const idsWith = (route: Route) => {
      const stack = testStack();
      new WebSocketApi(stack, 'Api', { routes: { key: route } });
      return Object.keys(Template.fromStack(stack).toJSON().Resources);
    };

    expect(idsWith(Route.toHandler('test/fixtures/scenarios/connect.main', { memorySize: 256 }))).toEqual(idsWith(Route.toHandler(ECHO)));
  });
});

describe('a route', () => {
  test('is not replaced when it leads from a function that exists to a handler', () => {
    const routeTo = (route: (stack: Stack) => Route) => {
      const stack = testStack();
      new WebSocketApi(stack, 'Api', { routes: { $connect: route(stack) }, authorization: Authorization.iam() });
      return Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route');
    };
    const toFunction = routeTo((stack) => Route.toFunction(testFunction(stack)));
    const toHandler = routeTo(() => Route.toHandler(ECHO));
    const [id] = Object.keys(toFunction);

    expect(Object.keys(toHandler)).toEqual([id]);
    expect({ ...toHandler[id].Properties, Target: undefined }).toEqual({ ...toFunction[id].Properties, Target: undefined });
  });

  test('is not replaced when what its API authorizes by changes', () => {
    const idsWith = (authorization?: Authorization) => {
      const stack = testStack();
      new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization });
      return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route'));
    };

    expect(idsWith(Authorization.iam())).toEqual(idsWith());
    expect(idsWith(Authorization.fromHandler(ECHO))).toEqual(idsWith());
  });
});

describe('inside a cdk.Stage', () => {
  test.each<[string, (app: App) => Construct]>([
    ['a stage of another name', (app) => new Stage(app, 'prod')],
    ['a stage in a stage', (app) => new Stage(new Stage(app, 'eu'), 'prod')],
    ['no stage', (app) => app],
  ])('logical ids are the same as in %s', (_, place) => {
    const beta = idsIn((app) => new Stage(app, 'beta'));

    expect(beta.map((stack) => Object.values(stack).filter((type) => type === 'AWS::ApiGatewayV2::Integration').length)).toEqual([0, 2, 2]);
    expect(idsIn(place)).toEqual(beta);
  });

  /** With functions and routes in other stacks than the API, because those are known by their paths. */
  function idsIn(place: (app: App) => Construct) {
    const app = testApp();
    const scope = place(app);
    const fn = testFunction(new Stack(scope, 'Functions'));
    const api = new WebSocketApi(new Stack(scope, 'Apis'), 'Api', {
      routes: { $connect: Route.toHandler(ECHO), $default: Route.toFunction(fn) },
      authorization: Authorization.fromFunction(fn),
    });
    api.addRoutes(new Stack(scope, 'Feature'), { feature: Route.toHandler(ECHO), shared: Route.toFunction(fn) });
    // Two ids contain the whole path: the policy for a function of another stack, because no other stack may use its name, and CDK's
    // permission for an authorizer.
    return Object.values(logicalIds(app)).map((stack) => Object.fromEntries(Object.entries(stack).filter(([id]) => !/RolePolicy|Authorizer\w+Permission/.test(id))));
  }
});

/** A route of each kind, two of them to one function. */
function routesOf(stack: Stack, options: RouteOptions = {}): { [routeKey: string]: Route } {
  const fn = testFunction(stack);
  return {
    $connect: Route.toHandler('test/fixtures/scenarios/connect.main'),
    $default: Route.toHandler('test/fixtures/scenarios/message.main'),
    first: Route.toFunction(fn),
    second: Route.toFunction(fn),
    alone: Route.toFunction(testFunction(stack, 'Alone')),
    ping: Route.toIntegration(new WebSocketMockIntegration('Ping')),
    queue: Route.toQueue(new Queue(stack, 'Queue')),
    mock: Route.toMock(),
    last: Route.toHandler(ECHO, { returnResponse: true, ...options }),
  };
}

/**
 * The resources of a stack that has an API with some of the routes, and with bundles. What they depend on is left out: a function that
 * exists depends on its policy as soon as there is one.
 */
function resourcesOf(
  select: (routes: { [routeKey: string]: Route }) => { [routeKey: string]: Route },
  options: RouteOptions = {},
  then: (api: WebSocketApi, app: App) => void = () => {},
): { [logicalId: string]: { Type: string; Properties?: object } } {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const api = new WebSocketApi(stack, 'Api', {
    routes: select(routesOf(stack, options)),
    // With the maps, which tell where the sources are from where the bundle is.
    defaultFunctionProps: { bundling: Bundling.esbuild({ sourceMap: true }) },
  });
  then(api, app);
  const resources: { [logicalId: string]: any } = Template.fromStack(stack).toJSON().Resources;
  return Object.fromEntries(Object.entries(resources).map(([id, { DependsOn, ...resource }]) => [id, resource]));
}
