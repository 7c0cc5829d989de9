import { createHash } from 'node:crypto';
import { asNumber, asRecord, asText, isRecord } from '../../definition/json-value';
import { ApiKeyModel, ThrottleModel } from '../../definition/model';
import { Findings } from '../findings';
import { Resource, Resources } from '../template/resource';

/** API keys by their values, with the stages that usage plans open with them. */
export function readApiKeys(resources: Resources, apiIds: ReadonlySet<string>, findings: Findings): Map<string, ApiKeyModel> {
  const plans = new Map(resources.ofType('AWS::ApiGateway::UsagePlan').map((plan) => [plan.ref, stagesOf(plan).filter(({ apiId }) => apiIds.has(apiId))]));
  const members = resources.ofType('AWS::ApiGateway::UsagePlanKey');
  return new Map(resources.ofType('AWS::ApiGateway::ApiKey').map((key) => {
    const id = key.ref;
    const stages = members.filter((member) => member.text('KeyId') === id).flatMap((member) => plans.get(member.text('UsagePlanId') ?? '') ?? []);
    const given = key.text('Value');
    const value = given ?? generatedValue(key);
    if (stages.length > 0) {
      findings.use(key, 'Value');
      if (given === undefined) { findings.warn(`the API key \`${key.path}\` gets its value at deployment; here it is \`${value}\``); }
    }
    return [value, { id, name: key.text('Name') ?? id, enabled: key.flag('Enabled'), stages }];
  }));
}

function stagesOf(plan: Resource): ApiKeyModel['stages'] {
  const { ApiStages, Throttle } = plan.properties;
  const { RateLimit, BurstLimit } = asRecord(Throttle);
  return (Array.isArray(ApiStages) ? ApiStages : []).filter(isRecord).map(({ ApiId, Stage }) => ({
    apiId: asText(ApiId) ?? '',
    stageName: asText(Stage) ?? '',
    throttle: throttleOf(RateLimit, BurstLimit),
  }));
}

export function throttleOf(rate: unknown, burst: unknown): ThrottleModel {
  const [ratePerSecond, burstLimit] = [asNumber(rate), asNumber(burst)];
  return { ...ratePerSecond === undefined ? {} : { ratePerSecond }, ...burstLimit === undefined ? {} : { burst: burstLimit } };
}

/** As long as those of API Gateway, and the same at every start. */
function generatedValue(key: Resource): string {
  return createHash('sha256').update(`API key ${key.ref}`).digest('hex').slice(0, 40);
}
