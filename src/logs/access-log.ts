import { Annotations, ArnFormat, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { IAccessLogSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { unknownContextNames } from './access-log-context';
import { checkFormat, CSV_FORMAT, JSON_FORMAT } from './access-log-format';
import { AccountLogRole } from './account-log-role';
import { allowLogs } from './log-encryption';
import { asked } from '../given/asked';
import { KEY, LOG_GROUP } from '../given/cdk-kinds';
import { checkPlace, placeOfArn } from '../given/environment';
import { ANYTHING, checkArgument, made, TEXT } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/**
 * The access log: one line for each connection, message and disconnection.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$default': Route.toHandler('src/default.main') },
 *   accessLog: AccessLog.json({ retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY }),
 * });
 */
export class AccessLog {
  /**
   * Writes lines of JSON. Every value is a string: requestTime, requestId, eventType, routeKey, status, integrationRequestId,
   * integrationStatus, integrationLatency, integrationServiceStatus, ip, userAgent, cognitoIdentityId, connectedAt, connectionId.
   *
   * @param options where the log goes
   */
  public static json(options: AccessLogOptions = {}): AccessLog {
    return AccessLog.format(JSON_FORMAT, options);
  }

  /**
   * Writes the values of `json()`, in the same order, quoted and separated by commas.
   *
   * @param options where the log goes
   */
  public static csv(options: AccessLogOptions = {}): AccessLog {
    return AccessLog.format(CSV_FORMAT, options);
  }

  /**
   * Writes lines in a format of your own.
   *
   * @param format one line of at most 3 KB that contains `$context.requestId` or `$context.extendedRequestId`: an error otherwise. A
   * `$context` name that WebSocket APIs do not have is a warning
   * @param options where the log goes
   */
  public static format(format: string, options: AccessLogOptions = {}): AccessLog {
    checkArgument('`format` of `AccessLog.format()`', TEXT, format);
    checkFormat(format);
    checkOptions('the access log', ACCESS_LOG_OPTIONS, options);
    checkDestination(options);
    return new AccessLog(format, options);
  }

  /**
   * Writes no access log.
   */
  public static disabled(): AccessLog {
    return new AccessLog(undefined, {});
  }

  private constructor(private readonly template: string | undefined, private readonly options: AccessLogOptions) {
  }

  /** @internal */
  public get _format(): string | undefined {
    return this.template;
  }

  /** @internal */
  public get _accountRole(): AccountLogRole | undefined {
    return this.template === undefined ? undefined : this.options.accountRole ?? AccountLogRole.ensure();
  }

  /** @internal */
  public _bind(scope: Construct, apiId: string, stageName: string): BoundAccessLog {
    if (this.template === undefined) { return {}; }

    const unknown = unknownContextNames(this.template);
    if (unknown.length > 0) {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:accessLogContext',
        `the access log format names ${unknown.map((name) => `\`$context.${name}\``).join(', ')}, which WebSocket APIs do not have: the log will show \`-\``);
    }

    const { destinationArn, logGroup: given } = this.options;
    if (destinationArn !== undefined) {
      checkPlace(scope, '`destinationArn` of the access log', placeOfArn(destinationArn), SAME_PLACE);
    }
    if (given) {
      checkPlace(scope, '`logGroup` of the access log', given.env, SAME_PLACE);
    }
    const logGroup = destinationArn !== undefined ? undefined : given ?? this.createLogGroup(scope, apiId, stageName);
    const arn = logGroup ? logGroupArn(scope, logGroup) : destinationArn!.replace(/:\*$/, '');
    return {
      logGroup,
      settings: {
        destination: { bind: () => ({ destinationArn: arn }) },
        format: AccessLogFormat.custom(this.template),
      },
    };
  }

  private createLogGroup(scope: Construct, apiId: string, stageName: string): LogGroup {
    const { retention, removalPolicy, encryptionKey } = this.options;
    const prefix = `/aws/vendedlogs/apis/${Names.uniqueResourceName(scope, { maxLength: 256, allowedSpecialCharacters: '-_.', separator: '-' })}-`;
    if (encryptionKey) {
      checkPlace(scope, '`encryptionKey` of the access log', { region: encryptionKey.env.region }, 'CloudWatch Logs takes only keys of the log group\'s Region');
      // A pattern in place of the API's id: the key may be in another stack, which must not depend on this one.
      allowLogs(scope, encryptionKey, `${prefix}*/${stageName}`);
    }
    return new LogGroup(scope, 'LogGroup', asked({ logGroupName: `${prefix}${apiId}/${stageName}`, retention, removalPolicy, encryptionKey }));
  }
}

const SAME_PLACE = 'API Gateway writes access logs only to the API\'s account and Region';

/**
 * Where an access log goes.
 */
export interface AccessLogOptions {
  /**
   * A log group that exists, in the API's account and Region: an error otherwise. Its name should start with `/aws/vendedlogs/`. If it
   * does not, API Gateway adds it to a resource policy of CloudWatch Logs, which holds only some log groups.
   *
   * @default - one is created, with a name that starts with `/aws/vendedlogs/apis/`
   */
  readonly logGroup?: ILogGroup;

  /**
   * The ARN of a CloudWatch log group, or of a Firehose delivery stream whose name starts with `amazon-apigateway-`, in the API's account
   * and Region. An error otherwise, and together with `logGroup`.
   *
   * @default - a log group
   */
  readonly destinationArn?: string;

  /**
   * How long the created log group keeps its events.
   *
   * @default - as CDK's `LogGroup`: two years
   */
  readonly retention?: RetentionDays;

  /**
   * What happens to the created log group when the stack goes.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The key that the created log group is encrypted with, in the API's Region: an error otherwise.
   *
   * CloudWatch Logs has to be allowed to use it. If the app creates the key, its policy is extended for this log group; if not, a warning
   * says what the policy needs.
   *
   * @default - a key that CloudWatch Logs owns
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: IKey;

  /**
   * What to do about the role that the account writes logs with.
   *
   * @default AccountLogRole.ensure()
   */
  readonly accountRole?: AccountLogRole;
}

/** The kind of an access log, for those who take one. */
export const ACCESS_LOG = made(AccessLog, (value) => LOG_GROUP.accepts(value) ? 'AccessLog.json({ logGroup })' : undefined);

export interface BoundAccessLog {
  readonly settings?: IAccessLogSettings;
  readonly logGroup?: ILogGroup;
}

const ACCESS_LOG_OPTIONS = {
  logGroup: LOG_GROUP,
  destinationArn: TEXT,
  retention: ANYTHING,
  removalPolicy: ANYTHING,
  encryptionKey: KEY,
  accountRole: made(AccountLogRole),
} satisfies OptionsOf<AccessLogOptions>;

function checkDestination({ logGroup, destinationArn, retention, removalPolicy, encryptionKey }: AccessLogOptions) {
  if (logGroup && destinationArn !== undefined) {
    throw new Error('`logGroup` and `destinationArn` both say where the access log goes: give one of them');
  }
  const ofCreated = Object.entries({ retention, removalPolicy, encryptionKey }).filter(([, value]) => value !== undefined).map(([name]) => `\`${name}\``);
  if ((logGroup || destinationArn !== undefined) && ofCreated.length > 0) {
    throw new Error(`${ofCreated.join(', ')} ${ofCreated.length > 1 ? 'are' : 'is'} for the log group that is created, but the access log goes to ` +
      `\`${logGroup ? 'logGroup' : 'destinationArn'}\`: set it there`);
  }
  if (destinationArn !== undefined && !Token.isUnresolved(destinationArn)
    && !/^arn:[^:]+:logs:[^:]+:[^:]+:log-group:/.test(destinationArn) && !/^arn:[^:]+:firehose:[^:]+:[^:]+:deliverystream\/amazon-apigateway-/.test(destinationArn)) {
    throw new Error(`\`destinationArn\` \`${JSON.stringify(destinationArn)}\` is neither a log group nor a delivery stream whose name starts with \`amazon-apigateway-\`: API Gateway writes access logs to nothing else`);
  }
}

/** The ARN without the `:*` at its end, which CloudFormation adds and API Gateway refuses. */
function logGroupArn(scope: Construct, logGroup: ILogGroup): string {
  return Stack.of(scope).formatArn({
    service: 'logs',
    region: logGroup.env.region,
    account: logGroup.env.account,
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
