import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import { Address } from './address';
import { Clock } from '../clock';
import { textFrames } from './text-frames';
import { ConnectionInfo } from '../definition/served-api';
import { Closing, Identity, Peer } from '../dispatch/peer';

/** API Gateway's limits. */
export const MAX_MESSAGE_BYTES = 128 * 1024;
const IDLE_MILLIS = 10 * 60_000;
const DURATION_MILLIS = 2 * 60 * 60_000;
/** How much may wait for a client that reads slowly. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** What `socket` writes to. Messages are written there at once, between the frames of `ws`. */
export type Sink = Pick<Writable, 'write' | 'writableLength'>;

export function sourceIpOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
}

/** One client: from its handshake to its end. */
export class Connection implements Peer {
  public readonly connectedAt: number;
  public lastActiveAt: number;
  public identity: Identity;
  /** What the authorizer returned. It goes into every event. */
  public authorizer?: Readonly<Record<string, unknown>>;
  /** How it ended, if it was not the client that ended it. */
  public closing?: Closing;
  private socket?: WebSocket;
  private sink?: Sink;
  private cancelIdle?: () => void;
  private cancelDuration?: () => void;

  constructor(public readonly id: string, public readonly address: Address, identity: Identity, private readonly clock: Clock) {
    this.connectedAt = this.lastActiveAt = clock.now();
    this.identity = identity;
  }

  public get domainName(): string {
    return this.address.domainName;
  }

  /** Before it is open, only its `$connect` route knows it, and nothing can be posted to it. */
  public get open(): boolean {
    return this.socket?.readyState === 1 && !this.closing;
  }

  public opened(socket: WebSocket, sink: Sink) {
    this.socket = socket;
    this.sink = sink;
    this.lastActiveAt = this.clock.now();
    this.cancelDuration = this.clock.after(DURATION_MILLIS, () => this.close(1001, 'Going away'));
    this.watchIdle(IDLE_MILLIS);
  }

  public get info(): ConnectionInfo {
    return {
      connectionId: this.id,
      api: this.address.api.name,
      stage: this.address.stage.name,
      sourceIp: this.identity.sourceIp,
      connectedAt: new Date(this.connectedAt),
      lastActiveAt: new Date(this.lastActiveAt),
    };
  }

  public ended() {
    this.cancelIdle?.();
    this.cancelDuration?.();
  }

  /** Call this for each message, in either direction. Pings do not count. */
  public touch() {
    this.lastActiveAt = this.clock.now();
  }

  /** @returns false if the client has not yet read what already waits for it */
  public send(text: string | Buffer): boolean {
    if (!this.sink || !this.open) { return false; }
    const frames = textFrames(text);
    if (this.sink.writableLength + frames.length > MAX_WAITING_BYTES) { return false; }
    this.touch();
    this.sink.write(frames);
    return true;
  }

  public close(code: number, reason: string) {
    if (!this.socket || this.closing) { return; }
    this.closing = { code, reason };
    this.socket.close(code, reason);
  }

  public pause() {
    this.socket?.pause();
  }

  public resume() {
    this.socket?.resume();
  }

  public terminate() {
    this.socket?.terminate();
  }

  /** One timer that checks again when it is due: to set it anew for every message would cost more than the message. */
  private watchIdle(milliseconds: number) {
    this.cancelIdle = this.clock.after(milliseconds, () => {
      const left = this.lastActiveAt + IDLE_MILLIS - this.clock.now();
      if (left <= 0) {
        this.close(1001, 'Going away');
      } else {
        this.watchIdle(left);
      }
    });
  }
}
