// The scenario: every factory of the public API at least once. The other languages say the same, line for line; the templates have to be equal.
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  AccessLog, AccountLogRole, ApiSource, Authorization, Bundling, CustomDomain, Dns, ExecutionLog, HandshakeValue,
  ModuleFormat, Permissions, Route, StageSource, WebSocketApi,
} from 'cdk-websocket-api';

const app = new App();
const env = { account: '111111111111', region: 'eu-west-1' };
const stack = new Stack(app, 'Scenario', { env });

const table = new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING }, billingMode: BillingMode.PAY_PER_REQUEST });
const bucket = new Bucket(stack, 'Bucket');
const existing = new Function(stack, 'Existing', { code: Code.fromInline('exports.main = async () => ({})'), handler: 'index.main', runtime: Runtime.NODEJS_24_X });
const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'domain.com' });
const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/given');

// Everything that a created API can have.
const chat = new WebSocketApi(stack, 'Chat', {
  routes: {
    '$connect': Route.toHandler('src/connect.main'),
    '$disconnect': Route.toFunction(existing),
    '$default': Route.toHandler('src/message.main', {
      memorySize: 256,
      timeout: Duration.seconds(5),
      environment: { LEVEL: 'debug' },
      bundling: Bundling.esbuild({
        minify: false,
        keepNames: true,
        sourceMap: true,
        target: 'node22',
        format: ModuleFormat.ESM,
        externalModules: ['@aws-sdk/*', '@smithy/*'],
        define: { 'process.env.STAGE': '"prod"' },
        loader: { '.graphql': 'text' },
        banner: '// banner',
        footer: '// footer',
        copyFiles: [{ source: 'plain', destination: 'copied' }],
      }),
      permissions: [
        Permissions.grant(bucket, 'grantRead'),
        Permissions.service('ses'),
        Permissions.action('dynamodb:GetItem', table.tableArn),
      ],
    }),
    'sendMessage': Route.toHandler('src/message.main', { returnResponse: true, throttle: { rateLimit: 10, burstLimit: 5 } }),
    'plain': Route.toHandler('plain.main', { srcPath: 'plain', bundling: Bundling.disabled(), operationName: 'Plain' }),
    'pong': Route.toHandler('pong.main', { srcPath: 'python-handlers' }),
    'code': Route.toHandler('index.main', { code: Code.fromInline('exports.main = async () => ({})'), runtime: Runtime.NODEJS_22_X }),
    'ping': Route.toIntegration(new WebSocketMockIntegration('Ping', {
      requestTemplates: { 200: '{"statusCode":200}' },
      templateSelectionExpression: '200',
    })),
  },
  defaultFunctionProps: { environment: { TABLE_NAME: table.tableName, LEVEL: 'info' }, permissions: [Permissions.fullAccess(table)] },
  accessLog: AccessLog.json({ retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY, accountRole: AccountLogRole.ensure() }),
  authorization: Authorization.fromHandler('src/authorize.main', {
    memorySize: 128,
    authorizerName: 'Tokens',
    identitySource: [
      HandshakeValue.queryString('token'),
      HandshakeValue.header('Origin'),
      HandshakeValue.stageVariable('tenant'),
      HandshakeValue.context('identity.sourceIp'),
    ],
  }),
  customDomain: CustomDomain.fromName('chat.domain.com', { path: 'v1', dns: Dns.fromHostedZone(zone), ipAddressType: apigatewayv2.IpAddressType.DUAL_STACK }),
  api: ApiSource.fromProps({ description: 'The scenario', routeSelectionExpression: '$request.body.type' }),
  stage: StageSource.fromOptions({
    stageName: 'prod',
    description: 'Everything',
    throttle: { rateLimit: 100, burstLimit: 50 },
    detailedMetrics: true,
    stageVariables: { tenant: 'one' },
    executionLog: ExecutionLog.full(),
  }),
});
chat.attachPermissions(Permissions.statement(new PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] })));
chat.attachPermissionsToRoute('sendMessage', Permissions.all());
chat.grantManageConnections(role);
chat.grantConnect(role);

// A second API on the same domain, with the other kinds of log and authorization.
const status = new WebSocketApi(stack, 'Status', {
  routes: { '$connect': Route.toFunction(existing), '$default': Route.toFunction(existing) },
  accessLog: AccessLog.csv({ accountRole: AccountLogRole.existing() }),
  authorization: Authorization.iam(),
  customDomain: CustomDomain.fromDomainName(chat.apiGatewayDomain!, { path: 'status' }),
  stage: StageSource.fromOptions({ executionLog: ExecutionLog.errors() }),
});
chat.attachPermissions(Permissions.fullAccess(status));

new WebSocketApi(stack, 'Events', {
  routes: { '$connect': Route.toFunction(existing) },
  accessLog: AccessLog.format('$context.requestId $context.status'),
  authorization: Authorization.fromAuthorizer(new WebSocketIamAuthorizer()),
  customDomain: CustomDomain.fromName('events.example.org', { dns: Dns.external(), certificate }),
  stage: StageSource.fromOptions({ executionLog: ExecutionLog.info() }),
});

new WebSocketApi(stack, 'Quiet', {
  routes: { '$connect': Route.toFunction(existing) },
  accessLog: AccessLog.disabled(),
  authorization: Authorization.fromFunction(existing),
  customDomain: CustomDomain.fromName('quiet.domain.com', { dns: Dns.fromZoneName('domain.com') }),
  stage: StageSource.fromOptions({ executionLog: ExecutionLog.disabled() }),
});

// Routes for an API and a stage that exist, and routes in another stack.
const imported = apigatewayv2.WebSocketApi.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abcdef1234' });
new WebSocketApi(stack, 'More', {
  routes: { 'more': Route.toFunction(existing) },
  authorization: Authorization.none(),
  api: ApiSource.fromApi(imported),
  stage: StageSource.fromStage(apigatewayv2.WebSocketStage.fromWebSocketStageAttributes(stack, 'ImportedStage', { api: imported, stageName: 'live' })),
});
const other = new Stack(app, 'Other', { env });
chat.addRoutes(other, { 'order': Route.toHandler('src/message.main') });

app.synth();
