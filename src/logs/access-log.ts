import { Annotations, ArnFormat, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { IAccessLogSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { unknownContextNames } from './access-log-context';
import { checkFormat, CSV_FORMAT, JSON_FORMAT } from './access-log-format';
import { AccountLogRole } from './account-log-role';
import { KEY, LOG_GROUP } from '../given/cdk-kinds';
import { ANYTHING, checkArgument, made, TEXT } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/**
 * The access log: one line for each connection, message and disconnection.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export class AccessLog {
  /**
   * Lines of JSON, every value a string: requestTime, requestId, eventType, routeKey, status, integrationRequestId, integrationStatus,
   * integrationLatency, integrationServiceStatus, ip, userAgent, cognitoIdentityId, connectedAt, connectionId.
   *
   * @param options where the log goes
   */
  public static json(options: AccessLogOptions = {}): AccessLog {
    return AccessLog.format(JSON_FORMAT, options);
  }

  /**
   * The values of `json()`, in its order, quoted and separated by commas.
   *
   * @param options where the log goes
   */
  public static csv(options: AccessLogOptions = {}): AccessLog {
    return AccessLog.format(CSV_FORMAT, options);
  }

  /**
   * Lines of your own.
   *
   * @param format one line, at most 3 KB, with `$context.requestId` or `$context.extendedRequestId` in it: an error otherwise. A
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
   * No access log.
   */
  public static disabled(): AccessLog {
    return new AccessLog(undefined, {});
  }

  private constructor(private readonly template: string | undefined, private readonly options: AccessLogOptions) {
  }

  /** @internal */
  public get _accountRole(): AccountLogRole | undefined {
    return this.template === undefined ? undefined : this.options.accountRole ?? AccountLogRole.ensure();
  }

  /**
   * @param scope where a log group is created
   * @param apiId the id of the API
   * @param stageName the name of the stage
   *
   * @internal
   */
  public _bind(scope: Construct, apiId: string, stageName: string): BoundAccessLog {
    if (this.template === undefined) { return {}; }

    const unknown = unknownContextNames(this.template);
    if (unknown.length > 0) {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:accessLogContext',
        `the access log format names ${unknown.map((name) => `\`$context.${name}\``).join(', ')}, which WebSocket APIs do not have: the log will show \`-\``);
    }

    const { destinationArn, retention, removalPolicy, encryptionKey } = this.options;
    const logGroup = destinationArn !== undefined ? undefined : this.options.logGroup ?? new LogGroup(scope, 'LogGroup', {
      logGroupName: `/aws/vendedlogs/apis/${Names.uniqueResourceName(scope, { maxLength: 256, allowedSpecialCharacters: '-_.', separator: '-' })}-${apiId}/${stageName}`,
      retention,
      removalPolicy,
      encryptionKey,
    });
    const arn = logGroup ? logGroupArn(scope, logGroup) : destinationArn!.replace(/:\*$/, '');
    return {
      logGroup,
      settings: {
        destination: { bind: () => ({ destinationArn: arn }) },
        format: AccessLogFormat.custom(this.template),
      },
    };
  }
}

/**
 * Where an access log goes.
 */
export interface AccessLogOptions {
  /**
   * A log group that exists. Its name should start with `/aws/vendedlogs/`, or CloudWatch's resource policy for it may outgrow its limit.
   *
   * @default - one is created, with a name that starts with `/aws/vendedlogs/apis/`
   */
  readonly logGroup?: ILogGroup;

  /**
   * The ARN of a CloudWatch log group, or of a Firehose delivery stream whose name starts with `amazon-apigateway-`. Not together with
   * `logGroup`.
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
   * What becomes of the created log group when the stack goes.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The key that the created log group is encrypted with.
   *
   * @default - CloudWatch's own
   */
  readonly encryptionKey?: IKey;

  /**
   * What is done about the account's role for logs.
   *
   * @default AccountLogRole.ensure()
   */
  readonly accountRole?: AccountLogRole;
}

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

/** Without the `:*` that CloudFormation adds to it, which API Gateway does not take. */
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
