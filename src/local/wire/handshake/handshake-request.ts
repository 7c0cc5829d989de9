import { IncomingMessage } from 'node:http';
import { Incoming } from '../../dispatch/exchange';
import { newTraceId } from '../../dispatch/ids';
import { Identity } from '../../dispatch/peer';
import { sourceIpOf } from '../connection';

/** Headers of the connection itself, which no `$connect` route sees. */
const CONNECTION_HEADERS = ['connection', 'upgrade'];

/** Why a request is not a handshake; undefined if it is one. The `ws` library would find out only after `$connect` was called. */
export function faultOf({ method, headers }: IncomingMessage): string | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') { return `it asks for an upgrade to ${JSON.stringify(headers.upgrade)}, not to \`websocket\``; }
  if (method !== 'GET') { return `its method is ${method}, not GET`; }
  if (!/^[\w+/]{22}==$/.test(headers['sec-websocket-key'] ?? '')) { return 'its header `Sec-WebSocket-Key` is missing, or not 16 bytes in base64'; }
  return ['13', '8'].includes(headers['sec-websocket-version'] ?? '') ? undefined : 'its header `Sec-WebSocket-Version` is not 13';
}

export function identityOf(request: IncomingMessage): Identity {
  const userAgent = request.headers['user-agent'];
  return { ...userAgent === undefined ? {} : { userAgent }, sourceIp: sourceIpOf(request) };
}

/** A handshake as handlers see it: header names as the client wrote them, AWS's host, and what API Gateway adds. */
export function incomingOf(request: IncomingMessage, domainName: string, now: number): Incoming {
  const { rawHeaders, socket } = request;
  const sent = rawHeaders.flatMap((name, index): Array<[string, string]> => (
    index % 2 === 0 ? [[name, name.toLowerCase() === 'host' ? domainName : rawHeaders[index + 1]]] : []
  ));
  const isOfConnection = ([name]: [string, string]) => CONNECTION_HEADERS.includes(name.toLowerCase());
  const headers = grouped([
    ...sent.filter((header) => !isOfConnection(header)),
    ['X-Amzn-Trace-Id', `Root=${newTraceId(now)}`],
    ['X-Forwarded-For', sourceIpOf(request)],
    ['X-Forwarded-Port', String(socket.localPort)],
    ['X-Forwarded-Proto', 'encrypted' in socket ? 'https' : 'http'],
  ]);
  const query = grouped(new URLSearchParams(request.url!.split('?')[1] ?? ''));
  return {
    headers: headers.last,
    multiValueHeaders: headers.all,
    queryString: query.last,
    multiValueQueryString: query.all,
    connectionHeaders: grouped(sent.filter(isOfConnection)).last,
  };
}

/** By name: the last value, and all of them. */
function grouped(pairs: Iterable<[string, string]>): { last: Record<string, string>; all: Record<string, string[]> } {
  // Without a prototype: clients may send a header or a parameter with the name of something that every object has, such as `constructor`.
  const last: Record<string, string> = Object.create(null);
  const all: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    last[name] = value;
    (all[name] ??= []).push(value);
  }
  return { last, all };
}
