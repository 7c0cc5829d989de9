import { ArnFormat, CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { isGranted } from './grant-methods';

/** A construct, and whatever attributes it has. */
type Resource = IConstruct & { readonly [name: string]: unknown };

interface Kind {
  /** What an error calls it. */
  readonly noun: string;
  /** The attribute that holds its ARN. Created and imported ones share it. */
  readonly arn: string;
  /** The prefix of its actions. */
  readonly service: string;
  /** The service in its ARN, if it is another than that of its actions. */
  readonly arnService?: string;
  /** The types of CloudFormation's that have such an ARN. */
  readonly type: RegExp;
  /** What is below it, besides itself. */
  readonly resources?: (arn: string, resource: Resource) => string[];
  /** What else belongs to it. */
  readonly also?: (grantee: IGrantable, resource: Resource) => unknown;
}

const KINDS: Kind[] = [
  { noun: 'tables', arn: 'tableArn', service: 'dynamodb', type: /^AWS::DynamoDB::(Global)?Table$/, resources: (arn) => [arn, `${arn}/*`] },
  { noun: 'buckets', arn: 'bucketArn', service: 's3', type: /^AWS::S3::Bucket$/, resources: (arn) => [arn, `${arn}/*`] },
  { noun: 'topics', arn: 'topicArn', service: 'sns', type: /^AWS::SNS::Topic$/ },
  { noun: 'queues', arn: 'queueArn', service: 'sqs', type: /^AWS::SQS::Queue$/ },
  { noun: 'Kinesis streams', arn: 'streamArn', service: 'kinesis', type: /^AWS::Kinesis::Stream$/ },
  { noun: 'event buses', arn: 'eventBusArn', service: 'events', type: /^AWS::Events::EventBus$/ },
  {
    noun: 'state machines',
    arn: 'stateMachineArn',
    service: 'states',
    type: /^AWS::StepFunctions::StateMachine$/,
    resources: (arn, resource) => [arn, executionsArn(arn, resource)],
  },
  { noun: 'functions', arn: 'functionArn', service: 'lambda', type: /^AWS::Lambda::(Function|Version|Alias)$/, resources: (arn) => [arn, `${arn}:*`] },
  {
    noun: 'secrets',
    arn: 'secretArn',
    service: 'secretsmanager',
    type: /^AWS::(SecretsManager::(Secret|SecretTargetAttachment)|RDS::DBInstance|RDS::DBCluster)$/,
    resources: (arn, { secretFullArn }) => [secretFullArn as string | undefined ?? `${arn}-??????`],
  },
  { noun: 'KMS keys', arn: 'keyArn', service: 'kms', type: /^AWS::KMS::(Key|ReplicaKey|Alias)$/, resources: keyBehind },
  { noun: 'delivery streams', arn: 'deliveryStreamArn', service: 'firehose', type: /^AWS::KinesisFirehose::DeliveryStream$/ },
  { noun: 'parameters', arn: 'parameterArn', service: 'ssm', type: /^AWS::SSM::Parameter$/ },
  { noun: 'user pools', arn: 'userPoolArn', service: 'cognito-idp', type: /^AWS::Cognito::UserPool$/ },
  {
    noun: 'Aurora clusters',
    arn: 'clusterArn',
    service: 'rds-data',
    arnService: 'rds',
    type: /^AWS::RDS::DBCluster$/,
    also: (grantee, { secret }) => (secret as { grantRead(grantee: IGrantable): unknown } | undefined)?.grantRead(grantee),
  },
];

/** What `Permissions.fullAccess()` knows, for an error. */
export const KNOWN_RESOURCES = `${KINDS.map(({ noun }) => noun).join(', ')} and WebSocketApi`;

/**
 * How every action on a resource is granted.
 *
 * @returns undefined for a resource of an unknown kind
 */
export function fullAccess(construct: IConstruct): ((grantee: IGrantable) => boolean) | undefined {
  const resource = construct as Resource;
  if (isWebSocketApi(resource)) {
    return (grantee) => [resource.grantConnect(grantee), resource.grantManageConnections(grantee)].every(isGranted);
  }
  const kind = KINDS.find((one) => isOf(one, resource));
  if (!kind) { return undefined; }
  const arn = resource[kind.arn] as string;
  const key = (resource.encryptionKey ?? resource.encryptionMasterKey ?? resource.masterKey) as Partial<Pick<IKey, 'grantEncryptDecrypt'>> | undefined;
  const resources = kind.resources?.(arn, resource) ?? [arn];
  return (grantee) => [
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: [`${kind.service}:*`], resources })),
    key?.grantEncryptDecrypt?.(grantee),
    kind.also?.(grantee, resource),
  ].every(isGranted);
}

/**
 * A name does not make a resource: the ARN says of what service it is, or the resource that it refers to. An ARN that only
 * CloudFormation knows, such as an imported value, is taken for what its name says.
 */
function isOf(kind: Kind, resource: Resource): boolean {
  const arn = resource[kind.arn];
  if (typeof arn !== 'string') { return false; }
  const [prefix, , service] = arn.split(':');
  if (prefix === 'arn') { return service === (kind.arnService ?? kind.service); }
  const targets = Tokenization.reverseString(arn).tokens.map((token) => Reference.isReference(token) ? token.target : undefined);
  const target = targets.find((one): one is CfnResource => CfnResource.isCfnResource(one));
  if (target) { return kind.type.test(target.cfnResourceType); }
  return Token.isUnresolved(arn) && resource.node.defaultChild === undefined;
}

type Connectable = Resource & { grantConnect(grantee: IGrantable): Grant; grantManageConnections(grantee: IGrantable): Grant };

function isWebSocketApi(resource: Resource): resource is Connectable {
  return typeof resource.grantManageConnections === 'function' && typeof resource.grantConnect === 'function';
}

function executionsArn(stateMachineArn: string, construct: IConstruct): string {
  const stack = Stack.of(construct);
  return stack.formatArn({ ...stack.splitArn(stateMachineArn, ArnFormat.COLON_RESOURCE_NAME), resource: 'execution' }) + ':*';
}

/** KMS looks for keys in a policy, not for their aliases. An alias that is imported by its name does not know its key. */
function keyBehind(arn: string, resource: Resource): string[] {
  if (!('aliasName' in resource)) { return [arn]; }
  try {
    return [(resource.aliasTargetKey as IKey).keyArn];
  } catch {
    throw new Error(`\`${resource.node.path}\` is an alias whose key is not known, and a policy that names an alias permits nothing with its key: ` +
      'import the key with `Key.fromKeyArn()`, or look it up with `Key.fromLookup()`');
  }
}
