import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Authorization, ConnectionTable, GroupName, HandshakeValue, MessageModel, Route, WebSocketApi, WebSocketApiProps } from '../../src';
import { ECHO, only, testStack, warnings } from '../test-stack';

const ROOM = GroupName.fromMessage('$.room', { prefix: 'room:' });

function templateOf(routes: (stack: Stack) => { [key: string]: Route }, props: WebSocketApiProps = {}): Template {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: routes(stack), ...props });
  return Template.fromStack(stack);
}

describe('a route without code of the app leads', () => {
  test.each<[what: string, route: (stack: Stack) => Route, action: string]>([
    ['to a queue', (stack) => Route.toQueue(new Queue(stack, 'Q')), ':sqs:path/'],
    ['to a topic', (stack) => Route.toTopic(new Topic(stack, 'T')), ':sns:'],
    ['to an event bus', (stack) => Route.toEventBus(new EventBus(stack, 'B')), ':events:action/PutEvents'],
    ['to a state machine', (stack) => Route.toStateMachine(new StateMachine(stack, 'M', { definition: new Pass(stack, 'Pass') })), ':states:action/Start'],
    ['to a stream', (stack) => Route.toStream(new Stream(stack, 'S')), ':kinesis:action/PutRecord'],
    ['to a URL', () => Route.toHttp('https://example.com/chat'), 'https://example.com/chat'],
  ])('%s', (_, route, uri) => {
    const template = templateOf((stack) => ({ a: route(stack) }));

    expect(JSON.stringify(only(template, 'AWS::ApiGatewayV2::Integration').Properties.IntegrationUri)).toContain(uri);
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'a' });
  });

  test('to a mock, which answers messages without being told to', () => {
    const template = templateOf(() => ({ $connect: Route.toMock(), a: Route.toMock(), b: Route.toMock({ returnResponse: false }) }));
    const answering = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [Properties.RouteKey, Properties.RouteResponseSelectionExpression]);

    expect(answering).toEqual([['$connect', undefined], ['a', '$default'], ['b', undefined]]);
  });
});

describe('a route of groups', () => {
  test('tells the function that serves it what to do', () => {
    const template = templateOf(() => ({
      join: Route.joinGroup(ROOM, { announce: true }),
      leave: Route.leaveGroup(ROOM),
      say: Route.sendToGroup(ROOM, { echo: false, members: false }),
      tell: Route.sendToUser('$.to.name'),
      all: Route.sendToAll({ returnResponse: true }),
      who: Route.listGroup(ROOM, { members: false }),
    }), { connections: ConnectionTable.create({ user: HandshakeValue.authorizer('sub') }), authorization: Authorization.fromHandler(ECHO) });
    const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Handler: 'connections.handler' } }));
    const { ROUTES: routes } = Properties.Environment.Variables;
    const told = JSON.parse(routes);

    expect(Object.keys(told)).toEqual(['all', 'join', 'leave', 'say', 'tell', 'who']);
    expect(told).toMatchObject({
      join: { action: 'joinGroup', announce: true },
      leave: { action: 'leaveGroup' },
      say: { action: 'sendToGroup', echo: false, members: false },
      tell: { action: 'sendToUser', user: ['to', 'name'] },
      all: { action: 'sendToAll', returnResponse: true },
      who: { action: 'listGroup', members: false },
    });
    expect(Object.entries(told).filter(([, one]: any) => one.group !== undefined).map(([key]) => key)).toEqual(['join', 'leave', 'say', 'who']);
  });

  test('is refused where there is no table of connections, and where it names no group', () => {
    expect(() => templateOf(() => ({ join: Route.joinGroup(ROOM) }))).toThrow('leads to `Route.joinGroup()`, but the API keeps no table of its connections');
    expect(() => Route.leaveGroup('room' as never)).toThrow('`group` of `Route.leaveGroup()`');
    expect(() => Route.listGroup(undefined as never)).toThrow('`group` of `Route.listGroup()`');
    expect(() => Route.sendToUser('to')).toThrow('`path` of `Route.sendToUser()`');
  });
});

describe('a model that no message of its route fits is a warning', () => {
  const taking = (key: string) => MessageModel.fromJsonSchema({ type: 'object', properties: { action: { enum: [key] } } });
  const warningsOf = (key: string, model: MessageModel) => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { [key]: Route.toHandler(ECHO, { model }) } });
    return warnings(stack.node.root as App);
  };

  test('by the field that selects the route', () => {
    expect(warningsOf('a', taking('b'))).toEqual([expect.stringContaining('takes only `"b"` for `action`, which selects the route by `"a"`')]);
    expect(warningsOf('a', taking('a'))).toEqual([]);
  });

  test('but not on $default, whose messages select no route', () => {
    expect(warningsOf('$default', taking('b'))).toEqual([]);
  });
});
