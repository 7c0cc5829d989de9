import { logAccess } from './access-log';
import { Backend, placeOf } from './backend';
import { Connection, MAX_MESSAGE_BYTES } from './connection';
import { evaluateExpression } from '../definition/expression';
import { RouteModel, ServedStage } from '../definition/model';
import { Exchange } from '../dispatch/exchange';
import { callRoute } from '../dispatch/route-target';

/** What a client is sent, if anything, and what the trace says of it. */
interface Reply {
  readonly status: number;
  readonly text?: string;
  readonly reason?: string;
}

/** Takes a message to its route, and the answer back. Never rejects. Many run at once, even on one connection. */
export async function handleMessage(backend: Backend, connection: Connection, body: string): Promise<void> {
  const started = Date.now();
  const place = placeOf(backend, connection);
  const { api, stage } = place;
  const { routeKey, route, fault } = selectRoute(place, connection, body);
  const exchange = Exchange.message(connection, place, routeKey, body, backend.clock.now());
  const { requestId } = exchange;
  backend.trace.add({ type: 'message', api: api.name, stage: stage.name, connectionId: connection.id, requestId, routeKey, body });
  const { status, text, reason } = await replyTo(backend, exchange, { route, fault }, body);
  exchange.progress.status = status;
  if (text !== undefined) { sendOrClose(connection, text); }
  backend.trace.add({ type: 'answer', connectionId: connection.id, requestId, routeKey, status, durationMillis: Date.now() - started, body: text, reason });
  logAccess(backend, exchange);
}

/** Calls the `$disconnect` route and ignores its answer. */
export async function handleDisconnect(backend: Backend, connection: Connection, code: number, reason: string): Promise<void> {
  const place = placeOf(backend, connection);
  const { api, stage } = place;
  backend.trace.add({ type: 'disconnect', api: api.name, stage: stage.name, connectionId: connection.id, code, reason });
  const route = api.routes.get('$disconnect');
  if (!route) { return; }
  const exchange = Exchange.disconnect(connection, place, { code, reason }, backend.clock.now());
  const started = Date.now();
  const outcome = await callRoute(route, exchange, backend);
  exchange.progress.status = outcome.status;
  backend.trace.add({
    type: 'answer',
    connectionId: connection.id,
    requestId: exchange.requestId,
    routeKey: '$disconnect',
    status: outcome.status,
    durationMillis: Date.now() - started,
    reason: outcome.kind === 'failure' ? outcome.reason : undefined,
  });
  logAccess(backend, exchange);
}

async function replyTo(backend: Backend, exchange: Exchange, { route, fault }: Omit<Selection, 'routeKey'>, body: string): Promise<Reply> {
  const { api, stage, connection, routeKey } = exchange;
  const failure = (status: number, message: string, reason: string): Reply => {
    exchange.progress.failure ??= { message, reason };
    return { status, text: errorFrame(message, exchange), reason };
  };
  if (fault !== undefined) { return failure(500, 'Internal server error', fault); }
  if (!route) {
    return failure(403, 'Forbidden', `no route has the key \`${JSON.stringify(routeKey)}\`, and there is no \`$default\``);
  }
  if (!backend.throttles.takeForRoute(api, stage, route.key)) {
    return failure(429, 'Too Many Requests', `throttled: the limits of route \`${route.key}\` or of the stage`);
  }
  const invalid = route.requestModels.size === 0 ? undefined : await invalidBody(backend, route, exchange, body);
  if (invalid) {
    exchange.progress.validationError = invalid;
    const text = `{"message" : "Bad request body", "connectionId": "${connection.id}", "messageId": "${exchange.messageId}"}`;
    return { status: 400, text, reason: invalid };
  }
  const outcome = await callRoute(route, exchange, backend);
  if (outcome.kind === 'failure') { return failure(outcome.status, outcome.message, outcome.reason); }
  if (!route.response) { return { status: outcome.status }; }
  // Without a body the client gets a frame all the same, an empty one.
  const { status, body: text = '' } = outcome;
  return Buffer.byteLength(text) <= MAX_MESSAGE_BYTES ? { status, text }
    : failure(502, 'Internal server error', `the answer has ${Buffer.byteLength(text)} bytes: API Gateway sends at most ${MAX_MESSAGE_BYTES}`);
}

/** A client that does not read what waits for it is closed: nothing may pile up for it. */
function sendOrClose(connection: Connection, text: string) {
  if (connection.send(text) || !connection.open) { return; }
  connection.close(1008, 'Too many requests');
  connection.terminate();
}

interface Selection {
  readonly routeKey: string;
  readonly route?: RouteModel;
  /** Why the selection expression cannot be evaluated. */
  readonly fault?: string;
}

/** What a client selects goes into the trace, and no route has so long a key. */
const MAX_KEY_CHARACTERS = 200;

function selectRoute({ api, stage }: ServedStage, connection: Connection, body: string): Selection {
  const value = lazyJson(body);
  let key = '$default';
  try {
    if (value() !== undefined) {
      const context = { connectionId: connection.id };
      key = evaluateExpression(api.routeSelectionExpression, { body: value, context, stageVariables: stage.variables });
    }
  } catch (error) {
    return { routeKey: '$default', fault: (error as Error).message };
  }
  const route = api.routes.get(key);
  if (route && !['$connect', '$disconnect'].includes(key)) { return { routeKey: key, route }; }
  const fallback = api.routes.get('$default');
  return { routeKey: fallback ? '$default' : key.slice(0, MAX_KEY_CHARACTERS), route: fallback };
}

function lazyJson(text: string): () => unknown {
  let parsed: { value: unknown } | undefined;
  return () => {
    if (!parsed) {
      try {
        parsed = { value: JSON.parse(text) };
      } catch {
        parsed = { value: undefined };
      }
    }
    return parsed.value;
  };
}

async function invalidBody(
  backend: Backend,
  route: RouteModel,
  { api, stage, connection }: Exchange,
  body: string,
): Promise<string | undefined> {
  try {
    const key = route.modelSelectionExpression === undefined ? '$default'
      : evaluateExpression(route.modelSelectionExpression, { body: lazyJson(body), stageVariables: stage.variables });
    const schema = route.requestModels.get(key) ?? route.requestModels.get('$default');
    return schema === undefined ? undefined : await backend.confined.run(connection.id, 'validateBody', schema, body, api.models);
  } catch (error) {
    return `the message cannot be checked by its model: ${(error as Error).message}`;
  }
}

/** To the byte, spaces included. */
function errorFrame(message: string, { connection, requestId }: Exchange): string {
  return `{"message": "${message}", "connectionId":"${connection.id}", "requestId":"${requestId}"}`;
}
