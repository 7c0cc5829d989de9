/* eslint-disable no-bitwise -- frames are made of bits */
/** API Gateway takes frames of at most 32 KB, and closes with 1009 if one is larger. The `ws` library does not check that. */
export const MAX_FRAME_BYTES = 32 * 1024;

/** Reads the headers of the frames that a client sends, and skips what is in them. */
export class FrameLimit {
  private readonly header = Buffer.alloc(14);
  private have = 0;
  private payloadLeft = 0;

  /** @returns false once a frame is too large; do not call it again then */
  public accepts(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.payloadLeft > 0) {
        const skipped = Math.min(this.payloadLeft, chunk.length - at);
        this.payloadLeft -= skipped;
        at += skipped;
        continue;
      }
      this.header[this.have++] = chunk[at++];
      if (this.have >= 2 && this.have === this.headerLength()) {
        const length = this.payloadLength();
        if (length > MAX_FRAME_BYTES) { return false; }
        this.payloadLeft = length;
        this.have = 0;
      }
    }
    return true;
  }

  private headerLength(): number {
    const second = this.header[1];
    const length = second & 0x7f;
    return 2 + (length === 127 ? 8 : length === 126 ? 2 : 0) + (second & 0x80 ? 4 : 0);
  }

  private payloadLength(): number {
    const length = this.header[1] & 0x7f;
    if (length === 126) { return this.header.readUInt16BE(2); }
    return length === 127 ? Number(this.header.readBigUInt64BE(2)) : length;
  }
}
