import { describe as inWords, greeting, painter } from '../../src/cli/report';
import { NewEvent } from '../../src/local/events/trace';
import { servedApi } from '../local/console/console-source';
import { functionModel } from '../local/local-function';

const plain = painter(false);
const told = (event: NewEvent) => inWords({ time: Date.UTC(2026, 0, 2, 3, 4, 5, 678), ...event }, plain);
const at = '03:04:05.678';
const where = { api: 'Chat', stage: 'dev', connectionId: 'Id=' };

describe('an event is told in a line:', () => {
  const connect = { type: 'connect', ...where, sourceIp: '127.0.0.1', durationMillis: 7 } as const;
  const answer = { type: 'answer', connectionId: 'Id=', requestId: 'r', routeKey: 'send', durationMillis: 7 } as const;
  const post = { type: 'connections-api', method: 'POST', connectionId: 'Id=', caller: 'ChatRole' } as const;
  test.each<[NewEvent, string]>([
    [{ ...connect, status: 101 }, '+ Id= connected to Chat (dev), 7 ms'],
    [{ ...connect, status: 403, reason: 'denied' }, '✗ Id= refused with 403, 7 ms: denied'],
    [{ ...connect, status: 500 }, '✗ Id= refused with 500, 7 ms:'],
    [{ type: 'message', ...where, requestId: 'r', routeKey: 'send', body: '{}' }, '→ Id= send {}'],
    [{ ...answer, status: 200 }, '← Id= send 200, 7 ms'],
    [{ ...answer, status: 200, body: 'hi' }, '← Id= send 200, 7 ms hi'],
    [{ ...answer, status: 502, reason: 'it exited' }, '✗ Id= send 502, 7 ms: it exited'],
    [{ ...post, status: 200, body: 'hi' }, '⇠ Id= POST 200 by ChatRole hi'],
    [{ ...post, method: 'GET', status: 200 }, '⇠ Id= GET 200 by ChatRole'],
    [{ ...post, method: 'DELETE', status: 410, reason: 'GoneException' }, '✗ Id= DELETE 410 by ChatRole: GoneException'],
    [{ ...post, status: 403, reason: 'may not' }, '✗ Id= POST 403 by ChatRole: may not'],
    [{ type: 'disconnect', ...where, code: 1000, reason: '' }, '− Id= disconnected: 1000'],
    [{ type: 'disconnect', ...where, code: 1001, reason: 'Going away' }, '− Id= disconnected: 1001 Going away'],
    [{ type: 'access-log', api: 'Chat', stage: 'dev', line: '{"status":200}' }, '≡ {"status":200}'],
    [{ type: 'function-log', function: 'Stack/Fn', stream: 'stdout', text: 'hello' }, '│ Stack/Fn hello'],
    [{ type: 'function-log', function: 'Stack/Fn', stream: 'stderr', text: 'oh' }, '│ Stack/Fn oh'],
    [{ type: 'function', function: 'Stack/Fn', what: 'timeout', reason: 'after 3 s' }, '✗ Stack/Fn timeout after 3 s'],
    [{ type: 'function', function: 'Stack/Fn', what: 'init-error', reason: 'no module' }, '✗ Stack/Fn init-error no module'],
    [{ type: 'reload', what: 'the assembly', durationMillis: 7 }, '↻ the assembly in 7 ms'],
  ])('%j', (event, expected) => {
    expect(told(event)!.trimEnd()).toBe(`${at} ${expected}`);
  });

  test('a warning stands out, without the time', () => {
    expect(told({ type: 'warning', text: 'take care' })).toBe('! take care');
  });

  test.each(['start', 'ready', 'exit'] as const)('that a function does `%s` goes without saying', (what) => {
    expect(told({ type: 'function', function: 'Stack/Fn', what })).toBeUndefined();
  });
});

describe('what a client sends', () => {
  const message = (body: string) => told({ type: 'message', ...where, requestId: 'r', routeKey: 'send', body })!;

  test('is one line, however many it has', () => {
    expect(message('{\n  "a": 1\r\n}')).toBe(`${at} → Id= send { "a": 1 }`);
  });

  test('cannot command the terminal', () => {
    expect(message('\u001b[2J\u0007\u009bx')).toBe(`${at} → Id= send �[2J��x`);
  });

  test('is cut where it is long', () => {
    expect(message('x'.repeat(1000))).toBe(`${at} → Id= send ${'x'.repeat(300)}… (1000 characters)`);
  });
});

test('colours are for terminals', () => {
  expect(painter(true)('red', 'x')).toBe('\u001b[31mx\u001b[0m');
  expect(plain('red', 'x')).toBe('x');
});

describe('the greeting', () => {
  const here = Number(process.versions.node.split('.')[0]);
  const same = functionModel({ runtime: `nodejs${here}.x` });

  test('is one line for one API: where, what, and the page', () => {
    expect(greeting({ apis: [servedApi(3001)], functionsInUse: [same], port: 3001 }, plain))
      .toBe('✓ Chat  ws://localhost:3001/dev  3 routes ($connect, $default, sendMessage)  1 function  http://localhost:3001/_console');
  });

  test('has a line for each API, and the functions and the page in the last', () => {
    const apis = [servedApi(3001, { name: 'One', routes: ['$default'] }), servedApi(3001, { name: 'Two', domainUrls: ['ws://localhost:3001/chat.example.com/'] })];

    expect(greeting({ apis, functionsInUse: [], port: 3001 }, plain).split('\n')).toEqual([
      '✓ One  ws://localhost:3001/dev  1 route ($default)',
      '✓ Two  ws://localhost:3001/dev ws://localhost:3001/chat.example.com/  3 routes ($connect, $default, sendMessage)  0 functions  http://localhost:3001/_console',
    ]);
  });

  test('says once where another Node.js runs the functions', () => {
    const other = functionModel({ runtime: `nodejs${here + 2}.x` });

    expect(greeting({ apis: [servedApi(3001)], functionsInUse: [other, { ...other }, same], port: 3001 }, plain))
      .toContain(`3 functions on Node.js ${here} (${here + 2} in Lambda)`);
  });
});
