import { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { Backend } from './backend';
import { Connection, MAX_MESSAGE_BYTES } from './connection';
import { FrameLimit } from './frame-limit';
import { handshake, HandshakeResult } from './handshake/handshake';
import { faultOf } from './handshake/handshake-request';
import { mayConnectFrom, OriginRules, reasonForOrigin } from './handshake/origin';
import { refusalBytes } from './handshake/refusal';
import { handleDisconnect, handleMessage } from './message';
import { servedApis } from './served-apis';
import { Closing } from '../dispatch/peer';
import { UnderWay } from '../dispatch/under-way';

/** How many messages of one client may be under way. At this number, the gateway stops reading from the client for a while. */
const MAX_UNDER_WAY = 1000;
const MAX_URL_CHARACTERS = 4096;
/** `ws` closes these connections itself. `$disconnect` gets the code that the client got. */
const PROTOCOL_CLOSINGS: Readonly<Record<string, Closing>> = {
  WS_ERR_INVALID_UTF8: { code: 1007, reason: 'Invalid frame payload data' },
  WS_ERR_TOO_MANY_BUFFERED_PARTS: { code: 1008, reason: 'Policy violation' },
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: { code: 1009, reason: 'Message too big' },
};
/** How long a refused client may take to end the connection. */
const LINGER_MILLIS = 5000;

export interface UpgradesOptions {
  readonly backend: Backend;
  readonly underWay: UnderWay;
  /** Which pages may connect now. */
  readonly originRules: () => OriginRules;
}

/** Turns HTTP requests for an upgrade into open connections, or refuses them. */
export class Upgrades {
  private readonly sockets = new WebSocketServer({
    noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, handleProtocols: () => false, clientTracking: false,
  });
  private readonly subprotocols = new WeakMap<IncomingMessage, string>();

  constructor(private readonly options: UpgradesOptions) {
    this.sockets.on('headers', (headers, request) => {
      const subprotocol = this.subprotocols.get(request);
      if (subprotocol !== undefined) { headers.push(`Sec-WebSocket-Protocol: ${subprotocol}`); }
    });
  }

  public async handle(request: IncomingMessage, socket: Duplex, head: Buffer) {
    let gone = false;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => gone = true);
    const { backend } = this.options;
    const { url = '/', headers: { origin } } = request;
    const [path] = url.split('?');
    const refuse = (status: number, message: string, reason: string) => {
      // Never the query: clients send tokens in it.
      this.warn(`a client was refused with ${status} at ${JSON.stringify(path.slice(0, 200))}: ${reason}`);
      hangUp(socket, refusalBytes({ status, message }));
    };

    const fault = faultOf(request);
    if (fault) { return refuse(400, 'Bad Request', fault); }
    if (!mayConnectFrom(origin, this.options.originRules())) { return refuse(403, 'Forbidden', reasonForOrigin(origin!)); }
    if (url.length > MAX_URL_CHARACTERS) { return refuse(414, 'Request-URI Too Long', `its URL has more than ${MAX_URL_CHARACTERS} characters`); }
    const address = backend.addresses.find(request.headers.host, path);
    if ('status' in address || !['', '/'].includes(address.rest)) {
      const status = 'status' in address ? address.status : 403;
      const apis = servedApis(backend.model, backend.addresses);
      const host = JSON.stringify((request.headers.host ?? '').slice(0, 200));
      const served = apis.flatMap((api) => [api.url, ...api.domainUrls]).join(', ');
      return refuse(status, status === 403 ? 'Forbidden' : 'Not Found', `nothing is served at this path of the host ${host}; there is ${served}`);
    }

    let result: HandshakeResult;
    try {
      result = await handshake(backend, request, address);
    } catch (error) {
      hangUp(socket, refusalBytes({ status: 500, message: 'Internal server error' }));
      throw error;
    }
    if (!result.open) { return hangUp(socket, result.answer); }
    const { connection, subprotocol } = result;
    if (gone || !socket.readable || !socket.writable) {
      // The `$connect` route has already accepted the client.
      return handleDisconnect(backend, connection, 1006, 'Connection closed abnormally');
    }
    const plain = withoutSubprotocols(request);
    if (subprotocol !== undefined) { this.subprotocols.set(plain, subprotocol); }
    this.sockets.handleUpgrade(plain, socket, head, (webSocket) => this.attach(webSocket, socket, connection));
  }

  private attach(webSocket: WebSocket, socket: Duplex, connection: Connection) {
    const { backend, underWay } = this.options;
    backend.connections.set(connection.id, connection);
    connection.opened(webSocket, socket);
    limitFrames(socket, connection);

    let messages = 0;
    webSocket.on('message', (data: Buffer, binary: boolean) => {
      if (connection.closing) { return; }
      connection.touch();
      if (binary) { return connection.close(1003, 'Binary is not supported'); }
      if (++messages >= MAX_UNDER_WAY) { connection.pause(); }
      void underWay.track(handleMessage(backend, connection, data.toString())).then(() => {
        if (--messages === MAX_UNDER_WAY - 1) { connection.resume(); }
      });
    });
    // The client broke the protocol. `ws` sends it a code and closes.
    webSocket.on('error', (error: NodeJS.ErrnoException) => {
      connection.closing ??= PROTOCOL_CLOSINGS[error.code ?? ''] ?? { code: 1002, reason: 'Protocol error' };
      this.warn(`connection \`${connection.id}\` is closed: ${error.message}`);
    });
    webSocket.on('close', (code, reason) => {
      connection.ended();
      backend.connections.delete(connection.id);
      const ending = connection.closing ?? { code, reason: reasonOf(code, reason) };
      void underWay.track(handleDisconnect(backend, connection, ending.code, ending.reason));
    });
  }

  private warn(text: string) {
    this.options.backend.trace.add({ type: 'warning', text });
  }
}

/** The request as `ws` may see it. `$connect` chooses the subprotocol, and `ws` would refuse some lists that API Gateway accepts. */
function withoutSubprotocols(request: IncomingMessage): IncomingMessage {
  const { 'sec-websocket-protocol': _, ...headers } = request.headers;
  return Object.create(request, { headers: { value: headers } });
}

/** Closes a connection whose client sends a frame that is too large, as soon as the frame's header says so. */
function limitFrames(socket: Duplex, connection: Connection) {
  const frames = new FrameLimit();
  const check = (chunk: Buffer) => {
    if (!frames.accepts(chunk)) {
      socket.off('data', check);
      connection.close(1009, 'Message too big');
    }
  };
  socket.prependListener('data', check);
}

function reasonOf(code: number, reason: Buffer): string {
  switch (code) {
    case 1005: return 'Client-side close frame status not set';
    case 1006: return 'Connection closed abnormally';
    default: return reason.toString();
  }
}

function hangUp(socket: Duplex, lastWords: string) {
  // The socket must be read to its end. Otherwise the gateway would not notice when the client closes.
  socket.resume();
  socket.end(lastWords);
  const patience = setTimeout(() => socket.destroy(), LINGER_MILLIS).unref();
  socket.once('close', () => clearTimeout(patience));
}
