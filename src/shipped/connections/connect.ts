import { ProxyAnswer, WebSocketEvent } from './event';
import { Services } from './services';

/** A handshake that nobody has anything against. */
const ACCEPTED: ProxyAnswer = { statusCode: 200 };

/**
 * Answers a handshake: the function of the app decides, if there is one. If it fails, this one fails too, and the client gets what it would
 * have got without this one.
 */
export async function connect(event: WebSocketEvent, services: Services): Promise<unknown> {
  const { functions, connectHandler } = services;
  return connectHandler === undefined ? ACCEPTED : parsed(await functions.call(connectHandler, event));
}

/** What the function has returned, untouched: API Gateway judges it. */
function parsed(answer: string): unknown {
  return answer === '' ? null : JSON.parse(answer);
}
