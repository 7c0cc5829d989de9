import { Duration } from 'aws-cdk-lib';
import {
  Alarm, AlarmStatusWidget, ConcreteWidget, Dashboard, GraphWidget, IMetric, IWidget, LogQueryVisualizationType, LogQueryWidget, TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ApiMetrics } from './api-metrics';
import { LogQuery } from './log-queries';

export interface DashboardContents {
  /** What the API is called. */
  readonly title: string;
  readonly metrics: ApiMetrics;
  readonly alarms: Alarm[];
  readonly queries: LogQuery[];
  readonly accessLogGroup?: ILogGroup;
  /** Those that there are when the app is synthesized. */
  functions(): IFunction[];
}

const WIDTH = 24;
const HEIGHT = 6;

/** A page about one API: how much, how well, how fast, and which routes and functions are behind that. */
export function createDashboard(scope: Construct, contents: DashboardContents): Dashboard {
  const { title, metrics, alarms, queries, accessLogGroup, functions } = contents;
  const graph = (name: string, label: string, ...left: IMetric[]) => new GraphWidget({
    width: WIDTH / 3, height: HEIGHT, title: name, left, leftYAxis: { min: 0, label, showUnits: false },
  });
  const latency = (statistic: string) => metrics.metric('IntegrationLatency', { statistic, label: statistic });
  const dashboard = new Dashboard(scope, 'Dashboard', { defaultInterval: Duration.hours(3) });
  dashboard.addWidgets(new TextWidget({ markdown: `# ${title}`, width: WIDTH, height: 1 }));
  if (alarms.length > 0) { dashboard.addWidgets(new AlarmStatusWidget({ alarms, width: WIDTH, height: 2 })); }
  dashboard.addWidgets(
    graph('Traffic', 'count', metrics.metric('ConnectCount', { label: 'handshakes' }), metrics.metric('MessageCount', { label: 'messages' })),
    graph('Errors', 'count', metrics.metric('ClientError', { label: 'refused by API Gateway' }),
      metrics.metric('IntegrationError', { label: 'answered by functions and other integrations' }),
      metrics.metric('ExecutionError', { label: 'in calling them' })),
    graph('Latency of functions and other integrations', 'ms', ...['p50', 'p90', 'p99'].map(latency)),
  );
  dashboard.addWidgets(
    new FunctionsWidget('Errors of functions', 'count', functions, (fn, label) => fn.metricErrors({ label })),
    new FunctionsWidget('Throttles of functions', 'count', functions, (fn, label) => fn.metricThrottles({ label })),
    new FunctionsWidget('Duration of functions, p90', 'ms', functions, (fn, label) => fn.metricDuration({ label, statistic: 'p90' })),
  );
  const tables = queries.filter((query) => query.title !== undefined);
  if (accessLogGroup && tables.length > 0) {
    dashboard.addWidgets(...tables.map((query) => new LogQueryWidget({
      width: WIDTH / tables.length,
      height: HEIGHT,
      title: query.title,
      logGroupNames: [accessLogGroup.logGroupName],
      queryString: query.query,
      view: LogQueryVisualizationType.TABLE,
    })));
  }
  return dashboard;
}

/** A graph of all functions that there are when the app is synthesized: routes are added later, too. */
class FunctionsWidget extends ConcreteWidget implements IWidget {
  constructor(
    private readonly title: string,
    private readonly label: string,
    private readonly functions: () => IFunction[],
    private readonly metricOf: (fn: IFunction, label: string) => IMetric,
  ) {
    super(WIDTH / 3, HEIGHT);
  }

  public toJson(): any[] {
    const left = this.functions().map((fn) => this.metricOf(fn, labelOf(fn)));
    if (left.length === 0) { return []; }
    const graph = new GraphWidget({
      width: this.width, height: this.height, title: this.title, left, leftYAxis: { min: 0, label: this.label, showUnits: false },
    });
    graph.position(this.x ?? 0, this.y ?? 0);
    return graph.toJson();
  }
}

/** The route of a function that is made for one, else the id of the construct that is the function. */
function labelOf({ node }: IFunction): string {
  const [, route] = /\/Route ([^/]+)\/Function$/.exec(node.path) ?? [];
  if (route !== undefined) { return decodeURIComponent(route); }
  return node.id === 'Function' && node.scope ? node.scope.node.id : node.id;
}
