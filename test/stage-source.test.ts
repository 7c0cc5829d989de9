import { Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { AccessLog, ApiSource, CustomDomain, Route, StageSource, WebSocketApi, WebSocketApiProps, WebSocketStageOptions } from '../src';
import { only, testApp, testFunction, testStack } from './test-stack';

describe('the name of the stage', () => {
  test('is dev by default', () => {
    expect(stageIn(testStack()).StageName).toBe('dev');
  });

  test('is the context value `stage`', () => {
    expect(stageIn(testStack({}, testApp({ stage: 'beta' }))).StageName).toBe('beta');
  });

  test('is the name of the nearest cdk.Stage rather than the context value', () => {
    expect(stageIn(new Stack(new Stage(testApp({ stage: 'beta' }), 'prod'), 'Stack')).StageName).toBe('prod');
  });

  test('is what the options say rather than anything else', () => {
    expect(stageIn(new Stack(new Stage(testApp({ stage: 'beta' }), 'prod'), 'Stack'), { stageName: 'v1' }).StageName).toBe('v1');
  });

  test('may have 128 characters', () => {
    expect(stageIn(testStack(), { stageName: 'x'.repeat(128) }).StageName).toHaveLength(128);
  });

  test('may be a token', () => {
    expect(stageIn(testStack(), { stageName: Lazy.string({ produce: () => 'late' }) }).StageName).toBe('late');
  });

  test.each(['', 'two words', 'v1.0', 'x'.repeat(129), '$default', 'é'])('is refused when it is %j', (stageName) => {
    expect(() => StageSource.fromOptions({ stageName }))
      .toThrow(`\`stageName\` \`${JSON.stringify(stageName)}\` is not a valid stage name: API Gateway takes 1 to 128 letters, digits, \`_\` and \`-\`; write another`);
  });

  test('is refused when the cdk.Stage has one that API Gateway does not take', () => {
    const stack = new Stack(new Stage(testApp(), 'v1.0'), 'Stack', { stackName: 'stack' });

    expect(() => stageIn(stack)).toThrow(
      'the name of the `cdk.Stage` `"v1.0"` is not a valid stage name: API Gateway takes 1 to 128 letters, digits, `_` and `-`; '
      + 'name the WebSocket API\'s stage with `StageSource.fromOptions({ stageName })`');
  });

  test('is refused when the context value is one that API Gateway does not take', () => {
    expect(() => stageIn(testStack({}, testApp({ stage: 'my stage' })))).toThrow('context value `stage` `"my stage"` is not a valid stage name');
  });
});

describe('StageSource.fromOptions', () => {
  test('deploys by default', () => {
    expect(stageIn(testStack()).AutoDeploy).toBe(true);
  });

  test('takes options', () => {
    expect(stageIn(testStack(), {
      autoDeploy: false, description: 'For tests', throttle: { rateLimit: 10, burstLimit: 5 }, detailedMetrics: true, stageVariables: { tenant: 'a' },
    })).toMatchObject({
      AutoDeploy: false,
      Description: 'For tests',
      DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5, DetailedMetricsEnabled: true },
      StageVariables: { tenant: 'a' },
    });
  });

  test('writes no settings that nobody asked for', () => {
    expect(Object.keys(stageIn(testStack())).sort()).toEqual(['AccessLogSettings', 'ApiId', 'AutoDeploy', 'StageName']);
  });
});

describe('StageSource.fromStage', () => {
  test('takes a stage as it is, and knows its URLs', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { ...imported(stack), routes: { a: Route.toHandler('test/fixtures/echo.main') } });

    Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::Stage', 0);
    expect(stack.resolve(api.url)['Fn::Join'][1]).toEqual(['wss://abcdef.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/prod']);
    expect(stack.resolve(api.callbackUrl)['Fn::Join'][1][0]).toBe('https://abcdef.execute-api.');
    Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 0);
  });

  test('is refused without its API', () => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', { stage: imported(stack).stage }))
      .toThrow('`stage` of `Stack/Api` exists, but `api` does not: give the API that it is a stage of with `ApiSource.fromApi()`, or have a stage created with `StageSource.fromOptions()`');
  });

  test.each<[string, WebSocketApiProps, string]>([
    ['an access log', { accessLog: AccessLog.json() }, '`accessLog` of `Stack/Api` cannot be set together with a stage that exists: set it where the stage is created'],
    ['a custom domain', { customDomain: CustomDomain.fromName('api.domain.com') }, '`customDomain` of `Stack/Api` cannot be set together with a stage that exists: map the domain where the stage is created'],
  ])('is refused together with %s', (_, props, message) => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', { ...imported(stack), ...props })).toThrow(message);
  });

  test('cannot throttle a route', () => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', { ...imported(stack), routes: { a: Route.toFunction(testFunction(stack), { throttle: { rateLimit: 1 } }) } }))
      .toThrow('route `"a"` cannot have a `throttle`: it would be stored on the stage, which exists already; set it there');
  });
});

function imported(stack: Stack) {
  const api = apigatewayv2.WebSocketApi.fromWebSocketApiAttributes(stack, 'ImportedApi', { webSocketId: 'abcdef' });
  const stage = apigatewayv2.WebSocketStage.fromWebSocketStageAttributes(stack, 'ImportedStage', { api, stageName: 'prod' });
  return { api: ApiSource.fromApi(api), stage: StageSource.fromStage(stage) };
}

function stageIn(stack: Stack, options?: WebSocketStageOptions) {
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(testFunction(stack)) }, stage: options && StageSource.fromOptions(options) });
  return only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Stage').Properties;
}
