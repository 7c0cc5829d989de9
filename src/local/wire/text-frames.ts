/* eslint-disable no-bitwise -- frames are made of bits */
import { MAX_FRAME_BYTES } from './frame-limit';

const FIN = 0x80;
const CONTINUATION = 0;
const TEXT = 1;
/** A frame that is longer tells its length in two more bytes. */
const MAX_SHORT_BYTES = 125;
const LONG = 126;

/**
 * A message to a client, in frames of at most 32 KB, as bytes to be written at once. `ws` would write the header and the text of a
 * frame one by one, which takes longer.
 */
export function textFrames(message: string | Buffer): Buffer {
  const length = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
  if (length > MAX_FRAME_BYTES) { return inPieces(typeof message === 'string' ? Buffer.from(message) : message); }
  const start = headerBytes(length);
  const frame = Buffer.allocUnsafe(start + length);
  writeHeader(frame, FIN | TEXT, length);
  if (typeof message === 'string') { frame.write(message, start); } else { frame.set(message, start); }
  return frame;
}

function inPieces(message: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < message.length; at += MAX_FRAME_BYTES) {
    const piece = message.subarray(at, at + MAX_FRAME_BYTES);
    const header = Buffer.alloc(headerBytes(piece.length));
    writeHeader(header, (at === 0 ? TEXT : CONTINUATION) | (at + MAX_FRAME_BYTES >= message.length ? FIN : 0), piece.length);
    parts.push(header, piece);
  }
  return Buffer.concat(parts);
}

function headerBytes(length: number): number {
  return length > MAX_SHORT_BYTES ? 4 : 2;
}

function writeHeader(frame: Buffer, first: number, length: number) {
  frame[0] = first;
  frame[1] = Math.min(length, LONG);
  if (length > MAX_SHORT_BYTES) { frame.writeUInt16BE(length, 2); }
}
