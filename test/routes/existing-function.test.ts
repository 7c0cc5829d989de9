import { App, Duration, Stack } from 'aws-cdk-lib';
import { WebSocketLambdaIntegration, WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function, FunctionOptions, IFunction, LayerVersion, Runtime, SnapStartConf, TenancyConfig } from 'aws-cdk-lib/aws-lambda';
import { Authorization, Route, WebSocketApi } from '../../src';
import { ECHO, testApp, testStackWithEnv, warnings } from '../test-stack';

const OTHER_REGION = 'arn:aws:lambda:us-east-1:111111111111';
const OTHER_ACCOUNT = 'arn:aws:lambda:eu-west-1:222222222222';

describe('a function that API Gateway cannot call is an error', () => {
  test.each<[string, FunctionOptions, (fn: Function) => IFunction, string]>([
    ['durable, without a version', { durableConfig: { executionTimeout: Duration.hours(1) } }, (fn) => fn,
      'has `durableConfig`, and Lambda calls it only by a version or an alias: give `fn.currentVersion`'],
    ['with tenants', { tenancyConfig: TenancyConfig.PER_TENANT }, (fn) => fn, 'has `tenancyConfig`: Lambda then needs a tenant ID'],
    ['with tenants, by its version', { tenancyConfig: TenancyConfig.PER_TENANT }, (fn) => fn.currentVersion, 'has `tenancyConfig`: Lambda then needs a tenant ID'],
  ])('%s', (_, options, called, message) => {
    const stack = testStackWithEnv();
    const fn = called(functionWith(stack, options));

    expect(() => new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn) } })).toThrow(message);
    expect(() => new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization: Authorization.fromFunction(fn) })).toThrow(message);
  });

  test('but not a durable one by its alias or its version', () => {
    const stack = testStackWithEnv();
    const fn = functionWith(stack, { durableConfig: { executionTimeout: Duration.hours(1) } });

    expect(() => new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(fn.addAlias('live')), b: Route.toFunction(fn.currentVersion) } })).not.toThrow();
  });

  test.each([
    ['`skipPermissions` does not bring it nearer', OTHER_REGION, true, 'is in Region `"us-east-1"`'],
    ['another account has not permitted the call', OTHER_ACCOUNT, false, 'is in account `"222222222222"`'],
  ])('in another place: %s', (_, arn, skipPermissions, message) => {
    expect(() => appWith(imported(arn, skipPermissions))).toThrow(message);
  });

  test('but not in another account that has permitted the call, as `skipPermissions` says', () => {
    expect(() => appWith(imported(OTHER_ACCOUNT, true))).not.toThrow();
  });
});

describe('what is doubtful in a function that exists is a warning', () => {
  /** CDK warns of SnapStart whatever calls the function. */
  const ours = (app: App) => warnings(app).filter((text) => text.includes('cdk-websocket-api:'));
  const snapStart = { snapStart: SnapStartConf.ON_PUBLISHED_VERSIONS, runtime: Runtime.PYTHON_3_13 };

  test('SnapStart without a version', () => {
    const app = appWith((stack) => Route.toFunction(functionWith(stack, snapStart)));

    expect(ours(app)).toEqual([expect.stringMatching(
      /has `snapStart`, which has no effect on a function that is called without a version: give `fn\.currentVersion`.* \[ack: cdk-websocket-api:snapStartWithoutVersion\]$/)]);
  });

  test.each<[string, (fn: Function) => IFunction]>([
    ['version', (fn) => fn.currentVersion],
    ['alias', (fn) => fn.addAlias('live')],
  ])('but not SnapStart by a %s', (_, called) => {
    expect(ours(appWith((stack) => Route.toFunction(called(functionWith(stack, snapStart)))))).toEqual([]);
  });

  test.each<[string, (fn: Function) => IFunction]>([
    ['version', (fn) => fn.currentVersion],
    ['alias', (fn) => fn.addAlias('live')],
  ])('the timeout of the function of its %s', (_, called) => {
    const app = appWith((stack) => Route.toFunction(called(functionWith(stack, { timeout: Duration.seconds(60) }))));

    expect(warnings(app)).toEqual([expect.stringContaining('the function of route `"a"` may run for 60 seconds')]);
  });
});

test('a mock without a request template is a warning, and one with a template is none', () => {
  const requestTemplates = { $default: '{"statusCode":200}' };

  expect(warnings(appWith(() => Route.toIntegration(new WebSocketMockIntegration('Ping')))))
    .toEqual([expect.stringMatching(/^route `"a"` leads to a mock without a request template.* \[ack: cdk-websocket-api:mockWithoutTemplate\]$/)]);
  expect(warnings(appWith(() => Route.toIntegration(new WebSocketMockIntegration('Ping', { requestTemplates }))))).toEqual([]);
});

test.each<[string, (stack: Stack) => Route, string]>([
  ['role of another account', (stack) => Route.toHandler(ECHO, { role: Role.fromRoleArn(stack, 'R', 'arn:aws:iam::222222222222:role/r') }),
    'role `Stack/R` is in account `"222222222222"`'],
  ['layer of another Region', (stack) => Route.toHandler(ECHO, { layers: [LayerVersion.fromLayerVersionArn(stack, 'L', `${OTHER_REGION}:layer:l:1`)] }),
    'layer `Stack/L` is in Region `"us-east-1"`'],
  ['function of an integration, of another Region',
    (stack) => Route.toIntegration(new WebSocketLambdaIntegration('I', Function.fromFunctionArn(stack, 'F', `${OTHER_REGION}:function:f`))),
    `\`${OTHER_REGION}:function:f\`, is in Region \`"us-east-1"\``],
])('a %s is an error', (_, route, message) => {
  expect(() => appWith(route)).toThrow(message);
});

function appWith(route: (stack: Stack) => Route): App {
  const app = testApp();
  const stack = testStackWithEnv(app);
  new WebSocketApi(stack, 'Api', { routes: { a: route(stack) } });
  return app;
}

function imported(arn: string, skipPermissions: boolean) {
  return (stack: Stack) => Route.toFunction(Function.fromFunctionAttributes(stack, 'F', { functionArn: `${arn}:function:f`, skipPermissions }));
}

function functionWith(stack: Stack, options: FunctionOptions & { readonly runtime?: Runtime }): Function {
  return new Function(stack, 'Fn', { runtime: Runtime.NODEJS_24_X, handler: 'index.main', code: Code.fromInline('exports.main = 1'), ...options });
}
