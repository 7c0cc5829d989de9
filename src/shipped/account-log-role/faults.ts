import { LogRole } from './log-role';

/** At how many attempts a fault counts as lasting. A fault that is not listed does so at once. */
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

/** The name of a fault in AWS's API reference. The SDK adds `Exception` to most of them. */
export function codeOf({ name }: Error): string {
  return name.replace(/Exception$/, '');
}

export function isTransient(error: Error, attempt: number): boolean {
  // API Gateway cannot assume the new role yet.
  if (codeOf(error) === 'BadRequest') { return /role/i.test(error.message); }
  return attempt < (PATIENCE[codeOf(error)] ?? 0);
}

/** The error that CloudFormation shows if all attempts fail. */
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
