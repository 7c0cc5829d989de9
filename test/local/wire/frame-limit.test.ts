import * as ws from 'ws';
import { FrameLimit } from '../../../src/local/wire/frame-limit';

/** A frame as a client sends it. */
function frame(bytes: number, options: { fin?: boolean; opcode?: number; mask?: boolean } = {}): Buffer {
  return Buffer.concat((ws as any).Sender.frame(Buffer.alloc(bytes, 'x'), { fin: true, rsv1: false, opcode: 1, mask: true, readOnly: true, ...options }));
}

const accepts = (...chunks: Buffer[]) => {
  const limit = new FrameLimit();
  return chunks.every((chunk) => limit.accepts(chunk));
};

test.each([0, 1, 125, 126, 127, 65, 32 * 1024])('a frame of %i bytes is accepted', (bytes) => {
  expect(accepts(frame(bytes))).toBe(true);
});

test.each([32 * 1024 + 1, 65_535, 65_536, 1_000_000])('a frame of %i bytes is not', (bytes) => {
  expect(accepts(frame(bytes))).toBe(false);
});

test('a frame is known to be too large from its header alone', () => {
  expect(accepts(frame(100_000).subarray(0, 14))).toBe(false);
});

test('frames are told apart wherever the stream is cut', () => {
  const stream = Buffer.concat([frame(10), frame(300), frame(0, { opcode: 9 }), frame(32 * 1024), frame(40_000)]);
  const end = stream.length - 40_000 - 1;

  for (const size of [1, 2, 3, 7, 1000]) {
    const limit = new FrameLimit();
    const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) => stream.subarray(index * size, (index + 1) * size));
    const refused = chunks.findIndex((chunk) => !limit.accepts(chunk));

    expect(Math.abs(refused * size - end)).toBeLessThanOrEqual(size + 14);
  }
});

test('a message may be larger, in fragments', () => {
  const fragments = [{ fin: false }, { fin: false, opcode: 0 }, { opcode: 0 }].map((options) => frame(32 * 1024, options));
  expect(accepts(...fragments)).toBe(true);
});
