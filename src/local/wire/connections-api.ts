import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Backend } from './backend';
import { MAX_MESSAGE_BYTES, sourceIpOf } from './connection';
import { readBody } from './request-body';
import { executeApiArn } from '../definition/execute-api-arn';
import { ServedStage } from '../definition/model';
import { isConnectionId, newRequestId } from '../dispatch/ids';
import { conditionKeys } from '../iam/callers';
import { denial, isAllowed } from '../iam/iam-policy';
import { verifySignature } from '../iam/verify-signature';

const METHODS = ['POST', 'GET', 'DELETE'] as const;
type Method = typeof METHODS[number];

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly errorType?: string;
}

/** A call about one connection, of an API at one of its stages. */
interface Call {
  readonly method: Method;
  readonly connectionId: string;
  readonly place: ServedStage;
  readonly body: Buffer;
}

const PATH = /^\/@connections\/([^/]+)\/?$/;

/** The path of `@connections`, in any of the ways in which it is encoded. */
export function isConnectionsPath(url: string): boolean {
  return /\/(@|%40)connections\//i.test(pathOf(url));
}

/** Serves `POST`, `GET` and `DELETE` of `@connections` to callers who sign with a role that may call them. */
export async function handleConnectionsRequest(backend: Backend, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request, MAX_MESSAGE_BYTES);
  const { status, body: content, errorType } = body === undefined
    ? { status: 413, body: { message: 'Request Entity Too Large' }, errorType: 'PayloadTooLargeException' }
    : answer(backend, request, body);
  const text = content === undefined ? '' : JSON.stringify(content);
  response.writeHead(status, {
    ...status === 204 ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    'x-amzn-requestid': randomUUID(),
    'x-amz-apigw-id': newRequestId(),
    ...errorType === undefined ? {} : { 'x-amzn-errortype': errorType },
  });
  response.end(text);
}

function answer(backend: Backend, request: IncomingMessage, body: Buffer): Answer {
  const address = backend.addresses.find(request.headers.host, decode(pathOf(request.url!)));
  if ('status' in address) { return forbidden('Forbidden'); }
  const connectionId = PATH.exec(address.rest)?.[1];
  const method = METHODS.find((one) => one === request.method);
  if (connectionId === undefined || method === undefined) {
    return forbidden('Missing Authentication Token', 'MissingAuthenticationTokenException');
  }
  const call: Call = { method, connectionId, place: address, body };
  const { answer: given, caller, reason } = answerCall(backend, request, call);
  backend.trace.add({
    type: 'connections-api',
    method,
    connectionId,
    status: given.status,
    caller,
    reason,
    body: method === 'POST' && given.status === 200 ? body.toString() : undefined,
  });
  return given;
}

/** What the caller is answered, and what the trace says of it. */
function answerCall(backend: Backend, request: IncomingMessage, call: Call): { answer: Answer; caller: string; reason?: string } {
  const { method, connectionId, place: { api, stage }, body } = call;
  const verification = verifySignature({ method, path: request.url!, headers: request.headers, body }, {
    service: 'execute-api',
    region: api.region,
    now: Date.now(),
    ahead: backend.clock.ahead,
    secretOf: (accessKeyId, token) => backend.callers.secretOf(accessKeyId, token),
  });
  if (!verification.ok) {
    const { status, message, errorType, reason } = verification;
    return { answer: { status, body: { message }, errorType }, caller: 'unknown', reason };
  }
  const caller = backend.callers.find(verification.accessKeyId)!;
  const [action, resource] = ['execute-api:ManageConnections', executeApiArn(api, stage.name, method, '@connections', connectionId)];
  const context = () => conditionKeys(caller, api.region, { ...request.headers, sourceIp: sourceIpOf(request) });
  const decision = isAllowed(caller.statements, { action, resource, context });
  if (decision !== 'allow') {
    const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${mask(resource)}`
      + `${decision === 'explicit-deny' ? ' with an explicit deny' : ''}`;
    return { answer: forbidden(message), caller: caller.name, reason: denial(decision, 'its role', action, resource, 'grantManageConnections()') };
  }
  const done = act(backend, call);
  return { answer: done, caller: caller.name, reason: done.errorType };
}

function act(backend: Backend, { method, connectionId, place, body }: Call): Answer {
  if (!isConnectionId(connectionId)) {
    return { status: 400, body: { message: `Invalid connectionId: ${connectionId}` }, errorType: 'BadRequestException' };
  }
  const connection = backend.connections.get(connectionId);
  if (!connection?.open || connection.address.api.id !== place.api.id || connection.address.stage.name !== place.stage.name) {
    return { status: 410, errorType: 'GoneException' };
  }
  switch (method) {
    case 'GET': {
      const { identity: { sourceIp, userAgent }, connectedAt, lastActiveAt } = connection;
      const dates = { connectedAt: new Date(connectedAt), lastActiveAt: new Date(lastActiveAt) };
      return { status: 200, body: { connectedAt: dates.connectedAt, identity: { sourceIp, userAgent }, lastActiveAt: dates.lastActiveAt } };
    }
    case 'DELETE':
      connection.close(1000, 'Connection Closed Normally');
      return { status: 204 };
    case 'POST':
      return connection.send(body) ? { status: 200 } : { status: 429, body: { message: 'Too Many Requests' }, errorType: 'LimitExceededException' };
  }
}

function forbidden(message: string, errorType = 'ForbiddenException'): Answer {
  return { status: 403, body: { message }, errorType };
}

/** AWS hides most of the account number from a caller. */
function mask(arn: string): string {
  return arn.replace(/:(\d{8})(\d{4}):/, ':********$2:');
}

function pathOf(url: string): string {
  return url.split('?')[0];
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
