import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Route, WebSocketApi } from 'cdk-websocket-api';
import type { Construct } from 'constructs';
import { streamedAnswersOf } from './model-access';

export interface AssistantProps extends StackProps {
  /**
   * The id of a model, or of an inference profile that AWS defines, such as `eu.amazon.nova-lite-v1:0`.
   *
   * @default - Amazon Nova Lite, in whatever region of the USA has the capacity
   */
  readonly modelId?: string;

  /**
   * How long an answer may take: 15 minutes at most, which is Lambda's limit.
   *
   * @default - 5 minutes
   */
  readonly timeout?: Duration;
}

/** The answers of a model, streamed to whoever has asked. */
export class AssistantStack extends Stack {
  constructor(scope: Construct, id: string, props: AssistantProps = {}) {
    super(scope, id, props);
    const { modelId = 'us.amazon.nova-lite-v1:0', timeout = Duration.minutes(5) } = props;
    const api = new WebSocketApi(this, 'Api', {
      routes: {
        'ask': Route.toHandler('src/ask.main', {
          // An answer may take longer than the 29 seconds that API Gateway waits.
          asynchronous: true,
          timeout,
          environment: { MODEL_ID: modelId },
          permissions: streamedAnswersOf(this, modelId),
          // Each question costs money, and everybody who can connect may ask.
          throttle: { rateLimit: 5, burstLimit: 10 },
        }),
      },
    });
    new CfnOutput(this, 'Url', { value: api.url });
  }
}
