import { withStageVariables } from './integration-target';
import { ApiModel, Model } from './model';

/** The ARNs of the functions that the routes and authorizers of these APIs call, and of those that these functions may invoke. */
export function functionArns({ apis, workers = [] }: Pick<Model, 'apis' | 'workers'>): string[] {
  const arns = apis.flatMap((api) => [...api.routes.values()].flatMap(({ integration, authorization }) => [
    ...authorization.type === 'CUSTOM' ? [authorization.functionArn] : [],
    ...integration?.target.kind === 'function' ? [integration.target.arn] : [],
  ].flatMap((arn) => stageVariablesOf(api).map((variables) => withStageVariables(arn, variables)))));
  return [...new Set([...arns, ...workers.map(({ arn }) => arn)])];
}

function stageVariablesOf({ stages }: ApiModel): Array<Readonly<Record<string, string>>> {
  return stages.length === 0 ? [{}] : stages.map(({ variables }) => variables);
}
