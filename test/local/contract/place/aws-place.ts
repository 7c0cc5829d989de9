import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { CloudWatchLog } from './cloudwatch-log';
import { CannotBeReplayed, Credentials } from './place';
import { RemoteDescription, RemotePlace } from './remote-place';
import { endpointOf, signedFetch } from './signing';

export interface AwsDescription extends RemoteDescription {
  /** ARNs by the ids of roles. */
  readonly roles: { readonly [role: string]: string };
  readonly logGroup: string;
  readonly accessLogGroup?: string;
}

/** The app, deployed to AWS. What its handlers write is in CloudWatch. */
export class AwsPlace extends RemotePlace {
  public readonly addresses = /^[\da-f.:]+$/;
  private readonly provider: () => Promise<Credentials>;
  private readonly handlers: CloudWatchLog;
  private readonly access?: CloudWatchLog;

  constructor(private readonly aws: AwsDescription) {
    super(aws, { settleMillis: 15_000, patienceMillis: 90_000, pollMillis: 2_000 });
    const { region, logGroup, accessLogGroup } = aws;
    // As every SDK finds them.
    const { config } = new ApiGatewayManagementApiClient({ region, endpoint: 'https://localhost' });
    this.provider = async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials();
      return { accessKeyId, secretAccessKey, sessionToken };
    };
    this.handlers = new CloudWatchLog(region, logGroup, this.provider);
    this.access = accessLogGroup === undefined ? undefined : new CloudWatchLog(region, accessLogGroup, this.provider);
  }

  public credentials() {
    return this.provider();
  }

  public async credentialsOf(role: string): Promise<Credentials> {
    const { region, roles } = this.aws;
    const body = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roles[role], RoleSessionName: 'contract' }).toString();
    const response = await signedFetch(endpointOf('sts', region), {
      service: 'sts', region, credentials: await this.provider(), method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const text = await response.text();
    if (!response.ok) { throw new CannotBeReplayed(`you may not take the role ${roles[role]}: ${text}`); }
    const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)![1]);
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** Nothing opens it there: the time does. */
  public gate() {
    return { message: { sleep: 5_000 }, open: () => undefined };
  }

  protected readLog() {
    return this.handlers.read();
  }

  protected async readAccessLog() {
    if (!this.access) { throw new CannotBeReplayed('API Gateway has no role for logs in this account'); }
    return this.access.read();
  }
}
