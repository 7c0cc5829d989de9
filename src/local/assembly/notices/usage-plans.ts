import { Notice } from './notice';
import { anyText, isRecord } from '../../definition/json-value';

/**
 * What of a usage plan counts for nothing here: AWS says neither which requests of a WebSocket API use up a quota, nor what a client is
 * answered then.
 */
export const usagePlans: Notice = ({ resources, apis }) => {
  const served = new Set(apis.map(({ id }) => id));
  return resources.ofType('AWS::ApiGateway::UsagePlan').flatMap(({ path, properties: { ApiStages, Quota } }) => {
    const stages = (Array.isArray(ApiStages) ? ApiStages : []).filter(isRecord).filter(({ ApiId }) => served.has(anyText(ApiId)));
    const idle = [
      ...isRecord(Quota) ? ['a quota'] : [],
      ...stages.some(({ Throttle }) => isRecord(Throttle) && Object.keys(Throttle).length > 0) ? ['throttles of single routes'] : [],
    ];
    return stages.length === 0 || idle.length === 0 ? []
      : [`the usage plan \`${path}\` has ${idle.join(' and ')}, which nothing here enforces: of a plan, its own throttle counts, for handshakes`];
  });
};
