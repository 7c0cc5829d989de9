import { Refusal } from './refusal';
import { TokenPlace } from '../../auth/tokens/settings';

/** The part of API Gateway's event that matters here. */
export interface HandshakeEvent {
  readonly methodArn: string;
  readonly requestContext?: { readonly requestId?: string };
  readonly headers?: Values;
  readonly multiValueHeaders?: ListedValues;
  readonly queryStringParameters?: Values;
  readonly multiValueQueryStringParameters?: ListedValues;
}

type Values = { readonly [name: string]: string } | null;
type ListedValues = { readonly [name: string]: readonly string[] } | null;

/** The longest token that is looked at. API Gateway allows headers of 10 KB and URLs of 4 KB. */
const MAX_CHARACTERS = 16 * 1024;

/** What browsers and other clients write before the token: `new WebSocket(url, ['bearer', jwt])`. */
const SUBPROTOCOL = 'bearer';

/** The token of a handshake. */
export function tokenOf(event: HandshakeEvent, { place, name }: TokenPlace): string {
  const token = READERS[place](event, name);
  if (token.length > MAX_CHARACTERS) { throw new Refusal(401, `the token has more than ${MAX_CHARACTERS} characters`); }
  return token;
}

const READERS: { readonly [place in TokenPlace['place']]: (event: HandshakeEvent, name: string) => string } = {
  queryString: (event, name) => single(valuesOf(event.multiValueQueryStringParameters, event.queryStringParameters, (one) => one === name)),
  header: (event, name) => single(headersOf(event, name)).replace(/^bearer +/i, ''),
  subprotocol: (event) => afterBearer(headersOf(event, 'sec-websocket-protocol').join(',').split(',').map((one) => one.trim())),
};

/** The client's own protocols come before these two. */
function afterBearer(protocols: string[]): string {
  if (!protocols.includes(SUBPROTOCOL)) { throw new Refusal(401, `the subprotocols have no \`${SUBPROTOCOL}\``); }
  if (protocols.indexOf(SUBPROTOCOL) !== protocols.length - 2) { throw new Refusal(401, `\`${SUBPROTOCOL}\` and one token are not the last of the subprotocols`); }
  return protocols.at(-1)!;
}

function single(values: readonly string[]): string {
  if (values.length > 1) { throw new Refusal(401, 'there are several tokens'); }
  if (!values[0]) { throw new Refusal(401, 'there is no token'); }
  return values[0];
}

function headersOf(event: HandshakeEvent, name: string): readonly string[] {
  return valuesOf(event.multiValueHeaders, event.headers, (one) => one.toLowerCase() === name);
}

function valuesOf(listed: ListedValues | undefined, values: Values | undefined, isMeant: (name: string) => boolean): readonly string[] {
  const found = Object.entries(listed ?? {}).filter(([name]) => isMeant(name)).flatMap(([, list]) => list);
  return found.length > 0 ? found : Object.entries(values ?? {}).filter(([name]) => isMeant(name)).map(([, value]) => value);
}
