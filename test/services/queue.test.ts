import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { statementsOfRoles } from './statements';
import { Route, WebSocketApi } from '../../src';
import { only, testStack } from '../test-stack';

const integration = (stack: Stack) => only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Integration').Properties;

describe('a route to a queue', () => {
  test('lets API Gateway send to this queue, and nothing else', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toQueue(new Queue(stack, 'Queue')) } });

    expect(statementsOfRoles(stack)).toContainEqual({ Action: 'sqs:SendMessage', Effect: 'Allow', Resource: stack.resolve((stack.node.findChild('Queue') as Queue).queueArn) });
    expect(JSON.stringify(statementsOfRoles(stack)).match(/"sqs:/g)).toHaveLength(1);
  });

  test('lets API Gateway use the key of an encrypted queue', () => {
    const stack = testStack();
    const encryptionMasterKey = new Key(stack, 'Key');
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toQueue(new Queue(stack, 'Queue', { encryptionMasterKey })) } });

    expect(statementsOfRoles(stack)).toContainEqual({
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Effect: 'Allow', Resource: stack.resolve(encryptionMasterKey.keyArn),
    });
  });

  test('shares one role with the other routes to it', () => {
    const stack = testStack();
    const queue = new Queue(stack, 'Queue');
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toQueue(queue), b: Route.toQueue(queue) } });
    const integrations = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Integration'));

    expect(integrations).toHaveLength(2);
    expect(new Set(integrations.map(({ Properties }) => JSON.stringify(Properties.CredentialsArn))).size).toBe(1);
  });

  test('has everything in the stack that it is added in', () => {
    const stack = testStack();
    const api = new WebSocketApi(stack, 'Api', { routes: { $default: Route.toMock() } });
    const feature = new Stack(stack.node.root, 'Feature');
    api.addRoutes(feature, { a: Route.toQueue(new Queue(feature, 'Queue')) });

    Template.fromStack(feature).resourceCountIs('AWS::IAM::Role', 1);
    Template.fromStack(feature).resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('Queue');
  });

  test('calls an imported queue where it is, in groups if its name ends in `.fifo`', () => {
    const stack = testStack();
    const queue = Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:222222222222:jobs.fifo');
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toQueue(queue) } });

    expect(JSON.stringify(integration(stack).IntegrationUri)).toContain(':apigateway:us-east-1:sqs:path/222222222222/jobs.fifo');
    expect(integration(stack).RequestTemplates.$default).toMatch(/&MessageGroupId=\$util.urlEncode\(\$context.connectionId\)&MessageDeduplicationId=\$util.urlEncode\(\$context.requestId\)$/);
  });

  test('delays messages', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toQueue(new Queue(stack, 'Queue'), { delay: Duration.minutes(1) }) } });

    expect(integration(stack).RequestTemplates.$default).toMatch(/&DelaySeconds=60$/);
  });
});

describe('refused is', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a value that is no queue', () => Route.toQueue('jobs' as any), '`queue` of `Route.toQueue()` is the string `"jobs"`, but takes a queue: an `aws_sqs.Queue`, created or imported'],
    ['a queue as a route', (stack) => new WebSocketApi(stack, 'Api', { routes: { a: new Queue(stack, 'Queue') as any } }), 'write `Route.toQueue(queue)`'],
    [
      'a delay with a FIFO queue', (stack) => Route.toQueue(new Queue(stack, 'Queue', { fifo: true }), { delay: Duration.seconds(1) }),
      '`Route.toQueue()` has `delay`, but `Stack/Queue` is a FIFO queue, and SQS delays no single message there: set `deliveryDelay` on the queue',
    ],
    ['a delay of an hour', (stack) => Route.toQueue(new Queue(stack, 'Queue'), { delay: Duration.hours(1) }), '`delay` of `Route.toQueue()` is 3600 seconds: SQS takes 0 to 900'],
    [
      'a key of the authorizer that no template can name', (stack) => Route.toQueue(new Queue(stack, 'Queue'), { authorizerKeys: ['sub', 'a.b'] }),
      '`authorizerKeys` of `Route.toQueue()` has `"a.b"`: a template can name keys of letters, digits and `_` that do not begin with a digit',
    ],
    [
      'keys of the authorizer beside a template of your own', (stack) => Route.toQueue(new Queue(stack, 'Queue'), { authorizerKeys: ['sub'], requestTemplate: 'x' }),
      'leave out `authorizerKeys`',
    ],
    ['an empty template', (stack) => Route.toQueue(new Queue(stack, 'Queue'), { requestTemplate: ' ' }), '`requestTemplate` of `Route.toQueue()` is empty'],
    [
      'a longer time than API Gateway waits', (stack) => Route.toQueue(new Queue(stack, 'Queue'), { timeout: Duration.seconds(30) }),
      '`timeout` of `Route.toQueue()` is 30000 milliseconds: API Gateway waits 50 milliseconds to 29 seconds',
    ],
    ['an answer and a template of one', () => Route.toMock({ response: 'a', responseTemplate: 'b' }), '`Route.toMock()` has both `response` and `responseTemplate`: give one of them'],
    ['an answer to a handshake', (stack) => new WebSocketApi(stack, 'Api', { routes: { $connect: Route.toMock({ returnResponse: true }) } }), 'route `"$connect"` cannot have `returnResponse`'],
  ])('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });
});
