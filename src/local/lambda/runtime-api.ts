import { STATUS_CODES } from 'node:http';
import { AddressInfo, createServer, Server, Socket } from 'node:net';

/** What Lambda takes as an answer: 6 MB and a little. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100;
const MAX_HEAD_BYTES = 64 * 1024;

export interface Event {
  readonly requestId: string;
  readonly body: string;
  readonly deadline: number;
  readonly functionArn: string;
  readonly traceId: string;
}

/** What the runtime says. */
export interface RuntimeListener {
  /** It asks for the next event, and waits until it is sent one. */
  next(): void;
  answer(body: string): void;
  /** The body of the error: of the event that it has, or of its start. */
  error(body: string): void;
  initError(body: string): void;
}

interface Request {
  readonly method: string;
  readonly path: string;
  /** Undefined where it was too large to keep. */
  readonly body?: string;
}

/**
 * The Lambda Runtime API for one execution environment, on a port of its own. HTTP is read here: it is a good part of the time that a warm
 * invocation takes, and what runtimes send is simple.
 */
export class RuntimeApi {
  public static async listen(listener: RuntimeListener): Promise<RuntimeApi> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return new RuntimeApi(server, listener);
  }

  public readonly address: string;
  private readonly sockets = new Set<Socket>();
  private waiting?: Socket;
  private event?: Event;
  private answered = true;

  private constructor(private readonly server: Server, private readonly listener: RuntimeListener) {
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (socket) => this.accept(socket));
  }

  public get isWaiting(): boolean {
    return this.waiting !== undefined;
  }

  /** Hands an event to the runtime, which waits for one. */
  public send(event: Event) {
    const socket = this.waiting!;
    this.waiting = undefined;
    this.event = event;
    this.answered = false;
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
      + `Lambda-Runtime-Aws-Request-Id: ${event.requestId}\r\nLambda-Runtime-Deadline-Ms: ${event.deadline}\r\n`
      + `Lambda-Runtime-Invoked-Function-Arn: ${event.functionArn}\r\nLambda-Runtime-Trace-Id: ${event.traceId}\r\n`
      + `Content-Length: ${Buffer.byteLength(event.body)}\r\n\r\n${event.body}`,
    );
    socket.uncork();
  }

  public close() {
    this.server.close();
    for (const socket of this.sockets) { socket.destroy(); }
  }

  private accept(socket: Socket) {
    this.sockets.add(socket);
    const reader = new RequestReader(
      (request) => this.handle(socket, request),
      () => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
    );
    socket.on('data', (chunk) => {
      if (socket.writableCorked === 0) { socket.cork(); }
      try {
        reader.read(chunk);
      } catch (error) {
        if (socket.writable) { socket.end(failure(400, 'InvalidRequest', (error as Error).message)); }
      }
      // A runtime that asks for the next event with its answer is told both as one: what it would be told now only wakes it.
      if (this.waiting !== socket) { socket.uncork(); }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      if (this.waiting === socket) { this.waiting = undefined; }
    });
  }

  private handle(socket: Socket, request: Request) {
    const path = /^(?:\/2018-06-01)?\/runtime\/(.*)$/.exec(request.path)?.[1];
    const [, requestId, outcome] = /^invocation\/([^/]*)\/(response|error)$/.exec(path ?? '') ?? [];
    if (request.method === 'GET' && path === 'invocation/next') {
      if (!this.answered) {
        socket.write(failure(403, 'InvalidStateTransition', 'State transition is not allowed'));
        return;
      }
      this.waiting = socket;
      this.listener.next();
    } else if (request.method === 'POST' && path === 'init/error') {
      socket.write(ACCEPTED);
      this.listener.initError(request.body ?? '');
    } else if (request.method === 'POST' && outcome) {
      this.handleOutcome(socket, requestId, outcome === 'error', request.body);
    } else {
      socket.write(failure(404, 'NotFound', `${request.method} ${request.path} is not in the Lambda Runtime API`));
    }
  }

  private handleOutcome(socket: Socket, requestId: string, isError: boolean, body: string | undefined) {
    if (requestId !== this.event?.requestId) {
      socket.write(failure(400, 'InvalidRequestID', 'Invalid request ID'));
    } else if (this.answered) {
      socket.write(failure(403, 'InvalidStateTransition', 'State transition is not allowed'));
    } else if (body === undefined) {
      this.answered = true;
      socket.write(failure(413, 'RequestEntityTooLarge', `Exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`));
      this.listener.error(JSON.stringify({
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
      }));
    } else {
      this.answered = true;
      socket.write(ACCEPTED);
      if (isError) { this.listener.error(body); } else { this.listener.answer(body); }
    }
  }
}

const ACCEPTED = reply(202, '{"status":"OK"}\n');

function failure(status: number, errorType: string, errorMessage: string): string {
  return reply(status, JSON.stringify({ errorMessage, errorType }));
}

function reply(status: number, body: string): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Reads the requests of one connection, whole or in pieces. Bodies that are too large are read and not kept. */
class RequestReader {
  private rest: Buffer = Buffer.alloc(0);
  private head?: { readonly method: string; readonly path: string; readonly chunked: boolean };
  private kept: Buffer[] = [];
  private size = 0;
  /** Bytes of the body, or of its present chunk, that have not come yet. */
  private missing = 0;
  private inTrailers = false;

  constructor(private readonly onRequest: (request: Request) => void, private readonly onExpect: () => void) {}

  public read(chunk: Buffer) {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (this.head ? this.readBody(this.head.chunked) : this.readHead()) {
      // What has come may hold more.
    }
  }

  private readHead(): boolean {
    const end = this.rest.indexOf('\r\n\r\n');
    if (end === -1) {
      if (this.rest.length > MAX_HEAD_BYTES) { throw new Error('headers are too large'); }
      return false;
    }
    const text = this.rest.toString('latin1', 0, end);
    this.rest = this.rest.subarray(end + 4);
    const [, method, path] = /^([A-Z]+) (\S+) HTTP\/1\.[01](?:\r\n|$)/.exec(text) ?? [];
    if (method === undefined) { throw new Error('not a request of HTTP/1.1'); }
    // No page of a browser has any business here.
    if (/\r\norigin:/i.test(text)) { throw new Error('requests of browsers are not served'); }
    const chunked = /\r\ntransfer-encoding: *chunked/i.test(text);
    this.missing = chunked ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    this.head = { method, path, chunked };
    if (/\r\nexpect: *100-continue/i.test(text)) { this.onExpect(); }
    return true;
  }

  /** @returns whether to go on */
  private readBody(chunked: boolean): boolean {
    if (this.missing > 0) {
      const piece = this.rest.subarray(0, this.missing);
      this.rest = this.rest.subarray(piece.length);
      this.missing -= piece.length;
      this.size += piece.length;
      if (this.size <= MAX_RESPONSE_BYTES) { this.kept.push(piece); } else { this.kept = []; }
      if (this.missing > 0) { return false; }
    }
    if (!chunked) {
      this.finish();
      return this.rest.length > 0;
    }
    return this.readChunkHead();
  }

  private readChunkHead(): boolean {
    const end = this.rest.indexOf('\r\n');
    if (end === -1) {
      if (this.rest.length > MAX_HEAD_BYTES) { throw new Error('not a chunk'); }
      return false;
    }
    const line = this.rest.toString('latin1', 0, end);
    this.rest = this.rest.subarray(end + 2);
    if (this.inTrailers) {
      if (line === '') { this.finish(); }
      return true;
    }
    // An empty line ends the chunk before.
    if (line === '') { return true; }
    if (!/^[\da-f]+/i.test(line)) { throw new Error('not a chunk'); }
    this.missing = parseInt(line, 16);
    this.inTrailers = this.missing === 0;
    return true;
  }

  private finish() {
    const body = this.size > MAX_RESPONSE_BYTES ? undefined : this.kept.length === 1 ? this.kept[0].toString() : Buffer.concat(this.kept).toString();
    const { method, path } = this.head!;
    this.head = undefined;
    this.kept = [];
    this.size = 0;
    this.inTrailers = false;
    this.onRequest({ method, path, body });
  }
}
