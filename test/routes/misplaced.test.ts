import { Stack } from 'aws-cdk-lib';
import { WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Route, WebSocketApi } from '../../src';
import { testFunction, testStack } from '../test-stack';

describe('what is no route is refused with the factory that takes it', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a handler', () => 'src/chat.main', 'write `Route.toHandler("src/chat.main")`'],
    ['a URL', () => 'https://example.com/chat', 'write `Route.toHttp("https://example.com/chat")`'],
    ['a URL without TLS', () => 'http://example.com/chat', 'write `Route.toHttp("http://example.com/chat")`'],
    ['a handler in a folder that is named like a URL', () => 'src/https:.main', 'write `Route.toHandler("src/https:.main")`'],
    ['a function', (stack) => testFunction(stack), 'write `Route.toFunction(fn)`'],
    ['a queue', (stack) => new Queue(stack, 'Q'), 'write `Route.toQueue(queue)`'],
    ['a topic', (stack) => new Topic(stack, 'T'), 'write `Route.toTopic(topic)`'],
    ['an event bus', (stack) => new EventBus(stack, 'B'), 'write `Route.toEventBus(eventBus)`'],
    ['a state machine', (stack) => new StateMachine(stack, 'M', { definition: new Pass(stack, 'Pass') }), 'write `Route.toStateMachine(stateMachine)`'],
    ['a stream', (stack) => new Stream(stack, 'S'), 'write `Route.toStream(stream)`'],
    ['an integration', () => new WebSocketMockIntegration('Mock'), 'write `Route.toIntegration(integration)`'],
  ])('%s', (_, value, message) => {
    const stack = testStack();

    expect(() => new WebSocketApi(stack, 'Api', { routes: { a: value(stack) as Route } })).toThrow(message);
  });

  test.each([['an ARN', 'arn:aws:lambda:eu-west-1:111111111111:function:f'], ['a number', 5]])('%s, which no factory takes', (_, value) => {
    expect(() => new WebSocketApi(testStack(), 'Api', { routes: { a: value as never } })).toThrow(/another factory of `Route` makes$/);
  });

  test('a function for a queue, but no text, which could be anything', () => {
    const refused = (value: unknown) => () => Route.toQueue(value as never);

    expect(refused(testFunction(testStack()))).toThrow('write `Route.toFunction(fn)`');
    expect(refused('src/chat.main')).toThrow(/but takes a queue: an `aws_sqs\.Queue`, created or imported$/);
  });
});

describe('an option in the wrong place is refused with the place where it belongs', () => {
  test.each<[string, () => unknown, string]>([
    ['of a function to make', () => Route.toHandler('a.main', { entry: 'a.ts' } as any), '`Route.toHandler()` has no option `entry`: the first argument names file and export'],
    ['of a function that exists', () => Route.toFunction(testFunction(testStack()), { memorySize: 128 } as any), '`Route.toFunction()` has no option `memorySize`: the function keeps its own settings'],
    ['permissions of a function that exists', () => Route.toFunction(testFunction(testStack()), { permissions: [] } as any), 'write `api.attachPermissionsToRoute(routeKey, …)`'],
    ['of a function, beside an integration', () => Route.toMock({ memorySize: 128 } as any), '`Route.toMock()` has no option `memorySize`: it is for a function that `Route.toHandler()` makes'],
    ['of a function, beside a group', () => Route.sendToAll({ memorySize: 128 } as any), '`Route.sendToAll()` has no option `memorySize`: it is for a function that `Route.toHandler()` makes'],
    ['of a function, beside an integration of CDK', () => Route.toIntegration(new WebSocketMockIntegration('Mock'), { memorySize: 128 } as any), '`Route.toIntegration()` has no option `memorySize`'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
