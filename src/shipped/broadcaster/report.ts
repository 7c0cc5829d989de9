import { Outcome } from './delivery';

/** How much was handed on, besides what was delivered. */
export interface Report extends Omit<Outcome, 'stale'> {
  /** How many connections other invocations post to. */
  readonly handedOn: number;
}

/** What the metrics are by. */
export interface Dimensions {
  readonly ApiId: string;
  readonly Stage: string;
}

/**
 * A line of JSON for the log that is also metrics, in CloudWatch's embedded metric format. Groups and users are not in it: their number
 * has no limit, and a name may be somebody's.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function reportLine(action: string, { delivered, gone, closed, failed, handedOn }: Report, api: Dimensions, now: number): string {
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  const metrics = { Delivered: delivered, Gone: gone, Closed: closed, Failed: failures };
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{
        Namespace: 'cdk-websocket-api',
        Dimensions: [['ApiId', 'Stage']],
        Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' })),
      }],
    },
    ...api,
    action,
    ...metrics,
    handedOn,
    ...Object.keys(failed).length === 0 ? {} : { failed },
  });
}
