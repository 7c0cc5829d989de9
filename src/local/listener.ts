import { createServer as createHttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, Server, Socket } from 'node:net';
import { Duplex } from 'node:stream';

export interface ListenerOptions {
  readonly key: string;
  readonly cert: string;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** The first byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;
/** A client that says nothing is hung up on. */
const SILENCE_MILLIS = 30_000;

/** With and without TLS on one port, of this machine alone. */
export class Listener {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly http;
  private readonly https;

  constructor({ key, cert, onRequest, onUpgrade }: ListenerOptions) {
    this.http = createHttpServer(onRequest).on('upgrade', onUpgrade);
    this.https = createHttpsServer({ key, cert }, onRequest).on('upgrade', onUpgrade);
    // Without these, a client that breaks off in the middle would end the process.
    this.https.on('tlsClientError', (_, socket) => socket.destroy());
  }

  /** @returns the port, which is chosen where 0 is asked for */
  public async listen(port: number): Promise<number> {
    const chosen = await this.listenAt('127.0.0.1', port);
    // `localhost` may lead there first. Machines without IPv6 do without.
    await this.listenAt('::1', chosen).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') { throw error; }
    });
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
    const hangUp = setTimeout(() => socket.destroy(), SILENCE_MILLIS);
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
