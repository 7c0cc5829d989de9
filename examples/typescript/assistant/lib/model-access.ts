import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Permissions } from 'cdk-websocket-api';

const ACTION = 'bedrock:InvokeModelWithResponseStream';

/** The id of a profile is the id of its model, after where it is: `us.`, `eu.`, `global.`. The id of a model begins with its vendor. */
const PROFILE = /^(?:global|us|us-gov|eu|apac|au|ca|jp)\.(?<model>.+)$/;

/**
 * Permits the streamed answers of one model, and nothing else. An inference profile hands a question on to any of its regions, so the model
 * is permitted in all of them, but only through the profile.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
 */
export function streamedAnswersOf(stack: Stack, modelId: string): Permissions[] {
  const modelArn = (region: string, model: string) =>
    stack.formatArn({ service: 'bedrock', region, account: '', resource: 'foundation-model', resourceName: model });
  const model = PROFILE.exec(modelId)?.groups!.model;
  if (model === undefined) { return [Permissions.action(ACTION, modelArn(stack.region, modelId))]; }

  const profileArn = stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: modelId });
  return [
    Permissions.action(ACTION, profileArn),
    Permissions.statement(new PolicyStatement({
      actions: [ACTION],
      resources: [modelArn('*', model)],
      conditions: { StringEquals: { 'bedrock:InferenceProfileArn': profileArn } },
    })),
  ];
}
