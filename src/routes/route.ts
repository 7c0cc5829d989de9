import { WebSocketRouteIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { IEventBus } from 'aws-cdk-lib/aws-events';
import { IStream } from 'aws-cdk-lib/aws-kinesis';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { factoryFor, factoryForTarget, OF_NO_FUNCTION, OF_OTHER_GROUP_ROUTES, OF_THE_FUNCTION } from './misplaced';
import { answersMessages } from './route-key';
import { FUNCTION_ROUTE_OPTIONS, FunctionRouteOptions, ROUTE_OPTIONS, RouteOptions } from './route-options';
import { GROUP_NAME, GroupName } from '../connections/group-name';
import {
  GroupRoute, JOIN_GROUP_OPTIONS, JoinGroupOptions, LIST_GROUP_OPTIONS, ListGroupOptions, SEND_TO_ALL_OPTIONS, SEND_TO_GROUP_OPTIONS,
  SendToAllOptions,
  SendToGroupOptions,
} from '../connections/group-route';
import { parsePath } from '../connections/message-path';
import { EVENT_BUS, FUNCTION, INTEGRATION, QUEUE, STATE_MACHINE, STREAM, TOPIC } from '../given/cdk-kinds';
import { OF_OTHER_FUNCTIONS } from '../given/elsewhere';
import { checkArgument, Kind, made, TEXT } from '../given/kind';
import { checkOptions, OptionsOf, splitOptions } from '../given/options';
import { FunctionSource } from '../handlers/function-source';
import { HANDLER_PROPS, HandlerProps } from '../handlers/handler-props';
import { EVENT_BUS_ROUTE_OPTIONS, EventBusIntegration, EventBusRouteOptions } from '../services/event-bus';
import { HTTP_ROUTE_OPTIONS, HttpIntegration, HttpRouteOptions } from '../services/http';
import { MOCK_ROUTE_OPTIONS, MockIntegration, MockRouteOptions } from '../services/mock';
import { QUEUE_ROUTE_OPTIONS, QueueIntegration, QueueRouteOptions } from '../services/queue';
import { ServiceIntegration } from '../services/service-integration';
import { SERVICE_ROUTE_OPTIONS } from '../services/service-options';
import { StateMachineIntegration, StateMachineRouteOptions } from '../services/state-machine';
import { StreamIntegration, StreamRouteOptions } from '../services/stream';
import { TopicIntegration, TopicRouteOptions } from '../services/topic';

/**
 * A route of a WebSocket API: what answers its messages, and how.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: {
 *     '$default': Route.toHandler('src/default.main', { returnResponse: true }),
 *     'sendMessage': Route.toFunction(existingFunction),
 *   },
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export class Route {
  /**
   * A function that is made from its source.
   *
   * @param handler the file, without its extension, and the export: `src/connect.main`; in Go, the folder of a `main` package:
   * `cmd/connect`; in Java, a class and a method: `com.acme.Connect::handleRequest`; in C#,
   * an assembly, a type and a method: `Chat::Chat.Connect::Handle`
   * @param props how the function is made, and how the route behaves
   */
  public static toHandler(handler: string, props: HandlerRouteProps = {}): Route {
    checkArgument('`handler` of `Route.toHandler()`', TEXT, handler, factoryFor);
    checkOptions('`Route.toHandler()`', HANDLER_ROUTE_PROPS, props, OF_OTHER_FUNCTIONS);
    checkAsynchronous('`Route.toHandler()`', props);
    const [options, handlerProps] = splitOptions(props, FUNCTION_ROUTE_OPTIONS);
    return new Route({ source: { handler, props: handlerProps } }, options);
  }

  /**
   * A function that exists. It keeps its own settings, and gets the permission to post to connections and what `attachPermissions`
   * attaches. If CDK must not change its role (`mutable: false`), nothing is attached, and a warning says what the role has to allow.
   *
   * Nothing is added to its environment: for `WEBSOCKET_CALLBACK_URL`, call `fn.addEnvironment('WEBSOCKET_CALLBACK_URL', api.callbackUrl)`,
   * or take the address from `requestContext` of the event. Several routes may lead to one function.
   *
   * @param fn the function, an alias or version of it, or an imported one. An error if it is in another account or Region
   */
  public static toFunction(fn: IFunction, options: FunctionRouteOptions = {}): Route {
    checkArgument('`fn` of `Route.toFunction()`', FUNCTION, fn, factoryFor);
    checkOptions('`Route.toFunction()`', FUNCTION_ROUTE_OPTIONS, options, OF_THE_FUNCTION);
    checkAsynchronous('`Route.toFunction()`', options);
    return new Route({ source: { existing: fn } }, options);
  }

  /**
   * Any other integration.
   *
   * @param integration one of CDK's, from `aws-cdk-lib/aws-apigatewayv2-integrations`, or one of your own
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
   */
  public static toIntegration(integration: WebSocketRouteIntegration, options: RouteOptions = {}): Route {
    checkArgument('`integration` of `Route.toIntegration()`', INTEGRATION, integration, factoryFor);
    checkOptions('`Route.toIntegration()`', ROUTE_OPTIONS, options, OF_NO_FUNCTION);
    return new Route({ integration }, options);
  }

  /**
   * An SQS queue. No function of yours runs: API Gateway sends each message to the queue as `{ "requestContext": {…}, "body": "…" }`, with
   * the fields of a Lambda event. API Gateway gets a role that may send to this queue, and use its key if it is encrypted with one.
   *
   * In a FIFO queue each connection is a message group of its own, and nothing is taken for a duplicate. The order is that of arrival at
   * the queue: API Gateway handles the messages of one client side by side, so a client for which order matters waits for the answer
   * (`returnResponse`) before it sends the next message.
   *
   * @param queue the queue, created or imported
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
   */
  public static toQueue(queue: IQueue, options: QueueRouteOptions = {}): Route {
    checkArgument('`queue` of `Route.toQueue()`', QUEUE, queue, factoryForTarget);
    return Route.toService('`Route.toQueue()`', QUEUE_ROUTE_OPTIONS, options, () => new QueueIntegration(queue, options));
  }

  /**
   * An SNS topic, to which API Gateway publishes each message without a function of yours, as `toQueue` sends it to a queue. In a FIFO
   * topic, too, each connection is a message group of its own.
   *
   * @param topic the topic, created or imported
   * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
   */
  public static toTopic(topic: ITopic, options: TopicRouteOptions = {}): Route {
    checkArgument('`topic` of `Route.toTopic()`', TOPIC, topic, factoryForTarget);
    return Route.toService('`Route.toTopic()`', SERVICE_ROUTE_OPTIONS, options, () => new TopicIntegration(topic, options));
  }

  /**
   * An EventBridge event bus, to which API Gateway puts each message without a function of yours: its `detail` is what `toQueue` sends to a
   * queue. Rules select the events by `source` and `detail-type`.
   *
   * @param eventBus the bus, created or imported. `EventBus.fromEventBusName(this, 'Bus', 'default')` is the account's own
   * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
   */
  public static toEventBus(eventBus: IEventBus, options: EventBusRouteOptions = {}): Route {
    checkArgument('`eventBus` of `Route.toEventBus()`', EVENT_BUS, eventBus, factoryForTarget);
    return Route.toService('`Route.toEventBus()`', EVENT_BUS_ROUTE_OPTIONS, options, () => new EventBusIntegration(eventBus, options));
  }

  /**
   * A Step Functions state machine, of which API Gateway starts an execution for each message, without a function of yours. The input is
   * what `toQueue` sends to a queue.
   *
   * With `returnResponse` API Gateway waits for the execution, 29 seconds at most, and its output is the answer. An execution that fails or
   * runs out of time is the error frame. That takes an express state machine: an error with a standard one. Of an imported one nobody
   * knows which it is, and a standard one fails with each message then.
   *
   * @param stateMachine the state machine, created or imported
   * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
   */
  public static toStateMachine(stateMachine: IStateMachine, options: StateMachineRouteOptions = {}): Route {
    checkArgument('`stateMachine` of `Route.toStateMachine()`', STATE_MACHINE, stateMachine, factoryForTarget);
    return Route.toService('`Route.toStateMachine()`', SERVICE_ROUTE_OPTIONS, options, () => new StateMachineIntegration(stateMachine, options));
  }

  /**
   * A Kinesis data stream, to which API Gateway puts each message without a function of yours. The data is what `toQueue` sends to a queue,
   * and the partition key is the connection: what one client sends is in one shard.
   *
   * @param stream the stream, created or imported
   * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
   */
  public static toStream(stream: IStream, options: StreamRouteOptions = {}): Route {
    checkArgument('`stream` of `Route.toStream()`', STREAM, stream, factoryForTarget);
    return Route.toService('`Route.toStream()`', SERVICE_ROUTE_OPTIONS, options, () => new StreamIntegration(stream, options));
  }

  /**
   * An HTTP endpoint that API Gateway can reach from the internet. It gets what `toQueue` sends to a queue, or the bare message if it is a
   * `proxy`. With `returnResponse` the client gets the endpoint's answer, and the error frame for 4xx and 5xx.
   *
   * @param url the URL, with `{name}` for path parameters. An error if it is none
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
   */
  public static toHttp(url: string, options: HttpRouteOptions = {}): Route {
    checkArgument('`url` of `Route.toHttp()`', TEXT, url);
    return Route.toService('`Route.toHttp()`', HTTP_ROUTE_OPTIONS, options, () => new HttpIntegration(url, options));
  }

  /**
   * An answer that API Gateway gives by itself, without a function: to a ping that keeps a connection open, for instance. You need no
   * `returnResponse`. On `$connect` it lets in whoever the authorizer lets in, and answers nothing.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integrations.html
   */
  public static toMock(options: MockRouteOptions = {}): Route {
    return Route.toService('`Route.toMock()`', MOCK_ROUTE_OPTIONS, options, () => new MockIntegration(options), { answersAlways: true });
  }

  /**
   * Joins the connection to a group, or to those that its handshake has named. Joined is joined when the route answers: `returnResponse`
   * acknowledges it with `{"type":"ack","action":…,"group":…}`. Needs `connections`, as all routes of groups do: an error otherwise.
   *
   * @param group the group. Read first who may join: see `GroupName`
   */
  public static joinGroup(group: GroupName, options: JoinGroupOptions = {}): Route {
    return Route.shipped('joinGroup', options, JOIN_GROUP_OPTIONS, { group });
  }

  /**
   * Takes the connection out of a group.
   *
   * @param group the group, as it was joined
   */
  public static leaveGroup(group: GroupName, options: RouteOptions = {}): Route {
    return Route.shipped('leaveGroup', options, ROUTE_OPTIONS, { group });
  }

  /**
   * Sends the field `data` of the message to the members of a group. They get
   * `{"type":"message","from":"group","group":…,"fromUserId":…,"data":…,"id":…}`, and so does the sender, unless `echo` is false. Only
   * members may send, unless `members` is false.
   *
   * @param group the group, as it was joined
   */
  public static sendToGroup(group: GroupName, options: SendToGroupOptions = {}): Route {
    return Route.shipped('sendToGroup', options, SEND_TO_GROUP_OPTIONS, { group });
  }

  /**
   * Sends the field `data` of the message to all connections of a user. They get
   * `{"type":"message","from":"user","fromUserId":…,"data":…,"id":…}`. An error if `ConnectionTable.create()` has no `user`.
   *
   * @param path where the message names the user, as a JSON path, such as `$.to`. An error if it is none
   */
  public static sendToUser(path: string, options: RouteOptions = {}): Route {
    return Route.shipped('sendToUser', options, ROUTE_OPTIONS, { user: parsePath('`path` of `Route.sendToUser()`', path) });
  }

  /**
   * Sends the field `data` of the message to everybody. They get `{"type":"message","from":"all","fromUserId":…,"data":…,"id":…}`.
   */
  public static sendToAll(options: SendToAllOptions = {}): Route {
    return Route.shipped('sendToAll', options, SEND_TO_ALL_OPTIONS, {});
  }

  /**
   * Answers who is in a group: `{"type":"members","group":…,"members":[{"connectionId":…,"userId":…}]}`, with `"truncated":true` if not all
   * of them fit into a message. Only members get an answer, unless `members` is false.
   *
   * @param group the group, as it was joined
   */
  public static listGroup(group: GroupName, options: ListGroupOptions = {}): Route {
    return Route.shipped('listGroup', options, LIST_GROUP_OPTIONS, { group });
  }

  private static shipped(
    action: GroupRoute['action'], given: RouteOptions & Pick<GroupRoute, 'announce' | 'echo' | 'members'>, table: { readonly [name: string]: Kind },
    { group, user }: Pick<GroupRoute, 'group' | 'user'>,
  ): Route {
    if (action.endsWith('Group')) { checkArgument(`\`group\` of \`Route.${action}()\``, GROUP_NAME, group); }
    checkOptions(`\`Route.${action}()\``, table, given, OF_OTHER_GROUP_ROUTES);
    const { announce, echo, members, ...options } = given;
    return new Route({ shipped: { action, group, user, announce, echo, members } }, options);
  }

  private static toService<T extends RouteOptions>(
    owner: string, table: OptionsOf<T>, options: T, integration: () => ServiceIntegration, traits: RouteTraits = {},
  ): Route {
    checkOptions(owner, table, options, OF_NO_FUNCTION);
    return new Route({ integration: integration() }, splitOptions(options, ROUTE_OPTIONS)[0], traits);
  }

  private constructor(
    private readonly target: RouteTarget,
    private readonly options: FunctionRouteOptions,
    private readonly traits: RouteTraits = {},
  ) {
  }

  /** @internal */
  public _render(routeKey: string): RouteRendering {
    const { target, options } = this;
    return { target, options: this.traits.answersAlways && answersMessages(routeKey) ? { returnResponse: true, ...options } : options };
  }
}

/**
 * A route to a function that is made from its source: how the function is made, and how the route behaves.
 */
export interface HandlerRouteProps extends HandlerProps, FunctionRouteOptions {
}

const HANDLER_ROUTE_PROPS = { ...HANDLER_PROPS, ...FUNCTION_ROUTE_OPTIONS } satisfies OptionsOf<HandlerRouteProps>;

/** The kind of a route, for those who take one. */
export const ROUTE = made(Route, factoryFor);

/** What a factory knows of its routes. */
interface RouteTraits {
  /** Whether messages are answered without `returnResponse`. */
  readonly answersAlways?: boolean;
}

/** What answers. */
export type RouteTarget =
  | { readonly source: FunctionSource }
  | { readonly integration: WebSocketRouteIntegration }
  | { readonly shipped: GroupRoute };

export interface RouteRendering {
  readonly target: RouteTarget;
  readonly options: FunctionRouteOptions;
}

function checkAsynchronous(factory: string, { asynchronous, returnResponse }: FunctionRouteOptions): void {
  if (asynchronous === true && returnResponse === true) {
    throw new Error(`${factory} cannot have \`returnResponse\` together with \`asynchronous\`: nobody waits for the function; leave one of them out, ` +
      'and post the answer to the connection');
  }
}
