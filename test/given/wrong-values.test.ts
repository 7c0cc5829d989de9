import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { WebSocketApi as CdkWebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AccessLog, AccountLogRole, ApiSource, Authorization, Bundling, CustomDomain, Dns, ExecutionLog, HandshakeValue, Permissions, Route, StageSource, WebSocketApi } from '../../src';
import { HANDLER_PROPS } from '../../src/handlers/handler-props';
import { ECHO, testFunction, testStack } from '../test-stack';

/*
 * JavaScript, and TypeScript that is run without being checked, may give anything. `any` stands for them.
 */
const given = (value: unknown): any => value;

describe('a value that is no Route', () => {
  const FACTORIES = 'a value that `Route.toHandler()`, `Route.toFunction()`, `Route.toIntegration()` or another factory of `Route` makes';

  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a string', () => 'src/echo.main', 'is the string `"src/echo.main"`, but takes ' + FACTORIES + ': write `Route.toHandler("src/echo.main")`'],
    ['undefined', () => undefined, 'is `undefined`, but takes ' + FACTORIES],
    ['null', () => null, 'is `null`, but takes ' + FACTORIES],
    ['a function of Lambda', (stack) => testFunction(stack, 'Fn'), 'is `Stack/Fn` (aws-cdk-lib.aws_lambda.Function), but takes ' + FACTORIES + ': write `Route.toFunction(fn)`'],
    ['an integration', () => new WebSocketMockIntegration('Mock'), 'is an `aws-cdk-lib.aws_apigatewayv2_integrations.WebSocketMockIntegration`, but takes ' + FACTORIES + ': write `Route.toIntegration(integration)`'],
    ['a plain object', () => ({ handler: 'src/echo.main' }), 'is an object with `handler`, but takes ' + FACTORIES],
    ['the factory, not called', () => Route.toHandler, 'is the function `toHandler` itself, but takes ' + FACTORIES + ': write `Route.toHandler()`'],
    ['the class', () => Route, 'is the class `Route` itself, but takes ' + FACTORIES],
    ['a promise', () => Promise.resolve(Route.toHandler(ECHO)), 'is a promise: `await` it first, but takes ' + FACTORIES],
    ['another factory\'s value', () => Authorization.iam(), 'is an `Authorization`, but takes ' + FACTORIES],
  ])('is refused, with what to write: %s', (_, make, message) => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', { routes: { ping: given(make(stack)) } })).toThrow(new Error(`route \`"ping"\` ${message}`));
    expect(() => new WebSocketApi(stack, 'Api').addRoutes(stack, { ping: given(make(new Stack(stack, 'Nested'))) })).toThrow('route `"ping"` is ');
  });
});

describe('a value of the wrong kind is refused where it is given', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['routes', (s) => new WebSocketApi(s, 'Api', { routes: given([Route.toHandler(ECHO)]) }), '`routes` of `Stack/Api` is a list of 1, but takes an object with keys and values'],
    ['routes of addRoutes', (s) => new WebSocketApi(s, 'Api').addRoutes(s, given(undefined)), '`routes` of `addRoutes()` is `undefined`'],
    ['scope of addRoutes', (s) => new WebSocketApi(s, 'Api').addRoutes(given({ a: Route.toHandler(ECHO) }), given(undefined)), '`scope` of `addRoutes()` is an object with `a`, but takes a construct'],
    ['accessLog', (s) => new WebSocketApi(s, 'Api', { accessLog: given('json') }), '`accessLog` of `Stack/Api` is the string `"json"`, but takes a value that `AccessLog.json()`, `AccessLog.csv()`, `AccessLog.format()` or `AccessLog.disabled()` makes'],
    ['authorization', (s) => new WebSocketApi(s, 'Api', { authorization: given(false) }), '`authorization` of `Stack/Api` is the boolean `false`, but takes a value that `Authorization.none()`'],
    ['authorization, not called', (s) => new WebSocketApi(s, 'Api', { authorization: given(Authorization.iam) }), 'write `Authorization.iam()`'],
    ['customDomain', (s) => new WebSocketApi(s, 'Api', { customDomain: given('api.domain.com') }), '`customDomain` of `Stack/Api` is the string `"api.domain.com"`, but takes a value that `CustomDomain.fromName()`'],
    ['api', (s) => new WebSocketApi(s, 'Api', { api: given(new CdkWebSocketApi(s, 'Cdk')) }), 'write `ApiSource.fromApi(api)`'],
    ['stage', (s) => new WebSocketApi(s, 'Api', { stage: given(new WebSocketStage(s, 'Cdk', { webSocketApi: new CdkWebSocketApi(s, 'CdkApi'), stageName: 'x' })) }), 'write `StageSource.fromStage(stage)`'],
    ['stage by name', (s) => new WebSocketApi(s, 'Api', { stage: given('prod') }), '`stage` of `Stack/Api` is the string `"prod"`, but takes a value that `StageSource.fromOptions()` or `StageSource.fromStage()` makes'],
    ['props', (s) => new WebSocketApi(s, 'Api', given([])), 'the options of `Stack/Api` are an empty list, but take an object'],
    ['null for options', () => Route.toHandler(ECHO, given(null)), 'the options of `Route.toHandler()` are `null`, but take an object'],
    ['defaultFunctionProps', (s) => new WebSocketApi(s, 'Api', { defaultFunctionProps: { permissions: given(Permissions.all()) } }), '`permissions` of `defaultFunctionProps` of `Stack/Api` is a `Permissions`, but takes a list: write `[` and `]` around it'],
    ['permissions', () => Route.toHandler(ECHO, { permissions: [given(undefined)] }), 'element 0 of `permissions` of `Route.toHandler()` is `undefined`, but takes a value that `Permissions.all()`'],
    ['a hole in permissions', () => Route.toHandler(ECHO, { permissions: given(new Array(1)) }), 'element 0 of `permissions` of `Route.toHandler()` is `undefined`'],
    ['permissions to attach', (s) => new WebSocketApi(s, 'Api').attachPermissions(given([Permissions.all()])), 'element 0 of `permissions` of `attachPermissions()` is a list of 1'],
    ['a statement to attach', (s) => new WebSocketApi(s, 'Api').attachPermissions(given(new PolicyStatement())), 'write `Permissions.statement(statement)`'],
    ['permissions to attach to a route', (s) => new WebSocketApi(s, 'Api').attachPermissionsToRoute('a', given('s3')), 'element 0 of `permissions` of `attachPermissionsToRoute()` is the string `"s3"`'],
    ['grantee of grantConnect', (s) => new WebSocketApi(s, 'Api').grantConnect(given('x')), '`grantee` of `grantConnect()` is the string `"x"`, but takes a grantee'],
    ['grantee of grantManageConnections', (s) => new WebSocketApi(s, 'Api').grantManageConnections(given(undefined)), '`grantee` of `grantManageConnections()` is `undefined`, but takes a grantee'],
    ['bundling', () => Route.toHandler(ECHO, { bundling: given({ minify: true }) }), '`bundling` of `Route.toHandler()` is an object with `minify`, but takes a value that `Bundling.esbuild()`, `Bundling.python()`'],
    ['options of esbuild', () => Bundling.esbuild({ externalModules: given('sharp') }), '`externalModules` of `Bundling.esbuild()` is the string `"sharp"`, but takes a list: write `[` and `]` around it'],
    ['timeout', () => Route.toHandler(ECHO, { timeout: given(10) }), '`timeout` of `Route.toHandler()` is the number `10`, but takes a duration, such as `Duration.seconds(10)`'],
    ['runtime', () => Route.toHandler(ECHO, { runtime: given('nodejs24.x') }), '`runtime` of `Route.toHandler()` is the string `"nodejs24.x"`, but takes an `aws_lambda.Runtime`, such as `Runtime.NODEJS_24_X`'],
    ['accountRole', () => AccessLog.json({ accountRole: given(true) }), '`accountRole` of the access log is the boolean `true`, but takes a value that `AccountLogRole.ensure()` or `AccountLogRole.existing()` makes'],
    ['accountRole of the execution log', () => ExecutionLog.info({ accountRole: given({}) }), '`accountRole` of the execution log is an empty object'],
    ['executionLog', () => StageSource.fromOptions({ executionLog: given('INFO') }), '`executionLog` of `StageSource.fromOptions()` is the string `"INFO"`, but takes a value that `ExecutionLog.errors()`'],
    ['dns', () => CustomDomain.fromName('api.domain.com', { dns: given('domain.com') }), '`dns` of `CustomDomain.fromName()` is the string `"domain.com"`, but takes a value that `Dns.fromZoneName()`'],
    ['certificate', () => CustomDomain.fromName('api.domain.com', { certificate: given('arn:…') }), '`certificate` of `CustomDomain.fromName()` is the string `"arn:…"`, but takes a certificate'],
    ['identitySource', () => Authorization.fromHandler(ECHO, { identitySource: [given('route.request.header.Auth')] }), 'element 0 of `identitySource` of `Authorization.fromHandler()` is the string `"route.request.header.Auth"`, but takes a value that `HandshakeValue.header()`'],
    ['handler', () => Route.toHandler(given(undefined)), '`handler` of `Route.toHandler()` is `undefined`, but takes a string'],
    ['function', () => Route.toFunction(given('arn:aws:lambda:…')), '`fn` of `Route.toFunction()` is the string `"arn:aws:lambda:…"`, but takes a Lambda function, or an alias or version of one, created or imported, such as `Function.fromFunctionArn()` makes'],
    ['integration', (s) => Route.toIntegration(given(testFunction(s))), '`integration` of `Route.toIntegration()` is `Stack/Function` (aws-cdk-lib.aws_lambda.Function), but takes an integration'],
    ['authorizer', (s) => Authorization.fromAuthorizer(given(testFunction(s))), '`authorizer` of `Authorization.fromAuthorizer()` is `Stack/Function`'],
    ['authorizer function', () => Authorization.fromFunction(given({})), '`fn` of `Authorization.fromFunction()` is an empty object'],
    ['zone', () => Dns.fromHostedZone(given('Z1')), '`zone` of `Dns.fromHostedZone()` is the string `"Z1"`, but takes a hosted zone'],
    ['domain', () => CustomDomain.fromDomainName(given('api.domain.com')), '`domainName` of `CustomDomain.fromDomainName()` is the string `"api.domain.com"`, but takes a domain of API Gateway'],
    ['existing api', () => ApiSource.fromApi(given('abcdef')), '`api` of `ApiSource.fromApi()` is the string `"abcdef"`, but takes a WebSocket API'],
    ['existing stage', () => StageSource.fromStage(given('prod')), '`stage` of `StageSource.fromStage()` is the string `"prod"`'],
    ['service', () => Permissions.service(given(undefined)), '`service` of `Permissions.service()` is `undefined`, but takes a string'],
    ['resource', () => Permissions.fullAccess(given('arn:aws:s3:::b')), '`construct` of `Permissions.fullAccess()` is the string `"arn:aws:s3:::b"`, but takes a construct'],
    ['statement', () => Permissions.statement(given({ Action: 's3:*' })), '`statement` of `Permissions.statement()` is an object with `Action`, but takes an `aws_iam.PolicyStatement`'],
    ['grant method', (s) => Permissions.grant(new Bucket(s, 'Bucket'), given(undefined)), '`method` of `Permissions.grant()` is `undefined`'],
    ['handshake value', () => HandshakeValue.header(given(undefined)), '`name` of `HandshakeValue.header()` is `undefined`, but takes a string'],
    ['scope', () => new WebSocketApi(given(undefined), 'Api'), '`scope` of `new WebSocketApi()` is `undefined`, but takes a construct'],
    ['vpc', () => Route.toHandler(ECHO, { vpc: given('vpc-1') }), '`vpc` of `Route.toHandler()` is the string `"vpc-1"`, but takes a VPC'],
    ['ARN', () => Permissions.action('s3:GetObject', 'my-bucket'), '`"my-bucket"` in `resourceArns` of `Permissions.action()` is no ARN: write the whole ARN'],
    ['name of a stage variable', () => StageSource.fromOptions({ stageVariables: { 'a-b': '1' } }), 'stage variable `"a-b"` has a name that API Gateway refuses: write letters, digits and `_`'],
    ['value of a stage variable', () => StageSource.fromOptions({ stageVariables: { greeting: 'hello there' } }), 'stage variable `"greeting"` has the value `"hello there"`, which API Gateway refuses'],
    ['flag', () => Route.toHandler(ECHO, { apiKeyRequired: given('false') }), '`apiKeyRequired` of `Route.toHandler()` is the string `"false"`, but takes `true` or `false`'],
    ['model', () => Route.toHandler(ECHO, { model: given({ type: 'object' }) }), '`model` of `Route.toHandler()` is an object with `type`, but takes a value that `MessageModel.fromJsonSchema()` or `MessageModel.fromFile()` makes: write `MessageModel.fromJsonSchema(schema)`'],
    ['memory', () => Route.toHandler(ECHO, { memorySize: given('512') }), '`memorySize` of `Route.toHandler()` is the string `"512"`, but takes a number'],
    ['memory', () => Route.toHandler(ECHO, { memorySize: Number(undefined) }), '`memorySize` of `Route.toHandler()` is `NaN`, but takes a number'],
    ['rate', () => Route.toHandler(ECHO, { throttle: { rateLimit: given('5') } }), '`rateLimit` of `throttle` of `Route.toHandler()` is the string `"5"`, but takes a number'],
  ])('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });
});

describe('an error names the call that takes the value', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['toHandler, given a function', (s) => Route.toHandler(given(testFunction(s))), 'write `Route.toFunction(fn)`'],
    ['toHandler, given an integration', () => Route.toHandler(given(new WebSocketMockIntegration('Mock'))), 'write `Route.toIntegration(integration)`'],
    ['toFunction, given a handler', () => Route.toFunction(given('src/a.main')), 'write `Route.toHandler("src/a.main")`'],
    ['toIntegration, given a function', (s) => Route.toIntegration(given(testFunction(s))), 'write `Route.toFunction(fn)`'],
    ['fromHandler, given a function', (s) => Authorization.fromHandler(given(testFunction(s))), 'write `Authorization.fromFunction(fn)`'],
    ['fromFunction, given a handler', () => Authorization.fromFunction(given('src/auth.main')), 'write `Authorization.fromHandler("src/auth.main")`'],
    ['fromAuthorizer, given a function', (s) => Authorization.fromAuthorizer(given(testFunction(s))), 'write `Authorization.fromFunction(fn)`'],
    ['authorization, given a function', (s) => new WebSocketApi(s, 'Api', { authorization: given(testFunction(s)) }), 'write `Authorization.fromFunction(fn)`'],
    ['addRoutes without a scope', (s) => given(new WebSocketApi(s, 'Api')).addRoutes({ a: Route.toHandler(ECHO) }), '`scope` of `addRoutes()` is an object with `a`, but takes a construct: write `addRoutes(this, {…})`'],
    ['action, given a list', () => Permissions.action('s3:GetObject', given(['arn:aws:s3:::b/*'])), 'element 0 of `resourceArns` of `Permissions.action()` is a list of 1, but takes a string: write `Permissions.action(action, ...resourceArns)`'],
    ['attachPermissions, given a list', (s) => new WebSocketApi(s, 'Api').attachPermissions(given([Permissions.all()])), 'write `attachPermissions(...permissions)`'],
    ['permissions, given a construct', (s) => Route.toHandler(ECHO, { permissions: [given(new Bucket(s, 'B'))] }), 'write `Permissions.grant(construct, "grant…")`'],
    ['permissions, given a statement', () => Route.toHandler(ECHO, { permissions: [given(new PolicyStatement())] }), 'write `Permissions.statement(statement)`'],
    ['fromApi, given the construct', (s) => ApiSource.fromApi(given(new WebSocketApi(s, 'Api'))), 'write `ApiSource.fromApi(webSocketApi.api)`'],
    ['fromStage, given the construct', (s) => StageSource.fromStage(given(new WebSocketApi(s, 'Api'))), 'write `StageSource.fromStage(webSocketApi.stage)`'],
    ['stage, given a name', (s) => new WebSocketApi(s, 'Api', { stage: given('prod') }), 'write `StageSource.fromOptions({ stageName: "prod" })`'],
    ['customDomain, given a name', (s) => new WebSocketApi(s, 'Api', { customDomain: given('api.domain.com') }), 'write `CustomDomain.fromName("api.domain.com")`'],
    ['fromDomainName, given a name', () => CustomDomain.fromDomainName(given('api.domain.com')), 'write `CustomDomain.fromName("api.domain.com")`'],
    ['dns, given a name', () => CustomDomain.fromName('api.domain.com', { dns: given('domain.com') }), 'write `Dns.fromZoneName("domain.com")`'],
    ['accessLog, given a log group', (s) => new WebSocketApi(s, 'Api', { accessLog: given(new LogGroup(s, 'Log')) }), 'write `AccessLog.json({ logGroup })`'],
  ])('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });

  test('but not a handler for an ARN', () => {
    expect(() => Route.toFunction(given('arn:aws:lambda:…'))).toThrow(/such as `Function\.fromFunctionArn\(\)` makes$/);
  });
});

describe('an option that has its place elsewhere is refused, with the place', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['permissions of a function that exists', (s) => Route.toFunction(testFunction(s), given({ permissions: [Permissions.all()] })), '`Route.toFunction()` has no option `permissions`: write `api.attachPermissionsToRoute(routeKey, …)`'],
    ['props of a function that exists', (s) => Route.toFunction(testFunction(s), given({ timeout: Duration.seconds(1) })), '`Route.toFunction()` has no option `timeout`: the function keeps its own settings; set it where you make the function'],
    ['props of a function, for an integration', () => Route.toIntegration(new WebSocketMockIntegration('Mock'), given({ environment: {} })), '`Route.toIntegration()` has no option `environment`: it is for a function that `Route.toHandler()` makes'],
    ['permissions of an authorizer that exists', (s) => Authorization.fromFunction(testFunction(s), given({ permissions: [] })), '`Authorization.fromFunction()` has no option `permissions`: grant them to the function itself'],
    ['what esbuild calls external', () => Bundling.esbuild(given({ external: ['sharp'] })), '`Bundling.esbuild()` has no option `external`: write `externalModules`'],
    ['bundleAwsSDK of NodejsFunction', () => Bundling.esbuild(given({ bundleAwsSDK: true })), 'write `externalModules: []`'],
    ['the entry of NodejsFunction', () => Route.toHandler(ECHO, given({ entry: 'src/a.ts' })), '`Route.toHandler()` has no option `entry`: the first argument names file and export'],
    ['options of esbuild, beside it', () => Route.toHandler(ECHO, given({ minify: true })), '`Route.toHandler()` has no option `minify`: write `bundling: Bundling.esbuild({ minify })`'],
    ['authorization of a route', () => Route.toHandler(ECHO, given({ authorization: Authorization.iam() })), 'write `authorization` of `WebSocketApi`; API Gateway asks for it on `$connect`'],
    ['env, as other frameworks call it', () => Route.toHandler(ECHO, given({ env: {} })), '`Route.toHandler()` has no option `env`: write `environment`'],
    ['an option of a route in the defaults', (s) => new WebSocketApi(s, 'Api', { defaultFunctionProps: given({ returnResponse: true }) }), 'has no option `returnResponse`: it is an option of a single route'],
    ['caching of an authorizer', () => Authorization.fromHandler(ECHO, given({ resultsCacheTtl: Duration.minutes(5) })), 'API Gateway calls the authorizer of a WebSocket API for each handshake, and caches nothing'],
    ['caching of an authorizer that exists', (s) => Authorization.fromFunction(testFunction(s), given({ resultsCacheTtl: Duration.minutes(5) })), 'it is for HTTP APIs'],
    ['the name of a stage', () => StageSource.fromOptions(given({ name: 'prod' })), '`StageSource.fromOptions()` has no option `name`: write `stageName`'],
    ['metrics of CDK\'s stage', () => StageSource.fromOptions(given({ detailedMetricsEnabled: true })), 'write `detailedMetrics`'],
    ['the logging level of a stage', () => StageSource.fromOptions(given({ loggingLevel: 'INFO' })), 'write `executionLog`'],
    ['the name of an API', () => ApiSource.fromProps(given({ name: 'chat' })), 'write `apiName`'],
    ['CORS', () => ApiSource.fromProps(given({ corsPreflight: {} })), '`ApiSource.fromProps()` has no option `corsPreflight`: it is for HTTP APIs'],
    ['the zone of a domain', () => CustomDomain.fromName('api.domain.com', given({ hostedZone: {} })), 'write `dns: Dns.fromHostedZone(zone)`'],
    ['from and to of a copy', () => Bundling.esbuild({ copyFiles: [given({ from: 'a', to: 'b' })] }), 'element 0 of `copyFiles` of `Bundling.esbuild()` has no option `from`: write `source`'],
    ['plugins of esbuild', () => Bundling.esbuild(given({ plugins: [] })), '`Bundling.esbuild()` has no option `plugins`: it would be ignored; if you need it, run esbuild yourself'],
  ])('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });

  test('not if it is left undefined', () => {
    expect(() => Route.toFunction(testFunction(testStack()), given({ timeout: undefined }))).not.toThrow();
  });
});

describe('an option whose name is nearly one of ours is refused', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['of the API', (s) => new WebSocketApi(s, 'Api', given({ authorisation: Authorization.iam() })), '`Stack/Api` has no option `authorisation`: did you mean `authorization`?'],
    ['of the API, whatever its value', (s) => new WebSocketApi(s, 'Api', given({ Routes: undefined })), '`Stack/Api` has no option `Routes`: did you mean `routes`?'],
    ['of the API, by its value', (s) => new WebSocketApi(s, 'Api', given({ authorizer: Authorization.iam() })), '`Stack/Api` has no option `authorizer`: did you mean `authorization`?'],
    ['of the API, by its value and a word', (s) => new WebSocketApi(s, 'Api', given({ domain: CustomDomain.fromName('api.domain.com') })), 'has no option `domain`: did you mean `customDomain`?'],
    ['of the API, by its value alone', (s) => new WebSocketApi(s, 'Api', given({ routes: { $connect: Route.toHandler(ECHO) }, iam: Authorization.iam() })), '`Stack/Api` has no option `iam`: did you mean `authorization`?'],
    ['of the API, by its value, if the right one is undefined', (s) => new WebSocketApi(s, 'Api', given({ authorization: undefined, security: Authorization.iam() })), 'has no option `security`: did you mean `authorization`?'],
    ['of a handler, by its value alone', () => Route.toHandler(ECHO, given({ access: [Permissions.service('s3')] })), '`Route.toHandler()` has no option `access`: did you mean `permissions`?'],
    ['of the defaults', (s) => new WebSocketApi(s, 'Api', given({ defaultFunctionProps: { memorysize: 1 } })), '`defaultFunctionProps` of `Stack/Api` has no option `memorysize`: did you mean `memorySize`?'],
    ['of a handler', () => Route.toHandler(ECHO, given({ enviroment: {} })), '`Route.toHandler()` has no option `enviroment`: did you mean `environment`?'],
    ['of a route', () => Route.toHandler(ECHO, given({ returnsResponse: true })), '`Route.toHandler()` has no option `returnsResponse`: did you mean `returnResponse`?'],
    ['of a route to a function', (s) => Route.toFunction(testFunction(s), given({ apikeyRequired: true })), 'has no option `apikeyRequired`: did you mean `apiKeyRequired`?'],
    ['of an authorizer', () => Authorization.fromHandler(ECHO, given({ identitySources: [] })), '`Authorization.fromHandler()` has no option `identitySources`: did you mean `identitySource`?'],
    ['of an access log', () => AccessLog.json(given({ encryptionkey: 1 })), 'the access log has no option `encryptionkey`: did you mean `encryptionKey`?'],
    ['of a domain', () => CustomDomain.fromName('api.domain.com', given({ certficate: 1 })), 'has no option `certficate`: did you mean `certificate`?'],
    ['of an existing domain', (s) => CustomDomain.fromDomainName(given({ regionalDomainName: 'd', name: s.node.id }), given({ paths: 'x' })), 'has no option `paths`: did you mean `path`?'],
    ['of a stage', () => StageSource.fromOptions(given({ detailedMetric: true })), 'has no option `detailedMetric`: did you mean `detailedMetrics`?'],
    ['of the API to create', () => ApiSource.fromProps(given({ routeSelectionExpresion: 'x' })), 'has no option `routeSelectionExpresion`: did you mean `routeSelectionExpression`?'],
    ['of esbuild', () => Bundling.esbuild(given({ externalmodules: [] })), 'has no option `externalmodules`: did you mean `externalModules`?'],
    ['of a file to copy', () => Bundling.esbuild({ copyFiles: [given({ sorce: 'x' })] }), 'element 0 of `copyFiles` of `Bundling.esbuild()` has no option `sorce`: did you mean `source`?'],
  ])('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });
});

describe('what passes', () => {
  test('an option of another name, as everywhere in CDK', () => {
    const extended = { ...{ routes: { a: Route.toHandler(ECHO) } }, table: 'connections', extraRoutes: { b: Route.toHandler(ECHO) }, tags: { team: 'chat' } };

    expect(() => new WebSocketApi(testStack(), 'Api', extended)).not.toThrow();
  });

  test('a value under another name, once the option that takes it is given', () => {
    const props = { authorization: Authorization.none(), adminAuthorization: Authorization.iam(), routes: { a: Route.toHandler(ECHO) } };

    expect(() => new WebSocketApi(testStack(), 'Api', props)).not.toThrow();
  });

  test('null and undefined where an option is left out', () => {
    const props = given({
      accessLog: null,
      authorization: undefined,
      api: null,
      stage: null,
      customDomain: null,
      defaultFunctionProps: null,
      routes: { a: Route.toHandler(ECHO, given({ throttle: null, bundling: null })) },
    });

    expect(() => new WebSocketApi(testStack(), 'Api', props)).not.toThrow();
  });

  test('a value that another copy of this library made: jsii names its class the same', () => {
    class Route2 {
      public _render(key: string) { return Route.toHandler(ECHO)._render(key); }
    }
    Object.assign(Route2, { [Symbol.for('jsii.rtti')]: { fqn: 'cdk-websocket-api.Route', version: '0.0.1' } });

    expect(() => new WebSocketApi(testStack(), 'Api', { routes: { a: given(new Route2()) } })).not.toThrow();
  });

  test('a function as another language implements it: members, and no class', () => {
    const fn = testFunction(testStack());
    const members = Object.fromEntries(['functionArn', 'functionName', 'node', 'env', 'stack', 'role'].map((name) => [name, { get: () => (fn as any)[name], enumerable: false }]));
    const proxy = Object.defineProperties({ addPermission: fn.addPermission.bind(fn) }, members);

    expect(() => Route.toFunction(given(proxy))).not.toThrow();
  });

  test('every option of a Lambda function that the newest CDK has', () => {
    const types = readFileSync(join(dirname(require.resolve('cdk-newest/package.json')), 'aws-lambda/lib/function.d.ts'), 'utf8');
    const [options] = types.slice(types.indexOf('export interface FunctionOptions')).split('export interface FunctionProps');
    const names = [...options.matchAll(/readonly (\w+)\?:/g)].map(([, name]) => name).filter((name) => !Object.hasOwn(HANDLER_PROPS, name));

    names.forEach((name) => expect(() => Route.toHandler(ECHO, given({ [name]: 'whatever' }))).not.toThrow());
    expect(options).toContain('memorySize');
  });

  test('the account\'s log role, made once for several', () => {
    const accountRole = AccountLogRole.existing();

    expect(() => [AccessLog.json({ accountRole }), ExecutionLog.info({ accountRole })]).not.toThrow();
  });
});
