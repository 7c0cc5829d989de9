import { Annotations, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueryDefinition, ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createAlarms } from './alarms';
import { ApiMetrics } from './api-metrics';
import { createDashboard } from './dashboard';
import { functionItself, logGroupNameOf } from './function-logs';
import { logFieldsOf } from './log-fields';
import { FUNCTION_ERRORS, logQueries, LogQuery } from './log-queries';
import { DURATION, TOPIC } from '../given/cdk-kinds';
import { checkPlace } from '../given/environment';
import { FLAG, NUMBER } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/** How many log groups a query of Logs Insights may name. */
const MAX_LOG_GROUPS = 50;

/**
 * How an API is monitored.
 */
export interface MonitorOptions {
  /**
   * Who is told when an alarm goes off, and when it is over. In the API's Region: an error otherwise.
   *
   * @default - nobody; the alarms are there
   */
  readonly topic?: ITopic;

  /**
   * Make the alarms.
   *
   * @default true
   */
  readonly alarms?: boolean;

  /**
   * How many percent of messages and handshakes may fail, in two of three periods of five minutes: errors that functions and other
   * integrations answer, and those of API Gateway in calling them. Fewer than five errors in five minutes raise no alarm. From 0 to 100:
   * an error otherwise.
   *
   * @default 1
   */
  readonly maxErrorPercent?: number;

  /**
   * How long nine of ten calls of functions and other integrations may take, in two of three periods of five minutes.
   *
   * @default Duration.seconds(3)
   */
  readonly maxLatency?: Duration;

  /**
   * How many handshakes and messages API Gateway may refuse in five minutes. A public API is probed all the time, so there is an alarm only
   * if you say what is too many. 0 or more: an error otherwise.
   *
   * @default - no alarm
   */
  readonly maxClientErrors?: number;

  /**
   * Make a dashboard: traffic, errors, latency, the functions, and tables from the access log. CloudWatch charges for dashboards.
   *
   * @default true
   * @see https://aws.amazon.com/cloudwatch/pricing/
   */
  readonly dashboard?: boolean;

  /**
   * Save queries for Logs Insights: the life of one connection, slowest routes, refused handshakes, errors by route, errors of functions.
   * They name the fields of the access log, which has to be JSON: a warning says which queries are left out, if any.
   *
   * @default true
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html
   */
  readonly queries?: boolean;
}

const MONITOR_OPTIONS = {
  topic: TOPIC,
  alarms: FLAG,
  maxErrorPercent: NUMBER,
  maxLatency: DURATION,
  maxClientErrors: NUMBER,
  dashboard: FLAG,
  queries: FLAG,
} satisfies OptionsOf<MonitorOptions>;

/**
 * What watches an API.
 */
export interface IMonitoring {
  /** The alarms, for actions of your own. */
  readonly alarms: Alarm[];

  /** The dashboard, for widgets of your own, if there is one. */
  readonly dashboard?: Dashboard;
}

/** What is monitored. */
export interface Monitored {
  readonly metrics: ApiMetrics;
  /** Undefined if there is no access log. */
  readonly accessLogFormat?: string;
  readonly accessLogGroup?: ILogGroup;
  /** The functions of all routes, also of those that are added later, and of the authorizer. */
  functions(): IFunction[];
}

/** Alarms, a dashboard and saved queries, in the stack of the API. */
export class Monitoring extends Construct implements IMonitoring {
  public readonly alarms: Alarm[];
  public readonly dashboard?: Dashboard;
  private readonly api: string;

  constructor(private readonly owner: Construct, private readonly monitored: Monitored, options: MonitorOptions) {
    checkOptions('`monitor()`', MONITOR_OPTIONS, options);
    const { topic, alarms = true, maxErrorPercent = 1, maxLatency = Duration.seconds(3), maxClientErrors } = options;
    const { dashboard = true, queries = true } = options;
    checkNumber('maxErrorPercent', maxErrorPercent, 100);
    checkNumber('maxClientErrors', maxClientErrors);
    checkUnused({ topic, maxErrorPercent: options.maxErrorPercent, maxLatency: options.maxLatency, maxClientErrors }, alarms);
    if (topic) { checkPlace(owner, '`topic` of `monitor()`', { region: topic.env.region }, 'CloudWatch tells topics of the alarm\'s own Region; give one there'); }
    if (owner.node.tryFindChild('Monitoring')) {
      throw new Error(`\`${owner.node.path}\` is monitored already: call \`monitor()\` once, and add to what it returned`);
    }
    super(owner, 'Monitoring');
    this.api = `\`${owner.node.path}\``;
    const { metrics, accessLogGroup } = monitored;
    this.alarms = alarms ? createAlarms(this, metrics, owner.node.path, { maxErrorPercent, maxLatency, maxClientErrors }) : [];
    if (topic) {
      this.alarms.forEach((alarm) => {
        alarm.addAlarmAction(new SnsAction(topic));
        alarm.addOkAction(new SnsAction(topic));
      });
    }
    const asked = this.questions(queries);
    if (queries) { [...asked, FUNCTION_ERRORS].forEach((query) => this.save(query)); }
    if (dashboard) {
      this.dashboard = createDashboard(this, {
        title: owner.node.path, metrics, alarms: this.alarms, queries: asked, accessLogGroup, functions: () => this.functions(),
      });
    }
  }

  /** What the access log can answer. */
  private questions(wanted: boolean): LogQuery[] {
    const { accessLogFormat, accessLogGroup } = this.monitored;
    const { queries, missing } = logQueries(accessLogGroup && accessLogFormat !== undefined ? logFieldsOf(accessLogFormat) : new Map());
    if (wanted && missing.length > 0) {
      const values = missing.map((name) => `\`$context.${name}\``).join(', ');
      const why = accessLogFormat === undefined || !accessLogGroup
        ? `the access log of ${this.api} does not go to a log group that this construct knows`
        : `the access log of ${this.api} has no JSON fields for ${values}`;
      Annotations.of(this).addWarningV2('cdk-websocket-api:queriesLeftOut',
        `${why}, so queries that need them are left out: use \`AccessLog.json()\`, or a JSON format with them, or give \`queries: false\``);
    }
    return queries;
  }

  private save({ name, query, functions }: LogQuery): void {
    const { accessLogGroup } = this.monitored;
    const own = accessLogGroup ? [accessLogGroup.logGroupName] : [];
    const logGroupNames = query === FUNCTION_ERRORS.query
      ? Lazy.list({ produce: () => this.functionLogs().slice(0, MAX_LOG_GROUPS) })
      : functions ? Lazy.list({ produce: () => [...own, ...this.functionLogs()].slice(0, MAX_LOG_GROUPS) }) : own;
    new CfnQueryDefinition(this, name, { name: `${this.owner.node.path}/${name}`, queryString: query, logGroupNames });
  }

  /**
   * Those that are called, and those that the API is made of: authorizer, connections, broadcaster. Of this stack: what is in another one
   * depends on the API, and must not be referred to from here.
   */
  private functions(): IFunction[] {
    const own = this.owner.node.findAll().filter((node): node is Function => node instanceof Function);
    return [...new Set([...this.monitored.functions().map(functionItself), ...own])].filter((fn) => Stack.of(fn) === Stack.of(this));
  }

  private functionLogs(): string[] {
    return [...new Set(this.functions().map(logGroupNameOf))];
  }
}

function checkNumber(name: keyof MonitorOptions, value: number | undefined, max = Infinity): void {
  if (value === undefined || Token.isUnresolved(value) || (Number.isFinite(value) && value >= 0 && value <= max)) { return; }
  throw new Error(`\`${name}\` of \`monitor()\` is \`${value}\`: write a number ${max === Infinity ? 'of 0 or more' : `from 0 to ${max}`}`);
}

function checkUnused(ofAlarms: { readonly [name: string]: unknown }, alarms: boolean): void {
  const names = Object.keys(ofAlarms).filter((name) => ofAlarms[name] !== undefined && ofAlarms[name] !== null);
  if (!alarms && names.length > 0) {
    throw new Error(`${names.map((name) => `\`${name}\``).join(', ')} of \`monitor()\` ${names.length > 1 ? 'are' : 'is'} for alarms, and \`alarms\` is \`false\`: leave one out`);
  }
}
