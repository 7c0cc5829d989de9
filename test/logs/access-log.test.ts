import { App, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AccessLog, Route, WebSocketApi } from '../../src';
import { only, testFunction, testStack, testStackWithEnv, warnings } from '../test-stack';

const FIREHOSE = 'arn:aws:firehose:us-east-1:111111111111:deliverystream/amazon-apigateway-logs';

describe('the access log', () => {
  test('is JSON in a log group of its own by default', () => {
    const { template, api } = apiWith(undefined);

    expect(Object.keys(JSON.parse(settings(template).Format))).toContain('connectionId');
    expect(api.accessLogGroup).toBeDefined();
  });

  test('goes to a log group whose name starts with /aws/vendedlogs/apis/ and is different for each API and stage', () => {
    const { Properties } = only(apiWith(undefined).template, 'AWS::Logs::LogGroup');

    expect(Properties.LogGroupName['Fn::Join'][1]).toEqual([expect.stringMatching(/^\/aws\/vendedlogs\/apis\/Stack-Api-\w+-$/), { Ref: expect.stringMatching(/^Api/) }, '/dev']);
  });

  test('names its log group without the `:*` that CloudFormation adds', () => {
    const { DestinationArn } = settings(apiWith(undefined).template);

    expect(DestinationArn['Fn::Join'][1].slice(-2)).toEqual([':log-group:', { Ref: expect.stringMatching(/^ApiLogGroup/) }]);
  });

  test('keeps its log group when the stack goes', () => {
    expect(only(apiWith(undefined).template, 'AWS::Logs::LogGroup')).toMatchObject({ DeletionPolicy: 'Retain', Properties: { RetentionInDays: 731 } });
  });

  test('takes retention, removal policy and key for the log group that it creates', () => {
    const stack = testStack();
    const template = inStack(stack, AccessLog.json({
      retention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY, encryptionKey: new Key(stack, 'Key'),
    })).template;

    expect(only(template, 'AWS::Logs::LogGroup')).toMatchObject({
      DeletionPolicy: 'Delete', Properties: { RetentionInDays: 7, KmsKeyId: expect.anything() },
    });
  });

  test.each<[string, (stack: Stack) => Stack]>([
    ['the same stack', (stack) => stack],
    ['another stack', (stack) => new Stack(stack.node.root, 'Keys')],
  ])('lets CloudWatch Logs use a key that %s creates, for its log group only', (_, home) => {
    const stack = testStack();
    const keys = home(stack);
    const encryptionKey = new Key(keys, 'Key');
    inStack(stack, AccessLog.json({ encryptionKey }));
    Template.fromStack(stack);

    expect(only(Template.fromStack(keys), 'AWS::KMS::Key').Properties.KeyPolicy.Statement).toEqual([expect.anything(), {
      Effect: 'Allow',
      Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } },
      Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': {
            'Fn::Join': ['', [
              'arn:', { Ref: 'AWS::Partition' }, ':logs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' },
              expect.stringMatching(/^:log-group:\/aws\/vendedlogs\/apis\/Stack-Api-\w+-\*\/dev$/),
            ]],
          },
        },
      },
    }]);
  });

  test('warns that an imported key has to let CloudWatch Logs use it', () => {
    const stack = testStackWithEnv();
    inStack(stack, AccessLog.json({ encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:222222222222:key/given') }));

    expect(warnings(stack.node.root as App)).toEqual([expect.stringMatching(
      /the key of the access log is imported, so its policy stays as it is: it has to let `logs\.<Region>\.amazonaws\.com` use it for log groups like `\/aws\/vendedlogs\/apis\/Stack-Api-\w+-\*\/dev`/)]);
  });

  test('goes to a log group that exists', () => {
    const stack = testStack();
    const logGroup = LogGroup.fromLogGroupArn(stack, 'Given', 'arn:aws:logs:eu-west-1:222222222222:log-group:/aws/vendedlogs/mine:*');
    const { template, api } = inStack(stack, AccessLog.csv({ logGroup }));

    expect(settings(template).DestinationArn).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-west-1:222222222222:log-group:/aws/vendedlogs/mine']],
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    expect(api.accessLogGroup).toBe(logGroup);
  });

  test('goes to Firehose, and then has no log group', () => {
    const { template, api } = apiWith(AccessLog.json({ destinationArn: FIREHOSE }));

    expect(settings(template).DestinationArn).toBe(FIREHOSE);
    expect(api.accessLogGroup).toBeUndefined();
  });

  test('goes to the ARN of a log group, with or without `:*`', () => {
    const arn = 'arn:aws:logs:us-east-1:111111111111:log-group:mine';

    expect(settings(apiWith(AccessLog.json({ destinationArn: `${arn}:*` })).template).DestinationArn).toBe(arn);
    expect(settings(apiWith(AccessLog.json({ destinationArn: arn })).template).DestinationArn).toBe(arn);
  });

  test('can be disabled, and then leaves nothing behind', () => {
    const { template, api } = apiWith(AccessLog.disabled());

    expect(only(template, 'AWS::ApiGatewayV2::Stage').Properties).not.toHaveProperty('AccessLogSettings');
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.resourceCountIs('Custom::ApiGatewayAccountLogRole', 0);
    expect(api.accessLogGroup).toBeUndefined();
  });

  test('can be shared by two APIs, which then have a log group each', () => {
    const stack = testStack();
    const log = AccessLog.json();
    ['One', 'Two'].forEach((id) => inStack(stack, log, id));

    Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 2);
  });
});

describe('an access log format', () => {
  test('of your own is used as it is', () => {
    expect(settings(apiWith(AccessLog.format('$context.requestId $context.status')).template).Format).toBe('$context.requestId $context.status');
  });

  test('with the extended request id is as good', () => {
    expect(() => AccessLog.format('$context.extendedRequestId')).not.toThrow();
  });

  test('of exactly 3 KB is the longest', () => {
    expect(() => AccessLog.format('$context.requestId'.padEnd(3072))).not.toThrow();
  });

  test('that is a token is left to CloudFormation', () => {
    expect(() => AccessLog.format(Lazy.string({ produce: () => '$context.requestId' }))).not.toThrow();
  });

  test.each([
    ['empty', '', 'access log format `""` is empty: write one with `$context.requestId` in it, or use `AccessLog.json()`'],
    ['blank', ' ', 'access log format `" "` is empty'],
    ['without a request id', '$context.status', 'access log format `"$context.status"` has neither `$context.requestId` nor `$context.extendedRequestId`: API Gateway requires one of them'],
    ['with something like a request id', '$context.requestIdentity', 'has neither `$context.requestId`'],
    ['of two lines', '$context.requestId\n$context.status', 'access log format `"$context.requestId\\n$context.status"` has more than one line: API Gateway writes one line for a request'],
    ['over 3 KB', '$context.requestId '.padEnd(3073, 'x'), 'has 3073 bytes: API Gateway allows 3072'],
    ['over 3 KB in bytes', '$context.requestId '.padEnd(3060, 'x') + '✉✉✉✉✉', 'has 3075 bytes'],
  ])('is refused when it is %s', (_, format, message) => {
    expect(() => AccessLog.format(format)).toThrow(message);
  });

  test('with names that only HTTP APIs have is a warning', () => {
    const app = apiWith(AccessLog.format('$context.requestId $context.httpMethod $context.responseLength')).app;

    expect(warnings(app)).toEqual([
      expect.stringContaining('the access log format names `$context.httpMethod`, `$context.responseLength`, which WebSocket APIs do not have: the log will show `-`'),
    ]);
  });
});

describe('the destination of an access log', () => {
  const stack = testStack();
  const logGroup = LogGroup.fromLogGroupName(stack, 'Given', 'g');

  test.each([
    [{ logGroup, destinationArn: FIREHOSE }, '`logGroup` and `destinationArn` both say where the access log goes: give one of them'],
    [{ logGroup, retention: RetentionDays.ONE_DAY }, '`retention` is for the log group that is created, but the access log goes to `logGroup`: set it there'],
    [{ destinationArn: FIREHOSE, retention: RetentionDays.ONE_DAY, removalPolicy: RemovalPolicy.DESTROY }, '`retention`, `removalPolicy` are for the log group that is created, but the access log goes to `destinationArn`'],
    [{ destinationArn: 'arn:aws:s3:::bucket' }, '`destinationArn` `"arn:aws:s3:::bucket"` is neither a log group nor a delivery stream whose name starts with `amazon-apigateway-`'],
    [{ destinationArn: 'arn:aws:firehose:us-east-1:111111111111:deliverystream/logs' }, 'is neither a log group nor a delivery stream'],
    [{ destinationArn: '' }, '`destinationArn` `""` is neither'],
  ])('is refused when it contradicts itself or leads nowhere: %#', (options, message) => {
    expect(() => AccessLog.json(options)).toThrow(message);
  });

  test.each<[string, (stack: Stack) => AccessLog]>([
    ['`logGroup` of the access log is in Region `"us-east-1"`', (scope) => AccessLog.json({
      logGroup: LogGroup.fromLogGroupArn(scope, 'LogGroup', 'arn:aws:logs:us-east-1:111111111111:log-group:g:*'),
    })],
    ['`logGroup` of the access log is in Region `"us-east-1"`', (scope) => AccessLog.json({
      logGroup: new LogGroup(new Stack(scope.node.root, 'Other', { env: { account: '111111111111', region: 'us-east-1' }, crossRegionReferences: true }), 'LogGroup'),
    })],
    ['`logGroup` of the access log is in account `"222222222222"`', (scope) => AccessLog.json({
      logGroup: LogGroup.fromLogGroupArn(scope, 'LogGroup', 'arn:aws:logs:eu-west-1:222222222222:log-group:g:*'),
    })],
    ['`destinationArn` of the access log is in account `"111111111111"`', () => AccessLog.json({ destinationArn: FIREHOSE })],
    ['`destinationArn` of the access log is in Region `"us-east-1"`', () => AccessLog.json({ destinationArn: FIREHOSE })],
    ['`encryptionKey` of the access log is in Region `"us-east-1"`', (scope) => AccessLog.json({
      encryptionKey: Key.fromKeyArn(scope, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/given'),
    })],
  ])('is refused when it is elsewhere: %s', (message, accessLog) => {
    const account = message.includes('account `"111111111111"`') ? '333333333333' : '111111111111';
    const scope = testStack({ env: { account, region: 'eu-west-1' } });

    expect(() => inStack(scope, accessLog(scope))).toThrow(message);
  });

  test('may be a token', () => {
    expect(() => AccessLog.json({ destinationArn: Lazy.string({ produce: () => FIREHOSE }) })).not.toThrow();
  });
});

function apiWith(accessLog: AccessLog | undefined) {
  return inStack(testStack(), accessLog);
}

function inStack(stack: Stack, accessLog: AccessLog | undefined, id = 'Api') {
  const api = new WebSocketApi(stack, id, { routes: { a: Route.toFunction(testFunction(stack, `${id}Function`)) }, accessLog });
  return { api, app: stack.node.root as App, get template() { return Template.fromStack(stack); } };
}

function settings(template: Template) {
  return only(template, 'AWS::ApiGatewayV2::Stage').Properties.AccessLogSettings;
}
