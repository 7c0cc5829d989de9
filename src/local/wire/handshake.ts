import { randomUUID } from 'node:crypto';
import { IncomingMessage, STATUS_CODES } from 'node:http';
import { logAccess } from './access-log';
import { Address } from './address';
import { Backend } from './backend';
import { Connection, sourceIpOf } from './connection';
import { evaluateExpression } from '../definition/expression';
import { ApiKeyModel } from '../definition/model';
import { authorize } from '../dispatch/authorizer';
import { Exchange, Incoming } from '../dispatch/exchange';
import { newConnectionId, newTraceId } from '../dispatch/ids';
import { callRoute } from '../dispatch/route-target';
import { conditionKeys } from '../iam/callers';
import { denial, isAllowed } from '../iam/iam-policy';
import { verifySignature } from '../iam/signature-v4';

/** What becomes of a client that wants to connect. */
export interface HandshakeResult {
  readonly connection: Connection;
  readonly exchange: Exchange;
  /** 101, or what the client is refused with. */
  readonly status: number;
  readonly message: string;
  readonly subprotocol?: string;
}

/** Why this request is no handshake; undefined where it is one. What the `ws` library would find only after `$connect` was called. */
export function faultOf({ method, headers }: IncomingMessage): string | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') { return `it asks for an upgrade to ${JSON.stringify(headers.upgrade)}, and not to \`websocket\``; }
  if (method !== 'GET') { return `its method is ${method}, and not GET`; }
  if (!/^[\w+/]{22}==$/.test(headers['sec-websocket-key'] ?? '')) { return 'its header `Sec-WebSocket-Key` is missing, or not 16 bytes in base64'; }
  return ['13', '8'].includes(headers['sec-websocket-version'] ?? '') ? undefined : 'its header `Sec-WebSocket-Version` is not 13';
}

/** Everything between a client's request and its answer: API key, authorization, throttle, the `$connect` route. */
export async function handshake(backend: Backend, request: IncomingMessage, address: Address): Promise<HandshakeResult> {
  const { api, stage } = address;
  const started = Date.now();
  const connection = new Connection(newConnectionId(), address, identityOf(request), backend.clock);
  const exchange = Exchange.connect(connection, incomingOf(request, backend.clock.now()));
  const finish = (status: number, message: string, reason?: string, subprotocol?: string): HandshakeResult => {
    exchange.outcome.status = status === 101 ? 200 : status;
    backend.trace.add({
      type: 'connect',
      api: api.name,
      stage: stage.name,
      connectionId: connection.id,
      status,
      sourceIp: connection.identity.sourceIp,
      durationMillis: Date.now() - started,
      reason,
    });
    logAccess(backend, exchange);
    return { connection, exchange, status, message, subprotocol };
  };

  const route = api.routes.get('$connect');
  if (route) {
    let key: ApiKeyModel | undefined;
    const byAuthorizer = api.apiKeySelectionExpression.includes('authorizer');
    if (route.apiKeyRequired && !byAuthorizer) {
      key = apiKey(backend, address, evaluateExpression(api.apiKeySelectionExpression, { headers: { ...exchange.incoming.headers } }));
      if (!key) { return finish(403, 'Forbidden', 'no valid API key: send one of the usage plan of this stage as `x-api-key`'); }
    }

    const { authorization } = route;
    if (authorization.type === 'AWS_IAM') {
      const refused = authorizeByIam(backend, request, connection, address);
      if (refused) { return finish(403, refused.message, refused.reason); }
    }
    if (authorization.type === 'CUSTOM') {
      const verdict = await authorize(authorization, exchange, connectArn(address), backend.functions);
      exchange.outcome['authorizer.status'] = verdict.status;
      if (verdict.status !== 200) {
        const message = { 401: 'Unauthorized', 403: 'Forbidden', 500: 'Internal server error' }[verdict.status];
        exchange.outcome['authorizer.error'] = message;
        return finish(verdict.status, message, verdict.reason);
      }
      connection.authorizer = verdict.context;
      if (route.apiKeyRequired && byAuthorizer) {
        key = apiKey(backend, address, verdict.usageIdentifierKey);
        if (!key) { return finish(403, 'Forbidden', 'the authorizer returned no `usageIdentifierKey` that is an API key of a usage plan of this stage'); }
      }
    }
    if (key) { connection.identity = { ...connection.identity, apiKey: exchange.incoming.headers?.['x-api-key'], apiKeyId: key.id }; }

    if ((key && !backend.throttles.takeForKey(api, stage, key)) || !backend.throttles.takeForRoute(api, stage, '$connect')) {
      return finish(429, 'Too Many Requests', 'throttled: the limits of the stage, of the route `$connect` or of the usage plan');
    }

    const outcome = await callRoute(route, exchange, backend.functions, backend.runIntegration);
    if (outcome.failure) {
      return finish(outcome.status, outcome.failure, outcome.reason);
    }
    if (outcome.reason) {
      return finish(502, 'Internal server error', outcome.reason);
    }
    if (outcome.status < 200) {
      return finish(502, 'Internal server error', `the route \`$connect\` answered ${outcome.status}, which ends no request`);
    }
    if (outcome.status > 299) {
      return finish(outcome.status, STATUS_CODES[outcome.status] ?? 'Error', 'the answer of the route `$connect`');
    }
    const subprotocol = headerOf(outcome.headers, 'sec-websocket-protocol');
    // It would be the client that breaks off then, and not say why.
    if (subprotocol !== undefined && !/^[!#$%&'*+.^`|~\w-]+$/.test(subprotocol)) {
      return finish(502, 'Internal server error', `the route \`$connect\` answered with ${JSON.stringify(subprotocol)} as \`Sec-WebSocket-Protocol\`, which is no name`);
    }
    return finish(101, '', undefined, subprotocol);
  }
  if (!backend.throttles.takeForRoute(api, stage, '$connect')) {
    return finish(429, 'Too Many Requests', 'throttled: the limits of the stage');
  }
  return finish(101, '');
}

function connectArn({ api, stage }: Address): string {
  return `arn:${api.partition}:execute-api:${api.region}:${api.account}:${api.id}/${stage.name}/$connect`;
}

function authorizeByIam(
  backend: Backend, request: IncomingMessage, connection: Connection, address: Address,
): { message: string; reason: string } | undefined {
  const verification = verifySignature({ method: 'GET', path: request.url!, headers: request.headers }, {
    service: 'execute-api',
    region: address.api.region,
    // Who signs looks at a real clock.
    now: Date.now(),
    secretOf: (accessKeyId, token) => backend.callers.secretOf(accessKeyId, token),
  });
  if (!verification.ok) {
    return { message: verification.message, reason: `IAM authorization: ${verification.message}` };
  }
  const caller = backend.callers.find(verification.accessKeyId)!;
  const resource = connectArn(address);
  const action = 'execute-api:Invoke';
  const context = conditionKeys(caller, address.api.region, connection.identity.sourceIp);
  const decision = isAllowed(caller.statements, { action, resource, context });
  if (decision !== 'allow') {
    return { message: 'Forbidden', reason: denial(decision, `\`${caller.name}\``, action, resource, 'grantConnect()') };
  }
  const { accessKeyId } = verification;
  connection.identity = {
    ...connection.identity, accountId: caller.account, accessKey: accessKeyId, caller: accessKeyId, user: accessKeyId, userArn: caller.arn,
  };
  return undefined;
}

function apiKey({ model }: Backend, { api, stage }: Address, value: string | undefined): ApiKeyModel | undefined {
  const key = value === undefined ? undefined : model.apiKeys.get(value);
  return key?.enabled && key.stages.some(({ apiId, stageName }) => apiId === api.id && stageName === stage.name) ? key : undefined;
}

function identityOf(request: IncomingMessage): Connection['identity'] {
  const userAgent = request.headers['user-agent'];
  return { ...userAgent === undefined ? {} : { userAgent }, sourceIp: sourceIpOf(request) };
}

/** As handlers see it: names as the client wrote them, what API Gateway adds, and nothing of the connection itself. */
function incomingOf(request: IncomingMessage, now: number): Incoming {
  // Clients may call a header or a parameter what every object has, `constructor` for one.
  const headers: Record<string, string> = Object.create(null);
  const multiValueHeaders: Record<string, string[]> = Object.create(null);
  const add = (name: string, value: string) => {
    headers[name] = value;
    multiValueHeaders[name] = [...multiValueHeaders[name] ?? [], value];
  };
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i];
    if (!['connection', 'upgrade'].includes(name.toLowerCase())) { add(name, request.rawHeaders[i + 1]); }
  }
  add('X-Amzn-Trace-Id', `Root=${newTraceId(now)}`);
  add('X-Forwarded-For', sourceIpOf(request));
  add('X-Forwarded-Port', String(request.socket.localPort));
  add('X-Forwarded-Proto', 'encrypted' in request.socket ? 'https' : 'http');

  const queryString: Record<string, string> = Object.create(null);
  const multiValueQueryString: Record<string, string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(request.url!.split('?')[1] ?? '')) {
    queryString[name] = value;
    multiValueQueryString[name] = [...multiValueQueryString[name] ?? [], value];
  }
  return { headers, multiValueHeaders, queryString, multiValueQueryString };
}

function headerOf(headers: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([header]) => header.toLowerCase() === name)?.[1];
}

/** The answer to a client that may not connect, as bytes. */
export function refusal({ status, message, connection, exchange }: Pick<HandshakeResult, 'status' | 'message'> & Partial<HandshakeResult>): string {
  const body = connection && exchange
    ? `{"message": ${JSON.stringify(message)}, "connectionId":"${connection.id}", "requestId":"${exchange.requestId}"}`
    : JSON.stringify({ message });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `date: ${new Date().toUTCString()}`,
    `x-amzn-requestid: ${randomUUID()}`,
    ...status === 403 ? ['x-amzn-errortype: ForbiddenException'] : [],
    'connection: close',
    '', body,
  ].join('\r\n');
}
