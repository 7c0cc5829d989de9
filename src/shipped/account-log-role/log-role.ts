/** The properties of the custom resource. */
export interface LogRoleProperties {
  readonly Partition: string;
  readonly Account: string;
  /** With a slash at both ends. */
  readonly RolePath: string;
  readonly RoleName: string;
  /** AWS's managed policy, with its path: `service-role/<name>`. */
  readonly ManagedPolicy: string;
  /** The ARN of the permissions boundary that the app puts on its roles. */
  readonly PermissionsBoundary?: string;
}

/** The role to create if the account has none. It has the same name in every stack of an account and Region. */
export interface LogRole {
  readonly arn: string;
  readonly account: string;
  readonly path: string;
  readonly name: string;
  readonly policyArn: string;
  readonly permissionsBoundary?: string;
}

export function logRole({ Partition, Account, RolePath, RoleName, ManagedPolicy, PermissionsBoundary }: LogRoleProperties): LogRole {
  return {
    arn: `arn:${Partition}:iam::${Account}:role${RolePath}${RoleName}`,
    account: Account,
    path: RolePath,
    name: RoleName,
    policyArn: `arn:${Partition}:iam::aws:policy/${ManagedPolicy}`,
    permissionsBoundary: PermissionsBoundary,
  };
}

/**
 * Who may assume the role: API Gateway, for this account. `IfExists`, because AWS does not document that API Gateway names the account
 * when it writes logs. A plain condition could end all logs of the account.
 */
export function trustPolicy(account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEqualsIfExists: { 'aws:SourceAccount': account } },
    }],
  });
}
