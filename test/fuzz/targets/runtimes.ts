import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { bytesOf, listOf } from './text';
import { RuntimeFrames } from '../../../src/local/lambda/runtime-api/runtime-frames';
import { RequestReader } from '../../../src/local/lambda/runtime-api/runtime-request';
import { Target } from '../engine';

const EVENT = { requestId: 'id', body: '{}', deadline: 1, functionArn: 'arn:f', traceId: 't' };

function frame(kind: string, body: string, length = body.length + 2): string {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(length);
  return `${head.toString('latin1')}${kind}\x01${body}`;
}

const pieces = (all: fc.Arbitrary<string>) => fc.array(all, { maxLength: 8 });

/** The frames of our own clients, in any pieces: what is said may not depend on the pieces, and it is said in an order that there is. */
export const runtimeFrames: Target<string[]> = {
  inputs: pieces(fc.oneof(
    fc.tuple(fc.constantFrom('n', 'i', 'r', 'e', 'x', 'z'), fc.string({ maxLength: 5 })).map(([kind, body]) => frame(kind, body)),
    fc.tuple(fc.constantFrom('n', 'r'), fc.string({ maxLength: 5 }), fc.nat(9)).map(([kind, body, length]) => frame(kind, body, length)),
    fc.constantFrom(frame('r', '', 0xffffffff), frame('r', '', 7_000_000)),
    fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 5 }),
  )),
  run(input) {
    const said = spoken(listOf(input).map(bytesOf));
    const bytes = Buffer.concat(listOf(input).map(bytesOf));
    if (spoken([bytes]) !== said || spoken([...bytes].map((byte) => Buffer.from([byte]))) !== said) { throw new TypeError(`it depends on the pieces: ${said}`); }
  },
};

function spoken(chunks: readonly Buffer[]): string {
  const said: string[] = [];
  let state: 'starting' | 'serving' | 'answered' = 'starting';
  const socket = Object.assign(new EventEmitter(), { destroyed: false, write: () => true, destroy() { socket.destroyed = true; } });
  const say = (word: string, isLegal: boolean) => {
    if (!isLegal) { throw new TypeError(`\`${word}\` is told while it is ${state}`); }
    if (socket.destroyed) { throw new TypeError(`\`${word.split(' ')[0]}\` is told after the end`); }
    said.push(word);
  };
  const frames = new RuntimeFrames(socket as any, {
    next() {
      say('next', state === 'starting' || state === 'answered');
      frames.send(EVENT);
      state = 'serving';
    },
    answer(body) {
      say(`answer ${body}`, state === 'serving');
      state = 'answered';
    },
    error(body) {
      say(`error ${body}`, state === 'serving');
      state = 'answered';
    },
    initError: (body) => say(`init error ${body}`, state !== 'serving'),
    hungUp: () => undefined,
  });
  for (const chunk of chunks) { if (!socket.destroyed) { socket.emit('data', chunk); } }
  return said.join('\n') + socket.destroyed;
}

const REQUEST = [
  'GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n', 'POST /2018-06-01/runtime/invocation/id/response HTTP/1.1\r\n', 'Host: h\r\n', 'Host: h', '\r\n', '\r\n\r\n', 'Content-Length: 3\r\n', 'abc',
  'Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n', '0\r\n\r\n', 'ffffffffffffffff\r\n', 'Expect: 100-continue\r\n', 'Origin: x\r\n', ' ', '\t', '\r', '\n', '\0', ': ', 'Content-Length: 99999999999999999999\r\n',
];

/** HTTP as other runtimes speak it, in any pieces. */
export const runtimeRequests: Target<string[]> = {
  inputs: pieces(fc.oneof(fc.constantFrom(...REQUEST), fc.string({ maxLength: 5 }))),
  run(input) {
    const said = requested(listOf(input).map(bytesOf));
    if (requested([Buffer.concat(listOf(input).map(bytesOf))]) !== said) { throw new TypeError(`it depends on the pieces: ${said}`); }
  },
};

function requested(chunks: readonly Buffer[]): string {
  const said: string[] = [];
  const reader = new RequestReader('h', (request) => said.push(JSON.stringify(request)), () => said.push('continue'));
  try {
    for (const chunk of chunks) { reader.read(chunk); }
  } catch (error) {
    // Where a request ends that is none, pieces decide how much of it is looked at.
    if ((error as Error).name !== 'Error') { throw error; }
    said.push('refused');
  }
  return said.join('\n');
}
