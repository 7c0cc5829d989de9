import { ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMillis: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Why there is no answer. */
export class HttpFailure extends Error {
  constructor(public readonly kind: 'timeout' | 'unreachable', message: string) {
    super(message);
  }
}

/** What API Gateway takes of an answer. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Calls an endpoint and reads its whole answer. It does not follow redirects. */
export function callHttp({ method, url, headers, body, timeoutMillis }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = prepare({ method, url, headers, body });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      request.destroy();
    }, timeoutMillis);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(late
        ? new HttpFailure('timeout', `\`${url.origin}\` did not answer within ${timeoutMillis} ms`)
        : new HttpFailure('unreachable', `\`${url.origin}\` cannot be reached: ${describe(error)}`));
    };
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length > MAX_BYTES) { response.destroy(new Error(`its answer has more than ${MAX_BYTES} bytes`)); }
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({
          status: response.statusCode!,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    request.end(body);
  });
}

function prepare({ method, url, headers, body }: Omit<HttpCall, 'timeoutMillis'>): ClientRequest {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return send(url, { method, headers: body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) } });
}

/** An address that was tried twice, as IPv6 and as IPv4, has two errors and no message. */
function describe(error: Error): string {
  return error instanceof AggregateError ? error.errors.map(({ message }) => message).join(', ') : error.message;
}
