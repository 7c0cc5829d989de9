// Gets events as frames, on a socket that is the descriptor 3: see `runtime-frames.ts`. It waits by a read that blocks, so nothing of a
// handler runs in the meantime.
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';

// A function may change `fs`.
const { readSync, writeSync } = fs;
const SOCKET = 3;
const LENGTH_BYTES = 4;
const HEAD_BYTES = LENGTH_BYTES + 2;
const small = Buffer.allocUnsafeSlow(64 * 1024);

export function linkByFrames() {
  let isQuiet = true;
  // Children and threads run on while this thread waits, until the gateway stops them.
  for (const channel of ['child_process', 'worker_threads']) { subscribe(channel, () => isQuiet = false); }

  const write = (kind, body) => {
    const size = Buffer.byteLength(body);
    const frame = Buffer.allocUnsafe(HEAD_BYTES + size);
    frame.writeUInt32LE(size + HEAD_BYTES - LENGTH_BYTES);
    frame[LENGTH_BYTES] = kind.charCodeAt(0);
    frame[LENGTH_BYTES + 1] = isQuiet ? 1 : 0;
    frame.write(body, HEAD_BYTES);
    for (let written = 0; written < frame.length;) { written += writeSync(SOCKET, frame, written); }
  };

  return {
    /** Waits for the folder of the code, in a process that was started ahead. */
    begin: () => readText(),
    next(outcome) {
      if (outcome) { write(outcome.isError ? 'e' : 'r', outcome.body); } else { write('n', ''); }
      // The event loop turns once between invocations: timers and sockets of the handler are not starved, and an error that nobody
      // handles shows.
      return new Promise((done) => setImmediate(() => done(read())));
    },
    end(outcome, done) {
      write(outcome.id === 'init' ? 'i' : 'x', outcome.body);
      done();
    },
  };
}

function read() {
  const text = readText();
  const line = text.indexOf('\n');
  const [id, deadline, functionArn, traceId, ahead] = JSON.parse(text.slice(0, line));
  return { id, deadline, functionArn, traceId, ahead, body: text.slice(line + 1) };
}

function readText() {
  let buffer = small;
  let end = LENGTH_BYTES;
  for (let size = 0; size < end;) {
    const count = readSync(SOCKET, buffer, size, buffer.length - size, null);
    // The gateway has ended.
    if (count === 0) { process.exit(1); }
    size += count;
    if (size >= LENGTH_BYTES) { end = LENGTH_BYTES + buffer.readUInt32LE(); }
    if (end > buffer.length) {
      buffer = Buffer.allocUnsafeSlow(end);
      small.copy(buffer, 0, 0, size);
    }
  }
  return buffer.utf8Slice(LENGTH_BYTES, end);
}
