import { Socket } from 'node:net';
import { Event, RuntimeLink, RuntimeListener, TOO_LARGE } from './runtime-link';
import { MAX_RESPONSE_BYTES } from './runtime-request';

/** The length of what follows, the lowest byte first. */
const LENGTH_BYTES = 4;
/** Then a runtime says what its frame is, and whether it is quiet: a byte each. */
const HEAD_BYTES = LENGTH_BYTES + 2;

interface Head {
  /** `n` asks for the first event, `i` is an error of the start, `r` an answer, `e` an error, `x` an error with which the process ends. */
  readonly kind: string;
  readonly isQuiet: boolean;
  readonly end: number;
}

/**
 * The link to our own clients of Node.js and Python: frames on a pair of sockets that the process of the function alone has, as its
 * descriptor 3. It takes half the time of HTTP. An event is a line of JSON, `[requestId, deadline, functionArn, traceId]`, and its body;
 * where a clock is put forward, it says how far, too.
 * An answer, or an error, asks for the next event too.
 */
export class RuntimeFrames implements RuntimeLink {
  public isWaiting = false;
  public isQuiet = false;
  private pieces: Buffer[] = [];
  private size = 0;
  private head?: Head;
  private isServing = false;
  private closed = false;

  constructor(private readonly socket: Socket, private readonly listener: RuntimeListener) {
    let unread = false;
    // Linux resets a socket whose reader ends with data unread.
    socket.on('error', () => unread = true);
    socket.on('close', () => this.leave(unread));
    socket.on('data', (chunk) => this.read(chunk));
  }

  public send({ requestId, deadline, functionArn, traceId, body, ahead }: Event) {
    if (!this.isWaiting) { throw new Error('no runtime waits for an event'); }
    this.isWaiting = false;
    this.isServing = true;
    this.write(`${JSON.stringify(ahead === undefined ? [requestId, deadline, functionArn, traceId] : [requestId, deadline, functionArn, traceId, ahead])}\n`, body);
  }

  /** Tells a runtime that was started ahead where its code is. */
  public begin(codeFolder: string) {
    this.write(codeFolder, '');
  }

  public close() {
    this.closed = true;
    this.socket.destroy();
  }

  private write(head: string, body: string) {
    const headBytes = Buffer.byteLength(head);
    const length = headBytes + Buffer.byteLength(body);
    const frame = Buffer.allocUnsafe(LENGTH_BYTES + length);
    frame.writeUInt32LE(length);
    frame.write(head, LENGTH_BYTES);
    frame.write(body, LENGTH_BYTES + headBytes);
    this.socket.write(frame);
  }

  /** A frame arrives whole or in pieces. One that is too large is read and dropped. */
  private read(chunk: Buffer) {
    this.pieces.push(chunk);
    this.size += chunk.length;
    while (this.size >= HEAD_BYTES && !this.socket.destroyed) {
      this.head ??= this.readHead();
      const { kind, isQuiet, end } = this.head;
      if (end < HEAD_BYTES) { return this.breakOff(); }
      const isTooLarge = end > HEAD_BYTES + MAX_RESPONSE_BYTES;
      if (this.size < end) {
        if (isTooLarge) { this.pieces = []; }
        return;
      }
      const all = this.joined();
      const rest = this.size - end;
      this.pieces = rest === 0 ? [] : [all.subarray(all.length - rest)];
      this.size = rest;
      this.head = undefined;
      this.isQuiet = isQuiet;
      this.handle(kind, isTooLarge ? undefined : all.toString('utf8', HEAD_BYTES, end));
    }
  }

  private readHead(): Head {
    const all = this.joined();
    this.pieces = [all];
    return { kind: String.fromCharCode(all[LENGTH_BYTES]), isQuiet: all[LENGTH_BYTES + 1] !== 0, end: LENGTH_BYTES + all.readUInt32LE() };
  }

  private joined(): Buffer {
    return this.pieces.length === 1 ? this.pieces[0] : Buffer.concat(this.pieces);
  }

  /** @param text undefined if it was too large */
  private handle(kind: string, text: string | undefined) {
    if (!(this.isServing ? 'rex' : this.isWaiting ? 'i' : 'ni').includes(kind)) {
      this.breakOff();
    } else if (kind === 'n') {
      this.wait();
    } else if (kind === 'i') {
      this.listener.initError(text ?? '');
    } else {
      this.isServing = false;
      if (kind === 'r' && text !== undefined) { this.listener.answer(text); } else { this.listener.error(text ?? TOO_LARGE); }
      if (kind !== 'x') { this.wait(); }
    }
  }

  /** Whatever writes there is not our client. */
  private breakOff() {
    this.socket.destroy();
  }

  private wait() {
    this.isWaiting = true;
    this.listener.next();
  }

  private leave(unread: boolean) {
    if (this.closed) { return; }
    if (this.isWaiting) {
      this.isWaiting = false;
      this.listener.hungUp('none');
    } else if (this.isServing) {
      this.isServing = false;
      this.listener.hungUp(unread ? 'unread' : 'read');
    }
  }
}
