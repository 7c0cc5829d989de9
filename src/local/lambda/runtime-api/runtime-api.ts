import { STATUS_CODES } from 'node:http';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { Event, RuntimeLink, RuntimeListener, TOO_LARGE } from './runtime-link';
import { MAX_RESPONSE_BYTES, Request, RequestReader } from './runtime-request';

/** How long a connection waits in line behind an open one, before it is refused. */
const LINE_MILLIS = 2000;

/**
 * Who may speak to the Runtime API: `yes` for a connection of the function's own processes, `no` for others, `unknown` if the platform does
 * not tell.
 */
export type Admission = (socket: Socket) => 'yes' | 'no' | 'unknown';

/**
 * The Lambda Runtime API for one execution environment, on a port of its own. It has its own parser of HTTP, because HTTP takes much of the
 * time of a warm invocation, and the requests of runtimes are simple.
 */
export class RuntimeApi implements RuntimeLink {
  /** @param isLinked whether the runtime gets its events in another way: then there are none here */
  public static async listen(listener: RuntimeListener, admission: Admission = () => 'unknown', isLinked = false): Promise<RuntimeApi> {
    const server = createServer({ noDelay: true, pauseOnConnect: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new RuntimeApi(server, listener, admission, isLinked);
  }

  public readonly address: string;
  /** What runs in a runtime that is not ours, nobody knows. */
  public readonly isQuiet = false;
  private readonly sockets = new Set<Socket>();
  /** Connections of unknown origin: the first is served, the others wait until it has closed. */
  private readonly line: Socket[] = [];
  private waiting?: Socket;
  /** The connection that was sent the current event. */
  private serving?: Socket;
  private event?: Event;
  private answered = true;
  private closed = false;

  private constructor(
    private readonly server: Server,
    private readonly listener: RuntimeListener,
    private readonly admission: Admission,
    private readonly isLinked: boolean,
  ) {
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    // If a connection cannot be accepted, for lack of file descriptors for example, the gateway goes on.
    server.on('error', () => undefined);
    server.on('connection', (socket) => this.accept(socket));
  }

  public get isWaiting(): boolean {
    return this.waiting !== undefined;
  }

  /** Hands an event to the runtime. Call it only while `isWaiting`. */
  public send(event: Event) {
    const socket = this.waiting;
    if (!socket) { throw new Error('no runtime waits for an event'); }
    this.waiting = undefined;
    this.serving = socket;
    this.event = event;
    this.answered = false;
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
      + `Lambda-Runtime-Aws-Request-Id: ${event.requestId}\r\nLambda-Runtime-Deadline-Ms: ${event.deadline}\r\n`
      + `Lambda-Runtime-Invoked-Function-Arn: ${event.functionArn}\r\nLambda-Runtime-Trace-Id: ${event.traceId}\r\n`
      + (event.ahead === undefined ? '' : `Local-Clock-Ahead-Ms: ${event.ahead}\r\n`)
      + `Content-Length: ${Buffer.byteLength(event.body)}\r\n\r\n${event.body}`,
    );
    socket.uncork();
  }

  public close() {
    this.closed = true;
    this.server.close();
    for (const socket of this.sockets) { socket.destroy(); }
  }

  private accept(socket: Socket) {
    this.sockets.add(socket);
    let unread = false;
    // Linux resets a connection whose reader ends with data unread.
    socket.on('error', () => unread = true);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.leave(socket, unread);
    });
    const admission = this.admission(socket);
    if (admission === 'yes') {
      this.serve(socket);
    } else if (admission === 'no') {
      refuse(socket, 403, 'Forbidden', 'only the function itself may call its Runtime API');
    } else {
      this.line.push(socket);
      if (this.line[0] === socket) { return this.serve(socket); }
      const patience = setTimeout(() => refuse(socket, 403, 'Forbidden', 'another connection is open'), LINE_MILLIS);
      socket.once('close', () => clearTimeout(patience)).once('served', () => clearTimeout(patience));
    }
  }

  private leave(socket: Socket, unread: boolean) {
    if (this.closed) { return; }
    if (this.waiting === socket) {
      this.waiting = undefined;
      this.listener.hungUp('none');
    } else if (this.serving === socket) {
      this.serving = undefined;
      if (!this.answered) { this.listener.hungUp(unread ? 'unread' : 'read'); }
    }
    const place = this.line.indexOf(socket);
    if (place === -1) { return; }
    this.line.splice(place, 1);
    if (place === 0 && this.line.length > 0) {
      this.line[0].emit('served');
      this.serve(this.line[0]);
    }
  }

  private serve(socket: Socket) {
    const reader = new RequestReader(
      this.address,
      (request) => this.handle(socket, request),
      () => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
    );
    socket.on('data', (chunk) => {
      if (!socket.writable) { return; }
      if (socket.writableCorked === 0) { socket.cork(); }
      try {
        reader.read(chunk);
      } catch (error) {
        refuse(socket, 400, 'InvalidRequest', (error as Error).message);
      }
      // A runtime may ask for the next event along with its answer. Both replies go out in one write: the first alone would only wake it.
      if (this.waiting !== socket) { socket.uncork(); }
    });
    socket.resume();
  }

  private handle(socket: Socket, request: Request) {
    const path = /^(?:\/2018-06-01)?\/runtime\/(.*)$/.exec(request.path)?.[1];
    const [, requestId, outcome] = /^invocation\/([^/]*)\/(response|error)$/.exec(path ?? '') ?? [];
    if (request.method === 'GET' && path === 'invocation/next') {
      this.handleNext(socket);
    } else if (request.method === 'POST' && path === 'init/error') {
      socket.write(ACCEPTED);
      this.listener.initError(request.body ?? '');
    } else if (request.method === 'POST' && outcome) {
      this.handleOutcome(socket, requestId, outcome === 'error', request.body);
    } else {
      socket.write(failure(404, 'NotFound', `${request.method} ${request.path} is not in the Lambda Runtime API`));
    }
  }

  private handleNext(socket: Socket) {
    if (this.isLinked || !this.answered || this.waiting) {
      socket.write(failure(403, 'InvalidStateTransition', 'State transition is not allowed'));
      return;
    }
    this.waiting = socket;
    this.serving = undefined;
    this.listener.next();
  }

  private handleOutcome(socket: Socket, requestId: string, isError: boolean, body: string | undefined) {
    if (requestId !== this.event?.requestId) {
      socket.write(failure(400, 'InvalidRequestID', 'Invalid request ID'));
    } else if (this.answered) {
      socket.write(failure(403, 'InvalidStateTransition', 'State transition is not allowed'));
    } else if (body === undefined) {
      this.answered = true;
      socket.write(failure(413, 'RequestEntityTooLarge', `Exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`));
      this.listener.error(TOO_LARGE);
    } else {
      this.answered = true;
      socket.write(ACCEPTED);
      if (isError) { this.listener.error(body); } else { this.listener.answer(body); }
    }
  }
}

const ACCEPTED = reply(202, '{"status":"OK"}\n');

/** Says why, and hangs up. It reads what still comes, otherwise it would not notice the end of the connection. */
function refuse(socket: Socket, status: number, errorType: string, errorMessage: string) {
  socket.resume();
  if (socket.writable) { socket.end(failure(status, errorType, errorMessage), () => socket.destroySoon()); }
}

function failure(status: number, errorType: string, errorMessage: string): string {
  return reply(status, JSON.stringify({ errorMessage, errorType }));
}

function reply(status: number, body: string): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
