import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AccessLog, Authorization, ConnectionTable, MonitorOptions, Route, WebSocketApi, WebSocketApiProps } from '../../src';
import { ECHO, testApp, testFunction, testStack, testStackWithEnv, warnings } from '../test-stack';

const monitored = (options?: MonitorOptions, props?: WebSocketApiProps) => {
  const api = apiOf(props);
  const monitoring = api.monitor(options);
  return { api, monitoring, template: Template.fromStack(Stack.of(api)) };
};

describe('alarms', () => {
  test('are for errors and latency, and take no data for no breach', () => {
    const { template, monitoring } = monitored();

    expect(monitoring.alarms).toHaveLength(2);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { TreatMissingData: 'notBreaching', EvaluationPeriods: 3, DatapointsToAlarm: 2, AlarmActions: Match.absent() });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IntegrationLatency', ExtendedStatistic: 'p90', Threshold: 3000, Period: 300 });
  });

  test('count errors only if there are some, as a share of all that was asked', () => {
    monitored().template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 1,
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'IF(integration + execution >= 5, 100 * (integration + execution) / (messages + connects), 0)' })]),
    });
  });

  test('have the thresholds that are given, and one for refusals if it is wanted', () => {
    const { template } = monitored({ maxErrorPercent: 10, maxLatency: Duration.millis(500), maxClientErrors: 100 });

    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IntegrationLatency', Threshold: 500 });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ClientError', Statistic: 'Sum', Threshold: 100 });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Metrics: Match.anyValue(), Threshold: 10 });
  });

  test('tell a topic when they go off, and when they are over', () => {
    const api = apiOf();
    api.monitor({ topic: new Topic(api, 'Topic') });
    const ref = [{ Ref: Match.stringLikeRegexp('Topic') }];

    Template.fromStack(Stack.of(api)).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: ref, OKActions: ref });
  });

  test('can be left out', () => {
    const { template, monitoring } = monitored({ alarms: false });

    expect(monitoring.alarms).toEqual([]);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

describe('queries', () => {
  test('name fields of the log\'s own format alone, whatever it calls them', () => {
    const format = JSON.stringify({
      'id': '$context.requestId', 'connection': { id: '$context.connectionId' }, 'type': '$context.eventType', 'key': '$context.routeKey', 'code': '$context.status', 'took': '$context.integrationLatency', 'client-ip': '$context.identity.sourceIp',
    });
    const { api, template } = monitored({}, { accessLog: AccessLog.format(format) });

    expect(queriesOf(template)).toMatchObject({
      'Slowest routes': expect.stringContaining('filter took like /^[0-9]+$/\n| stats pct(took, 50)'),
      'Refused handshakes': 'filter type = "CONNECT" and code like /^[345]/\n| stats count(*) as refused by code, `client-ip`\n| sort refused desc\n| limit 50',
      'Errors by route': expect.stringContaining('by key, code'),
    });
    expect(warnings(api.node.root as App)).toEqual([]);
  });

  test('are all there for the log that is the default', () => {
    expect(Object.keys(queriesOf(monitored().template)).sort()).toEqual(['Errors by route', 'Errors of functions', 'Life of one connection', 'Refused handshakes', 'Slowest routes']);
  });

  test.each<[string, AccessLog, string, string[]]>([
    ['is no JSON', AccessLog.csv(), 'has no JSON fields for `$context.connectionId`', ['Errors of functions']],
    ['lacks a value', AccessLog.format('{"id":"$context.requestId","routeKey":"$context.routeKey","status":"$context.status"}'), 'has no JSON fields for `$context.connectionId`, `$context.eventType`, `$context.integrationLatency`, `$context.identity.sourceIp`', ['Errors by route', 'Errors of functions']],
    ['is off', AccessLog.disabled(), 'does not go to a log group that this construct knows', ['Errors of functions']],
    ['goes elsewhere', AccessLog.json({ destinationArn: 'arn:aws:firehose:us-east-1:111111111111:deliverystream/amazon-apigateway-x' }), 'does not go to a log group that this construct knows', ['Errors of functions']],
  ])('that the log cannot answer are left out, and a warning says so, if it %s', (_, accessLog, message, names) => {
    const { api, template } = monitored({}, { accessLog });

    expect(Object.keys(queriesOf(template))).toEqual(names);
    expect(warnings(api.node.root as App)).toEqual([expect.stringContaining(`the access log of \`Stack/Api\` ${message}`)]);
  });

  test('can be left out, and nothing is warned of', () => {
    const { api, template } = monitored({ queries: false }, { accessLog: AccessLog.csv() });

    template.resourceCountIs('AWS::Logs::QueryDefinition', 0);
    expect(warnings(api.node.root as App)).toEqual([]);
  });

  test('look at the logs of the functions, also of routes that are added later, and of those with a log group of their own', () => {
    const stack = testStack();
    const own = new Function(stack, 'Own', { code: Code.fromInline('x'), handler: 'x', runtime: Runtime.NODEJS_24_X, logGroup: new LogGroup(stack, 'Log') });
    const api = new WebSocketApi(stack, 'Api', { routes: { own: Route.toFunction(own.addAlias('live')), say: Route.toHandler(ECHO) } });
    api.monitor();
    const fn = testFunction(stack, 'Later');
    api.addRoutes(api, { later: Route.toFunction(fn), again: Route.toFunction(fn) });
    const [errors] = Object.values(Template.fromStack(stack).findResources('AWS::Logs::QueryDefinition', { Properties: { Name: 'Stack/Api/Errors of functions' } }));

    expect(errors.Properties.LogGroupNames).toEqual([
      { Ref: expect.stringMatching(/^Log/) },
      { 'Fn::Join': ['', ['/aws/lambda/', { Ref: expect.stringMatching(/^ApiRoutesayFunction/) }]] },
      { 'Fn::Join': ['', ['/aws/lambda/', { Ref: expect.stringMatching(/^Later/) }]] },
    ]);
  });

  test.each<[string, (stack: Stack) => Authorization]>([
    ['made from source', () => Authorization.fromHandler(ECHO)],
    ['given', (stack) => Authorization.fromFunction(testFunction(stack, 'AuthorizerFunction'))],
    ['of this library', () => Authorization.jwt({ issuer: 'https://id.domain.com', audience: ['chat'] })],
  ])('look at the log of the authorizer, too, that is %s', (_, authorization) => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toMock() }, authorization: authorization(stack) });
    api.monitor();
    const [errors] = Object.values(Template.fromStack(stack).findResources('AWS::Logs::QueryDefinition', { Properties: { Name: 'Stack/Api/Errors of functions' } }));

    expect(JSON.stringify(errors.Properties.LogGroupNames)).toMatch(/AuthorizerFunction/);
  });

  test('leave out functions of other stacks, which depend on the API', () => {
    const app = testApp();
    const api = new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { say: Route.toHandler(ECHO) } });
    api.addRoutes(new Stack(app, 'Feature'), { feature: Route.toHandler(ECHO) });
    api.monitor();

    expect(() => app.synth()).not.toThrow();
  });
});

describe('the dashboard', () => {
  test('has the API, its alarms, the functions, and tables from the access log', () => {
    const text = dashboardOf(monitored().template);

    ['ConnectCount', 'MessageCount', 'ClientError', 'IntegrationError', 'ExecutionError', 'IntegrationLatency', 'p99', '"type":"alarm"', '"AWS/Lambda","Errors"', '"label":"say"',
      'Slowest routes (milliseconds)', 'Refused handshakes', 'Errors by route'].forEach((part) => expect(text).toContain(part));
    expect(text).not.toContain('PASTE');
  });

  test('has the functions that this library adds, by what they are for', () => {
    const text = dashboardOf(monitored({}, { connections: ConnectionTable.create() }).template);

    ['"label":"Connections"', '"label":"Broadcaster"'].forEach((label) => expect(text).toContain(label));
  });

  test('without functions has no graphs of functions', () => {
    const { template } = monitored({}, { routes: { ping: Route.toIntegration(new WebSocketMockIntegration('Ping', { requestTemplates: { $default: '{"statusCode":200}' } })) } });

    expect(dashboardOf(template)).toContain('MessageCount');
    expect(dashboardOf(template)).not.toContain('AWS/Lambda');
  });

  test('can be left out', () => {
    const { template, monitoring } = monitored({ dashboard: false });

    expect(monitoring.dashboard).toBeUndefined();
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});

describe('monitor() refuses', () => {
  test.each<[string, MonitorOptions, string]>([
    ['a share above 100', { maxErrorPercent: 101 }, '`maxErrorPercent` of `monitor()` is `101`: write a number from 0 to 100'],
    ['refusals below 0', { maxClientErrors: -1 }, '`maxClientErrors` of `monitor()` is `-1`: write a number of 0 or more'],
    ['thresholds of alarms that there are not', { alarms: false, maxErrorPercent: 1, maxClientErrors: 2 }, '`maxErrorPercent`, `maxClientErrors` of `monitor()` are for alarms, and `alarms` is `false`: leave one out'],
    ['what is no topic', { topic: 'arn:aws:sns:…' as any }, '`topic` of `monitor()` is the string `"arn:aws:sns:…"`, but takes a topic'],
    ['a misspelt option', { maxErrorPercents: 1 } as any, '`monitor()` has no option `maxErrorPercents`: did you mean `maxErrorPercent`?'],
    ['no options at all', null as any, 'the options of `monitor()` are `null`'],
  ])('%s', (_, options, message) => {
    expect(() => apiOf().monitor(options)).toThrow(message);
  });

  test('a topic of another Region', () => {
    const stack = testStackWithEnv();
    const api = new WebSocketApi(stack, 'Api', { routes: { say: Route.toHandler(ECHO) } });

    expect(() => api.monitor({ topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111111111111:topic') })).toThrow(
      '`topic` of `monitor()` is in Region `"us-east-1"`, but `Stack/Api` is in `"eu-west-1"`: CloudWatch tells topics of the alarm\'s own Region; give one there');
  });

  test('a second call', () => {
    const api = apiOf();
    api.monitor();

    expect(() => api.monitor()).toThrow('`Stack/Api` is monitored already: call `monitor()` once, and add to what it returned');
  });
});

function apiOf(props: WebSocketApiProps = {}): WebSocketApi {
  return new WebSocketApi(testStack(), 'Api', { routes: { $connect: Route.toHandler(ECHO), say: Route.toHandler(ECHO) }, ...props });
}

/** By name, without the path of the API. */
function queriesOf(template: Template): { [name: string]: string } {
  return Object.fromEntries(Object.values(template.findResources('AWS::Logs::QueryDefinition'))
    .map(({ Properties }) => [Properties.Name.replace('Stack/Api/', ''), Properties.QueryString]));
}

function dashboardOf(template: Template): string {
  return JSON.stringify(Object.values(template.findResources('AWS::CloudWatch::Dashboard'))[0].Properties.DashboardBody).replace(/\\"/g, '"');
}
