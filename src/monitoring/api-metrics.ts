import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { DURATION } from '../given/cdk-kinds';
import { ANYTHING, TEXT } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';
import { ApiRoutes } from '../routes/api-routes';
import { CONNECT, routeName } from '../routes/route-key';
import { BoundStage } from '../stage-source';

/**
 * Options of a metric of a WebSocket API.
 */
export interface WebSocketMetricOptions extends MetricOptions {
  /**
   * The key of a route, for the metric of this route alone. It turns on the stage's detailed metrics for the route, which cost extra; if
   * the stage was given `detailedMetrics: false`, or exists, a warning says so instead. An error if there is no such route.
   *
   * @default - the metric of the whole stage
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
   */
  readonly routeKey?: string;
}

const METRIC_OPTIONS = {
  routeKey: TEXT,
  period: DURATION,
  statistic: TEXT,
  dimensionsMap: ANYTHING,
  unit: ANYTHING,
  label: ANYTHING,
  color: ANYTHING,
  id: ANYTHING,
  visible: ANYTHING,
  account: ANYTHING,
  region: ANYTHING,
  stackAccount: ANYTHING,
  stackRegion: ANYTHING,
} satisfies OptionsOf<WebSocketMetricOptions>;

/** What API Gateway measures of a WebSocket API. */
export type MetricName = 'ConnectCount' | 'MessageCount' | 'ClientError' | 'ExecutionError' | 'IntegrationError' | 'IntegrationLatency';

/** The metrics of one stage of an API. */
export class ApiMetrics {
  /**
   * @param owner the construct of the API
   */
  constructor(
    private readonly owner: Construct,
    private readonly apiId: string,
    private readonly stage: BoundStage,
    private readonly routes: ApiRoutes,
  ) {
  }

  /** @throws Error if the route does not exist, or has no such metric */
  public metric(metricName: MetricName, options: WebSocketMetricOptions): Metric {
    checkOptions(`\`metric${metricName}()\``, METRIC_OPTIONS, options);
    const { routeKey, dimensionsMap, ...others } = options;
    const route = routeKey === undefined ? undefined : this.measured(metricName, routeKey);
    return new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      statistic: metricName === 'IntegrationLatency' ? Stats.percentile(90) : Stats.SUM,
      dimensionsMap: {
        ApiId: this.apiId,
        Stage: this.stage.stage.stageName,
        ...route === undefined ? {} : { Route: route },
        ...dimensionsMap,
      },
      ...others,
    }).attachTo(this.owner);
  }

  /** The key of a route, as the metric has it, once its metrics are on. */
  private measured(metricName: MetricName, written: string): string {
    const route = this.routes.resourceOf(written);
    if (!route) {
      throw new Error(`${routeName(written)} does not exist, so it has no metric: \`${this.owner.node.path}\` has ` +
        `${this.routes.keys.map((key) => `\`${JSON.stringify(key)}\``).join(', ') || 'no routes'}`);
    }
    if (metricName === 'ConnectCount' && route.routeKey !== CONNECT) {
      throw new Error(`${routeName(route.routeKey)} has no \`ConnectCount\`: only \`"${CONNECT}"\` has; write \`metricMessageCount()\``);
    }
    this.stage.measure(route);
    return route.routeKey;
  }
}
