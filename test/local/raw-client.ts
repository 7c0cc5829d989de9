import { connect, Socket } from 'node:net';
import { until } from './local-function';

/** A client that sends whatever bytes it likes, and sees what comes back. */
export class RawClient {
  /** Connects to the port of a URL, and says this first. */
  public static async open(url: string, first?: string | Buffer): Promise<RawClient> {
    const client = new RawClient(connect({ host: '127.0.0.1', port: Number(new URL(url).port) }));
    await new Promise<void>((resolve, reject) => client.socket.once('connect', resolve).once('error', reject));
    if (first !== undefined) { client.write(first); }
    return client;
  }

  /** Beyond the handshake. */
  public static async connect(url: string): Promise<RawClient> {
    const client = await RawClient.open(url, upgrade(url));
    await until(() => client.text.includes('\r\n\r\n') || client.ended);
    if (!client.text.startsWith('HTTP/1.1 101')) { throw new Error(`refused: ${client.text}`); }
    return client;
  }

  public ended = false;
  public readonly closed: Promise<void>;
  private received: Buffer = Buffer.alloc(0);

  private constructor(public readonly socket: Socket) {
    clients.push(socket);
    socket.on('data', (chunk) => this.received = Buffer.concat([this.received, chunk]));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.on('close', () => {
      this.ended = true;
      resolve();
    }));
  }

  public get text(): string {
    return this.received.toString('latin1');
  }

  public write(bytes: string | Buffer) {
    this.socket.write(bytes);
  }

  /** What came after the handshake. */
  public get frames(): Array<{ readonly opcode: number; readonly payload: Buffer }> {
    const frames = [];
    let rest = this.received.subarray(this.received.indexOf('\r\n\r\n') + 4);
    while (rest.length >= 2) {
      const short = rest[1] % 128;
      const [head, length] = short < 126 ? [2, short] : [4, rest.readUInt16BE(2)];
      if (rest.length < head + length) { break; }
      frames.push({ opcode: rest[0] % 16, payload: rest.subarray(head, head + length) });
      rest = rest.subarray(head + length);
    }
    return frames;
  }

  /** Of the close frame, if one came. */
  public get closeCode(): number | undefined {
    return this.frames.find(({ opcode }) => opcode === OPCODES.close)?.payload.readUInt16BE(0);
  }
}

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** A frame, as a client sends it unless it is told otherwise. */
export function frame(opcode: number, payload: string | Buffer = '', { fin = true, mask = true, reserved = 0 } = {}): Buffer {
  const body = Buffer.from(payload as string);
  const length = body.length < 126 ? Buffer.from([body.length]) : Buffer.from([126, body.length / 256, body.length % 256]);
  length[0] += mask ? 128 : 0;
  // A mask of zeros leaves everything as it is.
  return Buffer.concat([Buffer.from([(fin ? 128 : 0) + reserved * 16 + opcode]), length, Buffer.alloc(mask ? 4 : 0), body]);
}

/** The request of a handshake, with other headers where they are given; undefined leaves one out. */
export function upgrade(url: string, headers: { [name: string]: string | undefined } = {}, method = 'GET'): string {
  const { host, pathname, search } = new URL(url);
  const all = {
    'Host': host, 'Connection': 'Upgrade', 'Upgrade': 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${pathname}${search} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

const clients: Socket[] = [];

afterEach(() => clients.splice(0).forEach((socket) => socket.destroy()));
