import type { WebSocket } from 'ws';
import { ManualClock } from '../../../src/local/clock';
import { Address } from '../../../src/local/wire/address';
import { Connection } from '../../../src/local/wire/connection';
import { MAX_FRAME_BYTES } from '../../../src/local/wire/frame-limit';
import { textFrames } from '../../../src/local/wire/text-frames';

const MINUTE = 60_000;

/** What `ws` gives, as far as a connection uses it. */
function fakeSocket() {
  return { readyState: 1, close: jest.fn(), pause: jest.fn(), resume: jest.fn(), terminate: jest.fn() };
}

let clock: ManualClock;
let socket: ReturnType<typeof fakeSocket>;
let sink: { writableLength: number; readonly write: jest.Mock<boolean, [Buffer]> };
let connection: Connection;

beforeEach(() => {
  clock = new ManualClock(1000);
  socket = fakeSocket();
  sink = { writableLength: 0, write: jest.fn() };
  connection = new Connection('Id=', {} as Address, { sourceIp: '127.0.0.1' }, clock);
});

const open = () => connection.opened(socket as unknown as WebSocket, sink);
const sent = () => sink.write.mock.calls.map(([frames]) => frames);

describe('before it is open', () => {
  test('nothing can be sent', () => {
    expect(connection.open).toBe(false);
    expect(connection.send('x')).toBe(false);
  });

  test('there is nothing to close, to pause or to end', () => {
    connection.close(1000, 'x');
    connection.pause();
    connection.resume();
    connection.terminate();
    connection.ended();

    expect(connection.closing).toBeUndefined();
  });

  test('it does not idle', () => {
    clock.advance(11 * MINUTE);
    open();
    clock.advance(9 * MINUTE);

    expect(connection.open).toBe(true);
  });
});

describe('it is closed with 1001', () => {
  test('after ten minutes in which nothing was said', () => {
    open();
    clock.advance(10 * MINUTE - 1);
    expect(connection.closing).toBeUndefined();
    clock.advance(1);

    expect(connection.closing).toEqual({ code: 1001, reason: 'Going away' });
    expect(socket.close).toHaveBeenCalledWith(1001, 'Going away');
  });

  test.each<[string, () => void]>([
    ['came', () => connection.touch()],
    ['was sent', () => void connection.send('x')],
  ])('ten minutes after the last message that %s', (_, act) => {
    open();
    clock.advance(6 * MINUTE);
    act();
    expect(connection.lastActiveAt).toBe(1000 + 6 * MINUTE);
    clock.advance(10 * MINUTE - 1);
    expect(connection.open).toBe(true);
    clock.advance(1);

    expect(connection.closing).toMatchObject({ code: 1001 });
  });

  test('after two hours, however much was said', () => {
    open();
    for (let minute = 1; minute < 120; minute++) {
      clock.advance(MINUTE);
      connection.touch();
    }
    expect(connection.open).toBe(true);
    clock.advance(MINUTE);

    expect(connection.closing).toMatchObject({ code: 1001 });
  });

  test('by no clock once it has ended', () => {
    open();
    connection.ended();
    clock.advance(121 * MINUTE);

    expect(socket.close).not.toHaveBeenCalled();
  });
});

describe('a message is sent', () => {
  beforeEach(open);

  test('as one frame of text up to 32 KB, bytes too', () => {
    expect(connection.send('x'.repeat(MAX_FRAME_BYTES))).toBe(true);
    expect(connection.send(Buffer.from('é'))).toBe(true);

    expect(sent()).toEqual([textFrames('x'.repeat(MAX_FRAME_BYTES)), textFrames('é')]);
  });

  test('in frames of 32 KB of bytes, and not of characters, written at once', () => {
    connection.send('é'.repeat(MAX_FRAME_BYTES) + 'x');

    expect(sent()).toEqual([textFrames('é'.repeat(MAX_FRAME_BYTES) + 'x')]);
  });

  test('where it is empty', () => {
    connection.send('');

    expect(sent()).toEqual([textFrames('')]);
  });

  test('until 1 MB waits for the client', () => {
    sink.writableLength = 1024 * 1024 - 3;

    expect(connection.send('x')).toBe(true);
    expect(connection.send('xx')).toBe(false);
    expect(sink.write).toHaveBeenCalledTimes(1);
  });

  test('never to a socket that is closing', () => {
    socket.readyState = 2;

    expect(connection.send('x')).toBe(false);
  });
});

test('it is closed once: the first reason stays, and nothing is sent any more', () => {
  open();
  connection.close(1003, 'Binary is not supported');
  connection.close(1001, 'Going away');

  expect(connection.closing).toEqual({ code: 1003, reason: 'Binary is not supported' });
  expect(socket.close).toHaveBeenCalledTimes(1);
  expect(connection.open).toBe(false);
  expect(connection.send('x')).toBe(false);
});

test('its socket is paused, resumed and ended', () => {
  open();
  connection.pause();
  connection.resume();
  connection.terminate();

  expect([socket.pause, socket.resume, socket.terminate].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1]);
});
