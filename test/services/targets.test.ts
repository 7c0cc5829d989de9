import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebSocketApi as CdkWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { statementsOfRoles } from './statements';
import { ApiSource, Route, WebSocketApi, WebSocketApiProps } from '../../src';
import { only, testStack } from '../test-stack';

function stackWith(route: (stack: Stack) => Route, props: WebSocketApiProps = {}): Stack {
  const stack = testStack({ env: { account: '111111111111', region: 'eu-west-1' } });
  new WebSocketApi(stack, 'Api', { ...props, routes: { say: route(stack) } });
  return stack;
}

function stateMachine(stack: Stack, stateMachineType: StateMachineType) {
  return new StateMachine(stack, 'Machine', { stateMachineType, definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) });
}

describe('API Gateway may', () => {
  test.each<[string, (stack: Stack) => Route, string, string[]]>([
    ['publish to the topic', (stack) => Route.toTopic(new Topic(stack, 'Topic')), 'AWS::SNS::Topic', ['sns:Publish']],
    ['put events on the bus', (stack) => Route.toEventBus(new EventBus(stack, 'Bus')), 'AWS::Events::EventBus', ['events:PutEvents']],
    [
      'start executions of the machine', (stack) => Route.toStateMachine(stateMachine(stack, StateMachineType.EXPRESS)), 'AWS::StepFunctions::StateMachine',
      ['states:StartExecution'],
    ],
    [
      'start executions of the machine and wait for them, if the client waits', (stack) => Route.toStateMachine(stateMachine(stack, StateMachineType.EXPRESS), { returnResponse: true }),
      'AWS::StepFunctions::StateMachine', ['states:StartSyncExecution'],
    ],
    ['put records to the stream', (stack) => Route.toStream(new Stream(stack, 'Stream', { encryption: StreamEncryption.MANAGED })), 'AWS::Kinesis::Stream', ['kinesis:PutRecord']],
  ])('%s, and nothing else', (_, route, type, actions) => {
    const stack = stackWith(route);
    const [target] = Object.keys(Template.fromStack(stack).findResources(type));
    const statements = statementsOfRoles(stack).filter(({ Action }: any) => [Action].flat().some((action) => action.startsWith(actions[0].split(':')[0])));

    expect(statements.flatMap(({ Action }: any) => Action)).toEqual(actions);
    expect(JSON.stringify(statements.map(({ Resource }: any) => Resource))).toContain(`"${target}"`);
  });

  test.each<[string, (stack: Stack, key: Key) => Route, string[]]>([
    ['a topic', (stack, masterKey) => Route.toTopic(new Topic(stack, 'Topic', { masterKey })), ['kms:GenerateDataKey', 'kms:Decrypt']],
    ['a stream', (stack, encryptionKey) => Route.toStream(new Stream(stack, 'Stream', { encryptionKey })), ['kms:GenerateDataKey']],
  ])('use the key of %s that is encrypted', (_, route, actions) => {
    const stack = stackWith((scope) => route(scope, new Key(scope, 'Key')));

    expect(statementsOfRoles(stack).flatMap(({ Action }: any) => Action).filter((action) => action.startsWith('kms:'))).toEqual(actions);
  });
});

describe('the source of events is', () => {
  const entry = (stack: Stack) => stack.resolve(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Integration').Properties.RequestTemplates.$default)['Fn::Join'][1].at(-1);

  test('the name of the API, and their detail type the route key', () => {
    const stack = stackWith((scope) => Route.toEventBus(new EventBus(scope, 'Bus')), { api: ApiSource.fromProps({ apiName: 'Chat "$1" #2' }) });

    expect(entry(stack)).toContain('"Source":"Chat \\"\\u00241\\" \\u00232","DetailType":"say"');
  });

  test('the ID of an imported API', () => {
    const stack = testStack();
    const api = CdkWebSocketApi.fromWebSocketApiAttributes(stack, 'Imported', { webSocketId: 'abcdefghij' });
    new WebSocketApi(stack, 'Api', { api: ApiSource.fromApi(api), routes: { say: Route.toEventBus(new EventBus(stack, 'Bus')) } });

    expect(entry(stack)).toContain('"Source":"abcdefghij","DetailType":"say"');
  });
});

test('what an endpoint is sent comes from the same template, of any method', () => {
  const stack = stackWith(() => Route.toHttp('https://api.domain.com/v1'));

  expect(only(Template.fromStack(stack), 'AWS::ApiGatewayV2::Integration').Properties).toMatchObject({
    IntegrationType: 'HTTP', IntegrationMethod: 'POST', IntegrationUri: 'https://api.domain.com/v1', PassthroughBehavior: 'NEVER',
  });
});

describe('refused is', () => {
  const refusals: Array<[string, (stack: Stack) => unknown, string]> = [
    ['a table as a topic', () => Route.toTopic({} as any), '`topic` of `Route.toTopic()` is an empty object, but takes a topic: an `aws_sns.Topic`'],
    ['the ARN of a bus', () => Route.toEventBus('arn:aws:events:…' as any), '`eventBus` of `Route.toEventBus()` is the string `"arn:aws:events:…"`, but takes an event bus'],
    ['no machine', () => Route.toStateMachine(undefined as any), '`stateMachine` of `Route.toStateMachine()` is `undefined`, but takes a state machine'],
    ['a topic as a stream', (stack) => Route.toStream(new Topic(stack, 'Topic') as any), '`stream` of `Route.toStream()` is `Stack/Topic` (aws-cdk-lib.aws_sns.Topic), but takes a data stream: an `aws_kinesis.Stream`, created or imported: write `Route.toTopic(topic)`'],
    [
      'an answer of a standard machine', (stack) => Route.toStateMachine(stateMachine(stack, StateMachineType.STANDARD), { returnResponse: true }),
      '`Route.toStateMachine()` has `returnResponse`, but `Stack/Machine` is a standard state machine, and nobody waits for the output of one: '
        + 'give it `stateMachineType: StateMachineType.EXPRESS`, or post its output to the connection',
    ],
    ['a source of AWS', (stack) => Route.toEventBus(new EventBus(stack, 'Bus'), { source: 'aws.chat' }), '`source` is `"aws.chat"`: EventBridge keeps sources that start with `aws.` for AWS'],
    ['an empty source', (stack) => Route.toEventBus(new EventBus(stack, 'Bus'), { source: '' }), '`source` of `Route.toEventBus()` has 0 characters: EventBridge takes 1 to 256'],
    ['a long detail type', (stack) => Route.toEventBus(new EventBus(stack, 'Bus'), { detailType: 'x'.repeat(129) }), '`detailType` of `Route.toEventBus()` has 129 characters: EventBridge takes 1 to 128'],
    [
      'the name of an API that cannot be a source', () => stackWith((stack) => Route.toEventBus(new EventBus(stack, 'Bus')), { api: ApiSource.fromProps({ apiName: 'aws.chat' }) }),
      'the name of the API is the source of the events, and it is `"aws.chat"`',
    ],
    ['an address without a protocol', () => Route.toHttp('api.domain.com'), '`url` of `Route.toHttp()` is `"api.domain.com"`: write the whole URL, such as `"https://api.domain.com/messages"`'],
    ['an address of a WebSocket', () => Route.toHttp('wss://api.domain.com'), '`url` of `Route.toHttp()` is `"wss://api.domain.com"`'],
    ['a fragment', () => Route.toHttp('https://api.domain.com/#top'), 'what follows `#` is not sent'],
    ['a path parameter that nothing fills in', () => Route.toHttp('https://api.domain.com/{room}'), '`url` of `Route.toHttp()` has `{room}`, and nothing says what it is: add `"integration.request.path.room"` to `requestParameters`'],
    [
      'a path parameter that the path has not', () => Route.toHttp('https://api.domain.com', { requestParameters: { 'integration.request.path.room': 'context.connectionId' } }),
      'but `url` has no `{room}`: write it where the value belongs',
    ],
    ['another destination', () => Route.toHttp('https://api.domain.com', { requestParameters: { 'X-Room': 'context.connectionId' } }), '`requestParameters` of `Route.toHttp()` has `"X-Room"`: write `integration.request.header.<name>`'],
    [
      'another source', () => Route.toHttp('https://api.domain.com', { requestParameters: { 'integration.request.header.X-Room': '$.room' } }),
      '`"integration.request.header.X-Room"` in `requestParameters` of `Route.toHttp()` is `"$.room"`: write `route.request.body.<path>`',
    ],
    [
      'a header of a message', () => stackWith(() => Route.toHttp('https://api.domain.com', { requestParameters: { 'integration.request.header.X-Token': 'route.request.header.Token' } })),
      'route `"say"` takes `route.request.header.Token`, and only a handshake has headers and a query',
    ],
    ['a template of a proxy', () => Route.toHttp('https://api.domain.com', { proxy: true, requestTemplate: '{}' }), '`Route.toHttp()` has both `proxy` and `requestTemplate`: a proxy passes the bare message'],
    ['an option of a function', () => Route.toHttp('https://api.domain.com', { memorySize: 512 } as any), '`Route.toHttp()` has no option `memorySize`: it is for a function that `Route.toHandler()` makes'],
    ['a misspelt option', () => Route.toHttp('https://api.domain.com', { requestParameter: {} } as any), '`Route.toHttp()` has no option `requestParameter`: did you mean `requestParameters`?'],
  ];

  test.each(refusals)('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });

  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a topic', (stack) => new Topic(stack, 'Topic'), 'Route.toTopic(topic)'],
    ['a bus', (stack) => new EventBus(stack, 'Bus'), 'Route.toEventBus(eventBus)'],
    ['a machine', (stack) => stateMachine(stack, StateMachineType.EXPRESS), 'Route.toStateMachine(stateMachine)'],
    ['a stream', (stack) => new Stream(stack, 'Stream'), 'Route.toStream(stream)'],
    ['a URL', () => 'https://api.domain.com', 'Route.toHttp("https://api.domain.com")'],
  ])('%s as a route, with the factory that takes it', (_, make, factory) => {
    expect(() => stackWith((stack) => make(stack) as Route)).toThrow(`: write \`${factory}\``);
  });
});
