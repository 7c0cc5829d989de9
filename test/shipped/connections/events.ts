import { WebSocketEvent } from '../../../src/shipped/connections/event';

/** Events as API Gateway sends them. */
export function connectEvent(changes: Partial<WebSocketEvent> = {}, context: Partial<WebSocketEvent['requestContext']> = {}): WebSocketEvent {
  return {
    headers: { Host: 'abc.execute-api.eu-west-1.amazonaws.com' },
    multiValueHeaders: { Host: ['abc.execute-api.eu-west-1.amazonaws.com'] },
    requestContext: contextOf({ routeKey: '$connect', eventType: 'CONNECT', ...context }),
    ...changes,
  };
}

export function disconnectEvent(context: Partial<WebSocketEvent['requestContext']> = {}): WebSocketEvent {
  return { requestContext: contextOf({ routeKey: '$disconnect', eventType: 'DISCONNECT', ...context }) };
}

export function messageEvent(routeKey: string, body: unknown, context: Partial<WebSocketEvent['requestContext']> = {}): WebSocketEvent {
  return {
    requestContext: contextOf({ routeKey, eventType: 'MESSAGE', ...context }),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function contextOf(context: Pick<WebSocketEvent['requestContext'], 'routeKey' | 'eventType'> & Partial<WebSocketEvent['requestContext']>) {
  return { connectionId: 'me=', requestId: 'request=', connectedAt: 1_700_000_000_000, identity: { sourceIp: '192.0.2.1' }, ...context };
}
