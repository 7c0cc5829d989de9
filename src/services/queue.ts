import { Duration, Token } from 'aws-cdk-lib';
import { IWebSocketRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FORM, IN_GROUPS } from './message-request';
import { ServiceCall, ServiceIntegration } from './service-integration';
import { checkServiceOptions, ServiceRouteOptions, SERVICE_ROUTE_OPTIONS } from './service-options';
import { roleFor, serviceUri } from './service-role';
import { DURATION } from '../given/cdk-kinds';
import { OptionsOf } from '../given/options';

/**
 * Options of a route to a queue.
 */
export interface QueueRouteOptions extends ServiceRouteOptions {
  /**
   * How long a message stays hidden in the queue: 0 seconds to 15 minutes. An error with a FIFO queue, where the queue itself says so.
   *
   * @default - the delay of the queue
   */
  readonly delay?: Duration;
}

export const QUEUE_ROUTE_OPTIONS = { ...SERVICE_ROUTE_OPTIONS, delay: DURATION } satisfies OptionsOf<QueueRouteOptions>;

const OWNER = '`Route.toQueue()`';

export class QueueIntegration extends ServiceIntegration {
  constructor(private readonly queue: IQueue, protected readonly options: QueueRouteOptions) {
    super(options);
    checkServiceOptions(OWNER, options);
    checkDelay(queue, options.delay);
  }

  protected call(route: IWebSocketRoute, home: Construct): ServiceCall {
    const { queue, options: { delay } } = this;
    const { account, region } = queue.env;
    const role = roleFor(home, queue);
    queue.grant(role, 'sqs:SendMessage');
    queue.encryptionMasterKey?.grant(role, 'kms:GenerateDataKey', 'kms:Decrypt');
    return {
      uri: serviceUri(home, region, `sqs:path/${account}/${queue.queueName}`),
      method: 'POST',
      role,
      parameters: FORM,
      template: this.template(route, 'Action=SendMessage&Version=2012-11-05&MessageBody=$util.urlEncode($event)'
        + (delay === undefined ? '' : `&DelaySeconds=${delay.toSeconds()}`)
        + (queue.fifo ? IN_GROUPS : '')),
    };
  }
}

function checkDelay({ fifo, node }: IQueue, delay: Duration | undefined): void {
  if (delay === undefined) { return; }
  if (fifo) {
    throw new Error(`${OWNER} has \`delay\`, but \`${node.path}\` is a FIFO queue, and SQS delays no single message there: set \`deliveryDelay\` on the queue`);
  }
  if (!delay.isUnresolved() && !Token.isUnresolved(delay.toSeconds({ integral: false })) && delay.toSeconds({ integral: false }) > 900) {
    throw new Error(`\`delay\` of ${OWNER} is ${delay.toSeconds({ integral: false })} seconds: SQS takes 0 to 900`);
  }
}
