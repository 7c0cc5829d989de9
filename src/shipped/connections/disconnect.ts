import { ProxyAnswer, WebSocketEvent } from './event';
import { presence } from './group-messages';
import { Services, Store } from './services';
import { Functions } from '../invocation/functions';

/** A connection is gone. Nobody waits for the function of the app. */
export async function disconnect(event: WebSocketEvent, services: Services): Promise<ProxyAnswer> {
  const { functions, disconnectHandler, store } = services;
  const results = await Promise.allSettled([
    disconnectHandler === undefined ? undefined : functions.hand(disconnectHandler, event),
    store && clear(event.requestContext.connectionId, store, functions),
  ]);
  const failure = results.find((result): result is PromiseRejectedResult => result.status === 'rejected');
  if (failure) { throw failure.reason; }
  return { statusCode: 200 };
}

async function clear(connectionId: string, store: Store, functions: Functions): Promise<void> {
  const connection = await store.table.remove(connectionId);
  await Promise.all((connection?.announced ?? []).map((group) => functions.hand(store.broadcaster, presence('left', group, connection!))));
}
