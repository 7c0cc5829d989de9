import { IncomingMessage } from 'node:http';
import { logAccess } from '../access-log';
import { Address } from '../address';
import { admit, Attempt, subprotocolOf } from './admission';
import { Backend } from '../backend';
import { Connection } from '../connection';
import { identityOf, incomingOf } from './handshake-request';
import { refusalBytes } from './refusal';
import { Exchange } from '../../dispatch/exchange';
import { newConnectionId } from '../../dispatch/ids';

/** What becomes of a client that wants to connect. */
export type HandshakeResult =
  | { readonly open: true; readonly connection: Connection; readonly subprotocol?: string }
  /** What the client is answered, as bytes. */
  | { readonly open: false; readonly answer: string };

/** Everything between a client's request and its answer: API key, authorization, throttle, the `$connect` route. */
export async function handshake(backend: Backend, request: IncomingMessage, address: Address): Promise<HandshakeResult> {
  const { api, stage } = address;
  const started = Date.now();
  const connection = new Connection(newConnectionId(), address, identityOf(request), backend.clock);
  const exchange = Exchange.connect(connection, address, incomingOf(request, address.domainName, backend.clock.now()));
  const attempt: Attempt = { backend, request, connection, exchange, route: api.routes.get('$connect') };

  const refusal = await admit(attempt);
  exchange.progress.status = refusal?.status ?? 200;
  backend.trace.add({
    type: 'connect',
    api: api.name,
    stage: stage.name,
    connectionId: connection.id,
    status: refusal?.status ?? 101,
    sourceIp: connection.identity.sourceIp,
    durationMillis: Date.now() - started,
    reason: refusal?.reason,
  });
  logAccess(backend, exchange);
  return refusal
    ? { open: false, answer: refusalBytes(refusal, { connectionId: connection.id, requestId: exchange.requestId }) }
    : { open: true, connection, subprotocol: subprotocolOf(attempt.answer) };
}
