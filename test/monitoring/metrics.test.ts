import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketApi as CdkWebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ApiSource, Route, StageSource, WebSocketApi, WebSocketApiProps, WebSocketMetricOptions, WebSocketStageOptions } from '../../src';
import { ECHO, only, testApp, testStack, warnings } from '../test-stack';

type Ask = (api: WebSocketApi, options?: WebSocketMetricOptions) => Metric;

const METRICS: { [name: string]: Ask } = {
  ConnectCount: (api, options) => api.metricConnectCount(options),
  MessageCount: (api, options) => api.metricMessageCount(options),
  ClientError: (api, options) => api.metricClientError(options),
  ExecutionError: (api, options) => api.metricExecutionError(options),
  IntegrationError: (api, options) => api.metricIntegrationError(options),
  IntegrationLatency: (api, options) => api.metricIntegrationLatency(options),
};

describe.each(Object.keys(METRICS))('the metric %s', (name) => {
  const metric = METRICS[name];

  test('is of the stage, with the statistic that says something', () => {
    const api = apiOf();

    expect(metric(api).toMetricConfig().metricStat).toMatchObject({
      namespace: 'AWS/ApiGateway',
      metricName: name,
      statistic: name === 'IntegrationLatency' ? 'p90' : 'Sum',
      dimensions: [{ name: 'ApiId', value: api.api.apiId }, { name: 'Stage', value: 'dev' }],
    });
  });

  test('of a route is in AWS\'s list, with these dimensions and this statistic', () => {
    const { dimensions, statistic } = metric(apiOf(), { routeKey: '$connect' }).toMetricConfig().metricStat!;

    // AWS's list has the average of latencies, which hides the slow ones.
    expect(listOfAws()).toContain(`${name} ${name === 'IntegrationLatency' ? 'Average' : statistic} ${dimensions!.map((one) => one.name).sort().join(' ')}`);
  });

  test('takes what metrics of CDK take', () => {
    expect(metric(apiOf(), { statistic: 'Maximum', label: 'mine' }).toMetricConfig()).toMatchObject({ metricStat: { statistic: 'Maximum' }, renderingProperties: { label: 'mine' } });
  });
});

describe('metrics', () => {
  test('of a single route have the dimensions of the stage, and `Route`', () => {
    const { dimensions } = apiOf().metricMessageCount({ routeKey: ' say ' }).toMetricConfig().metricStat!;

    expect(dimensions).toEqual([expect.objectContaining({ name: 'ApiId' }), { name: 'Route', value: 'say' }, { name: 'Stage', value: 'dev' }]);
  });
});

describe('asking for the metric of one route', () => {
  test('turns on the metrics of that route, and leaves its throttle', () => {
    const say = Route.toHandler(ECHO, { throttle: { rateLimit: 5 } });
    const api = apiOf({ throttle: { burstLimit: 3 } }, { say, other: Route.toHandler(ECHO) });
    api.metricMessageCount({ routeKey: 'say' });
    const template = Template.fromStack(Stack.of(api));
    const [route] = Object.keys(template.findResources('AWS::ApiGatewayV2::Route', { Properties: { RouteKey: 'say' } }));

    template.hasResource('AWS::ApiGatewayV2::Stage', {
      Properties: {
        RouteSettings: { say: { DetailedMetricsEnabled: true, ThrottlingRateLimit: 5, ThrottlingBurstLimit: 3 } },
        DefaultRouteSettings: { DetailedMetricsEnabled: Match.absent() },
      },
      DependsOn: Match.arrayWith([route]),
    });
  });

  test('turns on those of all routes if the route is in another stack', () => {
    const app = testApp();
    const stack = new Stack(app, 'Stack');
    const api = new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(ECHO, { throttle: { rateLimit: 5 } }) } });
    api.addRoutes(new Stack(app, 'Feature'), { b: Route.toHandler(ECHO) });
    api.metricMessageCount({ routeKey: 'b' });

    expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Stage').Properties).toMatchObject({
      DefaultRouteSettings: { DetailedMetricsEnabled: true },
      RouteSettings: { a: { DetailedMetricsEnabled: true, ThrottlingRateLimit: 5 } },
    });
  });

  test('is a warning if the stage is to have none', () => {
    const api = apiOf({ detailedMetrics: false });
    api.metricMessageCount({ routeKey: 'say' });

    expect(warnings(api.node.root as App)).toEqual([expect.stringContaining(
      'route `"say"` has no metrics of its own, so what looks at them sees nothing: `detailedMetrics` of the stage is `false`; leave it out, and those of this route are turned on')]);
  });

  test('is a warning if the stage exists', () => {
    const stack = testStack();
    const cdk = new CdkWebSocketApi(stack, 'Cdk');
    const stage = new WebSocketStage(stack, 'Stage', { webSocketApi: cdk, stageName: 'prod' });
    const api = new WebSocketApi(stack, 'Api', { api: ApiSource.fromApi(cdk), stage: StageSource.fromStage(stage), routes: { say: Route.toHandler(ECHO) } });

    expect(api.metricMessageCount({ routeKey: 'say' }).dimensions).toMatchObject({ Stage: stage.stageName, Route: 'say' });
    expect(warnings(stack.node.root as App)).toEqual([expect.stringContaining('the stage exists already; turn on its detailed metrics there')]);
  });

  test('is an error if there is no such route', () => {
    expect(() => apiOf().metricMessageCount({ routeKey: 'shout' })).toThrow('route `"shout"` does not exist, so it has no metric: `Stack/Api` has `"$connect"`, `"say"`');
  });

  test('is an error for handshakes of a route that has none', () => {
    expect(() => apiOf().metricConnectCount({ routeKey: 'say' })).toThrow('route `"say"` has no `ConnectCount`: only `"$connect"` has; write `metricMessageCount()`');
  });

  test('that is misspelt is an error', () => {
    expect(() => apiOf().metricClientError({ routekey: 'say' } as any)).toThrow('`metricClientError()` has no option `routekey`: did you mean `routeKey`?');
  });
});

function apiOf(stage: WebSocketStageOptions = {}, routes: WebSocketApiProps['routes'] = { $connect: Route.toHandler(ECHO), say: Route.toHandler(ECHO) }): WebSocketApi {
  return new WebSocketApi(testStack(), 'Api', { routes, stage: StageSource.fromOptions(stage) });
}

/** What CDK is generated from: names with statistics and dimensions. No page of the documentation has the dimensions of a route right. */
function listOfAws(): string[] {
  const file = join(dirname(require.resolve('aws-cdk-lib/package.json')), 'aws-apigatewayv2', 'lib', 'apigatewayv2-canned-metrics.generated.d.ts');
  return [...readFileSync(file, 'utf8').matchAll(/static (\w+?)(Sum|Average)\(this: void, dimensions: \{(.*?)\}\)/gs)].map(([, metric, statistic, dimensions]) => (
    [metric.charAt(0).toUpperCase() + metric.slice(1), statistic, ...[...dimensions.matchAll(/(\w+): string/g)].map(([, one]) => one).sort()].join(' ')));
}
