import { LogRole } from './log-role';

/** How often a fault may occur before it counts as lasting: as often as there are attempts, unless this says otherwise. */
const PATIENCE: { [code: string]: number } = {
  // The function's own role may be too new.
  AccessDenied: 3,
  // Another stack may be removing roles.
  LimitExceeded: 3,
  TooManyRequests: Infinity,
  Throttling: Infinity,
  RequestLimitExceeded: Infinity,
  Conflict: Infinity,
  ConcurrentModification: Infinity,
  ServiceUnavailable: Infinity,
  ServiceFailure: Infinity,
  InternalFailure: Infinity,
  // Another part of IAM does not know the new role yet.
  NoSuchEntity: Infinity,
};

/** The name of a fault as AWS's API pages have it. The SDK adds `Exception` to most. */
export function codeOf({ name }: Error): string {
  return name.replace(/Exception$/, '');
}

export function isTransient(error: Error, attempt: number): boolean {
  // API Gateway cannot assume the new role yet.
  if (codeOf(error) === 'BadRequest') { return /role/i.test(error.message); }
  return attempt < (PATIENCE[codeOf(error)] ?? 0);
}

/** What CloudFormation shows when nothing helps. */
export function refused(role: LogRole, error: Error): Error {
  const hints: { [code: string]: string } = {
    AccessDenied: 'a service control policy or a permissions boundary forbids it, or a role of this name has another path',
    BadRequest: 'a service control policy or a permissions boundary may forbid what the policy AmazonAPIGatewayPushToCloudWatchLogs permits',
    LimitExceeded: 'the account may have no more roles, or the role no more policies',
  };
  const hint = hints[codeOf(error)];
  return Object.assign(
    new Error(`cannot set \`${role.arn}\` as the role that API Gateway writes logs with: ${error.message}${hint ? ` (${hint})` : ''}; ` +
      'set a role in the API Gateway settings of the account yourself, and give `accountRole: AccountLogRole.existing()`', { cause: error }),
    { name: error.name },
  );
}
