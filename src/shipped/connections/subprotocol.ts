import { WebSocketEvent } from './event';

const HEADER = 'Sec-WebSocket-Protocol';

/** Comes before the token: `new WebSocket(url, ['bearer', jwt])`. */
const BEARER = 'bearer';

/**
 * Chooses a subprotocol for a client that has sent its token as one: browsers close a connection whose handshake chooses none. It is the
 * one that the function of the app has chosen, and `bearer` if it has chosen none, or none that the client has asked for, or the token.
 *
 * @param answer what the handshake is answered with, whatever it is
 */
export function withSubprotocol(event: WebSocketEvent, answer: unknown): unknown {
  const offered = offeredProtocols(event);
  if (offered === undefined || !isAccepted(answer)) { return answer; }
  const chosen = protocolsOf(answer).find((value) => offered.includes(value));
  const multiValueHeaders = withoutProtocol(answer.multiValueHeaders);
  return {
    ...answer,
    headers: { ...withoutProtocol(answer.headers), [HEADER]: chosen ?? BEARER },
    ...multiValueHeaders && { multiValueHeaders },
  };
}

interface WithHeaders {
  readonly headers?: { readonly [name: string]: string };
  readonly multiValueHeaders?: { readonly [name: string]: readonly string[] };
}

/** The protocols of a client, but for the token; undefined if it has sent none. */
function offeredProtocols(event: WebSocketEvent): string[] | undefined {
  const protocols = protocolsOf(event);
  return protocols.at(-2) === BEARER ? protocols.slice(0, -1) : undefined;
}

function protocolsOf({ headers, multiValueHeaders }: WithHeaders): string[] {
  const listed = valuesOf(multiValueHeaders).flat();
  return (listed.length > 0 ? listed : valuesOf(headers)).filter((value) => typeof value === 'string').join(',').split(',').map((one) => one.trim());
}

function valuesOf<T>(headers: { readonly [name: string]: T } | undefined): T[] {
  return Object.entries(headers ?? {}).filter(([name]) => isProtocol(name)).map(([, value]) => value);
}

function withoutProtocol<T>(headers: { readonly [name: string]: T } | undefined): { readonly [name: string]: T } | undefined {
  return headers && Object.fromEntries(Object.entries(headers).filter(([name]) => !isProtocol(name)));
}

function isProtocol(name: string): boolean {
  return name.toLowerCase() === HEADER.toLowerCase();
}

/** Whether an answer of `$connect` lets the client in. An object as its status need not be a number. */
export function isAccepted(answer: unknown): answer is WithHeaders {
  const status = typeof answer === 'object' && answer !== null ? (answer as { statusCode?: unknown }).statusCode : undefined;
  return typeof status !== 'object' && Number(status) >= 200 && Number(status) <= 299;
}
