import { connect } from './connect';
import { disconnect } from './disconnect';
import { WebSocketEvent } from './event';
import { Services, servicesOf } from './services';

let services: Services | undefined;

/** Stands before the `$connect` and `$disconnect` of the app, or serves them where the app has none. */
export async function handler(event: WebSocketEvent): Promise<unknown> {
  services ??= servicesOf(process.env);
  switch (event.requestContext.eventType) {
    case 'CONNECT': return connect(event, services);
    case 'DISCONNECT': return disconnect(event, services);
    default: throw new Error(`route \`${JSON.stringify(event.requestContext.routeKey)}\` is none that this function serves`);
  }
}
