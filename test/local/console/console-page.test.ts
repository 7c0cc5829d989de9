import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { get, IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { connectionInfo, FakeSource, servedApi, serveConsole } from './console-source';
import { isConsolePath } from '../../../src/local/console/console-page';
import { until } from '../until';

const FOLDER = resolve('src/local/console/page');

let source: FakeSource;
let port: number;

beforeEach(async () => {
  source = new FakeSource();
  ({ port } = await serveConsole(source));
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function ask(path: string, { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const sent = request({ port, path, method, headers: { host: `localhost:${port}`, ...headers } });
  sent.end();
  const [response] = await once(sent, 'response') as [IncomingMessage];
  let body = '';
  for await (const chunk of response) { body += chunk; }
  return { status: response.statusCode!, headers: response.headers, body };
}

/** The events that a page gets, one after the other. */
async function follow(): Promise<{ next(): Promise<{ name: string; data: any }>; close(): void }> {
  const sent = get({ port, path: '/_console/events' });
  const [response] = await once(sent, 'response') as [IncomingMessage];
  const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]();
  let text = '';
  const next = async (): Promise<{ name: string; data: any }> => {
    const end = text.indexOf('\n\n');
    if (end < 0) {
      text += (await chunks.next()).value;
      return next();
    }
    const block = text.slice(0, end);
    text = text.slice(end + 2);
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    return name === undefined ? next() : { name, data: JSON.parse(data) };
  };
  return { next, close: () => sent.destroy() };
}

describe('paths', () => {
  test.each(['/_console', '/_console/', '/_console/events', '/_console?x=1'])('%s is the page', (url) => {
    expect(isConsolePath(url)).toBe(true);
  });

  test.each(['/', '/_consoles', '/dev/_console', '/dev?/_console'])('%s is not the page', (url) => {
    expect(isConsolePath(url)).toBe(false);
  });
});

describe('the files', () => {
  test('without its last slash, the address leads to the one that has it', async () => {
    const { status, headers } = await ask('/_console?from=terminal');
    expect([status, headers.location]).toEqual([302, '/_console/']);
  });

  test.each([
    ['', 'text/html; charset=utf-8', '<!doctype html>'],
    ['?x=1', 'text/html; charset=utf-8', '<!doctype html>'],
    ['console.css', 'text/css; charset=utf-8', ':root'],
    ['console.js', 'text/javascript; charset=utf-8', 'EventSource'],
    ['icon.svg', 'image/svg+xml; charset=utf-8', '<svg'],
  ])('"%s" is served as %s', async (name, type, text) => {
    const { status, headers, body } = await ask(`/_console/${name}`);
    expect([status, headers['content-type']]).toEqual([200, type]);
    expect(body).toContain(text);
  });

  test.each(readdirSync(FOLDER))('every file of the page is served: %s', async (name) => {
    expect((await ask(`/_console/${name}`)).status).toBe(200);
  });

  test('HEAD answers with no body', async () => {
    const { status, headers, body } = await ask('/_console/', { method: 'HEAD' });
    expect([status, body]).toEqual([200, '']);
    expect(Number(headers['content-length'])).toBeGreaterThan(1000);
  });

  test.each(['nothing.js', 'console.map', '../console-page.ts', '..%2fconsole-page.ts', 'a/console.js', 'constructor', '.js'])('there is no %s', async (name) => {
    expect((await ask(`/_console/${name}`)).status).toBe(404);
  });

  test('all of them together are light', () => {
    const sizes = readdirSync(FOLDER).map((name) => statSync(join(FOLDER, name)).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(42_000);
  });
});

describe('who may read', () => {
  test.each(['', 'events', 'nothing'])('"%s" takes only its own scripts, and is kept nowhere', async (name) => {
    const { headers } = await ask(`/_console/${name}`, { method: 'HEAD' });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(/^default-src 'self'; connect-src 'self' ws: wss:; /),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not allowed', async (method) => {
    const { status, headers } = await ask('/_console/events', { method });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  test.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
  ])('a page elsewhere gets nothing: %p', async (headers) => {
    expect((await ask('/_console/events', { headers })).status).toBe(403);
    expect(source.listeners.size).toBe(0);
  });

  test.each<Record<string, string>>([
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' },
  ])('a person gets the page: %p', async (headers) => {
    expect((await ask('/_console/', { headers })).status).toBe(200);
  });

  test.each(['http', 'https'])('its own origin may be said, with %s', async (scheme) => {
    expect((await ask('/_console/', { headers: { origin: `${scheme}://localhost:${port}` } })).status).toBe(200);
  });
});

describe('events', () => {
  test('what was before comes first', async () => {
    source.apis = [servedApi(port)];
    source.open.push(connectionInfo('Abc='));
    source.emit({ type: 'warning', text: 'careful' });
    const { next } = await follow();
    expect(await next()).toEqual({
      name: 'snapshot',
      data: JSON.parse(JSON.stringify({ apis: source.apis, connections: source.open, events: source.past })),
    });
  });

  test('then each event as it comes', async () => {
    const { next } = await follow();
    await next();
    source.emit({ type: 'warning', text: 'two\nlines' });
    source.emit({ type: 'disconnect', api: 'Chat', stage: 'dev', connectionId: 'Abc=', code: 1001, reason: 'Going away' });
    expect(await next()).toMatchObject({ name: 'event', data: { type: 'warning', text: 'two\nlines' } });
    expect(await next()).toMatchObject({ name: 'event', data: { type: 'disconnect', code: 1001 } });
  });

  test('the APIs come again after a reload', async () => {
    const { next } = await follow();
    await next();
    source.apis = [servedApi(port, { name: 'Renamed' })];
    source.emit({ type: 'reload', what: 'the assembly', durationMillis: 3 });
    expect((await next()).name).toBe('event');
    expect(await next()).toMatchObject({ name: 'apis', data: [{ name: 'Renamed' }] });
  });

  test('of many, the last 500 come', async () => {
    for (let number = 0; number < 600; number++) { source.emit({ type: 'warning', text: String(number) }); }
    const { data } = await (await follow()).next();
    expect([data.events.length, data.events[0].text, data.events.at(-1).text]).toEqual([500, '100', '599']);
  });

  test('of long ones, as many come as a page should take at once', async () => {
    for (let number = 0; number < 100; number++) { source.emit({ type: 'warning', text: 'x'.repeat(100_000) }); }
    expect((await (await follow()).next()).data.events).toHaveLength(20);
  });

  test('text that is longer than any message is cut, and says so', async () => {
    const { next } = await follow();
    await next();
    source.emit({ type: 'function-log', function: 'F', stream: 'stdout', text: 'x'.repeat(10_000_000) });
    const { data } = await next();
    expect(data.text).toHaveLength(128 * 1024 + '… (10000000 characters)'.length);
    expect(data.text).toMatch(/x… \(10000000 characters\)$/);
  });

  test('HEAD listens to nothing', async () => {
    const { status, headers } = await ask('/_console/events', { method: 'HEAD' });
    expect([status, headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(source.listeners.size).toBe(0);
  });

  test('nobody listens for a page that is gone', async () => {
    const page = await follow();
    await page.next();
    expect(source.listeners.size).toBe(1);
    page.close();
    await until(() => source.listeners.size === 0);
  });

  test('a page that does not read is dropped', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.write(`GET /_console/events HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    await until(() => source.listeners.size === 1);
    let sent = 0;
    while (source.listeners.size > 0 && sent < 1000) {
      source.listeners.forEach((listener) => listener({ time: 0, type: 'warning', text: 'x'.repeat(100_000) }));
      sent++;
      await new Promise((done) => setImmediate(done));
    }
    expect(sent).toBeLessThan(1000);
    socket.destroy();
  });
});
