import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime, SnapStartConf, TenancyConfig, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Authorization, HandlerProps, HandlerRouteProps, Route, WebSocketApi } from '../../src';
import { ECHO, testApp, testStack, warnings } from '../test-stack';

const java = (props: HandlerRouteProps = {}): HandlerRouteProps => ({ ...props, code: Code.fromAsset('test/fixtures'), runtime: Runtime.JAVA_21 });

function templateWith(props: HandlerRouteProps, handler = ECHO): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(handler, props) } });
  return Template.fromStack(stack);
}

function onlyId(template: Template, type: string): string {
  const ids = Object.keys(template.findResources(type));
  expect(ids).toHaveLength(1);
  return ids[0];
}

describe.each<[string, string, HandlerRouteProps, any]>([
  ['publishVersion', ECHO, { publishVersion: true }, {}],
  ['provisionedConcurrency', ECHO, { provisionedConcurrency: 2 }, {}],
  ['snapStart', 'com.acme.Say::handle', java({ snapStart: SnapStartConf.ON_PUBLISHED_VERSIONS }), { SnapStart: { ApplyOn: 'PublishedVersions' } }],
  ['durableConfig', ECHO, { durableConfig: { executionTimeout: Duration.hours(1) } }, { DurableConfig: { ExecutionTimeout: 3600 } }],
  ['currentVersionOptions', ECHO, { currentVersionOptions: { description: 'newest' } }, {}],
])('with %s', (_, handler, props, properties) => {
  test('the route calls the alias `live` of a published version, and API Gateway may', () => {
    const template = templateWith(props, handler);
    const alias = onlyId(template, 'AWS::Lambda::Alias');

    template.hasResourceProperties('AWS::Lambda::Function', properties);
    template.hasResourceProperties('AWS::Lambda::Alias', { Name: 'live', FunctionVersion: { 'Fn::GetAtt': [onlyId(template, 'AWS::Lambda::Version'), 'Version'] } });
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: { 'Fn::Join': ['', Match.arrayWith([{ Ref: alias }, '/invocations'])] } });
    template.allResourcesProperties('AWS::Lambda::Permission', { FunctionName: { Ref: alias } });
  });
});

test('without any of them, no version is published', () => {
  const template = templateWith({});

  template.resourceCountIs('AWS::Lambda::Version', 0);
  template.resourceCountIs('AWS::Lambda::Alias', 0);
});

describe('a published version', () => {
  test.each<[string, HandlerRouteProps]>([
    ['the environment', { environment: { STAGE: 'prod' } }],
    ['the memory', { memorySize: 512 }],
    ['the tracing', { tracing: Tracing.DISABLED }],
    ['the code', { code: Code.fromInline('exports.main = async () => 2'), runtime: Runtime.NODEJS_24_X }],
  ])('changes with %s', (_, change) => {
    const versionOf = (props: HandlerRouteProps) => onlyId(templateWith({ publishVersion: true, ...props }, 'index.main'), 'AWS::Lambda::Version');
    const before = { code: Code.fromInline('exports.main = async () => 1'), runtime: Runtime.NODEJS_24_X };

    expect(versionOf(before)).toBe(versionOf(before));
    expect(versionOf({ ...before, ...change })).not.toBe(versionOf(before));
  });

  test('leaves `getFunction` the function', () => {
    const api = new WebSocketApi(testStack(), 'Api', { routes: { a: Route.toHandler(ECHO, { publishVersion: true }) } });

    expect(api.getFunction('a')).toBeInstanceOf(Function);
  });

  test('has the provisioned concurrency at its alias', () => {
    templateWith({ provisionedConcurrency: 3 })
      .hasResourceProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 } });
  });

  test('has the settings of asynchronous invocations at its alias', () => {
    const template = templateWith({ publishVersion: true, retryAttempts: 0, maxEventAge: Duration.minutes(1) });

    template.resourceCountIs('AWS::Lambda::EventInvokeConfig', 1);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { Qualifier: Match.not('$LATEST'), MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  });

  test('is what the authorizer calls, and API Gateway may', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(ECHO) }, authorization: Authorization.fromHandler(ECHO, { publishVersion: true }) });
    const template = Template.fromStack(stack);
    const alias = onlyId(template, 'AWS::Lambda::Alias');

    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { AuthorizerUri: { 'Fn::Join': ['', Match.arrayWith([{ Ref: alias }])] } });
    template.hasResourceProperties('AWS::Lambda::Permission', { FunctionName: { Ref: alias } });
  });

  test('is asked for once for all', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO), b: Route.toHandler(ECHO, { publishVersion: false }) }, defaultFunctionProps: { publishVersion: true } });

    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Version', 1);
  });

  test('lies in the stack of its route, without a cycle', () => {
    const app = testApp();
    const api = new WebSocketApi(testStack({}, app), 'Api', { routes: { a: Route.toHandler(ECHO) } });
    const other = new Stack(app, 'Other');
    api.addRoutes(other, { b: Route.toHandler(ECHO, { publishVersion: true }) });
    app.synth();

    Template.fromStack(other).resourceCountIs('AWS::Lambda::Alias', 1);
  });

  test('makes SnapStart take effect, so CDK does not warn that it may not', () => {
    const app = testApp();
    new WebSocketApi(testStack({}, app), 'Api', { routes: { a: Route.toHandler('com.acme.Say::handle', java({ snapStart: SnapStartConf.ON_PUBLISHED_VERSIONS })) } });

    expect(warnings(app).filter((text) => text.includes('SnapStart'))).toEqual([]);
  });
});

describe('an error tells the route of', () => {
  const error = (props: HandlerProps, handler = ECHO) => expect(() => templateWith(props, handler));
  const snapStart = SnapStartConf.ON_PUBLISHED_VERSIONS;

  test('SnapStart for a runtime where Lambda has none', () => {
    error({ snapStart }).toThrow('route `"a"`: `snapStart` has no effect for runtime `"nodejs24.x"`: Lambda has no SnapStart for it');
  });

  test('SnapStart together with provisioned concurrency', () => {
    error(java({ snapStart, provisionedConcurrency: 1 }), 'Say').toThrow('route `"a"`: `snapStart` and provisioned concurrency cannot be used together');
    error(java({ snapStart, currentVersionOptions: { provisionedConcurrentExecutions: 1 } }), 'Say').toThrow('cannot be used together');
  });

  test('a version that is declined and needed', () => {
    error({ publishVersion: false, provisionedConcurrency: 1 }).toThrow('`publishVersion` is `false`, but `provisionedConcurrency` has no effect without a version');
  });

  test.each([0, -1, 1.5])('%p provisioned environments', (provisionedConcurrency) => {
    error({ provisionedConcurrency }).toThrow(`\`provisionedConcurrency\` is \`${provisionedConcurrency}\`: write a whole number from 1`);
  });

  test('more provisioned than reserved environments', () => {
    error({ provisionedConcurrency: 5, reservedConcurrentExecutions: 2 })
      .toThrow('`provisionedConcurrency` is `5`, but `reservedConcurrentExecutions` leaves the function `2`');
  });

  test('no more provisioned than reserved environments, as far as that is known', () => {
    const reserved = (reservedConcurrentExecutions: number) => error({ provisionedConcurrency: 5, reservedConcurrentExecutions });

    reserved(6).not.toThrow();
    reserved(5).not.toThrow();
    reserved(Token.asNumber({ Ref: 'Reserved' })).not.toThrow();
  });

  test('tenant isolation, which API Gateway cannot serve', () => {
    error({ tenancyConfig: TenancyConfig.PER_TENANT }).toThrow('route `"a"`: `tenancyConfig` cannot be used');
  });
});
