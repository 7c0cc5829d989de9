import { Duration } from 'aws-cdk-lib';
import { Alarm, AlarmProps, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ApiMetrics } from './api-metrics';

/** Few errors are no news, whatever their share. */
const MIN_ERRORS = 5;

const PERIOD = Duration.minutes(5);

export interface Thresholds {
  readonly maxErrorPercent: number;
  readonly maxLatency: Duration;
  readonly maxClientErrors?: number;
}

/** The alarms of an API. No data is no breach: an API that nobody uses has none. */
export function createAlarms(scope: Construct, metrics: ApiMetrics, api: string, thresholds: Thresholds): Alarm[] {
  const { maxErrorPercent, maxLatency, maxClientErrors } = thresholds;
  const of = (name: Parameters<ApiMetrics['metric']>[0]) => metrics.metric(name, { period: PERIOD });
  const alarm = (id: string, props: Pick<AlarmProps, 'metric' | 'threshold' | 'alarmDescription'>) => new Alarm(scope, id, {
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...props,
  });
  const errors = new MathExpression({
    expression: `IF(integration + execution >= ${MIN_ERRORS}, 100 * (integration + execution) / (messages + connects), 0)`,
    usingMetrics: {
      integration: of('IntegrationError'), execution: of('ExecutionError'), messages: of('MessageCount'), connects: of('ConnectCount'),
    },
    label: 'Errors in percent of messages and handshakes',
    period: PERIOD,
  });
  return [
    alarm('Errors', {
      metric: errors,
      threshold: maxErrorPercent,
      alarmDescription: `More than ${maxErrorPercent} % of what ${api} was asked failed: a function or another integration, or API Gateway in calling it`,
    }),
    alarm('Latency', {
      metric: of('IntegrationLatency'),
      threshold: maxLatency.toMilliseconds(),
      alarmDescription: `A tenth of what ${api} was asked took longer than ${maxLatency.toMilliseconds()} ms`,
    }),
    ...maxClientErrors === undefined ? [] : [alarm('ClientErrors', {
      metric: of('ClientError'),
      threshold: maxClientErrors,
      alarmDescription: `${api} refused more than ${maxClientErrors} handshakes and messages in five minutes`,
    })],
  ];
}
