import { WebSocketEvent } from '../../../src/shipped/connections/event';
import { withSubprotocol } from '../../../src/shipped/connections/subprotocol';

const TOKEN = 'eyJhbGciOiJub25lIn0.e30.AA';
const HEADER = 'Sec-WebSocket-Protocol';

/** The protocol of the answer, after a client has asked for some. */
function chosen(asked: string, answer: object): unknown {
  return (withSubprotocol(handshake(asked), { statusCode: 200, ...answer }) as { headers: Record<string, string> }).headers[HEADER];
}

function handshake(asked: string | undefined): WebSocketEvent {
  return { ...asked === undefined ? {} : { headers: { [HEADER]: asked } } } as unknown as WebSocketEvent;
}

test('a client that sends its token as a subprotocol gets `bearer`', () => {
  expect(chosen(`bearer, ${TOKEN}`, {})).toBe('bearer');
  expect(chosen(`chat.v1, bearer, ${TOKEN}`, {})).toBe('bearer');
});

test.each([
  ['in a header', { headers: { 'sec-websocket-protocol': 'chat.v1' } }],
  ['in a list of headers', { multiValueHeaders: { 'SEC-WEBSOCKET-PROTOCOL': ['chat.v1'] } }],
])('the client gets what the app has chosen %s', (_, answer) => {
  expect(chosen(`chat.v1, bearer, ${TOKEN}`, answer)).toBe('chat.v1');
});

test.each([
  ['the token', TOKEN],
  ['what the client has not asked for', 'other'],
])('an app that chooses %s has chosen nothing', (_, choice) => {
  expect(chosen(`chat.v1, bearer, ${TOKEN}`, { headers: { [HEADER]: choice } })).toBe('bearer');
});

test('an app that answers with all that the client has asked for has chosen the first', () => {
  expect(chosen(`chat.v1, bearer, ${TOKEN}`, { headers: { [HEADER]: `chat.v1, bearer, ${TOKEN}` } })).toBe('chat.v1');
});

test('the rest of the answer stays', () => {
  expect(withSubprotocol(handshake(`bearer, ${TOKEN}`), {
    statusCode: 201, headers: { 'X-Own': 'a' }, multiValueHeaders: { [HEADER]: ['x'], 'X-Own': ['b'] }, body: 'hello',
  })).toEqual({ statusCode: 201, headers: { 'X-Own': 'a', [HEADER]: 'bearer' }, multiValueHeaders: { 'X-Own': ['b'] }, body: 'hello' });
});

test.each<[string, string | undefined, unknown]>([
  ['of a client without subprotocols', undefined, { statusCode: 200 }],
  ['of a client that sends no token', 'chat.v1', { statusCode: 200, headers: { [HEADER]: 'chat.v1' } }],
  ['that refuses', `bearer, ${TOKEN}`, { statusCode: 403 }],
  ['without a status', `bearer, ${TOKEN}`, {}],
  ['that is null', `bearer, ${TOKEN}`, null],
  ['that is text', `bearer, ${TOKEN}`, 'ok'],
])('an answer %s stays as it is', (_, asked, answer) => {
  expect(withSubprotocol(handshake(asked), answer)).toBe(answer);
});
