import { createServer as createHttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, Server, Socket } from 'node:net';
import { Duplex } from 'node:stream';

export interface ListenerOptions {
  readonly key: string;
  readonly cert: string;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /**
   * How long a client may say nothing, or not say its request to the end.
   *
   * @default 30_000
   */
  readonly patienceMillis?: number;
}

/** The first byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;

/** With and without TLS on one port, of this machine alone. */
export class Listener {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly http;
  private readonly https;
  private readonly patienceMillis: number;

  constructor({ key, cert, onRequest, onUpgrade, patienceMillis = 30_000 }: ListenerOptions) {
    this.patienceMillis = patienceMillis;
    const patience = { headersTimeout: patienceMillis, connectionsCheckingInterval: patienceMillis / 2 };
    this.http = createHttpServer(patience, onRequest).on('upgrade', onUpgrade);
    this.https = createHttpsServer({ key, cert, handshakeTimeout: patienceMillis, ...patience }, onRequest).on('upgrade', onUpgrade);
    // Only then do they look after clients that are slow.
    this.http.emit('listening');
    this.https.emit('listening');
    // Without these, a client that breaks off in the middle would end the process.
    this.https.on('tlsClientError', (_, socket) => socket.destroy());
  }

  /** @returns the port, which is chosen where 0 is asked for */
  public async listen(port: number): Promise<number> {
    const chosen = await this.listenAt('127.0.0.1', port);
    // `localhost` may lead there first. Machines without IPv6 do without.
    try {
      await this.listenAt('::1', chosen);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
        if (port !== 0) { throw error; }
        // Of those that are free, one that is free there too.
        this.servers.pop()!.close();
        return this.listen(port);
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
      socket.pause();
      socket.unshift(chunk);
      (chunk[0] === TLS_HANDSHAKE ? this.https : this.http).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }
}
