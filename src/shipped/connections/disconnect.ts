import { ProxyAnswer, WebSocketEvent } from './event';
import { Services } from './services';

/** A connection is gone. Nobody waits for the function of the app. */
export async function disconnect(event: WebSocketEvent, services: Services): Promise<ProxyAnswer> {
  const { functions, disconnectHandler } = services;
  if (disconnectHandler !== undefined) { await functions.hand(disconnectHandler, event); }
  return { statusCode: 200 };
}
