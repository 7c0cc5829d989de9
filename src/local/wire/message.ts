import { logAccess } from './access-log';
import { Backend, current } from './backend';
import { Connection, MAX_MESSAGE_BYTES } from './connection';
import { evaluateExpression } from '../definition/expression';
import { ApiModel, RouteModel } from '../definition/model';
import { Exchange } from '../dispatch/exchange';
import { validateBody } from '../dispatch/request-model';
import { callRoute } from '../dispatch/route-target';

/** A message of a client: to its route, and the answer back. Never rejects; many run at once, on one connection too. */
export async function handleMessage(backend: Backend, connection: Connection, body: string): Promise<void> {
  const started = Date.now();
  const { api, stage } = current(backend, connection);
  const { routeKey, route } = selectRoute(api, connection, body, stage.variables);
  const exchange = Exchange.message(connection, routeKey, body, backend.clock.now());
  backend.trace.add({ type: 'message', api: api.name, stage: stage.name, connectionId: connection.id, requestId: exchange.requestId, routeKey, body });
  const answer = (status: number, text?: string, reason?: string) => {
    exchange.outcome.status = status;
    if (text !== undefined && !connection.send(text) && connection.open) {
      // It does not read what is there for it: nothing is kept for it without end.
      connection.close(1008, 'Too many requests');
      connection.terminate();
    }
    backend.trace.add({ type: 'answer', connectionId: connection.id, requestId: exchange.requestId, routeKey, status, durationMillis: Date.now() - started, body: text, reason });
    logAccess(backend, exchange);
  };
  const failure = (status: number, message: string, error: string) => answer(status, errorFrame(message, exchange), error);

  if (!route) {
    return failure(403, 'Forbidden', `no route has the key \`${JSON.stringify(routeKey)}\`, and there is no \`$default\``);
  }
  if (!backend.throttles.takeForRoute(api, stage, route.key)) {
    return failure(429, 'Too Many Requests', `throttled: the limits of route \`${route.key}\` or of the stage`);
  }
  const invalid = invalidBody(route, api, exchange, body);
  if (invalid) {
    exchange.outcome['error.validationErrorString'] = invalid;
    return answer(400, `{"message" : "Bad request body", "connectionId": "${connection.id}", "messageId": "${exchange.messageId}"}`, invalid);
  }
  const outcome = await callRoute(route, exchange, backend.functions, backend.runIntegration);
  if (outcome.failure) {
    return failure(outcome.status, outcome.failure, outcome.reason ?? '');
  }
  if (!route.response) { return answer(outcome.status, undefined); }
  if (outcome.reason) {
    return failure(502, 'Internal server error', outcome.reason);
  }
  if (outcome.body !== undefined && Buffer.byteLength(outcome.body) > MAX_MESSAGE_BYTES) {
    return failure(502, 'Internal server error', `the answer has ${Buffer.byteLength(outcome.body)} bytes: API Gateway sends at most ${MAX_MESSAGE_BYTES}`);
  }
  return answer(outcome.status, outcome.body || undefined);
}

/** Tells the `$disconnect` route, whatever it answers. */
export async function handleDisconnect(backend: Backend, connection: Connection, code: number, reason: string): Promise<void> {
  const { api, stage } = current(backend, connection);
  backend.trace.add({ type: 'disconnect', api: api.name, stage: stage.name, connectionId: connection.id, code, reason });
  const route = api.routes.get('$disconnect');
  if (!route) { return; }
  const exchange = Exchange.disconnect(connection, { code, reason }, backend.clock.now());
  const started = Date.now();
  const outcome = await callRoute(route, exchange, backend.functions, backend.runIntegration);
  exchange.outcome.status = outcome.status;
  backend.trace.add({
    type: 'answer',
    connectionId: connection.id,
    requestId: exchange.requestId,
    routeKey: '$disconnect',
    status: outcome.status,
    durationMillis: Date.now() - started,
    reason: outcome.failure && outcome.reason,
  });
  logAccess(backend, exchange);
}

function selectRoute(
  api: ApiModel, connection: Connection, body: string, stageVariables: Readonly<Record<string, string>>,
): { routeKey: string; route?: RouteModel } {
  const value = lazyJson(body);
  const isJson = value() !== undefined;
  const key = isJson ? evaluateExpression(api.routeSelectionExpression, { body: value, context: { connectionId: connection.id }, stageVariables }) : '$default';
  const route = api.routes.get(key);
  if (route && !['$connect', '$disconnect'].includes(key)) { return { routeKey: key, route }; }
  const fallback = api.routes.get('$default');
  return { routeKey: fallback ? '$default' : key, route: fallback };
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

function invalidBody(route: RouteModel, { models }: ApiModel, exchange: Exchange, body: string): string | undefined {
  if (route.requestModels.size === 0) { return undefined; }
  const key = route.modelSelectionExpression === undefined ? '$default'
    : evaluateExpression(route.modelSelectionExpression, { body: lazyJson(body), stageVariables: exchange.connection.address.stage.variables });
  const schema = route.requestModels.get(key) ?? route.requestModels.get('$default');
  return schema === undefined ? undefined : validateBody(schema, body, models);
}

/** To the byte, spaces included. */
function errorFrame(message: string, { connection, requestId }: Exchange): string {
  return `{"message": "${message}", "connectionId":"${connection.id}", "requestId":"${requestId}"}`;
}
