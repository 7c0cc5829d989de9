import { ApiModel } from './model';

/** The ARN of something that API Gateway serves: `arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/dev/$connect`. */
export function executeApiArn({ partition, region, account, id }: ApiModel, ...path: readonly string[]): string {
  return `arn:${partition}:execute-api:${region}:${account}:${[id, ...path].join('/')}`;
}
