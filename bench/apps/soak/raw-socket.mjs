// A client that sends whatever bytes it likes, with TLS or without.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

export const TEXT = 1;
export const BINARY = 2;
export const CONTINUATION = 0;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** A frame of a client. */
export function frame(opcode, payload = '', { fin = true, mask = true, reserved = 0 } = {}) {
  const body = Buffer.from(payload);
  const length = body.length < 126 ? Buffer.from([body.length]) : Buffer.from([126, body.length >> 8, body.length & 255]);
  length[0] |= mask ? 128 : 0;
  // A mask of zeros changes nothing.
  return Buffer.concat([Buffer.from([(fin ? 128 : 0) + reserved * 16 + opcode]), length, Buffer.alloc(mask ? 4 : 0), body]);
}

export function handshakeOf(url, { method = 'GET', ...headers } = {}) {
  const { host, pathname, search } = new URL(url);
  const all = { 'Host': host, 'Connection': 'Upgrade', 'Upgrade': 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${pathname}${search} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

export class RawSocket {
  /** @param ca if given, the client uses TLS */
  static async open(url, first, ca) {
    const { port } = new URL(url);
    const raw = new RawSocket(ca ? connectTls({ host: 'localhost', port, ca }) : connectTcp({ host: '127.0.0.1', port, noDelay: true }));
    await once(raw.socket, ca ? 'secureConnect' : 'connect');
    if (first !== undefined) { raw.write(first); }
    return raw;
  }

  /** Completes the handshake. */
  static async connect(url, ca) {
    const raw = await RawSocket.open(url, handshakeOf(url), ca);
    const status = await raw.status();
    if (status !== 101) { throw new Error(`refused with ${status}`); }
    return raw;
  }

  constructor(socket) {
    this.socket = socket;
    this.received = Buffer.alloc(0);
    this.ended = false;
    socket.on('data', (chunk) => { this.received = Buffer.concat([this.received, chunk]); });
    socket.on('error', () => undefined);
    this.closed = new Promise((done) => socket.on('close', () => {
      this.ended = true;
      done();
    }));
  }

  write(bytes) { this.socket.write(bytes); }

  destroy() { this.socket.destroy(); }

  /** The status of the answer to the first request. */
  async status() {
    await this.until(() => this.received.includes('\r\n\r\n') || this.ended);
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.received.toString('latin1', 0, 20))?.[1] ?? 0);
  }

  /** Frames that came after the handshake. */
  frames() {
    const frames = [];
    let at = this.received.indexOf('\r\n\r\n') + 4;
    while (this.received.length >= at + 2) {
      const short = this.received[at + 1];
      if (short > 126 || (short === 126 && this.received.length < at + 4)) { break; }
      const [head, length] = short < 126 ? [2, short] : [4, this.received.readUInt16BE(at + 2)];
      if (this.received.length < at + head + length) { break; }
      frames.push({ opcode: this.received[at] & 15, payload: this.received.subarray(at + head, at + head + length) });
      at += head + length;
    }
    return frames;
  }

  /** The code of the close frame, if one came. */
  closeCode() {
    const close = this.frames().find(({ opcode }) => opcode === CLOSE);
    return close && close.payload.length >= 2 ? close.payload.readUInt16BE(0) : undefined;
  }

  async until(condition) {
    while (!condition()) {
      await Promise.race([once(this.socket, 'data').catch(() => undefined), this.closed]);
      if (this.ended && !condition()) { throw new Error('the connection ended too early'); }
    }
  }
}
