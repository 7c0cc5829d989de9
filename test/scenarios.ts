import { App, Duration, Environment, RemovalPolicy, Size, Stack, Stage } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketAwsIntegration, WebSocketLambdaIntegration, WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IConstruct } from 'constructs';
import {
  AccessLog, AccountLogRole, ApiKeys, ApiSource, Authorization, Bundling, ConnectionTable, CustomDomain, Dns, ExecutionLog, GroupName,
  HandlerProps,
  HandshakeValue,
  MessageModel, ModuleFormat, Permissions, Route, ServiceRouteOptions, StageSource, TokenUse, WebSocketApi, WebSocketApiProps,
} from '../src';

/** A mock answers only with the status that a template gives. */
const MOCK = { requestTemplates: { $default: '{"statusCode":200}' }, templateSelectionExpression: '$default' };

const JOIN = MessageModel.fromJsonSchema({ type: 'object', required: ['room'], properties: { room: { type: 'string' } } });

/*
 * What the documentation shows, each use in an app of its own. Every export is such a scenario: it builds stacks in an app. What the
 * scenario's author brings, and the library does not make, lies in a construct `Given`.
 */

// Routes

export function fiveLines(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: {
      $connect: Route.toHandler(`${SOURCE}/connect.main`),
      $default: Route.toHandler(`${SOURCE}/message.main`),
      $disconnect: Route.toHandler(`${SOURCE}/disconnect.main`),
    },
  });
}

export function routesInTwoLanguages(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: {
      $default: Route.toHandler(`${SOURCE}/message.main`),
      count: Route.toHandler('count.main', {
        srcPath: SOURCE, runtime: lambda.Runtime.PYTHON_3_13, bundling: Bundling.python({ buildFromSource: ['dictdiffer'] }),
      }),
    },
  });
}

/** What tool chains build is tested with them; here, the template counts. */
export function routesInCompiledLanguages(app: App) {
  app.node.setContext('aws:cdk:bundling-stacks', []);
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: {
      go: Route.toHandler('cmd/say', { srcPath: `${SOURCE}/go`, bundling: Bundling.golang({ ldflags: '-X main.version=1.2.0', tags: ['production'] }) }),
      java: Route.toHandler('com.acme.Say::handleRequest', {
        srcPath: `${SOURCE}/java`, bundling: Bundling.maven({ profiles: ['production'], properties: { revision: '1.2.0' } }),
      }),
      csharp: Route.toHandler('Chat::Chat.Say::Handle', {
        srcPath: `${SOURCE}/csharp`, bundling: Bundling.dotnet({ properties: { Version: '1.2.0' } }),
      }),
    },
  });
}

export function routesToFunctionsThatExist(app: App) {
  const stack = new Stack(app, 'Stack', { env: ENV });
  const fn = givenFunction(stack);
  new WebSocketApi(stack, 'Api', {
    routes: {
      $connect: Route.toFunction(fn),
      $disconnect: Route.toFunction(fn),
      $default: Route.toFunction(fn.addAlias('live')),
      imported: Route.toFunction(lambda.Function.fromFunctionArn(stack, 'Imported', arn('lambda', 'function:imported'))),
    },
  });
}

export function routesToIntegrations(app: App) {
  const stack = new Stack(app, 'Stack');
  new WebSocketApi(stack, 'Api', {
    routes: {
      ping: Route.toIntegration(new WebSocketMockIntegration('Ping', MOCK)),
      enqueue: Route.toIntegration(sendToQueue(stack)),
      invoke: Route.toIntegration(new WebSocketLambdaIntegration('Invoke', givenFunction(stack), {
        timeout: Duration.seconds(5),
        contentHandling: apigatewayv2.ContentHandling.CONVERT_TO_TEXT,
      })),
    },
  });
}

export function routesToServices(app: App) {
  const stack = new Stack(app, 'Stack', { env: ENV });
  new WebSocketApi(stack, 'Api', { routes: routesToEveryService(stack) });
}

export function routesToImportedServices(app: App) {
  const stack = new Stack(app, 'Stack', { env: ENV });
  new WebSocketApi(stack, 'Api', {
    routes: {
      queue: Route.toQueue(sqs.Queue.fromQueueArn(stack, 'Queue', arn('sqs', 'inbox.fifo')), { returnResponse: true }),
      topic: Route.toTopic(sns.Topic.fromTopicArn(stack, 'Topic', arn('sns', 'news'))),
      eventBus: Route.toEventBus(events.EventBus.fromEventBusName(stack, 'EventBus', 'default')),
      stateMachine: Route.toStateMachine(sfn.StateMachine.fromStateMachineArn(stack, 'StateMachine', arn('states', 'stateMachine:checkout')), { returnResponse: true }),
      stream: Route.toStream(kinesis.Stream.fromStreamArn(stack, 'Stream', arn('kinesis', 'stream/clicks'))),
    },
  });
}

export function optionsOfRoutes(app: App) {
  const stack = new Stack(app, 'Stack');
  const fn = givenFunction(stack);
  new WebSocketApi(stack, 'Api', {
    routes: {
      $connect: Route.toFunction(fn, { apiKeyRequired: true, operationName: 'Connect', throttle: { rateLimit: 10, burstLimit: 20 } }),
      function: Route.toFunction(fn, { returnResponse: true }),
      handler: Route.toHandler(`${SOURCE}/message.main`, { returnResponse: true, apiKeyRequired: false, operationName: 'Handle', throttle: { rateLimit: 5 } }),
      integration: Route.toIntegration(new WebSocketMockIntegration('Mock', MOCK), {
        returnResponse: true, apiKeyRequired: false, operationName: 'Mock', throttle: { burstLimit: 5 },
      }),
    },
    apiKeys: ApiKeys.create(),
  });
}

export function messagesOfRoutes(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: {
      say: Route.toHandler(`${SOURCE}/message.main`, { model: MessageModel.fromFile(`${SOURCE}/say.schema.json`) }),
      join: Route.toHandler(`${SOURCE}/message.main`, { model: JOIN }),
      ping: Route.toIntegration(new WebSocketMockIntegration('Ping', MOCK), { model: JOIN }),
    },
  });
}

export function asynchronousRoutes(app: App) {
  const stack = new Stack(app, 'Stack', { env: ENV });
  const fn = givenFunction(stack);
  const api = new WebSocketApi(stack, 'Api', {
    routes: {
      ask: Route.toHandler(`${SOURCE}/message.main`, { asynchronous: true }),
      research: Route.toHandler(`${SOURCE}/message.main`, { asynchronous: true, publishVersion: true, timeout: Duration.minutes(15), retryAttempts: 1 }),
      function: Route.toFunction(fn, { asynchronous: true }),
      alias: Route.toFunction(fn.addAlias('live'), { asynchronous: true }),
      alsoAnswered: Route.toFunction(fn, { returnResponse: true }),
    },
  });
  const feature = new Stack(app, 'Feature', { env: ENV });
  api.addRoutes(feature, {
    elsewhere: Route.toHandler(`${SOURCE}/message.main`, { asynchronous: true }),
    ofOtherStack: Route.toFunction(fn, { asynchronous: true }),
  });
}

export function apiKeys(app: App) {
  const stack = new Stack(app, 'Stack');
  const { api, stage } = new WebSocketApi(stack, 'Api', {
    routes: { $connect: Route.toHandler(`${SOURCE}/connect.main`, { apiKeyRequired: true }) },
  });
  const plan = new apigatewayv2.UsagePlan(given(stack), 'Plan', { apiStages: [{ api, stage }] });
  plan.addApiKey(new apigatewayv2.ApiKey(given(stack), 'Key'));
}

export function apiKeysOfEveryKind(app: App) {
  const stack = new Stack(app, 'Stack');
  const plan = new apigatewayv2.UsagePlan(given(stack), 'Plan');
  plan.addApiKey(new apigatewayv2.ApiKey(given(stack), 'Key'));
  new WebSocketApi(stack, 'Api', {
    routes: { $connect: Route.toMock() },
    apiKeys: ApiKeys.fromUsagePlan(plan),
  });
  new WebSocketApi(stack, 'Other', {
    routes: { $connect: Route.toMock() },
    authorization: Authorization.fromHandler(`${SOURCE}/authorize.main`),
    apiKeys: everyKeyOption(),
  });
}

// Functions

export function propsOfFunctions(app: App) {
  const stack = new Stack(app, 'Stack');
  new WebSocketApi(stack, 'Api', {
    routes: {
      $default: Route.toHandler('message.main', everyFunctionProp(stack)),
      untraced: Route.toHandler(`${SOURCE}/message.main`, { tracing: lambda.Tracing.DISABLED }),
      withRole: Route.toHandler(`${SOURCE}/connect.main`, {
        role: new Role(given(stack), 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
      }),
    },
  });
}

export function defaultsOfFunctions(app: App) {
  const stack = new Stack(app, 'Stack');
  new WebSocketApi(stack, 'Api', {
    defaultFunctionProps: {
      srcPath: SOURCE,
      runtime: lambda.Runtime.NODEJS_22_X,
      bundling: Bundling.esbuild({ sourceMap: true }),
      environment: { TABLE: 'connections', LEVEL: 'info' },
      permissions: [Permissions.action('ses:SendEmail')],
    },
    routes: {
      $default: Route.toHandler('message.main'),
      own: Route.toHandler('connect.main', {
        runtime: lambda.Runtime.NODEJS_24_X,
        environment: { LEVEL: 'debug' },
        permissions: [Permissions.action('ses:SendRawEmail')],
      }),
    },
  });
}

export function bundlingWithEveryOption(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: {
      $default: Route.toHandler('greet.main', {
        srcPath: SOURCE,
        bundling: Bundling.esbuild({
          minify: false,
          keepNames: true,
          sourceMap: true,
          target: 'es2022',
          format: ModuleFormat.ESM,
          mainFields: ['module', 'main'],
          tsconfig: `${SOURCE}/greet.tsconfig.json`,
          externalModules: ['@aws-sdk/*', 'sharp'],
          nodeModules: ['constructs'],
          define: { 'process.env.GREETER': '"the lark"' },
          loader: { '.txt': 'text' },
          banner: '/* greetings */',
          footer: '/* farewell */',
          copyFiles: [{ source: 'greeting.txt', destination: 'data/greeting.txt' }],
        }),
      }),
    },
  });
}

export function bundlingDisabled(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: { ping: Route.toHandler('ping.main', { srcPath: `${SOURCE}/plain`, bundling: Bundling.disabled() }) },
  });
}

export function codeBuiltByOtherMeans(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: { $default: Route.toHandler('bootstrap', { code: lambda.Code.fromAsset(`${SOURCE}/plain`), runtime: lambda.Runtime.PROVIDED_AL2023 }) },
  });
}

// Permissions

export function permissionsByName(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: {
      all: Route.toHandler(`${SOURCE}/message.main`, { permissions: [Permissions.all()] }),
      service: Route.toHandler(`${SOURCE}/message.main`, { permissions: [Permissions.service('s3')] }),
      action: Route.toHandler(`${SOURCE}/message.main`, { permissions: [Permissions.action('dynamodb:GetItem', arn('dynamodb', 'table/connections'))] }),
      everywhere: Route.toHandler(`${SOURCE}/message.main`, { permissions: [Permissions.action('ses:SendEmail')] }),
      statement: Route.toHandler(`${SOURCE}/message.main`, {
        permissions: [Permissions.statement(new PolicyStatement({
          actions: ['ses:SendEmail'],
          resources: [arn('ses', 'identity/domain.com')],
          conditions: { StringEquals: { 'ses:FromAddress': 'chat@domain.com' } },
        }))],
      }),
    },
  });
}

export function permissionsOnResources(app: App) {
  const stack = new Stack(app, 'Stack', { env: ENV });
  new WebSocketApi(stack, 'Api', { routes: routesWithResources(createdResources(stack)) });
}

export function permissionsOnImportedResources(app: App) {
  const stack = new Stack(app, 'Stack', { env: ENV });
  new WebSocketApi(stack, 'Api', { routes: routesWithResources(importedResources(stack)) });
}

export function permissionsByGrant(app: App) {
  const stack = new Stack(app, 'Stack');
  new WebSocketApi(stack, 'Api', {
    routes: { $default: Route.toHandler(`${SOURCE}/message.main`, { permissions: [Permissions.grant(givenTable(stack), 'grantReadWriteData')] }) },
  });
}

export function permissionsAttachedLater(app: App) {
  const stack = new Stack(app, 'Stack');
  const api = new WebSocketApi(stack, 'Api', {
    routes: { $connect: Route.toHandler(`${SOURCE}/connect.main`), $default: Route.toFunction(givenFunction(stack)) },
  });
  api.attachPermissions(Permissions.fullAccess(givenTable(stack)));
  api.attachPermissionsToRoute('$connect', Permissions.action('ses:SendEmail', arn('ses', 'identity/domain.com')));
}

export function grantsToOthers(app: App) {
  const stack = new Stack(app, 'Stack');
  const api = new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toHandler(`${SOURCE}/connect.main`) }, authorization: Authorization.iam() });
  const worker = givenFunction(stack, 'Worker');
  worker.addEnvironment('CALLBACK_URL', api.callbackUrl);
  api.grantManageConnections(worker);
  api.grantConnect(worker);
}

export function alarmOnTheFunctionOfARoute(app: App) {
  const stack = new Stack(app, 'Stack');
  const api = new WebSocketApi(stack, 'Api', { routes: { $default: Route.toHandler(`${SOURCE}/message.main`) } });
  api.getFunction('$default')!.metricErrors().createAlarm(given(stack), 'Alarm', { threshold: 1, evaluationPeriods: 1 });
}

// Access log

export function accessLogAsJson(app: App) {
  const stack = new Stack(app, 'Stack');
  const encryptionKey = givenKey(stack);
  plainApi(stack, {
    accessLog: AccessLog.json({
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey,
      accountRole: AccountLogRole.ensure(),
    }),
  });
}

export function accessLogAsCsv(app: App) {
  plainApi(new Stack(app, 'Stack'), { accessLog: AccessLog.csv({ accountRole: AccountLogRole.existing() }) });
}

export function accessLogInOwnFormat(app: App) {
  plainApi(new Stack(app, 'Stack'), { accessLog: AccessLog.format('$context.requestId $context.routeKey $context.status') });
}

export function accessLogToCreatedLogGroup(app: App) {
  const stack = new Stack(app, 'Stack');
  plainApi(stack, { accessLog: AccessLog.json({ logGroup: new LogGroup(given(stack), 'LogGroup') }) });
}

export function accessLogToImportedLogGroup(app: App) {
  const stack = new Stack(app, 'Stack');
  plainApi(stack, { accessLog: AccessLog.json({ logGroup: LogGroup.fromLogGroupName(stack, 'LogGroup', '/aws/vendedlogs/chat') }) });
}

export function accessLogToLogGroupByArn(app: App) {
  plainApi(new Stack(app, 'Stack'), { accessLog: AccessLog.csv({ destinationArn: arn('logs', 'log-group:/aws/vendedlogs/chat:*') }) });
}

export function accessLogToFirehose(app: App) {
  plainApi(new Stack(app, 'Stack'), { accessLog: AccessLog.json({ destinationArn: arn('firehose', 'deliverystream/amazon-apigateway-chat') }) });
}

export function accessLogDisabled(app: App) {
  plainApi(new Stack(app, 'Stack'), { accessLog: AccessLog.disabled() });
}

// Monitoring

export function metricsAndAlarmOfOneRoute(app: App) {
  const api = new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: { $connect: Route.toHandler(`${SOURCE}/connect.main`), $default: Route.toHandler(`${SOURCE}/message.main`) },
  });
  const metrics = [
    api.metricConnectCount({ routeKey: '$connect' }), api.metricMessageCount(), api.metricClientError(),
    api.metricExecutionError(), api.metricIntegrationError(), api.metricIntegrationLatency({ routeKey: '$default' }),
  ];
  new cloudwatch.Dashboard(given(api), 'Dashboard', { widgets: [[new cloudwatch.GraphWidget({ left: metrics })]] });
  metrics[5].createAlarm(given(api), 'Slow', { threshold: 1000, evaluationPeriods: 3 });
}

export function monitoring(app: App) {
  const stack = new Stack(app, 'Stack');
  const api = new WebSocketApi(stack, 'Api', {
    routes: { $connect: Route.toHandler(`${SOURCE}/connect.main`), $default: Route.toFunction(givenFunction(stack)) },
  });
  const watched = api.monitor({
    topic: new sns.Topic(given(stack), 'Alarms', { enforceSSL: true, masterKey: givenKey(stack) }),
    alarms: true,
    maxErrorPercent: 2,
    maxLatency: Duration.seconds(1),
    maxClientErrors: 1000,
    dashboard: true,
    queries: true,
  });
  watched.dashboard!.addWidgets(new cloudwatch.AlarmStatusWidget({ alarms: watched.alarms }));
}

// Domain

export function domainLookedUp(app: App) {
  plainApi(new Stack(withZone(app), 'Stack', { env: ENV }), { customDomain: CustomDomain.fromName('api.domain.com') });
}

export function domainWithEveryOption(app: App) {
  const stack = new Stack(withZone(app), 'Stack', { env: ENV });
  plainApi(stack, {
    customDomain: CustomDomain.fromName('ws.api.domain.com', {
      dns: Dns.fromZoneName('domain.com'),
      certificate: importedCertificate(stack),
      path: 'chat/v1',
      ipAddressType: apigatewayv2.IpAddressType.DUAL_STACK,
    }),
  });
}

export function domainWithWildcard(app: App) {
  plainApi(new Stack(withZone(app), 'Stack', { env: ENV }), { customDomain: CustomDomain.fromName('*.domain.com') });
}

export function domainAtApex(app: App) {
  plainApi(new Stack(withZone(app), 'Stack', { env: ENV }), { customDomain: CustomDomain.fromName('domain.com') });
}

export function domainInGivenZone(app: App) {
  const stack = new Stack(app, 'Stack');
  plainApi(stack, {
    customDomain: CustomDomain.fromName('api.domain.com', {
      dns: Dns.fromHostedZone(new route53.PublicHostedZone(given(stack), 'Zone', { zoneName: 'domain.com' })),
    }),
  });
}

export function domainElsewhere(app: App) {
  const stack = new Stack(app, 'Stack');
  plainApi(stack, { customDomain: CustomDomain.fromName('api.domain.com', { dns: Dns.external(), certificate: importedCertificate(stack) }) });
}

export function domainAlone(app: App) {
  plainApi(new Stack(withZone(app), 'Stack', { env: ENV }), { customDomain: CustomDomain.fromName('api.domain.com', { path: 'v1' }), disableExecuteApiEndpoint: true });
}

export function domainThatExists(app: App) {
  const stack = new Stack(app, 'Stack');
  plainApi(stack, { customDomain: CustomDomain.fromDomainName(importedDomain(stack), { path: 'v1' }) });
}

export function domainSharedByPath(app: App) {
  const stack = new Stack(withZone(app), 'Stack', { env: ENV });
  const chat = new WebSocketApi(stack, 'Chat', {
    routes: { $default: Route.toHandler(`${SOURCE}/message.main`) },
    customDomain: CustomDomain.fromName('api.domain.com', { path: 'chat' }),
  });
  new WebSocketApi(stack, 'Game', {
    routes: { $default: Route.toHandler(`${SOURCE}/message.main`) },
    customDomain: CustomDomain.fromDomainName(chat.apiGatewayDomain!, { path: 'game' }),
  });
}

// Versions

export function routesToPublishedVersions(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    routes: {
      $connect: Route.toHandler(`${SOURCE}/connect.main`, { publishVersion: true }),
      $default: Route.toHandler(`${SOURCE}/message.main`, { provisionedConcurrency: 2, retryAttempts: 0 }),
      warm: Route.toHandler('com.acme.Warm::handle', {
        code: lambda.Code.fromAsset(SOURCE),
        runtime: lambda.Runtime.JAVA_25,
        snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
      }),
    },
    authorization: Authorization.fromHandler(`${SOURCE}/authorize.main`, { publishVersion: true }),
  });
}

// Authorization

export function authorizationNone(app: App) {
  plainApi(new Stack(app, 'Stack'), { authorization: Authorization.none() });
}

export function authorizationByIam(app: App) {
  plainApi(new Stack(app, 'Stack'), { authorization: Authorization.iam() });
}

export function authorizationByHandler(app: App) {
  plainApi(new Stack(app, 'Stack'), {
    authorization: Authorization.fromHandler(`${SOURCE}/authorize.main`, {
      memorySize: 256,
      authorizerName: 'Visitors',
      identitySource: [
        HandshakeValue.header('X-Visitor'),
        HandshakeValue.queryString('token'),
        HandshakeValue.stageVariable('tenant'),
        HandshakeValue.context('identity.sourceIp'),
      ],
    }),
    stage: StageSource.fromOptions({ stageVariables: { tenant: 'zoo' } }),
  });
}

export function authorizationByHandlerThatReadsTheSubprotocol(app: App) {
  plainApi(new Stack(app, 'Stack'), {
    authorization: Authorization.fromHandler(`${SOURCE}/authorize.main`, { identitySource: [HandshakeValue.subprotocol()] }),
  });
}

export function authorizationByJwt(app: App) {
  plainApi(new Stack(app, 'Stack'), {
    authorization: Authorization.jwt({
      issuer: 'https://login.domain.com',
      audience: ['chat'],
      jwksUri: 'https://login.domain.com/keys',
      token: HandshakeValue.subprotocol(),
      claims: ['email'],
      authorizerName: 'Logins',
    }),
  });
}

export function authorizationByJwtWithKeys(app: App) {
  plainApi(new Stack(app, 'Stack'), {
    authorization: Authorization.jwt({
      issuer: 'https://login.domain.com',
      audience: ['chat'],
      jwks: { keys: [{ kid: 'one', kty: 'OKP', alg: 'EdDSA', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }] },
    }),
  });
}

export function authorizationByCognito(app: App) {
  const stack = new Stack(app, 'Stack');
  const userPool = cognito.UserPool.fromUserPoolArn(stack, 'Users', arn('cognito-idp', 'userpool/eu-west-1_AbCdEf123'));
  plainApi(stack, {
    authorization: Authorization.cognito(userPool, {
      clients: [userPool.addClient('Web')], groups: ['staff'], tokenUse: TokenUse.ID, claims: ['cognito:groups'],
    }),
  });
}

export function authorizationThatClosesOnExpiry(app: App) {
  plainApi(new Stack(app, 'Stack'), {
    authorization: Authorization.jwt({ issuer: 'https://login.domain.com', audience: ['chat'], closeOnExpiry: true }),
    connections: ConnectionTable.create({ user: HandshakeValue.authorizer('sub'), pointInTimeRecovery: true }),
  });
}

export function authorizationByCognitoOfAnyClient(app: App) {
  const stack = new Stack(app, 'Stack');
  const userPool = cognito.UserPool.fromUserPoolId(stack, 'Users', 'eu-west-1_AbCdEf123');
  plainApi(stack, { authorization: Authorization.cognito(userPool, { anyClient: true, tokenUse: TokenUse.ACCESS }) });
}

export function authorizationByFunctionThatExists(app: App) {
  const stack = new Stack(app, 'Stack');
  plainApi(stack, { authorization: Authorization.fromFunction(givenFunction(stack)) });
}

export function authorizationByAuthorizer(app: App) {
  const stack = new Stack(app, 'Stack');
  plainApi(stack, { authorization: Authorization.fromAuthorizer(new WebSocketLambdaAuthorizer('Doorman', givenFunction(stack))) });
}

// Connections

export function connectionsWithGroups(app: App) {
  const stack = new Stack(app, 'Stack', { env: ENV });
  const room = GroupName.fromMessage('$.room', { prefix: 'room:' });
  const team = GroupName.fromHandshake(HandshakeValue.authorizer('teams'), { prefix: 'team:' });
  const api = new WebSocketApi(stack, 'Api', {
    authorization: Authorization.fromHandler(`${SOURCE}/authorize.main`, { identitySource: [HandshakeValue.queryString('token')] }),
    connections: ConnectionTable.create({
      user: HandshakeValue.authorizer('sub'),
      groups: [GroupName.of('lobby'), team],
      timeToLive: Duration.hours(1),
      maxPostsPerSecond: 500,
      removalPolicy: RemovalPolicy.RETAIN,
      encryptionKey: givenKey(stack),
      pointInTimeRecovery: true,
    }),
    routes: {
      $connect: Route.toHandler(`${SOURCE}/connect.main`),
      $disconnect: Route.toFunction(givenFunction(stack)),
      $default: Route.toHandler(`${SOURCE}/message.main`),
      join: Route.joinGroup(room, { announce: true, returnResponse: true }),
      leave: Route.leaveGroup(room),
      say: Route.sendToGroup(room, { echo: false, members: true }),
      who: Route.listGroup(room, { members: true, returnResponse: true }),
      team: Route.sendToGroup(team),
      tell: Route.sendToUser('$.to', { throttle: { rateLimit: 10 } }),
      shout: Route.sendToAll({ echo: true }),
    },
  });
  api.grantBroadcast(givenFunction(stack, 'Worker'));
}

export function connectionsWithoutRoutes(app: App) {
  new WebSocketApi(new Stack(app, 'Stack'), 'Api', { connections: ConnectionTable.create({ pointInTimeRecovery: true }) });
}

export function connectionsOfAnotherStack(app: App) {
  const api = new WebSocketApi(new Stack(app, 'Stack'), 'Api', {
    authorization: Authorization.iam(),
    connections: ConnectionTable.create({ pointInTimeRecovery: true }),
  });
  api.addRoutes(new Stack(app, 'Feature'), {
    $connect: Route.toHandler(`${SOURCE}/connect.main`),
    join: Route.joinGroup(GroupName.of('lobby')),
  });
}

// API and stage

export function apiWithProps(app: App) {
  plainApi(new Stack(app, 'Stack'), {
    api: ApiSource.fromProps({
      apiName: 'chat',
      description: 'Talk of the town',
      routeSelectionExpression: '$request.body.kind',
      apiKeySelectionExpression: apigatewayv2.WebSocketApiKeySelectionExpression.HEADER_X_API_KEY,
      disableSchemaValidation: true,
      ipAddressType: apigatewayv2.IpAddressType.DUAL_STACK,
    }),
  });
}

export function apiThatExists(app: App) {
  const stack = new Stack(app, 'Stack');
  plainApi(stack, { api: ApiSource.fromApi(importedApi(stack)) });
}

export function apiAndStageThatExist(app: App) {
  const stack = new Stack(app, 'Stack');
  const api = importedApi(stack);
  plainApi(stack, {
    api: ApiSource.fromApi(api),
    stage: StageSource.fromStage(apigatewayv2.WebSocketStage.fromWebSocketStageAttributes(stack, 'ImportedStage', { api, stageName: 'prod' })),
  });
}

export function stageWithEveryOption(app: App) {
  plainApi(new Stack(app, 'Stack'), { stage: everyStageOption(ExecutionLog.full()) });
}

export function executionLogOfErrors(app: App) {
  plainApi(new Stack(app, 'Stack'), { stage: StageSource.fromOptions({ executionLog: ExecutionLog.errors() }) });
}

export function executionLogWithGivenRole(app: App) {
  plainApi(new Stack(app, 'Stack'), {
    accessLog: AccessLog.json({ accountRole: AccountLogRole.existing() }),
    stage: StageSource.fromOptions({ executionLog: ExecutionLog.info({ accountRole: AccountLogRole.existing() }) }),
  });
}

export function executionLogAlone(app: App) {
  plainApi(new Stack(app, 'Stack'), {
    accessLog: AccessLog.disabled(),
    stage: StageSource.fromOptions({ executionLog: ExecutionLog.full({ accountRole: AccountLogRole.ensure() }) }),
  });
}

export function executionLogDisabled(app: App) {
  plainApi(new Stack(app, 'Stack'), { stage: StageSource.fromOptions({ executionLog: ExecutionLog.disabled() }) });
}

// Several stacks and stages

export function routesOfAnotherStack(app: App) {
  const api = new WebSocketApi(new Stack(app, 'Api', { env: ENV }), 'Api', {
    routes: { $disconnect: Route.toHandler(`${SOURCE}/disconnect.main`) },
    authorization: Authorization.fromHandler(`${SOURCE}/authorize.main`),
  });
  const feature = new Stack(app, 'Feature', { env: ENV });
  api.addRoutes(feature, {
    $connect: Route.toHandler(`${SOURCE}/connect.main`),
    $default: Route.toFunction(givenFunction(feature), { returnResponse: true }),
  });
}

export function functionsOfAnotherStack(app: App) {
  const functions = new Stack(app, 'Functions', { env: ENV });
  const fn = givenFunction(functions);
  new WebSocketApi(new Stack(app, 'Api', { env: ENV }), 'Api', { routes: { $connect: Route.toFunction(fn), $default: Route.toFunction(fn) } });
}

export function insideStages(app: App) {
  for (const name of ['beta', 'prod']) {
    plainApi(new Stack(new Stage(app, name, { env: ENV }), 'Stack'), { authorization: Authorization.iam() });
  }
}

/** Every feature that one API can have at once, in one stack, with a second API on its domain and routes in a second stack. */
export function everything(app: App) {
  const stack = new Stack(withZone(app), 'Everything', { env: ENV });
  const fn = givenFunction(stack);
  const api = new WebSocketApi(stack, 'Api', {
    routes: {
      $connect: Route.toHandler(`${SOURCE}/connect.main`, { apiKeyRequired: true, operationName: 'Connect', throttle: { rateLimit: 10, burstLimit: 20 } }),
      $disconnect: Route.toFunction(fn),
      shared: Route.toFunction(fn, { returnResponse: true }),
      everyProp: Route.toHandler('message.main', everyFunctionProp(stack)),
      count: Route.toHandler('count.main', { srcPath: SOURCE }),
      provided: Route.toHandler('bootstrap', { code: lambda.Code.fromAsset(`${SOURCE}/plain`), runtime: lambda.Runtime.PROVIDED_AL2023 }),
      unbundled: Route.toHandler('ping.main', { srcPath: `${SOURCE}/plain`, bundling: Bundling.disabled() }),
      ping: Route.toIntegration(new WebSocketMockIntegration('Ping', MOCK), { returnResponse: true }),
      enqueue: Route.toIntegration(sendToQueue(stack)),
      join: Route.toHandler(`${SOURCE}/message.main`, { model: JOIN }),
      ...routesWithResources(createdResources(stack)),
      ...prefixed('to-', routesToEveryService(stack)),
    },
    defaultFunctionProps: { environment: { LEVEL: 'info' }, permissions: [Permissions.action('ses:SendEmail', arn('ses', 'identity/domain.com'))] },
    accessLog: AccessLog.json({ retention: RetentionDays.ONE_MONTH, encryptionKey: givenKey(stack) }),
    authorization: Authorization.fromHandler(`${SOURCE}/authorize.main`, { identitySource: [HandshakeValue.queryString('token')] }),
    customDomain: CustomDomain.fromName('api.domain.com', { path: 'chat', ipAddressType: apigatewayv2.IpAddressType.DUAL_STACK }),
    apiKeys: everyKeyOption(),
    api: ApiSource.fromProps({ description: 'Everything', ipAddressType: apigatewayv2.IpAddressType.DUAL_STACK }),
    stage: everyStageOption(ExecutionLog.full()),
  });
  api.attachPermissions(Permissions.fullAccess(givenTable(stack)));
  api.attachPermissionsToRoute('count', Permissions.grant(givenTable(stack), 'grantReadData'));
  const worker = givenFunction(stack, 'Worker');
  api.grantManageConnections(worker);
  api.grantConnect(worker);
  api.monitor();

  new WebSocketApi(stack, 'Neighbour', {
    routes: { $connect: Route.toHandler(`${SOURCE}/connect.main`) },
    authorization: Authorization.iam(),
    customDomain: CustomDomain.fromDomainName(api.apiGatewayDomain!, { path: 'game' }),
    accessLog: AccessLog.csv({ destinationArn: arn('firehose', 'deliverystream/amazon-apigateway-chat') }),
  });

  const feature = new Stack(app, 'Feature', { env: ENV });
  api.addRoutes(feature, {
    $default: Route.toHandler(`${SOURCE}/message.main`, { returnResponse: true }),
    feature: Route.toFunction(givenFunction(feature)),
    elsewhere: Route.toFunction(fn),
  });
}

// What the scenarios have in common

const SOURCE = 'test/fixtures/scenarios';

/** Made up. */
const ENV: Required<Environment> = { account: '111111111111', region: 'eu-west-1' };

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${ENV.region}:${ENV.account}:${resource}`;
}

/** An API about whose routes nothing matters, but that there is `$connect`. */
function plainApi(scope: Construct, props: WebSocketApiProps) {
  new WebSocketApi(scope, 'Api', {
    ...props,
    routes: { $connect: Route.toHandler(`${SOURCE}/connect.main`), $default: Route.toHandler(`${SOURCE}/message.main`) },
  });
}

/** The app as it is when CDK has looked up the hosted zone. */
function withZone(app: App): App {
  app.node.setContext(`hosted-zone:account=${ENV.account}:domainName=domain.com:region=${ENV.region}`, { Id: '/hostedzone/Z0123456789ABCDEFGHIJ', Name: 'domain.com.' });
  return app;
}

/** The place for what is not the library's. */
function given(scope: Construct): Construct {
  return scope.node.tryFindChild('Given') as Construct ?? new Construct(scope, 'Given');
}

function givenFunction(scope: Construct, id = 'Function'): lambda.Function {
  return new lambda.Function(given(scope), id, { code: lambda.Code.fromInline('exports.main = async () => ({ statusCode: 200 })'), handler: 'index.main', runtime: lambda.Runtime.NODEJS_24_X });
}

function givenTable(scope: Construct): dynamodb.TableV2 {
  return given(scope).node.tryFindChild('Connections') as dynamodb.TableV2 ?? new dynamodb.TableV2(given(scope), 'Connections', {
    partitionKey: { name: 'connectionId', type: dynamodb.AttributeType.STRING },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
}

function givenKey(scope: Construct): kms.Key {
  return new kms.Key(given(scope), 'LogKey', { enableKeyRotation: true });
}

function importedCertificate(scope: Construct): ICertificate {
  return Certificate.fromCertificateArn(scope, 'ImportedCertificate', arn('acm', 'certificate/00000000-0000-0000-0000-000000000000'));
}

function importedDomain(scope: Construct): apigatewayv2.IDomainName {
  return apigatewayv2.DomainName.fromDomainNameAttributes(scope, 'ImportedDomain', {
    name: 'api.domain.com',
    regionalDomainName: `d-abcdefghij.execute-api.${ENV.region}.amazonaws.com`,
    regionalHostedZoneId: 'Z0123456789ABCDEFGHIJ',
  });
}

function importedApi(scope: Construct): apigatewayv2.IWebSocketApi {
  return apigatewayv2.WebSocketApi.fromWebSocketApiAttributes(scope, 'ImportedApi', { webSocketId: 'abcdefghij' });
}

/** What a route to a queue takes with CDK's own integration. */
function sendToQueue(scope: Construct): WebSocketAwsIntegration {
  const queue = new sqs.Queue(given(scope), 'Inbox', { enforceSSL: true });
  const credentialsRole = new Role(given(scope), 'InboxRole', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
  queue.grantSendMessages(credentialsRole);
  return new WebSocketAwsIntegration('Enqueue', {
    integrationUri: Stack.of(scope).formatArn({ service: 'apigateway', account: 'sqs', resource: 'path', resourceName: `${Stack.of(scope).account}/${queue.queueName}` }),
    integrationMethod: apigatewayv2.HttpMethod.POST,
    credentialsRole,
    contentHandling: apigatewayv2.ContentHandling.CONVERT_TO_TEXT,
    passthroughBehavior: apigatewayv2.PassthroughBehavior.NEVER,
    requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
    requestTemplates: { $default: 'Action=SendMessage&MessageBody=$input.json(\'$\')' },
    templateSelectionExpression: '\\$default',
    timeout: Duration.seconds(10),
  });
}

function everyFunctionProp(scope: Construct): HandlerProps {
  const vpc = new ec2.Vpc(given(scope), 'Vpc', { maxAzs: 2, natGateways: 1, flowLogs: { all: {} } });
  return {
    srcPath: SOURCE,
    runtime: lambda.Runtime.NODEJS_24_X,
    bundling: Bundling.esbuild({ format: ModuleFormat.CJS }),
    permissions: [Permissions.action('ses:SendEmail', arn('ses', 'identity/domain.com'))],
    architecture: lambda.Architecture.ARM_64,
    deadLetterQueueEnabled: true,
    description: 'Every prop',
    environment: { LEVEL: 'debug' },
    environmentEncryption: new kms.Key(given(scope), 'EnvironmentKey', { enableKeyRotation: true }),
    ephemeralStorageSize: Size.gibibytes(1),
    initialPolicy: [new PolicyStatement({ actions: ['ses:SendRawEmail'], resources: [arn('ses', 'identity/domain.com')] })],
    insightsVersion: lambda.LambdaInsightsVersion.VERSION_1_0_333_0,
    layers: [lambda.LayerVersion.fromLayerVersionArn(scope, 'Layer', arn('lambda', 'layer:images:1'))],
    logGroup: new LogGroup(given(scope), 'FunctionLog', { retention: RetentionDays.ONE_WEEK }),
    loggingFormat: lambda.LoggingFormat.JSON,
    maxEventAge: Duration.hours(1),
    memorySize: 512,
    reservedConcurrentExecutions: 10,
    retryAttempts: 1,
    timeout: Duration.seconds(20),
    tracing: lambda.Tracing.PASS_THROUGH,
    vpc,
  };
}

function everyKeyOption(): ApiKeys {
  return ApiKeys.create({
    names: ['partner', 'friend'],
    throttle: { rateLimit: 10, burstLimit: 20 },
    quota: { limit: 10_000, period: apigatewayv2.Period.DAY },
    source: apigatewayv2.WebSocketApiKeySelectionExpression.AUTHORIZER_USAGE_IDENTIFIER_KEY,
  });
}

function everyStageOption(executionLog: ExecutionLog): StageSource {
  return StageSource.fromOptions({
    stageName: 'live',
    autoDeploy: true,
    description: 'What everybody sees',
    throttle: { rateLimit: 100, burstLimit: 200 },
    detailedMetrics: true,
    stageVariables: { tenant: 'zoo' },
    executionLog,
  });
}

/** What API Gateway can call without a function, with every option. */
function routesToEveryService(scope: Construct): { [routeKey: string]: Route } {
  const place = new Construct(given(scope), 'Services');
  const options: ServiceRouteOptions = { authorizerKeys: ['sub'], timeout: Duration.seconds(5) };
  return {
    pong: Route.toMock(),
    hello: Route.toMock({ response: 'Hello!', operationName: 'Hello' }),
    who: Route.toMock({ responseTemplate: '{"connectionId":"$context.connectionId"}', throttle: { rateLimit: 5 } }),
    queue: Route.toQueue(new sqs.Queue(place, 'Queue', { enforceSSL: true }), { ...options, delay: Duration.seconds(5) }),
    fifo: Route.toQueue(new sqs.Queue(place, 'Fifo', { enforceSSL: true, fifo: true, encryption: sqs.QueueEncryption.KMS_MANAGED }), { returnResponse: true }),
    topic: Route.toTopic(new sns.Topic(place, 'Topic', { enforceSSL: true }), options),
    eventBus: Route.toEventBus(new events.EventBus(place, 'EventBus'), { ...options, source: 'chat', detailType: 'said', returnResponse: true }),
    standard: Route.toStateMachine(givenStateMachine(place, 'Standard', sfn.StateMachineType.STANDARD), options),
    express: Route.toStateMachine(givenStateMachine(place, 'Express', sfn.StateMachineType.EXPRESS), { returnResponse: true }),
    stream: Route.toStream(new kinesis.Stream(place, 'Stream'), options),
    http: Route.toHttp('https://api.domain.com/rooms/{room}', {
      ...options,
      method: apigatewayv2.HttpMethod.PUT,
      requestParameters: { 'integration.request.path.room': 'route.request.body.room', 'integration.request.header.X-Connection': 'context.connectionId' },
      returnResponse: true,
    }),
    proxy: Route.toHttp('https://api.domain.com/messages', { proxy: true, returnResponse: true }),
    ownTemplate: Route.toQueue(new sqs.Queue(place, 'Own', { enforceSSL: true }), { requestTemplate: 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' }),
  };
}

/** A route for each resource, by its name, whose function may do everything with it. */
function routesWithResources(resources: { [name: string]: IConstruct }): { [routeKey: string]: Route } {
  return Object.fromEntries(Object.entries(resources).map(([name, resource]) => [
    name, Route.toHandler(`${SOURCE}/message.main`, { permissions: [Permissions.fullAccess(resource)] }),
  ]));
}

function givenStateMachine(scope: Construct, id: string, stateMachineType: sfn.StateMachineType): sfn.StateMachine {
  return new sfn.StateMachine(scope, id, {
    stateMachineType,
    definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(scope, `${id}Pass`)),
    tracingEnabled: true,
    logs: { destination: new LogGroup(scope, `${id}Log`), level: sfn.LogLevel.ALL },
  });
}

function prefixed<T>(prefix: string, map: { [key: string]: T }): { [key: string]: T } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [prefix + key, value]));
}

/** One of each kind that `Permissions.resource` knows. */
function createdResources(stack: Stack): { [name: string]: IConstruct } {
  const scope = new Construct(given(stack), 'Resources');
  const encryptionKey = new kms.Key(scope, 'Key', { enableKeyRotation: true });
  return {
    table: new dynamodb.Table(scope, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    }),
    bucket: new s3.Bucket(scope, 'Bucket', { enforceSSL: true, encryption: s3.BucketEncryption.KMS, encryptionKey }),
    topic: new sns.Topic(scope, 'Topic', { enforceSSL: true, masterKey: encryptionKey }),
    queue: new sqs.Queue(scope, 'Queue', { enforceSSL: true, encryptionMasterKey: encryptionKey }),
    stream: new kinesis.Stream(scope, 'Stream'),
    eventBus: new events.EventBus(scope, 'EventBus'),
    stateMachine: new sfn.StateMachine(scope, 'StateMachine', { definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(scope, 'Pass')), tracingEnabled: true }),
    lambda: givenFunction(scope, 'Lambda'),
    secret: new secretsmanager.Secret(scope, 'Secret'),
    key: encryptionKey,
    deliveryStream: new firehose.DeliveryStream(scope, 'DeliveryStream', {
      destination: new firehose.S3Bucket(new s3.Bucket(scope, 'Deliveries', { enforceSSL: true })),
      encryption: firehose.StreamEncryption.awsOwnedKey(),
    }),
    parameter: new ssm.StringParameter(scope, 'Parameter', { stringValue: 'value' }),
    userPool: new cognito.UserPool(scope, 'UserPool'),
    cluster: new rds.DatabaseCluster(scope, 'Cluster', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
      writer: rds.ClusterInstance.serverlessV2('writer'),
      vpc: new ec2.Vpc(scope, 'Vpc', { maxAzs: 2, natGateways: 0, flowLogs: { all: {} } }),
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      enableDataApi: true,
      storageEncrypted: true,
      iamAuthentication: true,
    }),
    webSocketApi: new WebSocketApi(stack, 'Other', { routes: { $connect: Route.toHandler(`${SOURCE}/connect.main`) }, authorization: Authorization.iam() }),
  };
}

/** One of each kind, made somewhere else. */
function importedResources(scope: Construct): { [name: string]: IConstruct } {
  return {
    table: dynamodb.Table.fromTableArn(scope, 'Table', arn('dynamodb', 'table/connections')),
    bucket: s3.Bucket.fromBucketName(scope, 'Bucket', 'pictures'),
    topic: sns.Topic.fromTopicArn(scope, 'Topic', arn('sns', 'news')),
    queue: sqs.Queue.fromQueueArn(scope, 'Queue', arn('sqs', 'inbox')),
    stream: kinesis.Stream.fromStreamArn(scope, 'Stream', arn('kinesis', 'stream/clicks')),
    eventBus: events.EventBus.fromEventBusArn(scope, 'EventBus', arn('events', 'event-bus/orders')),
    stateMachine: sfn.StateMachine.fromStateMachineArn(scope, 'StateMachine', arn('states', 'stateMachine:checkout')),
    lambda: lambda.Function.fromFunctionArn(scope, 'Lambda', arn('lambda', 'function:resize')),
    secret: secretsmanager.Secret.fromSecretCompleteArn(scope, 'Secret', arn('secretsmanager', 'secret:token-abcdef')),
    secretByName: secretsmanager.Secret.fromSecretNameV2(scope, 'SecretByName', 'token'),
    key: kms.Key.fromKeyArn(scope, 'Key', arn('kms', 'key/00000000-0000-0000-0000-000000000000')),
    deliveryStream: firehose.DeliveryStream.fromDeliveryStreamArn(scope, 'DeliveryStream', arn('firehose', 'deliverystream/clicks')),
    parameter: ssm.StringParameter.fromSecureStringParameterAttributes(scope, 'Parameter', { parameterName: '/chat/motd' }),
    userPool: cognito.UserPool.fromUserPoolId(scope, 'UserPool', 'eu-west-1_abcdefghi'),
    cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, 'Cluster', { clusterIdentifier: 'ledger' }),
    webSocketApi: new WebSocketApi(scope, 'Imported', {
      api: ApiSource.fromApi(importedApi(scope)),
      stage: StageSource.fromStage(apigatewayv2.WebSocketStage.fromWebSocketStageAttributes(scope, 'ImportedStage', { api: importedApi(new Construct(scope, 'ForStage')), stageName: 'prod' })),
    }),
  };
}
