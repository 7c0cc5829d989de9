/** Lambda accepts answers of 6 MB and a little more. */
export const MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100;
const MAX_HEAD_BYTES = 64 * 1024;

/** A request of a runtime to the Runtime API. */
export interface Request {
  readonly method: string;
  readonly path: string;
  /** Undefined if it was too large to keep. */
  readonly body?: string;
}

/** Reads the requests of one connection. They arrive whole or in pieces. A body that is too large is read and dropped. */
export class RequestReader {
  private rest: Buffer = Buffer.alloc(0);
  private head?: { readonly method: string; readonly path: string; readonly chunked: boolean };
  private kept: Buffer[] = [];
  private size = 0;
  /** How many bytes of the body, or of its current chunk, are still to come. */
  private missing = 0;
  private inTrailers = false;

  /** @param host the only `Host` that is served */
  constructor(
    private readonly host: string,
    private readonly onRequest: (request: Request) => void,
    private readonly onExpect: () => void,
  ) {}

  public read(chunk: Buffer) {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (this.head ? this.readBody(this.head.chunked) : this.readHead()) {
      // One chunk may hold several requests.
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
    if (/\r\n(?:origin|sec-fetch-[a-z]+):/i.test(text)) { throw new Error('browsers are not served'); }
    // If a website points its name to loopback, its page sends that name here.
    const hosts = [...text.matchAll(/\r\nhost:([^\r]*)(?=\r\n|$)/gi)].map(([, name]) => name.trim());
    if (hosts.length !== 1 || hosts[0] !== this.host) { throw new Error(`the header \`Host\` is not \`${this.host}\``); }
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
    // An empty line ends the previous chunk.
    if (line === '') { return true; }
    if (!/^[\da-f]+/i.test(line)) { throw new Error('not a chunk'); }
    this.missing = parseInt(line, 16);
    this.inTrailers = this.missing === 0;
    return true;
  }

  private finish() {
    const whole = () => (this.kept.length === 1 ? this.kept[0] : Buffer.concat(this.kept)).toString();
    const body = this.size > MAX_RESPONSE_BYTES ? undefined : whole();
    const { method, path } = this.head!;
    this.head = undefined;
    this.kept = [];
    this.size = 0;
    this.inTrailers = false;
    this.onRequest({ method, path, body });
  }
}
