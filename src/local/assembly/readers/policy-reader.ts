import { asRecord } from '../../definition/json-value';
import { PolicyStatementModel, PrincipalModel } from '../../definition/model';
import { statementsOf } from '../../iam/iam-policy';
import { Findings } from '../findings';
import { partitionOf } from '../template/partition';
import { Resource, Resources } from '../template/resource';

const ALL = ['*'];

/** What AWS's own policies allow of what is checked here: calls of APIs, and of the services that an integration can call. */
const AWS_MANAGED: ReadonlyMap<string, Omit<PolicyStatementModel, 'effect'>> = new Map(Object.entries({
  AdministratorAccess: { actions: ALL, resources: ALL },
  AmazonAPIGatewayAdministrator: { actions: ['apigateway:*'], resources: ['arn:aws:apigateway:*::/*'] },
  AmazonAPIGatewayInvokeFullAccess: { actions: ['execute-api:Invoke', 'execute-api:ManageConnections'], resources: ['arn:aws:execute-api:*:*:*'] },
  AmazonDynamoDBFullAccess: { actions: ['dynamodb:*'], resources: ALL },
  AmazonDynamoDBReadOnlyAccess: { actions: ['dynamodb:BatchGetItem', 'dynamodb:Describe*', 'dynamodb:Get*', 'dynamodb:List*', 'dynamodb:PartiQLSelect', 'dynamodb:Query', 'dynamodb:Scan'], resources: ALL },
  AmazonDynamoDBFullAccess_v2: { actions: ['dynamodb:*'], resources: ALL },
  AmazonEventBridgeFullAccess: { actions: ['events:*'], resources: ALL },
  AmazonKinesisFirehoseFullAccess: { actions: ['firehose:*'], resources: ALL },
  AmazonKinesisFullAccess: { actions: ['kinesis:*'], resources: ALL },
  AmazonS3FullAccess: { actions: ['s3:*'], resources: ALL },
  AmazonS3ReadOnlyAccess: { actions: ['s3:Describe*', 's3:Get*', 's3:List*'], resources: ALL },
  AmazonSNSFullAccess: { actions: ['sns:*'], resources: ALL },
  AmazonSQSFullAccess: { actions: ['sqs:*'], resources: ALL },
  AWSLambda_FullAccess: { actions: ['lambda:*'], resources: ALL },
  AWSLambdaRole: { actions: ['lambda:InvokeFunction'], resources: ALL },
  AWSStepFunctionsFullAccess: { actions: ['states:*'], resources: ALL },
  PowerUserAccess: { notActions: ['iam:*', 'organizations:*', 'account:*'], resources: ALL },
}));

/** What policies are attached to, and the property that names it. */
const HOLDERS = { 'AWS::IAM::Role': 'Roles', 'AWS::IAM::User': 'Users', 'AWS::IAM::Group': 'Groups' } as const;
type HolderType = keyof typeof HOLDERS;

/** The roles and users of an app, and what their policies allow. */
export class Principals {
  public readonly all: readonly PrincipalModel[];
  private readonly byArn: ReadonlyMap<string, { readonly resource: Resource; readonly model: PrincipalModel }>;

  constructor(private readonly resources: Resources, private readonly findings: Findings) {
    this.byArn = new Map(resources.ofType('AWS::IAM::Role', 'AWS::IAM::User').map((resource) => {
      const model = { arn: resource.attribute('Arn'), name: resource.ref, path: resource.path, statements: this.statementsOf(resource) };
      return [model.arn, { resource, model }];
    }));
    this.all = [...this.byArn.values()].map(({ model }) => model);
  }

  /** The role or user with this ARN; one that is not in the app may do everything. */
  public find(arn: string): PrincipalModel {
    return this.byArn.get(arn)?.model ?? { arn, name: nameOf(arn), path: arn };
  }

  /** Notes that something served acts as this role, and warns of what is not known about it. */
  public use(arn: string, usedBy: string) {
    const found = this.byArn.get(arn);
    if (found) {
      this.warnOfUnknownPolicies(found.resource);
    } else {
      this.findings.warn(`\`${usedBy}\` has the role \`${arn}\`, which is not in the app: its policies are not known here, so it may do everything`);
    }
  }

  /** An integration calls AWS services as this role: of AWS's own policies, only some are known. */
  public useForServices(arn: string) {
    const holder = this.byArn.get(arn)?.resource;
    for (const policy of holder?.texts('ManagedPolicyArns').filter((one) => isAwsManaged(one) && !AWS_MANAGED.has(nameOf(one))) ?? []) {
      this.findings.warn(`\`${holder!.path}\` has the managed policy \`${policy}\`, which is not known here, so it allows nothing`);
    }
  }

  private warnOfUnknownPolicies(holder: Resource) {
    for (const arn of holder.texts('ManagedPolicyArns').filter((one) => !isAwsManaged(one) && !this.managedPolicies.has(one))) {
      this.findings.warn(`\`${holder.path}\` has the managed policy \`${arn}\`, which is not in the app: its statements are not known here, so it allows nothing`);
    }
  }

  /** What is in the resource itself, and what other stacks attach to it by its name. */
  private statementsOf(holder: Resource): PolicyStatementModel[] {
    const type = holder.type as HolderType;
    const single = type.replace('AWS::IAM::', '');
    const attached = this.policies.filter((policy) => isOfAccount(policy, holder) && policy.texts(HOLDERS[type]).includes(holder.ref));
    const inline = this.resources.ofType(`${type}Policy`).filter((policy) => isOfAccount(policy, holder) && policy.text(`${single}Name`) === holder.ref);
    const own = holder.properties.Policies;
    return [
      ...Array.isArray(own) ? own.flatMap((policy) => this.parse(asRecord(policy).PolicyDocument, holder)) : [],
      ...[...attached, ...inline].flatMap((policy) => this.parse(policy.properties.PolicyDocument, policy)),
      ...holder.texts('ManagedPolicyArns').flatMap((arn) => this.statementsOfManaged(arn, holder)),
      ...this.groupsOf(holder).flatMap((group) => this.statementsOf(group)),
    ];
  }

  private statementsOfManaged(arn: string, holder: Resource): PolicyStatementModel[] {
    const policy = this.managedPolicies.get(arn);
    if (policy) {
      // One that names the holder too is attached once.
      const isAttached = policy.texts(HOLDERS[holder.type as HolderType]).includes(holder.ref);
      return isAttached ? [] : this.parse(policy.properties.PolicyDocument, policy);
    }
    const known = isAwsManaged(arn) ? AWS_MANAGED.get(nameOf(arn)) : undefined;
    const { name: partition } = partitionOf(holder.stack.region);
    return known ? [{ effect: 'Allow', ...known, resources: known.resources!.map((one) => one.replace(/^arn:aws:/, `arn:${partition}:`)) }] : [];
  }

  private groupsOf(holder: Resource): Resource[] {
    if (holder.type !== 'AWS::IAM::User') { return []; }
    const added = this.resources.ofType('AWS::IAM::UserToGroupAddition')
      .filter((addition) => isOfAccount(addition, holder) && addition.texts('Users').includes(holder.ref))
      .flatMap((addition) => addition.text('GroupName') ?? []);
    const names = new Set([...holder.texts('Groups'), ...added]);
    return this.resources.ofType('AWS::IAM::Group').filter((group) => isOfAccount(group, holder) && names.has(group.ref));
  }

  private parse(document: unknown, resource: Resource): PolicyStatementModel[] {
    try {
      return statementsOf(document);
    } catch (error) {
      this.findings.warn(`a policy in \`${resource.path}\` allows nothing here: ${(error as Error).message}`);
      return [];
    }
  }

  private get policies(): Resource[] {
    return this.resources.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy');
  }

  private get managedPolicies(): Map<string, Resource> {
    return new Map(this.resources.ofType('AWS::IAM::ManagedPolicy').map((policy) => [policy.ref, policy]));
  }
}

function isOfAccount(one: Resource, other: Resource): boolean {
  return one.stack.account === other.stack.account;
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function isAwsManaged(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:policy\//.test(arn);
}
