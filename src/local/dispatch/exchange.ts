import { newMessageId, newRequestId } from './ids';
import { Closing, Peer } from './peer';
import { Progress } from './progress';
import { ApiModel, ServedStage, StageModel } from '../definition/model';

export type EventType = 'CONNECT' | 'MESSAGE' | 'DISCONNECT';

/** What a client sent. Only handshakes and disconnects have headers. */
export interface Incoming {
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly queryString?: Readonly<Record<string, string>>;
  readonly multiValueQueryString?: Readonly<Record<string, readonly string[]>>;
  /**
   * Headers of the connection itself, such as `Upgrade`. API Gateway shows them to authorizers, and leaves them out of `$connect` events.
   */
  readonly connectionHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * One event on a connection, and everything that functions, templates and the access log learn about it.
 *
 * API and stage are those of the moment at which the event came in, so one event never mixes two versions of the assembly.
 */
export class Exchange {
  public static connect(connection: Peer, place: ServedStage, incoming: Incoming): Exchange {
    return new Exchange(connection, place, 'CONNECT', '$connect', incoming, connection.connectedAt);
  }

  public static message(connection: Peer, place: ServedStage, routeKey: string, body: string, time: number): Exchange {
    return new Exchange(connection, place, 'MESSAGE', routeKey, { body }, time);
  }

  public static disconnect(connection: Peer, place: ServedStage, closing: Closing, time: number): Exchange {
    const headers = { 'Host': connection.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
    return new Exchange(connection, place, 'DISCONNECT', '$disconnect', { headers, multiValueHeaders: inLists(headers) }, time, closing);
  }

  public readonly api: ApiModel;
  public readonly stage: StageModel;
  public readonly requestId = newRequestId();
  public readonly messageId?: string;
  /** What has become of it so far. */
  public readonly progress: Progress = {};
  private knownContext?: Readonly<ReturnType<Exchange['newContext']>>;

  private constructor(
    public readonly connection: Peer,
    { api, stage }: ServedStage,
    public readonly eventType: EventType,
    public readonly routeKey: string,
    public readonly incoming: Incoming,
    public readonly time: number,
    private readonly closing?: Closing,
  ) {
    this.api = api;
    this.stage = stage;
    if (eventType === 'MESSAGE') { this.messageId = newMessageId(connection.id); }
  }

  /** Until it has connected, more becomes known of a connection; later events are asked several times. */
  public requestContext(): Readonly<ReturnType<Exchange['newContext']>> {
    if (this.eventType === 'CONNECT') { return this.newContext(); }
    return this.knownContext ??= this.newContext();
  }

  /** The event of a Lambda proxy integration. What it lacks is undefined, which JSON leaves out: joining parts takes longer. */
  public lambdaEvent(): Record<string, unknown> {
    const { incoming: { headers, multiValueHeaders, queryString, multiValueQueryString, body }, stage: { variables } } = this;
    const hasQuery = queryString !== undefined && !isEmpty(queryString);
    return {
      headers,
      multiValueHeaders: headers && multiValueHeaders,
      queryStringParameters: hasQuery ? queryString : undefined,
      multiValueQueryStringParameters: hasQuery ? multiValueQueryString : undefined,
      requestContext: this.requestContext(),
      stageVariables: isEmpty(variables) ? undefined : variables,
      body,
      isBase64Encoded: false,
    };
  }

  public authorizerEvent(methodArn: string): Record<string, unknown> {
    const { headers, multiValueHeaders, queryString = {}, multiValueQueryString = {}, connectionHeaders = {} } = this.incoming;
    const added = { ...connectionHeaders, 'content-length': '0' };
    return {
      type: 'REQUEST',
      methodArn,
      headers: { ...added, ...headers },
      multiValueHeaders: { ...inLists(added), ...multiValueHeaders },
      queryStringParameters: queryString,
      multiValueQueryStringParameters: multiValueQueryString,
      stageVariables: this.stage.variables,
      requestContext: this.requestContext(),
    };
  }

  /** The values below `$context`, for templates and the access log. */
  public context(): Record<string, unknown> {
    const known = Object.entries(this.requestContext()).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(known), status: this.progress.status };
  }

  /** The fields are in the order in which AWS sends them. */
  private newContext() {
    const { connection: { id, domainName, authorizer, connectedAt, identity }, time, closing } = this;
    return {
      routeKey: this.routeKey,
      messageId: this.messageId,
      disconnectStatusCode: closing?.code,
      authorizer,
      eventType: this.eventType,
      extendedRequestId: this.requestId,
      requestTime: commonLogTime(time),
      messageDirection: 'IN',
      disconnectReason: closing?.reason,
      stage: this.stage.name,
      connectedAt,
      requestTimeEpoch: time,
      identity,
      requestId: this.requestId,
      domainName,
      connectionId: id,
      apiId: this.api.id,
    };
  }
}

function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  for (const _ in record) { return false; }
  return true;
}

function inLists(headers: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}

/** Written once a second, however many events come in it. */
let written = { second: NaN, text: '' };

/** `19/Feb/2024:07:11:42 +0000` */
function commonLogTime(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== written.second) {
    const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString())!;
    written = { second, text: `${day}/${month}/${year}:${clock} +0000` };
  }
  return written.text;
}
