import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';

/** Why a client may not connect. */
export interface Refusal {
  readonly status: number;
  /** For the client. */
  readonly message: string;
  /** For the developer. */
  readonly reason: string;
}

/** The answer to a client that may not connect, as bytes. The ids are there once the handshake has begun. */
export function refusalBytes({ status, message }: Pick<Refusal, 'status' | 'message'>, ids?: { readonly connectionId: string; readonly requestId: string }): string {
  const body = ids === undefined ? JSON.stringify({ message })
    : `{"message": ${JSON.stringify(message)}, "connectionId":"${ids.connectionId}", "requestId":"${ids.requestId}"}`;
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
