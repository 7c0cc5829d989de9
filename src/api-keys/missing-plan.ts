import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { CfnUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { IWebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { CONNECT, routeName } from '../routes/route-key';

/** Warns if clients need a key, and nothing in the app opens the stage to any. Ask when the app is complete. */
export function warnOfMissingPlan(scope: Construct, stage: IWebSocketStage): void {
  const plans = scope.node.root.node.findAll().filter((node): node is CfnUsagePlan => (
    CfnResource.isCfnResource(node) && node.cfnResourceType === CfnUsagePlan.CFN_RESOURCE_TYPE_NAME && Stage.of(node) === Stage.of(scope)
  ));
  if (plans.some((plan) => opens(plan, stage))) { return; }
  Annotations.of(scope).addWarningV2('cdk-websocket-api:apiKeyWithoutUsagePlan',
    `${routeName(CONNECT)} has \`apiKeyRequired\`, but no usage plan of this app has the stage \`${JSON.stringify(stage.stageName)}\`: API Gateway refuses every client. ` +
    'Give `apiKeys: ApiKeys.create()`, or acknowledge this warning if a plan elsewhere has the stage');
}

function opens(plan: CfnUsagePlan, stage: IWebSocketStage): boolean {
  const resolve = (value: unknown) => JSON.stringify(Stack.of(plan).resolve(value));
  const stages = Stack.of(plan).resolve(plan.apiStages);
  return Array.isArray(stages) && stages.some(({ apiId, stage: name }) => (
    JSON.stringify(apiId) === resolve(stage.api.apiId) && JSON.stringify(name) === resolve(stage.stageName)
  ));
}
