import { newMessageId, newRequestId } from './ids';
import { Closing, Peer } from './peer';

export type EventType = 'CONNECT' | 'MESSAGE' | 'DISCONNECT';

/** What came in, as it came: only handshakes and disconnects have headers. */
export interface Incoming {
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly queryString?: Readonly<Record<string, string>>;
  readonly multiValueQueryString?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
}

/** One event on a connection, and all that is told of it: to functions, to templates, to the access log. */
export class Exchange {
  public static connect(connection: Peer, incoming: Incoming): Exchange {
    return new Exchange(connection, 'CONNECT', '$connect', incoming, connection.connectedAt);
  }

  public static message(connection: Peer, routeKey: string, body: string, time: number): Exchange {
    return new Exchange(connection, 'MESSAGE', routeKey, { body }, time);
  }

  public static disconnect(connection: Peer, closing: Closing, time: number): Exchange {
    const headers = { 'Host': hostOf(connection), 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
    const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    return new Exchange(connection, 'DISCONNECT', '$disconnect', { headers, multiValueHeaders }, time, closing);
  }

  public readonly requestId = newRequestId();
  public readonly messageId?: string;
  /** What the access log has of its outcome: names below `$context`. */
  public readonly outcome: Record<string, string | number | undefined> = {};

  private constructor(
    public readonly connection: Peer,
    public readonly eventType: EventType,
    public readonly routeKey: string,
    public readonly incoming: Incoming,
    public readonly time: number,
    private readonly closing?: Closing,
  ) {
    if (eventType === 'MESSAGE') { this.messageId = newMessageId(connection.id); }
  }

  /** In the order in which AWS sends it. */
  public requestContext() {
    const { connection: { id, address, authorizer, connectedAt, identity }, time, closing } = this;
    return {
      routeKey: this.routeKey,
      ...this.messageId === undefined ? {} : { messageId: this.messageId },
      ...closing === undefined ? {} : { disconnectStatusCode: closing.code },
      ...authorizer === undefined ? {} : { authorizer },
      eventType: this.eventType,
      extendedRequestId: this.requestId,
      requestTime: commonLogTime(time),
      messageDirection: 'IN',
      ...closing === undefined ? {} : { disconnectReason: closing.reason },
      stage: address.stage.name,
      connectedAt,
      requestTimeEpoch: time,
      identity,
      requestId: this.requestId,
      domainName: address.domainName,
      connectionId: id,
      apiId: address.api.id,
    };
  }

  /** The event of a Lambda proxy integration. */
  public lambdaEvent(): Record<string, unknown> {
    const { incoming: { headers, multiValueHeaders, body } } = this;
    return {
      ...headers === undefined ? {} : { headers, multiValueHeaders },
      ...this.queryParameters(),
      requestContext: this.requestContext(),
      ...this.stageVariables(),
      ...body === undefined ? {} : { body },
      isBase64Encoded: false,
    };
  }

  public authorizerEvent(methodArn: string): Record<string, unknown> {
    return {
      type: 'REQUEST',
      methodArn,
      headers: this.incoming.headers,
      multiValueHeaders: this.incoming.multiValueHeaders,
      queryStringParameters: this.incoming.queryString ?? {},
      multiValueQueryStringParameters: this.incoming.multiValueQueryString ?? {},
      stageVariables: this.connection.address.stage.variables,
      requestContext: this.requestContext(),
    };
  }

  /** The values below `$context`, of templates and of the access log. */
  public context(): Record<string, unknown> {
    return { ...this.requestContext(), status: this.outcome.status };
  }

  private queryParameters() {
    const { queryString, multiValueQueryString } = this.incoming;
    return queryString === undefined || Object.keys(queryString).length === 0
      ? {}
      : { queryStringParameters: queryString, multiValueQueryStringParameters: multiValueQueryString };
  }

  private stageVariables() {
    const { variables } = this.connection.address.stage;
    return Object.keys(variables).length === 0 ? {} : { stageVariables: variables };
  }
}

function hostOf({ address }: Peer): string {
  return address.domainName;
}

/** `19/Feb/2024:07:11:42 +0000` */
export function commonLogTime(time: number): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString())!;
  return `${day}/${month}/${year}:${clock} +0000`;
}
