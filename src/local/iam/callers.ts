import { randomBytes } from 'node:crypto';
import { PolicyStatementModel, PrincipalModel } from '../definition/model';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Who signs requests. */
export interface Caller {
  readonly arn: string;
  /** The name that a person knows it by. */
  readonly name: string;
  readonly account: string;
  /** Undefined if they are not known. The caller may then do everything. */
  readonly statements?: readonly PolicyStatementModel[];
}

/** What is known of a request that comes over the wire: its headers, with names in lower case, and where it comes from. */
export interface RequestOrigin {
  readonly 'sourceIp'?: string;
  readonly 'user-agent'?: string;
  readonly 'referer'?: string;
}

/**
 * What the conditions of a policy can ask of any request, signed or not. On AWS every request to API Gateway comes with TLS.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policy-aws-condition-keys.html
 */
export function requestConditionKeys({ sourceIp, referer, 'user-agent': userAgent }: RequestOrigin = {}): Record<string, string> {
  const now = new Date();
  return {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SecureTransport': 'true',
    ...sourceIp === undefined ? {} : { 'aws:SourceIp': sourceIp },
    ...referer === undefined ? {} : { 'aws:Referer': referer },
    ...userAgent === undefined ? {} : { 'aws:UserAgent': userAgent },
  };
}

/** What the conditions of a policy can ask of a request that somebody signed. */
export function conditionKeys({ arn, account }: Pick<Caller, 'arn' | 'account'>, region: string, origin: RequestOrigin = {}): Record<string, string> {
  const isUser = arn.includes(':user/');
  return {
    ...requestConditionKeys(origin),
    'aws:PrincipalAccount': account,
    'aws:PrincipalArn': arn,
    'aws:PrincipalType': isUser ? 'User' : 'AssumedRole',
    'aws:RequestedRegion': region,
    ...isUser ? { 'aws:username': arn.slice(arn.lastIndexOf('/') + 1) } : {},
  };
}

/** The credentials of every caller. They are made at start and work with this gateway only. */
export class Callers {
  private readonly byKey = new Map<string, { caller: Caller; credentials: Credentials }>();
  private readonly byArn = new Map<string, { caller: Caller; credentials: Credentials }>();

  /** The same credentials each time; the permissions of the last call count. */
  public credentialsOf(caller: Caller): Credentials {
    const known = this.byArn.get(caller.arn);
    if (known) {
      known.caller = caller;
      return known.credentials;
    }
    const credentials = {
      accessKeyId: `ASIA${randomBytes(16).toString('hex').slice(0, 16).toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(48).toString('base64'),
    };
    const entry = { caller, credentials };
    this.byKey.set(credentials.accessKeyId, entry);
    this.byArn.set(caller.arn, entry);
    return credentials;
  }

  public find(accessKeyId: string): Caller | undefined {
    return this.byKey.get(accessKeyId)?.caller;
  }

  /** Undefined if the key is unknown, or the session token is not the one that belongs to it. */
  public secretOf(accessKeyId: string, sessionToken: string | undefined): string | undefined {
    const credentials = this.byKey.get(accessKeyId)?.credentials;
    return credentials && credentials.sessionToken === sessionToken ? credentials.secretAccessKey : undefined;
  }
}

export function callerOf({ arn, name, statements }: PrincipalModel): Caller {
  return { arn, name, account: arn.split(':')[4], statements };
}
