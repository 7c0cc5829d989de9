import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  AccessLog, ApiKeys, Authorization, ConnectionTable, CustomDomain, ExecutionLog, GroupName, HandshakeValue, MessageModel, Route,
  StageSource, WebSocketApi,
} from 'cdk-websocket-api';

/*
 * Every feature that one API can have at once, in one stack, with routes in a second one. `--context revision=2` is the app after a day of
 * work: a route more, a route less, another environment.
 */
const app = new App();
const revision = Number(app.node.tryGetContext('revision') ?? 1);
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };
const stack = new Stack(app, 'Everything', { env });
const machine = new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')) });
const room = GroupName.fromMessage('$.room', { prefix: 'room:' });

const api = new WebSocketApi(stack, 'Api', {
  authorization: Authorization.jwt({
    issuer: 'https://login.domain.com',
    audience: ['chat'],
    jwks: app.node.tryGetContext('jwks'),
    token: HandshakeValue.queryString('token'),
    claims: ['email'],
    closeOnExpiry: true,
  }),
  apiKeys: ApiKeys.create({ throttle: { rateLimit: 10, burstLimit: 20 } }),
  connections: ConnectionTable.create({
    user: HandshakeValue.authorizer('sub'), groups: [GroupName.of('lobby')], removalPolicy: RemovalPolicy.DESTROY,
  }),
  customDomain: CustomDomain.fromName('ws.domain.com', { path: 'chat' }),
  accessLog: AccessLog.json({ removalPolicy: RemovalPolicy.RETAIN }),
  stage: StageSource.fromOptions({
    stageName: 'live',
    throttle: { rateLimit: 100, burstLimit: 200 },
    detailedMetrics: true,
    stageVariables: { tenant: 'zoo' },
    executionLog: ExecutionLog.errors(),
  }),
  defaultFunctionProps: { srcPath: 'src', environment: { REVISION: String(revision) } },
  routes: {
    $connect: Route.toHandler('handlers.connect', { operationName: 'Connect' }),
    $disconnect: Route.toHandler('handlers.disconnect'),
    $default: Route.toHandler('handlers.echo', { returnResponse: true, publishVersion: true, retryAttempts: 0 }),
    join: Route.joinGroup(room, { announce: true, returnResponse: true }),
    leave: Route.leaveGroup(room),
    say: Route.sendToGroup(room, { model: MessageModel.fromJsonSchema({ type: 'object', required: ['room'] }) }),
    who: Route.listGroup(room, { returnResponse: true }),
    tell: Route.sendToUser('$.to'),
    shout: Route.sendToAll({ throttle: { rateLimit: 5 } }),
    ask: Route.toHandler('handlers.ask', { asynchronous: true }),
    trespass: Route.toHandler('handlers.trespass', { returnResponse: true }),
    pong: Route.toMock({ response: 'pong' }),
    enqueue: Route.toQueue(new sqs.Queue(stack, 'Queue'), { delay: Duration.seconds(5) }),
    publish: Route.toTopic(new sns.Topic(stack, 'Topic')),
    emit: Route.toEventBus(new events.EventBus(stack, 'Bus')),
    start: Route.toStateMachine(machine),
    put: Route.toStream(new kinesis.Stream(stack, 'Stream')),
    call: Route.toHttp('https://api.domain.com/rooms', { returnResponse: true }),
    [revision === 1 ? 'yesterday' : 'today']: Route.toHandler('handlers.echo', { returnResponse: true }),
  },
});
api.monitor({ alarms: true, dashboard: true, queries: true, topic: new sns.Topic(stack, 'Alarms') });

const feature = new Stack(app, 'Feature', { env });
api.addRoutes(feature, { feature: Route.toHandler('handlers.echo', { srcPath: 'src', returnResponse: true }) });

new CfnOutput(stack, 'Url', { value: api.url });
