import { App, Duration, Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IWebSocketApi, WebSocketApi as CdkWebSocketApi, WebSocketIntegrationType, WebSocketRouteIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { Code, Function, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ApiSource, Authorization, HandlerProps, Permissions, Route, RouteOptions, StageSource, WebSocketApi, WebSocketApiProps } from '../../src';
import { ECHO, testApp, testFunction, testStack, warnings } from '../test-stack';

const HERE = { account: '111111111111', region: 'eu-west-1' };
const OTHER_REGION = { account: '111111111111', region: 'us-east-1' };
const OTHER_ACCOUNT = { account: '222222222222', region: 'eu-west-1' };

describe('routes in a stack of another account or Region are an error at the line that adds them', () => {
  const KINDS: Array<[string, (stack: Stack) => WebSocketApi]> = [
    ['created', (stack) => new WebSocketApi(stack, 'Api')],
    ['imported', (stack) => new WebSocketApi(stack, 'Api', { api: ApiSource.fromApi(imported(stack)) })],
  ];
  test.each(KINDS.flatMap(([kind, make]) => [false, true].flatMap((crossRegionReferences) => [
    [kind, crossRegionReferences, OTHER_REGION, 'Region `"eu-west-1"`, but `Other` is in `"us-east-1"`', make] as const,
    [kind, crossRegionReferences, OTHER_ACCOUNT, 'account `"111111111111"`, but `Other` is in `"222222222222"`', make] as const,
  ])))('an API that is %s, cross-Region references %s, in %j', (_kind, crossRegionReferences, env, message, make) => {
    const app = testApp();
    const api = make(new Stack(app, 'Stack', { env: HERE, crossRegionReferences }));
    const other = new Stack(app, 'Other', { env, crossRegionReferences });

    expect(() => api.addRoutes(other, { a: Route.toHandler(ECHO) })).toThrow(`\`Stack/Api\` is in ${message}: API Gateway keeps a route where its API is`);
    expect(other.node.children).toEqual([]);
  });
});

test.each([['Region', OTHER_REGION], ['account', OTHER_ACCOUNT]])('an API, and a stage, of another %s is an error', (part, env) => {
  const app = testApp();
  const there = new WebSocketApi(new Stack(app, 'There', { env }), 'Api', { routes: { a: Route.toHandler(ECHO) } });
  const stack = new Stack(app, 'Stack', { env: HERE });
  const api = ApiSource.fromApi(there.api);

  expect(() => new WebSocketApi(stack, 'Api', { api })).toThrow(`\`api\` of \`ApiSource.fromApi()\`, \`There/Api/Api\`, is in ${part}`);
  expect(() => new WebSocketApi(stack, 'Api', { api: ApiSource.fromApi(imported(stack)), stage: StageSource.fromStage(there.stage) }))
    .toThrow(`\`stage\` of \`StageSource.fromStage()\`, \`There/Api/Stage\`, is in ${part}`);
});

describe('a function of another account or Region is an error', () => {
  test.each([['Region', OTHER_REGION], ['account', OTHER_ACCOUNT]])('%s', (part, env) => {
    const app = testApp();
    const fn = new Function(new Stack(app, 'Functions', { env }), 'Function', { functionName: 'named', code: Code.fromInline('x'), handler: 'index.main', runtime: Runtime.NODEJS_24_X });
    const stack = new Stack(app, 'Stack', { env: HERE });

    expect(() => new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } })).toThrow(`function \`Functions/Function\` of route \`"a"\` is in ${part}`);
    expect(() => new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization: Authorization.fromFunction(fn) })).toThrow(`function \`Functions/Function\` of the authorizer is in ${part}`);
    expect(stack.node.children).toEqual([]);
  });

  test('by its ARN too', () => {
    const stack = new Stack(testApp(), 'Stack', { env: HERE });
    const fn = Function.fromFunctionArn(stack, 'Imported', 'arn:aws:lambda:us-east-1:111111111111:function:imported');

    expect(() => new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } })).toThrow('is in Region `"us-east-1"`, but');
  });

  test('unless the other account has permitted the call', () => {
    const stack = new Stack(testApp(), 'Stack', { env: HERE });
    const fn = Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:eu-west-1:222222222222:function:imported', skipPermissions: true });

    expect(() => new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } })).not.toThrow();
  });

  test.each<[string, Environment | undefined]>([['nothing', undefined], ['the Region', { region: 'eu-west-1' }]])('and passes as long as %s is known', (_, env) => {
    const app = testApp();
    const fn = testFunction(new Stack(app, 'Functions', { env }));

    expect(() => new WebSocketApi(new Stack(app, 'Stack', { env }), 'Api', { routes: { a: Route.toFunction(fn) } })).not.toThrow();
  });
});

describe('the ids of routes in another stack', () => {
  test.each(['api', 'routes', 'functions'])('do not depend on the construct id of the stack with the %s', (renamed) => {
    const idsWith = (suffix: string) => {
      const app = testApp();
      const stackOf = (name: string) => new Stack(app, name === renamed ? `${name}${suffix}` : name, { stackName: `chat-${name}` });
      const [apis, routes, functions] = ['api', 'routes', 'functions'].map(stackOf);
      const api = new WebSocketApi(apis, 'Api', { routes: { own: Route.toFunction(testFunction(apis)) } });
      api.addRoutes(routes, {
        a: Route.toHandler(ECHO),
        b: Route.toFunction(testFunction(functions)),
        c: Route.toFunction(testFunction(routes)),
      });
      const ids = (stack: Stack) => Object.entries(Template.fromStack(stack).toJSON().Resources).filter(([, { Type }]: any) => /ApiGatewayV2|Lambda/.test(Type)).map(([id]) => id);
      return [apis, routes].map(ids);
    };

    expect(idsWith('Renamed')).toEqual(idsWith(''));
  });
});

describe('the permission to invoke a function', () => {
  test('is for the stage and the route of a handler, or all routes where its key may read otherwise in an ARN', () => {
    const { template } = apiWith({ '$connect': Route.toHandler(ECHO), 'send-it.v1': Route.toHandler(ECHO), 'a b/*': Route.toHandler(ECHO) });

    expect(invokeArns(template)).toEqual(['/dev/$connect', '/dev/send-it.v1', '/dev/*']);
  });

  test('is for every stage once the app gives the API a second one', () => {
    const stack = testStack();
    const first = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
    new WebSocketApi(stack, 'Preview', { api: ApiSource.fromApi(first.api), stage: StageSource.fromOptions({ stageName: 'preview' }) });

    expect(invokeArns(Template.fromStack(stack))).toEqual(['/*/a']);
  });
});

describe('options that have no effect are refused', () => {
  test.each<[string, RouteOptions, string]>([
    ['$default', { apiKeyRequired: true }, 'route `"$default"` cannot have `apiKeyRequired`: API Gateway asks for an API key when a client connects, and never again; set it on route `"$connect"`'],
    ['$connect', { returnResponse: true }, 'route `"$connect"` cannot have `returnResponse`: a handshake is answered with a status only'],
    ['$disconnect', { returnResponse: true }, 'route `"$disconnect"` cannot have `returnResponse`: the client has gone when it is called'],
    ['a', { throttle: { rateLimit: -1 } }, '`rateLimit` of the `throttle` of route `"a"` is `-1`: API Gateway takes a number of requests a second, 0 or more'],
    ['a', { throttle: { burstLimit: 1.5 } }, '`burstLimit` of the `throttle` of route `"a"` is `1.5`: API Gateway takes a whole number of requests, 0 or more'],
    ['a', { throttle: { rateLimit: NaN } }, '()` is `NaN`, but takes a number'],
  ])('%s: %j', (key, options, message) => {
    expect(() => apiWith({ [key]: Route.toHandler(ECHO, options) })).toThrow(message);
    expect(() => apiWith({ [key]: Route.toFunction(testFunction(testStack()), options) })).toThrow(message);
  });

  test('a limit of 0 stops the traffic, which is a warning', () => {
    const app = testApp();
    const stack = testStack({}, app);
    new WebSocketApi(stack, 'Api', {
      routes: { a: Route.toFunction(testFunction(stack), { throttle: { rateLimit: 0, burstLimit: 1 } }) },
      stage: StageSource.fromOptions({ throttle: { burstLimit: 0 } }),
    });

    expect(warnings(app)).toEqual([
      expect.stringMatching(/^`burstLimit` of the `throttle` of the stage is `0`: API Gateway refuses every request then\./),
      expect.stringMatching(/^`rateLimit` of the `throttle` of route `"a"` is `0`: .* \[ack: cdk-websocket-api:nothingAllowed\]$/),
    ]);
  });

  test('also in the throttle of a stage', () => {
    expect(() => StageSource.fromOptions({ throttle: { burstLimit: -5 } })).toThrow('`burstLimit` of the `throttle` of the stage is `-5`');
  });
});

describe('what is doubtful is a warning', () => {
  test.each(['connect', 'Disconnect', 'default'])('route key %j', (key) => {
    expect(apiWith({ [key]: Route.toHandler(ECHO) }).warnings()).toEqual([
      expect.stringContaining(`route \`"${key}"\` is called for messages that select "${key}": if you mean the route of API Gateway, write \`"$${key.toLowerCase()}"\` [ack: cdk-websocket-api:routeKeyWithoutDollar]`),
    ]);
  });

  test.each<[string, () => { [key: string]: Route }, HandlerProps]>([
    ['of the route', () => ({ a: Route.toHandler(ECHO, { timeout: Duration.seconds(60) }) }), {}],
    ['of the defaults', () => ({ a: Route.toHandler(ECHO) }), { timeout: Duration.seconds(60) }],
  ])('a timeout %s that API Gateway does not wait for', (_, routes, defaultFunctionProps) => {
    expect(apiWith(routes(), { defaultFunctionProps }).warnings()).toEqual([expect.stringContaining('the function of route `"a"` may run for 60 seconds, but API Gateway waits 29 seconds at most')]);
  });

  test('but not a timeout of 29 seconds', () => {
    expect(apiWith({ a: Route.toHandler(ECHO, { timeout: Duration.seconds(29) }) }).warnings()).toEqual([]);
  });
});

describe('one name for two functions is refused', () => {
  test('from the defaults', () => {
    expect(() => apiWith({ a: Route.toHandler(ECHO), b: Route.toHandler(ECHO) }, { defaultFunctionProps: { functionName: 'chat' } }))
      .toThrow('route `"a"` and route `"b"` have the same `functionName` `"chat"`: give each function a name of its own, or none; a name in `defaultFunctionProps` is the name of all of them');
  });

  test('of a route that is added later, and of the authorizer', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, { functionName: 'chat' }) }, authorization: Authorization.fromHandler(ECHO, { functionName: 'door' }) });

    expect(() => api.addRoutes(stack, { b: Route.toHandler(ECHO, { functionName: 'chat' }) })).toThrow('route `"a"` and route `"b"` have the same `functionName`');
    expect(() => api.addRoutes(stack, { $connect: Route.toHandler(ECHO, { functionName: 'door' }) })).toThrow('route `"$connect"` and the authorizer have the same `functionName`');
    expect(() => api.addRoutes(stack, { b: Route.toHandler(ECHO, { functionName: 'other' }) })).not.toThrow();
  });
});

test('a layer in the defaults and in the route is there once', () => {
  const stack = testStack();
  const layer = LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-west-1:111111111111:layer:l:1');
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, { layers: [layer] }) }, defaultFunctionProps: { layers: [layer] } });

  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Handler: 'index.main' } }));
  expect(Properties.Layers).toHaveLength(1);
});

describe('two constructs on one API', () => {
  test('may not have one stage', () => {
    const stack = testStack();
    const first = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
    new WebSocketApi(stack, 'Second', { api: ApiSource.fromApi(first.api), routes: { b: Route.toHandler(ECHO) } });

    expect(() => (stack.node.root as App).synth()).toThrow('stage `"dev"` is defined twice, here and in `Stack/Second/Stage/Resource`: '
      + 'choose another name with `StageSource.fromOptions({ stageName })`, or use the existing stage with `StageSource.fromStage(stage)`');
  });

  test('may not have one route, in whatever stack it is', () => {
    const app = testApp();
    const first = new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler(ECHO) } });
    new WebSocketApi(new Stack(app, 'Other'), 'Second', {
      api: ApiSource.fromApi(first.api), stage: StageSource.fromOptions({ stageName: 'other' }), routes: { a: Route.toHandler(ECHO) },
    });

    expect(() => app.synth()).toThrow('route `"a"` is defined twice, here and in `Other/Second/Route a/Resource`: an API has one route for each key; leave one out');
  });

  test('may add different routes to one imported API', () => {
    const stack = testStack();
    const api = imported(stack);
    ['A', 'B'].forEach((id) => new WebSocketApi(stack, id, { api: ApiSource.fromApi(api), stage: StageSource.fromOptions({ stageName: id }), routes: { [id]: Route.toHandler(ECHO) } }));

    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});

describe('permissions of a route', () => {
  const permissions = Permissions.action('s3:GetObject', 'arn:aws:s3:::bucket/*');
  const statement = { Action: 's3:GetObject', Effect: 'Allow', Resource: 'arn:aws:s3:::bucket/*' };
  const permitted = (stack: Stack) => {
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties);
    const text = JSON.stringify(statement);
    return policies.filter(({ PolicyDocument }) => JSON.stringify(PolicyDocument).includes(text)).map(({ Roles }) => Roles[0].Ref);
  };

  test('are for its function alone, white space around its key or not', () => {
    const { stack, api } = apiWith({ a: Route.toHandler(ECHO), b: Route.toHandler(ECHO) });
    api.attachPermissionsToRoute(' a ', permissions);

    expect(permitted(stack)).toEqual([expect.stringContaining('Routea')]);
    expect(api.getFunction(' b ')).toBe(api.getFunction('b'));
  });

  test('of all are also for functions that exist and for routes to come, once each', () => {
    const { stack, api } = apiWith({ a: Route.toHandler(ECHO) });
    api.attachPermissions(permissions);
    const fn = testFunction(stack);
    api.addRoutes(stack, { b: Route.toFunction(fn), c: Route.toFunction(fn) });
    api.addRoutes(stack, { d: Route.toFunction(fn) });

    expect(permitted(stack)).toHaveLength(2);
  });

  test.each<[string, { [key: string]: Route }, string]>([
    ['that there is not', { a: Route.toHandler(ECHO), b: Route.toHandler(ECHO) }, 'route `"x"` does not exist, so no permissions can be attached to its function: `Stack/Api` has `"a"`, `"b"`'],
    ['of an API without routes', {}, '`Stack/Api` has no routes'],
    ['that leads to an integration', { x: Route.toMock() }, 'route `"x"` of `Stack/Api` has no function to attach permissions to: it leads to an integration'],
  ])('are refused for a route %s', (_, routes, message) => {
    expect(() => apiWith(routes).api.attachPermissionsToRoute('x', permissions)).toThrow(message);
  });
});

describe('routes that cannot be created leave nothing behind', () => {
  test.each(['in the API', 'elsewhere'])('%s, and can be added once more', (where) => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO) } });
    const scope = where === 'elsewhere' ? new Stack(stack.node.root as App, 'Other') : stack;
    const integration = new FailsOnce();
    const routes = { b: Route.toHandler(ECHO), c: Route.toFunction(testFunction(scope)), d: Route.toIntegration(integration) };
    const before = (stack.node.root as App).node.findAll().length;

    expect(() => api.addRoutes(scope, routes)).toThrow('not yet');
    expect((stack.node.root as App).node.findAll()).toHaveLength(before);
    expect(api.routes).toEqual(['a']);
    api.addRoutes(scope, routes);
    expect(api.routes).toEqual(['a', 'b', 'c', 'd']);
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  class FailsOnce extends WebSocketRouteIntegration {
    private calls = 0;

    constructor() {
      super('FailsOnce');
    }

    public bind() {
      if (this.calls++ === 0) { throw new Error('not yet'); }
      return { type: WebSocketIntegrationType.MOCK, uri: '' };
    }
  }
});

function imported(stack: Stack): IWebSocketApi {
  return CdkWebSocketApi.fromWebSocketApiAttributes(stack, 'ImportedApi', { webSocketId: 'abcdefghij' });
}

function apiWith(routes: { [routeKey: string]: Route }, props: WebSocketApiProps = {}) {
  const stack = testStack();
  const api = new WebSocketApi(stack, 'Api', { ...props, routes });
  return { stack, api, get template() { return Template.fromStack(stack); }, warnings: () => warnings(stack.node.root as App) };
}

function invokeArns(template: Template): string[] {
  return Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => Properties.SourceArn['Fn::Join'][1].at(-1));
}
