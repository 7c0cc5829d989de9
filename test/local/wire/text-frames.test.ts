import * as ws from 'ws';
import { MAX_FRAME_BYTES } from '../../../src/local/wire/frame-limit';
import { textFrames } from '../../../src/local/wire/text-frames';

/** What `ws` writes. */
function framesOfWs(message: Buffer): Buffer {
  const pieces = Array.from({ length: Math.max(1, Math.ceil(message.length / MAX_FRAME_BYTES)) }, (_, index) => (
    message.subarray(index * MAX_FRAME_BYTES, (index + 1) * MAX_FRAME_BYTES)
  ));
  const last = pieces.length - 1;
  return Buffer.concat(pieces.flatMap((piece, index) => (ws as any).Sender.frame(piece, {
    fin: index === last, opcode: index === 0 ? 1 : 0, rsv1: false, mask: false, readOnly: true,
  })));
}

test.each([
  0, 1, 125, 126, 127, 255, 256, 1000, MAX_FRAME_BYTES - 1, MAX_FRAME_BYTES, MAX_FRAME_BYTES + 1, 2 * MAX_FRAME_BYTES, 128 * 1024,
])('a message of %i bytes is the frames that `ws` makes', (length) => {
  const message = Buffer.alloc(length, 'abc');

  expect(textFrames(message).equals(framesOfWs(message))).toBe(true);
  expect(textFrames(message.toString()).equals(framesOfWs(message))).toBe(true);
});

test.each(['é'.repeat(63), '€', '😀'.repeat(10_000), '\ud800', '\0'])('text is UTF-8: %#', (text) => {
  expect(textFrames(text).equals(framesOfWs(Buffer.from(text)))).toBe(true);
});
