import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Backend } from './backend';
import { MAX_MESSAGE_BYTES, sourceIpOf } from './connection';
import { executeApiArn } from '../definition/execute-api-arn';
import { isConnectionId, newRequestId } from '../dispatch/ids';
import { conditionKeys } from '../iam/callers';
import { denial, isAllowed } from '../iam/iam-policy';
import { verifySignature } from '../iam/verify-signature';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly errorType?: string;
}

const PATH = /^\/@connections\/([^/]+)\/?$/;

/** The path of `@connections`, in any of the ways in which it is encoded. */
export function isConnectionsPath(url: string): boolean {
  return /\/(@|%40)connections\//i.test(url);
}

/** `POST`, `GET` and `DELETE` of `@connections`, for who signs with a role that may. */
export async function handleConnectionsRequest(backend: Backend, request: IncomingMessage, response: ServerResponse) {
  const requestId = randomUUID();
  const finish = ({ status, body, errorType }: Answer) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    response.writeHead(status, {
      ...status === 204 ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      'x-amzn-requestid': requestId,
      'x-amz-apigw-id': newRequestId(),
      ...errorType === undefined ? {} : { 'x-amzn-errortype': errorType },
    });
    response.end(text);
  };
  const body = await readBody(request);
  if (body === undefined) {
    return finish({ status: 413, body: { message: 'Request Entity Too Large' }, errorType: 'PayloadTooLargeException' });
  }
  return finish(answer(backend, request, body));
}

function answer(backend: Backend, request: IncomingMessage, body: Buffer): Answer {
  const { method = 'GET' } = request;
  const [path] = request.url!.split('?');
  const address = backend.addresses.find(request.headers.host, decode(path));
  if ('status' in address) {
    return forbidden('Forbidden');
  }
  const id = PATH.exec(address.rest)?.[1];
  if (id === undefined || !['POST', 'GET', 'DELETE'].includes(method)) {
    return forbidden('Missing Authentication Token', 'MissingAuthenticationTokenException');
  }

  const verification = verifySignature({ method, path: request.url!, headers: request.headers, body }, {
    service: 'execute-api',
    region: address.api.region,
    now: Date.now(),
    secretOf: (accessKeyId, token) => backend.callers.secretOf(accessKeyId, token),
  });
  if (!verification.ok) {
    trace(backend, method, id, 403, 'unknown', verification.reason);
    return { status: verification.status, body: { message: verification.message }, errorType: verification.errorType };
  }
  const caller = backend.callers.find(verification.accessKeyId)!;
  const { api, stage } = address;
  const resource = executeApiArn(api, stage.name, method, '@connections', id);
  const action = 'execute-api:ManageConnections';
  const context = conditionKeys(caller, api.region, { ...request.headers, sourceIp: sourceIpOf(request) });
  const decision = isAllowed(caller.statements, { action, resource, context });
  if (decision !== 'allow') {
    const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${mask(resource)}`
      + `${decision === 'explicit-deny' ? ' with an explicit deny' : ''}`;
    trace(backend, method, id, 403, caller.name, denial(decision, 'its role', action, resource, 'grantManageConnections()'));
    return forbidden(message, 'ForbiddenException');
  }

  const result = act(backend, method, id, api.id, stage.name, body);
  trace(backend, method, id, result.status, caller.name, result.errorType, method === 'POST' && result.status === 200 ? body.toString() : undefined);
  return result;
}

function act(backend: Backend, method: string, id: string, apiId: string, stageName: string, body: Buffer): Answer {
  if (!isConnectionId(id)) {
    return { status: 400, body: { message: `Invalid connectionId: ${id}` }, errorType: 'BadRequestException' };
  }
  const connection = backend.connections.get(id);
  if (!connection?.open || connection.address.api.id !== apiId || connection.address.stage.name !== stageName) {
    return { status: 410, errorType: 'GoneException' };
  }
  switch (method) {
    case 'GET': {
      const { identity: { sourceIp, userAgent }, connectedAt, lastActiveAt } = connection;
      return { status: 200, body: { connectedAt: new Date(connectedAt), identity: { sourceIp, userAgent }, lastActiveAt: new Date(lastActiveAt) } };
    }
    case 'DELETE':
      connection.close(1000, 'Connection Closed Normally');
      return { status: 204 };
    default:
      return connection.send(body) ? { status: 200 } : { status: 429, body: { message: 'Too Many Requests' }, errorType: 'LimitExceededException' };
  }
}

function forbidden(message: string, errorType = 'ForbiddenException'): Answer {
  return { status: 403, body: { message }, errorType };
}

/** AWS hides most of the account in what it tells a caller. */
function mask(arn: string): string {
  return arn.replace(/:(\d{8})(\d{4}):/, ':********$2:');
}

function trace(backend: Backend, method: string, connectionId: string, status: number, caller: string, reason?: string, body?: string) {
  backend.trace.add({ type: 'connections-api', method: method as 'POST', connectionId, status, caller, reason, body });
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Undefined for more than API Gateway takes; the rest of it is read and forgotten, so that the client gets its answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_MESSAGE_BYTES) { chunks.push(chunk); }
  }
  return length <= MAX_MESSAGE_BYTES ? Buffer.concat(chunks) : undefined;
}

