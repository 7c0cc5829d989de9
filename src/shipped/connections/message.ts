import { ProxyAnswer, WebSocketEvent } from './event';
import { Refusal } from './refusal';
import { serve } from './routes';
import { Services, Store } from './services';
import { ErrorFrame, Frame } from '../posts/frames';

/** Serves a message of a route without code of the app. */
export async function message(event: WebSocketEvent, { functions, store }: Services): Promise<ProxyAnswer> {
  const { requestContext: { routeKey, connectionId } } = event;
  const route = store && Object.hasOwn(store.routes, routeKey) ? store.routes[routeKey] : undefined;
  if (!store || !route) { throw new Error(`route \`${JSON.stringify(routeKey)}\` is none that this function serves`); }
  const frame = await answer();
  if (frame === undefined) { return { statusCode: 200 }; }
  if (route.returnResponse) { return { statusCode: 200, body: JSON.stringify(frame) }; }
  // Without a response of the route, nothing is acknowledged, but refusals and lists reach the client.
  if (frame.type !== 'ack') { await send(connectionId, frame, store); }
  return { statusCode: 200 };

  async function answer(): Promise<Frame | undefined> {
    try {
      const connection = await store!.table.find(connectionId);
      if (!connection) { throw new Refusal('not-connected', 'the connection is not in the table, or has expired: connect again'); }
      if (connection.closesAt !== undefined && connection.closesAt * 1000 <= store!.now()) {
        await store!.connections.close(connectionId);
        return undefined;
      }
      return await serve(route!, { event, connection, store: store!, functions });
    } catch (error) {
      if (error instanceof Refusal) { return { type: 'error', code: error.code, message: error.message, action: routeKey } satisfies ErrorFrame; }
      throw error;
    }
  }
}

async function send(connectionId: string, frame: Frame, { connections, log }: Store): Promise<void> {
  const status = await connections.post(connectionId, Buffer.from(JSON.stringify(frame))).catch(() => undefined);
  // Who has gone needs no answer.
  if (status === undefined || (status >= 300 && status !== 410)) {
    log(JSON.stringify({ level: 'WARN', message: 'an answer has not reached the client', status: status ?? 'unanswered' }));
  }
}
