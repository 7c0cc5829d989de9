import { connect } from './connect';
import { disconnect } from './disconnect';
import { WebSocketEvent } from './event';
import { message } from './message';
import { Services, servicesOf } from './services';
import { withSubprotocol } from './subprotocol';

let services: Services | undefined;

/** Stands before the `$connect` and `$disconnect` of the app, keeps the table of connections, and serves routes without code of the app. */
export async function handler(event: WebSocketEvent): Promise<unknown> {
  services ??= servicesOf(process.env);
  switch (event.requestContext.eventType) {
    case 'CONNECT': return answered(event, await connect(event, services));
    case 'DISCONNECT': return disconnect(event, services);
    case 'MESSAGE': return message(event, services);
  }
}

/** `TOKEN_IN_SUBPROTOCOL` says that clients send their token as a subprotocol. */
function answered(event: WebSocketEvent, answer: unknown): unknown {
  return process.env.TOKEN_IN_SUBPROTOCOL ? withSubprotocol(event, answer) : answer;
}
