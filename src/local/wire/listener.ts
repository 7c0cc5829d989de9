import { createServer as createHttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, Server, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { SecureContext } from 'node:tls';

export interface ListenerOptions {
  readonly key: string;
  readonly cert: string;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /**
   * A client that uses the gateway as a proxy. `serve` takes what comes through the tunnel.
   *
   * @default - it is refused
   */
  readonly onConnect?: (request: IncomingMessage, socket: Socket, head: Buffer, serve: Serve) => void;
  /** The certificate for a name that a client asks for; undefined for `cert`. */
  readonly contextFor?: (name: string) => SecureContext | undefined;
  /**
   * The addresses to listen at; the first has to exist on this machine.
   *
   * @default - loopback
   */
  readonly hosts?: readonly string[];
  /**
   * How long a client may say nothing, or not say its request to the end.
   *
   * @default 30_000
   */
  readonly patienceMillis?: number;
}

/** Serves what a client sends through a tunnel, as if the client had connected by itself. */
export type Serve = (socket: Socket, head: Buffer) => void;

/** The first byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;

/** With and without TLS on one port. */
export class Listener {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly http;
  private readonly https;
  private readonly patienceMillis: number;
  private readonly hosts: readonly string[];

  constructor({ key, cert, onRequest, onUpgrade, onConnect, contextFor, hosts = ['127.0.0.1', '::1'], patienceMillis = 30_000 }: ListenerOptions) {
    this.hosts = hosts;
    this.patienceMillis = patienceMillis;
    const patience = { headersTimeout: patienceMillis, requestTimeout: patienceMillis, connectionsCheckingInterval: patienceMillis / 2 };
    this.http = createHttpServer(patience, onRequest).on('upgrade', onUpgrade);
    const SNICallback = (name: string, done: (error: Error | null, context?: SecureContext) => void) => done(null, contextFor?.(name));
    this.https = createHttpsServer({ key, cert, SNICallback, handshakeTimeout: patienceMillis, ...patience }, onRequest).on('upgrade', onUpgrade);
    if (onConnect) {
      const serve: Serve = (socket, head) => this.serveTunnel(socket, head);
      this.http.on('connect', (request, socket, head) => onConnect(request, socket as Socket, head, serve));
    }
    // Without this event they do not check for slow clients.
    this.http.emit('listening');
    this.https.emit('listening');
    // Without these, a client that aborts midway would end the process.
    this.https.on('tlsClientError', (_, socket) => socket.destroy());
  }

  /** @returns the port: the one that is asked for, or a free one for 0 */
  public async listen(port: number): Promise<number> {
    const [first, ...others] = this.hosts;
    const chosen = await this.listenAt(first, port);
    for (const host of others) {
      try {
        await this.listenAt(host, chosen);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EADDRINUSE' && port === 0) {
          // Take one that is free at every address.
          this.servers.splice(0).forEach((server) => server.close());
          return this.listen(port);
        }
        // `localhost` may lead to `::1` first. Machines without IPv6 do without.
        if (code === 'EADDRINUSE' || host !== '::1') { throw error; }
      }
    }
    return chosen;
  }

  public async close() {
    const closed = this.servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.sockets) { socket.destroy(); }
    this.http.close();
    this.https.close();
    await Promise.all(closed);
  }

  private listenAt(host: string, port: number): Promise<number> {
    const server = createTcpServer({ noDelay: true, pauseOnConnect: false }, (socket) => this.accept(socket));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, backlog: 4096 }, () => {
        server.off('error', reject);
        server.on('error', () => undefined);
        this.servers.push(server);
        resolve((server.address() as { port: number }).port);
      });
    });
  }

  private accept(socket: Socket) {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const hangUp = setTimeout(() => socket.destroy(), this.patienceMillis);
    socket.once('close', () => clearTimeout(hangUp));
    socket.once('data', (chunk) => {
      clearTimeout(hangUp);
      this.serve(socket, chunk);
    });
  }

  private serveTunnel(socket: Socket, head: Buffer) {
    if (head.length > 0) { return this.serve(socket, head); }
    const hangUp = setTimeout(() => socket.destroy(), this.patienceMillis);
    socket.once('close', () => clearTimeout(hangUp));
    socket.once('data', (chunk) => {
      clearTimeout(hangUp);
      this.serve(socket, chunk);
    });
  }

  private serve(socket: Socket, chunk: Buffer) {
    socket.pause();
    socket.unshift(chunk);
    (chunk[0] === TLS_HANDSHAKE ? this.https : this.http).emit('connection', socket);
    process.nextTick(() => socket.resume());
  }
}
