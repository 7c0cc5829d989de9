import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { CONSTRUCT, POLICY_STATEMENT } from './given/cdk-kinds';
import { checkArgument, listOf, TEXT } from './given/kind';
import { className } from './given/value';

/**
 * What a function may do.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export class Permissions {
  /**
   * Every action on every resource.
   */
  public static all(): Permissions {
    return Permissions.statement(new PolicyStatement({ actions: ['*'], resources: ['*'] }));
  }

  /**
   * Every action of a service, on every resource.
   *
   * @param service the service's prefix in IAM, such as `s3`. An error if it is empty or has other characters than `a-z`, `0-9` and `-`
   */
  public static service(service: string): Permissions {
    checkArgument('`service` of `Permissions.service()`', TEXT, service);
    if (!Token.isUnresolved(service) && !/^[a-z0-9-]+$/.test(service)) {
      throw new Error(`\`Permissions.service(${JSON.stringify(service)})\` is no IAM service prefix: write it as in an action, such as \`"s3"\` for \`s3:GetObject\``);
    }
    return Permissions.statement(new PolicyStatement({ actions: [`${service}:*`], resources: ['*'] }));
  }

  /**
   * One action.
   *
   * @param action the action, such as `dynamodb:GetItem`; `*` stands for any text. An error if it has another shape
   * @param resourceArns the resources. None means every resource
   */
  public static action(action: string, ...resourceArns: string[]): Permissions {
    checkArgument('`action` of `Permissions.action()`', TEXT, action);
    checkArgument('`resourceArns` of `Permissions.action()`', listOf(TEXT), resourceArns);
    if (!Token.isUnresolved(action) && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      throw new Error(`\`Permissions.action(${JSON.stringify(action)})\` is no IAM action: write \`"service:Action"\`, such as \`"dynamodb:GetItem"\``);
    }
    return Permissions.statement(new PolicyStatement({ actions: [action], resources: resourceArns.length > 0 ? resourceArns : ['*'] }));
  }

  /**
   * Every action of the service on one resource, created or imported: a DynamoDB table, S3 bucket, SNS topic, SQS queue, Kinesis stream,
   * EventBridge bus, Step Functions state machine (and its executions), Lambda function, secret, KMS key, Firehose delivery stream, SSM
   * parameter, Cognito user pool, an Aurora cluster's Data API (and its secret), or another `WebSocketApi` (to connect, and to post to its
   * connections). Where the resource is encrypted with a KMS key of its own, that key may be used too.
   *
   * @param construct the resource. An error if it is of another kind: use `grant()` or `statement()` for that
   */
  public static fullAccess(construct: IConstruct): Permissions {
    checkArgument('`construct` of `Permissions.fullAccess()`', CONSTRUCT, construct);
    const grant = fullAccessGrant(construct);
    if (!grant) {
      throw new Error(`\`Permissions.fullAccess()\` does not know what \`${construct.node.path}\` (${className(construct)}) is: ` +
        `it knows ${KNOWN.map(({ noun }) => noun).join(', ')} and WebSocketApi; use \`Permissions.grant(construct, "grant…")\` or \`Permissions.statement(…)\``);
    }
    return new Permissions(grant);
  }

  /**
   * What one of the construct's own grant methods grants.
   *
   * @param construct the construct
   * @param method the name of the method, such as `grantRead`, also as other languages write it: `grant_read`, `GrantRead`. It is called
   * with the function and nothing else. An error if the construct has no such method, with a list of those that it has
   */
  public static grant(construct: IConstruct, method: string): Permissions {
    checkArgument('`construct` of `Permissions.grant()`', CONSTRUCT, construct);
    checkArgument('`method` of `Permissions.grant()`', TEXT, method);
    const methods = grantMethods(construct);
    const name = method.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()).replace(/^G/, 'g');
    if (!methods.includes(name)) {
      throw new Error(`\`${construct.node.path}\` (${className(construct)}) has no grant method \`${JSON.stringify(method)}\`: ` +
        (methods.length > 0 ? `it has ${methods.map((one) => `\`${one}\``).join(', ')}` : 'it has none; use `Permissions.statement(…)`'));
    }
    return new Permissions((grantee) => (construct as unknown as Record<string, (to: IGrantable) => void>)[name](grantee));
  }

  /**
   * What a policy statement says.
   */
  public static statement(statement: PolicyStatement): Permissions {
    checkArgument('`statement` of `Permissions.statement()`', POLICY_STATEMENT, statement);
    return new Permissions((grantee) => grantee.grantPrincipal.addToPrincipalPolicy(statement));
  }

  private constructor(private readonly grant: (grantee: IGrantable) => void) {
  }

  /** @internal */
  public _attach(grantee: IGrantable): void {
    this.grant(grantee);
  }
}

/** The resources that are known by the ARN that they have, which created and imported ones share, `and` by what no others have. */
const KNOWN: Array<{ noun: string; arn: string; and?: string; service: string; resources?: (arn: string, construct: any) => string[] }> = [
  { noun: 'tables', arn: 'tableArn', service: 'dynamodb', resources: (arn) => [arn, `${arn}/*`] },
  { noun: 'buckets', arn: 'bucketArn', service: 's3', resources: (arn) => [arn, `${arn}/*`] },
  { noun: 'topics', arn: 'topicArn', service: 'sns' },
  { noun: 'queues', arn: 'queueArn', service: 'sqs' },
  { noun: 'Kinesis streams', arn: 'streamArn', service: 'kinesis' },
  { noun: 'event buses', arn: 'eventBusArn', service: 'events' },
  { noun: 'state machines', arn: 'stateMachineArn', service: 'states', resources: (arn, construct) => [arn, executionsArn(arn, construct)] },
  { noun: 'functions', arn: 'functionArn', and: 'grantInvoke', service: 'lambda', resources: (arn) => [arn, `${arn}:*`] },
  { noun: 'secrets', arn: 'secretArn', service: 'secretsmanager', resources: (arn, { secretFullArn }) => [secretFullArn ?? `${arn}-??????`] },
  { noun: 'KMS keys', arn: 'keyArn', service: 'kms' },
  { noun: 'delivery streams', arn: 'deliveryStreamArn', service: 'firehose' },
  { noun: 'parameters', arn: 'parameterArn', service: 'ssm' },
  { noun: 'user pools', arn: 'userPoolArn', service: 'cognito-idp' },
  { noun: 'Aurora clusters', arn: 'clusterIdentifier', and: 'grantDataApiAccess', service: 'rds-data', resources: (_, { clusterArn }) => [clusterArn] },
];

function fullAccessGrant(construct: any): ((grantee: IGrantable) => void) | undefined {
  if (typeof construct.grantManageConnections === 'function' && typeof construct.grantConnect === 'function') {
    return (grantee) => {
      construct.grantConnect(grantee);
      construct.grantManageConnections(grantee);
    };
  }
  const known = KNOWN.find(({ arn, and }) => typeof construct[arn] === 'string' && (and === undefined || and in construct));
  if (!known) { return undefined; }
  const arn = construct[known.arn];
  const key: IKey | undefined = construct.encryptionKey ?? construct.encryptionMasterKey ?? construct.masterKey;
  return (grantee) => {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
      actions: [`${known.service}:*`],
      resources: known.resources?.(arn, construct) ?? [arn],
    }));
    key?.grantEncryptDecrypt(grantee);
    if (known.service === 'rds-data') {
      construct.secret?.grantRead(grantee);
    }
  };
}

function executionsArn(stateMachineArn: string, construct: IConstruct): string {
  const stack = Stack.of(construct);
  return stack.formatArn({ ...stack.splitArn(stateMachineArn, ArnFormat.COLON_RESOURCE_NAME), resource: 'execution' }) + ':*';
}

/** The methods that grant with a grantee alone. */
function grantMethods(construct: any): string[] {
  const names = new Set<string>();
  for (let type = construct; type && type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    Object.getOwnPropertyNames(type)
      // `grantOnKey` grants nothing without the actions that it takes too.
      .filter((name) => /^grant[A-Z]/.test(name) && name !== 'grantOnKey')
      .filter((name) => typeof construct[name] === 'function' && construct[name].length === 1)
      .forEach((name) => names.add(name));
  }
  return [...names].sort();
}
