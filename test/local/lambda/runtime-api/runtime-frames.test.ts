import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import { RuntimeFrames } from '../../../../src/local/lambda/runtime-api/runtime-frames';
import { until } from '../../local-function';

const EVENT = { requestId: 'id-1', body: '{"a":"ä"}', deadline: 1234, functionArn: 'arn:f', traceId: 'Root=1' };
const LARGE = 6 * 1024 * 1024 + 100;

let said: string[];
let frames: RuntimeFrames;
let runtime: Socket;

beforeEach(async () => {
  said = [];
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  runtime = connect(port, '127.0.0.1');
  const [socket] = await once(server, 'connection');
  server.close();
  frames = new RuntimeFrames(socket, {
    next: () => said.push('next'),
    answer: (body) => said.push(`answer ${body.length > 100 ? body.length : body}`),
    error: (body) => said.push(`error ${body}`),
    initError: (body) => said.push(`init error ${body}`),
    hungUp: (event) => said.push(`hung up: ${event}`),
  });
});
afterEach(() => {
  frames.close();
  runtime.destroy();
});

function frame(kind: string, body = '', quiet = 1): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(Buffer.byteLength(body) + 2);
  head.write(kind, 4);
  head[5] = quiet;
  return Buffer.concat([head, Buffer.from(body)]);
}

/** A runtime that has been handed the event. */
async function running() {
  if (!frames.isWaiting) { runtime.write(frame('n')); }
  await until(() => frames.isWaiting);
  frames.send(EVENT);
  said = [];
}

test('an event is a line of what Lambda says of it, and its body', async () => {
  await running();
  const [received]: Buffer[] = await once(runtime, 'data');

  expect(received.readUInt32LE()).toBe(received.length - 4);
  expect(received.toString('utf8', 4)).toBe('["id-1",1234,"arn:f","Root=1"]\n{"a":"ä"}');
  expect(() => frames.send(EVENT)).toThrow('no runtime waits for an event');
});

test('an answer asks for the next event, in however many pieces it comes', async () => {
  for (const size of [1, 5, 1000]) {
    await running();
    const answer = frame('r', '"grüezi"');
    for (let at = 0; at < answer.length; at += size) {
      runtime.write(answer.subarray(at, at + size));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => frames.isWaiting);
    expect(said).toEqual(['answer "grüezi"', 'next']);
  }
});

test('an answer of megabytes is taken, and one byte more than Lambda takes is an error', async () => {
  await running();
  runtime.write(frame('r', 'x'.repeat(LARGE)));
  await until(() => frames.isWaiting);
  expect(said).toEqual([`answer ${LARGE}`, 'next']);

  await running();
  runtime.write(frame('r', 'x'.repeat(LARGE + 1)));
  await until(() => frames.isWaiting);
  expect(said).toEqual([expect.stringMatching(/^error \{"errorType":"Function\.ResponseSizeTooLarge"/), 'next']);

  await running();
  runtime.write(frame('r', '1'));
  await until(() => said.length > 0);
  expect(said).toEqual(['answer 1', 'next']);
});

test('an error asks for the next event, unless the process ends with it', async () => {
  await running();
  runtime.write(frame('e', '{}'));
  await until(() => frames.isWaiting);
  expect(said).toEqual(['error {}', 'next']);

  await running();
  runtime.write(frame('x', '{"last":1}'));
  await until(() => said.length > 0);
  expect(said).toEqual(['error {"last":1}']);
});

test.each<[string, () => Buffer]>([
  ['asks twice', () => Buffer.concat([frame('n'), frame('n')])],
  ['answers what it was not asked', () => frame('r')],
  ['sends a frame that there is not', () => Buffer.concat([frame('z'), frame('n')])],
  ['sends a frame without its head', () => Buffer.concat([Buffer.alloc(4), frame('n')])],
])('whatever %s is not our client, and nothing more is read from it', async (_, bytes) => {
  runtime.write(bytes());
  await once(runtime, 'close');

  expect(said.filter((one) => one === 'next').length).toBe(_ === 'asks twice' ? 1 : 0);
});

test('an error of the start is told', async () => {
  runtime.write(frame('i', '{}'));
  await until(() => said.length > 0);

  expect(said).toEqual(['init error {}']);
});

test('whether something runs on is told with each frame', async () => {
  runtime.write(frame('n', '', 0));
  await until(() => frames.isWaiting);
  expect(frames.isQuiet).toBe(false);

  frames.send(EVENT);
  runtime.write(frame('r', '1', 1));
  await until(() => frames.isWaiting);
  expect(frames.isQuiet).toBe(true);
});

test.each(['what is no frame', 'an answer that nobody asked for'])('%s ends the link', async (what) => {
  runtime.write(frame('n'));
  await until(() => frames.isWaiting);
  runtime.write(what === 'what is no frame' ? frame('?') : frame('r', '1'));
  await until(() => said.length > 1);

  expect(said).toEqual(['next', 'hung up: none']);
});

test('a runtime that hangs up with its event read is told from one that has not read it', async () => {
  await running();
  await once(runtime, 'data');
  runtime.end();
  await until(() => said.length > 0);

  expect(said).toEqual(['hung up: read']);
});
