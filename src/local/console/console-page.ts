import { readFile } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import type { ConnectionInfo, ServedApi } from '../definition/served-api';
import type { GatewayEvent } from '../events/trace';

/** What the page shows. */
export interface ConsoleSource {
  readonly apis: ServedApi[];
  connections(): ConnectionInfo[];
  events(): GatewayEvent[];
  onEvent(listener: (event: GatewayEvent) => void): () => void;
}

const PATH = '/_console';
const FOLDER = join(__dirname, 'page');
const CONTENT_TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** How much of the past a page gets when it opens. */
const MAX_PAST_EVENTS = 500;
const MAX_PAST_CHARACTERS = 2 * 1024 * 1024;
/** Longer than any message, so only output of functions is cut. */
const MAX_TEXT_CHARACTERS = 128 * 1024;
/** How much may wait for a page that reads slowly. A page that is dropped reconnects by itself and starts anew. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** The page, as the gateway serves it. */
export const consolePage = { isAt: isConsolePath, answer: handleConsoleRequest };

export function isConsolePath(url: string): boolean {
  const path = pathOf(url);
  return path === PATH || path.startsWith(`${PATH}/`);
}

/** Serves the page and the events that it shows. The caller checks that the request is from this machine. */
export function handleConsoleRequest(source: ConsoleSource, request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const name = pathOf(request.url ?? '').slice(PATH.length + 1) || 'index.html';
  if (isForeign(request)) {
    answer(response, 403, 'this page is for its own origin: open it in the address bar');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    answer(response, 405, 'only GET and HEAD are answered here', { allow: 'GET, HEAD' });
  } else if (pathOf(request.url ?? '') === PATH) {
    answer(response, 302, `the page is at ${PATH}/`, { location: `${PATH}/` });
  } else if (name === 'events') {
    sendEvents(source, request, response);
  } else {
    sendFile(name, response);
  }
}

/** Pages of other origins, other ports of this machine included, may link here and do nothing else. */
function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host = '', 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  const own = [`http://${host}`, `https://${host}`];
  return (origin !== undefined && !own.includes(origin)) || site === 'cross-site' || (site === 'same-site' && mode !== 'navigate');
}

function sendFile(name: string, response: ServerResponse) {
  const contentType = /^[a-z]+\.[a-z]+$/.test(name) ? CONTENT_TYPES[extname(name)] : undefined;
  if (contentType === undefined) { return notFound(response, name); }
  readFile(join(FOLDER, name), (error, content) => {
    if (error) { return notFound(response, name); }
    response.writeHead(200, { ...HEADERS, 'content-type': `${contentType}; charset=utf-8`, 'content-length': content.length });
    response.end(content);
  });
}

function notFound(response: ServerResponse, name: string) {
  answer(response, 404, `there is no ${JSON.stringify(name)} here: the page is at ${PATH}/`);
}

function answer(response: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${text}\n`);
}

/** Server-sent events: `snapshot` first, then each event as it comes, and `apis` when they may have changed. */
function sendEvents(source: ConsoleSource, request: IncomingMessage, response: ServerResponse) {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const send = (name: string, data: unknown) => {
    if (response.writableLength > MAX_WAITING_BYTES) {
      stop();
      response.destroy();
    } else {
      response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  };
  const stop = source.onEvent((event) => {
    send('event', shortened(event));
    if (event.type === 'reload') { send('apis', source.apis); }
  });
  response.on('close', stop);
  response.write('retry: 1000\n\n');
  send('snapshot', { apis: source.apis, connections: source.connections(), events: pastEvents(source.events()) });
}

/** The latest events that fit. */
function pastEvents(events: readonly GatewayEvent[]): GatewayEvent[] {
  const past: GatewayEvent[] = [];
  let characters = 0;
  for (const event of events.slice(-MAX_PAST_EVENTS).reverse().map(shortened)) {
    characters += JSON.stringify(event).length;
    if (characters > MAX_PAST_CHARACTERS) { break; }
    past.unshift(event);
  }
  return past;
}

function shortened(event: GatewayEvent): GatewayEvent {
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [
    name, typeof value === 'string' && value.length > MAX_TEXT_CHARACTERS ? `${value.slice(0, MAX_TEXT_CHARACTERS)}… (${value.length} characters)` : value,
  ])) as GatewayEvent;
}

function pathOf(url: string): string {
  return url.split('?')[0];
}
