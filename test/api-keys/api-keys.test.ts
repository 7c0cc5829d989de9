import { App, Stack, Tags, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UsagePlan as RestUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Period, UsagePlan, WebSocketApi as CdkWebSocketApi, WebSocketApiKeySelectionExpression } from 'aws-cdk-lib/aws-apigatewayv2';
import { ApiKeys, ApiSource, Authorization, Route, WebSocketApi, WebSocketApiProps } from '../../src';
import { ECHO, only, testApp, testFunction, testStack, warnings } from '../test-stack';

const PLAN = 'AWS::ApiGateway::UsagePlan';
const KEY = 'AWS::ApiGateway::ApiKey';

function stackWith(props: WebSocketApiProps, app?: App): Stack {
  const stack = testStack({}, app);
  new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toMock(), $default: Route.toMock() }, ...props });
  return stack;
}

describe('API keys', () => {
  test('are required by `$connect`, and by it alone', () => {
    const routes = Object.values(Template.fromStack(stackWith({ apiKeys: ApiKeys.create() })).findResources('AWS::ApiGatewayV2::Route'));

    expect(routes.map(({ Properties: { RouteKey, ApiKeyRequired } }) => [RouteKey, ApiKeyRequired])).toEqual([['$connect', true], ['$default', undefined]]);
  });

  test('are opened to the stage by a plan that waits for it', () => {
    const template = Template.fromStack(stackWith({ apiKeys: ApiKeys.create() }));
    const [stageId] = Object.keys(template.findResources('AWS::ApiGatewayV2::Stage'));
    const plan = only(template, PLAN);

    expect(plan.Properties).toEqual({ ApiStages: [{ ApiId: { Ref: expect.stringMatching(/^Api/) }, Stage: 'dev' }] });
    expect(plan.DependsOn).toContain(stageId);
    template.resourceCountIs(KEY, 1);
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 1);
  });

  test('stay in their plan when another key goes, or the stack is renamed', () => {
    const members = (stack: Stack) => Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::UsagePlanKey'));
    const withKeys = (names: string[], id = 'Stack') => {
      const stack = new Stack(testApp(), id);
      new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, apiKeys: ApiKeys.create({ names }) });
      return members(stack);
    };

    expect(withKeys(['a', 'b'])).toEqual([...withKeys(['a']), ...withKeys(['b'])]);
    expect(withKeys(['a', 'b'], 'Renamed')).toEqual(withKeys(['a', 'b']));
  });

  test('have the names and the limits that are given', () => {
    const template = Template.fromStack(stackWith({
      apiKeys: ApiKeys.create({ names: ['partner', 'a/b'], throttle: { rateLimit: 10, burstLimit: 20 }, quota: { limit: 1000, period: Period.WEEK } }),
    }));

    expect(Object.values(template.findResources(KEY)).map(({ Properties }) => Properties.Name)).toEqual(['partner', 'a/b']);
    expect(only(template, PLAN).Properties).toMatchObject({ Throttle: { RateLimit: 10, BurstLimit: 20 }, Quota: { Limit: 1000, Period: 'WEEK' } });
  });

  test('keep their logical ids, whatever other names there are and in whatever order', () => {
    const idsWith = (names: string[]) => {
      const keys = Template.fromStack(stackWith({ apiKeys: ApiKeys.create({ names }) })).findResources(KEY);
      return Object.fromEntries(Object.entries(keys).map(([id, { Properties }]) => [Properties.Name, id]));
    };

    expect(idsWith(['b', 'c', 'a'])).toMatchObject(idsWith(['a', 'b']));
  });

  test('come from the authorizer if `source` says so', () => {
    const stack = stackWith({
      apiKeys: ApiKeys.create({ source: WebSocketApiKeySelectionExpression.AUTHORIZER_USAGE_IDENTIFIER_KEY }),
      authorization: Authorization.fromHandler(ECHO),
    });

    expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Api').Properties.ApiKeySelectionExpression).toBe('$context.authorizer.usageIdentifierKey');
  });

  test('may be added to the plan by yourself', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toMock() }, apiKeys: ApiKeys.create({ names: [] }) });

    Template.fromStack(stack).resourceCountIs(KEY, 0);
    expect(stack.resolve(api.usagePlan!.usagePlanId)).toEqual({ Ref: expect.stringContaining('UsagePlan') });
  });

  test('of a plan that exists open the stages of several APIs, each of which it waits for', () => {
    const stack = testStack();
    const plan = new UsagePlan(stack, 'Plan');
    for (const id of ['One', 'Two']) { new WebSocketApi(stack, id, { routes: { $connect: Route.toMock() }, apiKeys: ApiKeys.fromUsagePlan(plan) }); }
    const template = Template.fromStack(stack);

    expect(only(template, PLAN).Properties.ApiStages).toHaveLength(2);
    expect(only(template, PLAN).DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::ApiGatewayV2::Stage'))));
  });

  test('work with an API and a stage that exist', () => {
    const stack = testStack();
    const api = CdkWebSocketApi.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abcdefghij' });
    new WebSocketApi(stack, 'Api', { api: ApiSource.fromApi(api), routes: { $connect: Route.toMock() }, apiKeys: ApiKeys.create() });

    expect(only(Template.fromStack(stack), PLAN).Properties.ApiStages).toEqual([{ ApiId: 'abcdefghij', Stage: 'dev' }]);
  });

  test('and API, stage and plan have the tags of the app', () => {
    const stack = stackWith({ apiKeys: ApiKeys.create() });
    Tags.of(stack).add('team', 'chat');
    const { Resources } = Template.fromStack(stack).toJSON();
    const tagged = Object.values<any>(Resources).filter(({ Properties }) => JSON.stringify(Properties?.Tags ?? '').includes('chat')).map(({ Type }) => Type);

    expect(tagged).toEqual(expect.arrayContaining(['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage', PLAN, KEY]));
  });
});

describe('a warning comes', () => {
  test('if `$connect` requires a key, and no plan of the app has the stage', () => {
    const app = testApp();
    new WebSocketApi(testStack({}, app), 'Api', { routes: { $connect: Route.toMock({ apiKeyRequired: true }) } });

    expect(warnings(app)).toEqual([expect.stringContaining('route `"$connect"` has `apiKeyRequired`, but no usage plan of this app has the stage `"dev"`: API Gateway refuses every client')]);
  });

  test('not if a plan of another stack has it', () => {
    const app = testApp();
    const { api, stage } = new WebSocketApi(testStack({}, app), 'Api', { routes: { $connect: Route.toMock({ apiKeyRequired: true }) } });
    new UsagePlan(new Stack(app, 'Plans'), 'Plan', { apiStages: [{ api, stage }] });

    expect(warnings(app)).toEqual([]);
  });

  test.each([
    ['throttle', { throttle: { rateLimit: 0 } }, '`rateLimit` of the `throttle` of `ApiKeys.create()` is `0`'],
    ['quota', { quota: { limit: 0, period: Period.DAY } }, '`limit` of the `quota` of `ApiKeys.create()` is `0`'],
    ['quota of the first period', { quota: { limit: 5, offset: 5, period: Period.WEEK } },
      '`offset` of the `quota` of `ApiKeys.create()` is `5`, and `limit` is `5`: API Gateway subtracts the one from the other in the first `WEEK`'],
  ])('if the %s is 0', (_, options, message) => {
    const app = testApp();
    stackWith({ apiKeys: ApiKeys.create(options) }, app);

    expect(warnings(app)).toEqual([expect.stringContaining(message)]);
  });
});

describe('refused is', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a throttle below 0', () => ApiKeys.create({ throttle: { rateLimit: -1 } }), '`rateLimit` of the `throttle` of `ApiKeys.create()` is `-1`: API Gateway takes a number of requests a second, 0 or more'],
    ['a quota below 0', () => ApiKeys.create({ quota: { limit: -1, period: Period.DAY } }), '`limit` of the `quota` of `ApiKeys.create()` is `-1`'],
    ['a quota without a period', () => ApiKeys.create({ quota: { limit: 5 } }), 'the `quota` of `ApiKeys.create()` has no `period`, but a `limit`: give both'],
    ['a quota without a limit', () => ApiKeys.create({ quota: { period: Period.DAY } }), 'the `quota` of `ApiKeys.create()` has no `limit`, but a `period`'],
    ['a quota of another period', () => ApiKeys.create({ quota: { limit: 5, period: 'YEAR' as any } }), '`period` of the `quota` of `ApiKeys.create()` is `"YEAR"`: write `Period.DAY`, `Period.WEEK` or `Period.MONTH`'],
    ['an offset into a day', () => ApiKeys.create({ quota: { limit: 5, offset: 1, period: Period.DAY } }), '`offset` of the `quota` of `ApiKeys.create()` is `1`: API Gateway takes none for a `DAY`'],
    ['an offset longer than a week', () => ApiKeys.create({ quota: { limit: 9, offset: 7, period: Period.WEEK } }), '`offset` of the `quota` of `ApiKeys.create()` is `7`: for a `WEEK`, API Gateway takes 0 to 6'],
    ['an offset longer than a month', () => ApiKeys.create({ quota: { limit: 99, offset: 28, period: Period.MONTH } }), '`offset` of the `quota` of `ApiKeys.create()` is `28`: for a `MONTH`, API Gateway takes 0 to 27'],
    ['one name for two keys', () => ApiKeys.create({ names: ['a', 'b', 'a'] }), '`names` of `ApiKeys.create()` has `"a"` twice'],
    ['an empty name', () => ApiKeys.create({ names: [''] }), '`names` of `ApiKeys.create()` has `""`: a name has 1 to 1024 characters'],
    ['a name that only CloudFormation knows', () => ApiKeys.create({ names: [Token.asString({ Ref: 'Name' })] }), '`names` of `ApiKeys.create()` has a token'],
    ['a misspelt option', () => ApiKeys.create({ qouta: {} } as any), '`ApiKeys.create()` has no option `qouta`: did you mean `quota`?'],
    ['a plan as the keys', (stack) => stackWith({ apiKeys: new UsagePlan(stack, 'Plan') as any }), 'write `ApiKeys.fromUsagePlan(plan)`'],
    ['an imported plan', (stack) => ApiKeys.fromUsagePlan(UsagePlan.fromUsagePlanId(stack, 'Plan', 'abc')), '`Stack/Plan`, is imported, and CloudFormation adds no stage to a plan of somebody else'],
    ['a plan for REST APIs', (stack) => ApiKeys.fromUsagePlan(new RestUsagePlan(stack, 'Plan') as any), '`Stack/Plan`, a usage plan for REST APIs'],
    ['no plan', (stack) => ApiKeys.fromUsagePlan(testFunction(stack) as any), 'but takes a usage plan: a `UsagePlan` of `aws-cdk-lib/aws-apigatewayv2`'],
    [
      'a key that no authorizer returns',
      () => stackWith({
        apiKeys: ApiKeys.create({ source: WebSocketApiKeySelectionExpression.AUTHORIZER_USAGE_IDENTIFIER_KEY }),
        authorization: Authorization.iam(),
      }),
      '`source` of the `apiKeys` of `Stack/Api` is `$context.authorizer.usageIdentifierKey`, but `authorization` calls no function that returns it',
    ],
    [
      'a key that a verifier of tokens would have to return', () => stackWith({
        apiKeys: ApiKeys.create({ source: WebSocketApiKeySelectionExpression.AUTHORIZER_USAGE_IDENTIFIER_KEY }),
        authorization: Authorization.jwt({ issuer: 'https://issuer.example', audience: ['chat'] }),
      }), 'but `authorization` calls no function that returns it',
    ],
    [
      'two places for the key', () => stackWith({
        apiKeys: ApiKeys.create({ source: WebSocketApiKeySelectionExpression.HEADER_X_API_KEY }),
        api: ApiSource.fromProps({ apiKeySelectionExpression: WebSocketApiKeySelectionExpression.HEADER_X_API_KEY }),
      }), 'and `apiKeySelectionExpression` in `ApiSource.fromProps()` say the same: leave out one of them',
    ],
    [
      'a place for the key with an API that exists', (stack) => new WebSocketApi(stack, 'Api', {
        api: ApiSource.fromApi(CdkWebSocketApi.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abcdefghij' })),
        apiKeys: ApiKeys.create({ source: WebSocketApiKeySelectionExpression.HEADER_X_API_KEY }),
      }), 'cannot be set together with an API that exists: set it where the API is created',
    ],
    [
      'a `$connect` that requires none', () => stackWith({ apiKeys: ApiKeys.create(), routes: { $connect: Route.toMock({ apiKeyRequired: false }) } }),
      'route `"$connect"` has `apiKeyRequired: false`, but the API has `apiKeys`',
    ],
    [
      'keys without `$connect`', () => stackWith({ apiKeys: ApiKeys.create(), routes: { $default: Route.toMock() } }).node.root.node.findAll().flatMap((node) => node.node.validate()).forEach((error) => { throw new Error(error); }),
      '`apiKeys` is set, but there is no `"$connect"` route',
    ],
  ])('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });
});
