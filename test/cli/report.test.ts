import { describe as inWords, footer, painter } from '../../src/cli/report';
import { NewEvent } from '../../src/local/events/trace';

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
    expect(message('{\n  "a": 1\n}')).toBe(`${at} → Id= send { "a": 1 }`);
  });

  test('is cut if it is long', () => {
    expect(message('x'.repeat(1000))).toBe(`${at} → Id= send ${'x'.repeat(300)}… (1000 characters)`);
  });

  test('costs no more for its spaces', () => {
    const started = process.cpuUsage();
    message(' '.repeat(128 * 1024));
    message(`${' '.repeat(128 * 1024)}\n`.repeat(8));

    expect(process.cpuUsage(started).user).toBeLessThan(500_000);
  });
});

describe('nothing that comes from outside commands the terminal:', () => {
  // Clears the screen, sets the title, writes the clipboard; the same in C1; starts a line anew; reverses the text.
  const hostile = '\u001b[2J\u001b]0;title\u0007\u001b]52;c;eA==\u001b\\\u009b2J\r\u0008\u202e\u2028x';
  const commands = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
  const events: NewEvent[] = [
    { type: 'connect', api: hostile, stage: hostile, connectionId: hostile, status: 101, sourceIp: hostile, durationMillis: 1 },
    { type: 'connect', api: hostile, stage: hostile, connectionId: hostile, status: 403, sourceIp: hostile, durationMillis: 1, reason: hostile },
    { type: 'message', api: hostile, stage: hostile, connectionId: hostile, requestId: hostile, routeKey: hostile, body: hostile },
    { type: 'answer', connectionId: hostile, requestId: hostile, routeKey: hostile, status: 200, durationMillis: 1, body: hostile },
    { type: 'answer', connectionId: hostile, requestId: hostile, routeKey: hostile, status: 502, durationMillis: 1, reason: hostile },
    { type: 'connections-api', method: 'POST', connectionId: hostile, status: 200, caller: hostile, body: hostile },
    { type: 'connections-api', method: hostile as 'POST', connectionId: hostile, status: 403, caller: hostile, reason: hostile },
    { type: 'invoke-api', function: hostile, invocationType: 'Event', status: 202, caller: hostile, durationMillis: 1, body: hostile },
    { type: 'invoke-api', function: hostile, invocationType: 'Event', status: 403, caller: hostile, durationMillis: 1, reason: hostile },
    { type: 'event-invocation', function: hostile, requestId: hostile, attempt: 1, durationMillis: 1, reason: hostile },
    { type: 'disconnect', api: hostile, stage: hostile, connectionId: hostile, code: 4000, reason: hostile },
    { type: 'access-log', api: hostile, stage: hostile, line: hostile },
    { type: 'function-log', function: hostile, stream: 'stdout', text: hostile },
    { type: 'function', function: hostile, what: 'init-error', reason: hostile },
    { type: 'reload', what: hostile, durationMillis: 1 },
    { type: 'warning', text: hostile },
  ];

  test.each(events.map((event) => [event.type, event] as const))('%s', (_, event) => {
    expect(told(event)).not.toMatch(commands);
    expect(told(event)).toContain('�');
  });

  test('a new line in a warning does not look like another event', () => {
    expect(told({ type: 'warning', text: 'error\n+ Id= connected' })).toBe('! error\n  + Id= connected');
  });

  test('a new line in any other field is a space', () => {
    expect(told({ type: 'disconnect', ...where, code: 4000, reason: 'bye\n+ Id= connected' })).toBe(`${at} − Id= disconnected: 4000 bye + Id= connected`);
  });
});

describe('what a function prints', () => {
  const printed = (text: string, colours = true) => inWords({ time: 0, type: 'function-log', function: 'Fn', stream: 'stdout', text }, painter(colours))!;

  test('keeps its colours, which end with the line', () => {
    expect(printed('\u001b[1;38:5:12mred\u001b[0m and \u001b[32mgreen')).toMatch(/ \u001b\[1;38:5:12mred\u001b\[0m and \u001b\[32mgreen\u001b\[0m$/);
  });

  test('has no colours if nobody looks', () => {
    expect(printed('\u001b[31mred\u001b[0m', false)).toMatch(/│ Fn red$/);
  });

  test('keeps nothing else that a terminal obeys', () => {
    expect(printed('\u001b[31m\u001b[2J\u001b]0;title\u0007\rx')).toMatch(/ \u001b\[31m�\[2J�\]0;title��x\u001b\[0m$/);
  });

  test('is cut if it is very long', () => {
    expect(printed('x'.repeat(100_000), false)).toMatch(/x… \(100000 characters\)$/);
  });
});

test('colours are for terminals', () => {
  expect(painter(true)('red', 'x')).toBe('\u001b[31mx\u001b[0m');
  expect(plain('red', 'x')).toBe('x');
});

describe('the footer', () => {
  const gateway = { apis: [{ url: 'ws://localhost:3001/dev' }, { url: 'ws://localhost:3001/prod' }], port: 3001 };

  test('has the page and the URLs', () => {
    expect(footer(gateway, 200)).toBe('http://localhost:3001/_console  ws://localhost:3001/prod  ws://localhost:3001/dev');
  });

  test('fits', () => {
    expect(footer(gateway, 40)).toBe('http://localhost:3001/_console  ws://lo…');
  });
});
