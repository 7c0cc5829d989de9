import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as docdb from 'aws-cdk-lib/aws-docdb';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { IConstruct } from 'constructs';
import { Permissions, Route, WebSocketApi } from '../src';
import { testFunction, testStackWithEnv } from './test-stack';

describe('a permission', () => {
  test('for all is every action on every resource', () => {
    expect(statements(() => Permissions.all())).toEqual([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  });

  test('for a service is its actions on every resource', () => {
    expect(statements(() => Permissions.service('s3'))).toEqual([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]);
  });

  test('for an action is on every resource unless some are named', () => {
    expect(statements(() => Permissions.action('dynamodb:GetItem'))).toEqual([{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' }]);
    expect(statements(() => Permissions.action('dynamodb:Get*', 'arn:a', 'arn:b'))).toEqual([{ Effect: 'Allow', Action: 'dynamodb:Get*', Resource: ['arn:a', 'arn:b'] }]);
  });

  test('from a statement is that statement', () => {
    const statement = new PolicyStatement({ actions: ['ses:SendEmail'], resources: ['*'], conditions: { StringEquals: { 'ses:FromAddress': 'a@b.c' } } });

    expect(statements(() => Permissions.statement(statement)))
      .toEqual([{ Effect: 'Allow', Action: 'ses:SendEmail', Resource: '*', Condition: { StringEquals: { 'ses:FromAddress': 'a@b.c' } } }]);
  });

  test.each([
    [() => Permissions.service(''), '`Permissions.service("")` is no IAM service prefix: write it as in an action, such as `"s3"` for `s3:GetObject`'],
    [() => Permissions.service('simple storage'), '`Permissions.service("simple storage")` is no IAM service prefix'],
    [() => Permissions.service('s3:GetObject'), '`Permissions.service("s3:GetObject")` is no IAM service prefix'],
    [() => Permissions.action('s3'), '`Permissions.action("s3")` is no IAM action: write `"service:Action"`, such as `"dynamodb:GetItem"`'],
    [() => Permissions.action('s3: GetObject'), '`Permissions.action("s3: GetObject")` is no IAM action'],
  ])('is refused when it is misspelt: %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

const ARN = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;

describe('Permissions.fullAccess', () => {
  test.each<[string, (stack: Stack) => IConstruct, string, string[]]>([
    ['table', (s) => dynamodb.Table.fromTableArn(s, 'R', ARN('dynamodb', 'table/t')), 'dynamodb', [ARN('dynamodb', 'table/t'), ARN('dynamodb', 'table/t/*')]],
    ['bucket', (s) => s3.Bucket.fromBucketName(s, 'R', 'bucket'), 's3', ['arn:<Ref AWS::Partition>:s3:::bucket', 'arn:<Ref AWS::Partition>:s3:::bucket/*']],
    ['topic', (s) => sns.Topic.fromTopicArn(s, 'R', ARN('sns', 't')), 'sns', [ARN('sns', 't')]],
    ['queue', (s) => sqs.Queue.fromQueueArn(s, 'R', ARN('sqs', 'q')), 'sqs', [ARN('sqs', 'q')]],
    ['Kinesis stream', (s) => kinesis.Stream.fromStreamArn(s, 'R', ARN('kinesis', 'stream/s')), 'kinesis', [ARN('kinesis', 'stream/s')]],
    ['event bus', (s) => events.EventBus.fromEventBusArn(s, 'R', ARN('events', 'event-bus/e')), 'events', [ARN('events', 'event-bus/e')]],
    ['state machine', (s) => sfn.StateMachine.fromStateMachineArn(s, 'R', ARN('states', 'stateMachine:m')), 'states', [ARN('states', 'stateMachine:m'), ARN('states', 'execution:m:*')]],
    ['function', (s) => lambda.Function.fromFunctionArn(s, 'R', ARN('lambda', 'function:f')), 'lambda', [ARN('lambda', 'function:f'), ARN('lambda', 'function:f:*')]],
    ['secret', (s) => secretsmanager.Secret.fromSecretCompleteArn(s, 'R', ARN('secretsmanager', 'secret:x-abcdef')), 'secretsmanager', [ARN('secretsmanager', 'secret:x-abcdef')]],
    ['secret known by a part of its ARN', (s) => secretsmanager.Secret.fromSecretPartialArn(s, 'R', ARN('secretsmanager', 'secret:x')), 'secretsmanager', [ARN('secretsmanager', 'secret:x-??????')]],
    ['key', (s) => kms.Key.fromKeyArn(s, 'R', ARN('kms', 'key/k')), 'kms', [ARN('kms', 'key/k')]],
    ['delivery stream', (s) => firehose.DeliveryStream.fromDeliveryStreamArn(s, 'R', ARN('firehose', 'deliverystream/d')), 'firehose', [ARN('firehose', 'deliverystream/d')]],
    ['parameter', (s) => ssm.StringParameter.fromStringParameterName(s, 'R', 'p'), 'ssm', ['arn:<Ref AWS::Partition>:ssm:eu-west-1:111111111111:parameter/p']],
    ['user pool', (s) => cognito.UserPool.fromUserPoolArn(s, 'R', ARN('cognito-idp', 'userpool/p')), 'cognito-idp', [ARN('cognito-idp', 'userpool/p')]],
  ])('is every action on an imported %s', (_, make, service, resources) => {
    const [statement] = statements((stack) => Permissions.fullAccess(make(stack)));

    expect(statement.Action).toBe(`${service}:*`);
    expect([statement.Resource].flat().map(flatten)).toEqual(resources);
  });

  test.each<[string, (stack: Stack) => IConstruct, string]>([
    ['table', (s) => new dynamodb.TableV2(s, 'R', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }), 'dynamodb:*'],
    ['bucket', (s) => new s3.Bucket(s, 'R'), 's3:*'],
    ['topic', (s) => new sns.Topic(s, 'R'), 'sns:*'],
    ['queue', (s) => new sqs.Queue(s, 'R'), 'sqs:*'],
    ['stream', (s) => new kinesis.Stream(s, 'R', { encryption: kinesis.StreamEncryption.UNENCRYPTED }), 'kinesis:*'],
    ['event bus', (s) => new events.EventBus(s, 'R'), 'events:*'],
    ['state machine', (s) => new sfn.StateMachine(s, 'R', { definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(s, 'Pass')) }), 'states:*'],
    ['function', (s) => testFunction(s, 'R'), 'lambda:*'],
    ['secret', (s) => new secretsmanager.Secret(s, 'R'), 'secretsmanager:*'],
    ['key', (s) => new kms.Key(s, 'R'), 'kms:*'],
    ['delivery stream', (s) => new firehose.DeliveryStream(s, 'R', { destination: new firehose.S3Bucket(new s3.Bucket(s, 'B')) }), 'firehose:*'],
  ])('is every action on a created %s', (_, make, action) => {
    expect(statements((stack) => Permissions.fullAccess(make(stack))).map(({ Action }) => Action)).toEqual([action]);
  });

  test('includes the use of the key that the resource is encrypted with', () => {
    const actions = statements((stack) => Permissions.fullAccess(new s3.Bucket(stack, 'R', { encryption: s3.BucketEncryption.KMS }))).flatMap(({ Action }) => Action);

    expect(actions).toEqual(expect.arrayContaining(['s3:*', 'kms:Decrypt', 'kms:GenerateDataKey*']));
  });

  test('is the Data API of an Aurora cluster, and reading its secret', () => {
    const actions = statements((stack) => Permissions.fullAccess(new rds.DatabaseCluster(stack, 'R', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
      writer: rds.ClusterInstance.serverlessV2('writer'),
      vpc: new ec2.Vpc(stack, 'Vpc'),
      enableDataApi: true,
    }))).flatMap(({ Action }) => Action);

    expect(actions).toEqual(['rds-data:*', 'secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret']);
  });

  test('is connecting and posting to another WebSocket API', () => {
    const found = statements((stack) => Permissions.fullAccess(new WebSocketApi(stack, 'Other', { routes: { $default: Route.toFunction(testFunction(stack, 'F2')) } })));

    expect(found.map(({ Action }) => Action)).toEqual(['execute-api:Invoke', 'execute-api:ManageConnections']);
  });

  test.each<[string, (stack: Stack) => IConstruct]>([
    ['a DocumentDB cluster, which has an identifier like an Aurora cluster', (s) => docdb.DatabaseCluster.fromDatabaseClusterAttributes(s, 'R', { clusterIdentifier: 'c' })],
    ['a CloudFront function, which has an ARN like a Lambda function', (s) => new cloudfront.Function(s, 'R', { code: cloudfront.FunctionCode.fromInline('x') })],
  ])('of %s is refused', (_, make) => {
    expect(() => Permissions.fullAccess(make(testStackWithEnv()))).toThrow('does not know what `Stack/R`');
  });

  test('of an unknown construct is refused, with what is known and what else there is', () => {
    const stack = testStackWithEnv();

    expect(() => Permissions.fullAccess(new ecs.Cluster(stack, 'Cluster'))).toThrow(
      '`Permissions.fullAccess()` does not know what `Stack/Cluster` (aws-cdk-lib.aws_ecs.Cluster) is: it knows tables, buckets, topics, queues, Kinesis streams, event buses, state machines, '
      + 'functions, secrets, KMS keys, delivery streams, parameters, user pools, Aurora clusters and WebSocketApi; '
      + 'use `Permissions.grant(construct, "grant…")` or `Permissions.statement(…)`');
  });
});

describe('Permissions.grant', () => {
  test('calls the method', () => {
    const actions = statements((stack) => Permissions.grant(new sqs.Queue(stack, 'R'), 'grantSendMessages')).flatMap(({ Action }) => Action);

    expect(actions).toEqual(['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl']);
  });

  test.each(['grant_send_messages', 'GrantSendMessages'])('takes the name as another language writes it: %s', (method) => {
    expect(statements((stack) => Permissions.grant(new sqs.Queue(stack, 'R'), method))[0].Action).toContain('sqs:SendMessage');
  });

  test('of an unknown method is refused, with the methods that there are', () => {
    const stack = testStackWithEnv();

    expect(() => Permissions.grant(new sqs.Queue(stack, 'Queue'), 'grantSend')).toThrow(
      '`Stack/Queue` (aws-cdk-lib.aws_sqs.Queue) has no grant method `"grantSend"`: it has `grantConsumeMessages`, `grantPurge`, `grantSendMessages`');
  });

  test('of a method that grants nothing is refused', () => {
    expect(() => Permissions.grant(new sqs.Queue(testStackWithEnv(), 'Queue'), 'addToResourcePolicy')).toThrow('has no grant method `"addToResourcePolicy"`');
  });

  test('of a construct that has none is refused', () => {
    const stack = testStackWithEnv();

    expect(() => Permissions.grant(stack, 'grantRead')).toThrow('`Stack` (aws-cdk-lib.Stack) has no grant method `"grantRead"`: it has none; use `Permissions.statement(…)`');
  });
});

/** What a function may do by a permission, beside what it may do anyway. */
function statements(make: (stack: Stack) => Permissions): any[] {
  const stack = testStackWithEnv();
  const fn = testFunction(stack, 'Granted');
  make(stack)._attach(fn);
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('Granted'));
  return policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
}

function flatten(value: any): string {
  if (typeof value === 'string') { return value; }
  return value['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : `<Ref ${part.Ref}>`).join('');
}
