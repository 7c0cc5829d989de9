import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserContext, chromium, Locator, Page } from 'playwright-core';
import { WebSocket, WebSocketServer } from 'ws';
import { connectionInfo, ConsoleServer, FakeSource, servedApi, serveConsole } from './console-source';
import { certificate } from '../../../src/local/certificate';
import { testWhere } from '../../where';

const CHROMIUM = '/usr/bin/chromium';
const HOSTILE = '<img src=x onerror="globalThis.hacked = true"><script>globalThis.hacked = true</script>';

/** A skipped test says in its name why. */
const browserTest = testWhere(existsSync(CHROMIUM), `there is no ${CHROMIUM}, Debian's package \`chromium\``);

let folder: string;
let browser: BrowserContext;

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) { return; }
  folder = mkdtempSync(join(tmpdir(), 'console-browser-'));
  browser = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM,
    headless: true,
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  if (folder) { rmSync(folder, { recursive: true, force: true, maxRetries: 3 }); }
});

interface Visit {
  readonly page: Page;
  readonly source: FakeSource;
  readonly port: number;
  readonly server: ConsoleServer['server'];
  /** What clients asked for, as the server saw it. */
  readonly handshakes: Array<{ url: string; protocol?: string; socket: WebSocket }>;
  /** What the browser complained of, and where it went that is not here. */
  readonly problems: string[];
  readonly rows: Locator;
}

/** The page, beside a server that answers with what it is sent, and reports it as the gateway does. */
async function visit({ prepare, tls = false }: { prepare?: (source: FakeSource) => void; tls?: boolean } = {}): Promise<Visit> {
  const source = new FakeSource();
  const served = await serveConsole(source, tls ? (listener) => createHttpsServer(certificate(folder), listener) : undefined);
  const { server, port } = served;
  source.apis = [servedApi(port), servedApi(port, { name: 'Notifications', stage: 'prod', domainUrls: [`ws://localhost:${port}/api.domain.com/v1/`] })];
  prepare?.(source);

  const handshakes: Visit['handshakes'] = [];
  const sockets = new WebSocketServer({ server, verifyClient: ({ req }: { req: { url?: string } }) => !req.url!.startsWith('/refused') });
  sockets.on('connection', (socket, request) => {
    const connectionId = `Client${handshakes.length}=`;
    const known = { api: 'Chat', stage: 'dev', connectionId };
    handshakes.push({ url: request.url!, protocol: request.headers['sec-websocket-protocol'], socket });
    source.emit({ type: 'connect', ...known, status: 101, sourceIp: '127.0.0.1', durationMillis: 12 });
    socket.on('message', (data) => {
      const body = data.toString();
      source.emit({ type: 'message', ...known, requestId: 'R1=', routeKey: 'sendMessage', body });
      socket.send(body);
      source.emit({ type: 'answer', connectionId, requestId: 'R1=', routeKey: 'sendMessage', status: 200, durationMillis: 7, body });
    });
    socket.on('close', (code, reason) => source.emit({ type: 'disconnect', ...known, code, reason: reason.toString() }));
  });

  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) { problems.push(message.text()); }
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  const checkHost = (url: string) => {
    if (new URL(url).host !== `localhost:${port}`) { problems.push(`request to ${url}`); }
  };
  page.on('request', (request) => checkHost(request.url()));
  page.on('websocket', (socket) => checkHost(socket.url()));
  await page.goto(`${tls ? 'https' : 'http'}://localhost:${port}/_console`);
  await page.getByText('live', { exact: true }).waitFor();
  return { page, source, port, server, handshakes, problems, rows: page.locator('#traffic tbody tr') };
}

afterEach(async () => {
  await Promise.all(browser?.pages().map((page) => page.close()) ?? []);
});

async function connect({ page }: Visit) {
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await status(page, /^connected/);
}

/** What the connection that is shown says of itself, as soon as it does. */
async function status(page: Page, text: RegExp) {
  await page.getByRole('region', { name: /^Connection \d/ }).getByRole('status').filter({ hasText: text }).filter({ visible: true }).waitFor();
}

async function send({ page }: Visit, text: string) {
  const message = page.getByRole('textbox', { name: 'Message' }).filter({ visible: true });
  await message.fill(text);
  await message.press('Control+Enter');
}

/** Texts of a table, as soon as they are these. */
async function expectTexts(locator: Locator, expected: Array<string | RegExp>) {
  await expectSoon(async () => (await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()), (texts) => (
    texts.length === expected.length && texts.every((text, index) => (typeof expected[index] === 'string' ? text === expected[index] : (expected[index] as RegExp).test(text)))
  ), expected);
}

async function expectSoon<T>(look: () => Promise<T>, holds: (value: T) => boolean, expected: unknown) {
  const end = Date.now() + 10_000;
  for (;;) {
    const value = await look();
    if (holds(value)) { return; }
    if (Date.now() > end) { expect(value).toEqual(expected); }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

browserTest('a person connects with a subprotocol and a query string, sends, and sees the answer and the traffic', async () => {
  const visited = await visit();
  const { page, handshakes, rows, problems } = visited;
  await page.getByLabel('Subprotocols').fill('chat.v2, chat.v1');
  await page.getByLabel('name of parameter 1').fill('token');
  await page.getByLabel('value of parameter 1').fill('a b&c');
  await page.getByRole('button', { name: '+ parameter' }).click();
  await page.getByLabel('name of parameter 2').fill('room');
  await page.getByLabel('value of parameter 2').fill('lobby');
  await connect(visited);
  expect(handshakes).toMatchObject([{ url: '/dev?token=a%20b%26c&room=lobby', protocol: 'chat.v2, chat.v1' }]);
  await status(page, /^connected, subprotocol chat\.v2$/);

  await send(visited, '{"action":"sendMessage"}');
  await expectTexts(page.getByRole('log').locator('summary'), [/^→ [\d:.]+ {"action":"sendMessage"}$/, /^← [\d:.]+ {"action":"sendMessage"}$/]);
  await expectTexts(rows, [
    /^[\d:.]+ \+ connected Client0= \$connect 101 12 connected to Chat \(dev\) from 127\.0\.0\.1$/,
    /^[\d:.]+ → from the client Client0= sendMessage {"action":"sendMessage"}$/,
    /^[\d:.]+ ← to the client Client0= sendMessage 200 7 {"action":"sendMessage"}$/,
  ]);
  await expectTexts(page.locator('#connections tbody tr'), [/^Client0= Chat \(dev\) 127\.0\.0\.1 [\d:]+ [\d:]+$/]);

  await page.getByRole('button', { name: 'Disconnect' }).click();
  await status(page, /^closed: 1000 closed normally$/);
  await expectTexts(page.locator('#connections tbody tr'), []);
  expect(problems).toEqual([]);
});

browserTest('the keyboard is enough', async () => {
  const { page, handshakes } = await visit();
  await page.getByLabel('URL or path').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('/other?x=1');
  await page.keyboard.press('Enter');
  await status(page, /^connected$/);
  expect(handshakes).toMatchObject([{ url: '/other?x=1' }]);
  await page.keyboard.type('hello');
  await page.keyboard.press('Control+Enter');
  await expectTexts(page.getByRole('log').locator('summary'), [/^→ .* hello$/, /^← .* hello$/]);
});

browserTest('markup from outside is shown as text', async () => {
  const visited = await visit({
    prepare: (source) => {
      source.apis = source.apis.map((api) => ({ ...api, name: HOSTILE, routes: [HOSTILE] }));
      source.open.push(connectionInfo(HOSTILE, { api: HOSTILE, sourceIp: HOSTILE }));
      source.emit({ type: 'connect', api: HOSTILE, stage: HOSTILE, connectionId: HOSTILE, status: 101, sourceIp: HOSTILE, durationMillis: 1 });
      source.emit({ type: 'connect', api: HOSTILE, stage: HOSTILE, connectionId: HOSTILE, status: 403, sourceIp: HOSTILE, durationMillis: 1, reason: HOSTILE });
      source.emit({ type: 'connections-api', method: 'POST', connectionId: HOSTILE, status: 403, caller: HOSTILE, reason: HOSTILE });
      source.emit({ type: 'invoke-api', function: HOSTILE, invocationType: 'Event', status: 202, caller: HOSTILE, durationMillis: 1, body: HOSTILE });
      source.emit({ type: 'event-invocation', function: HOSTILE, requestId: HOSTILE, attempt: 1, durationMillis: 1, reason: HOSTILE });
      source.emit({ type: 'access-log', api: HOSTILE, stage: HOSTILE, line: HOSTILE });
      source.emit({ type: 'function-log', function: HOSTILE, stream: 'stderr', text: HOSTILE });
      source.emit({ type: 'function', function: HOSTILE, what: 'init-error', reason: HOSTILE });
      source.emit({ type: 'warning', text: HOSTILE });
    },
  });
  const { page, rows, problems } = visited;
  await connect(visited);
  await send(visited, HOSTILE);
  await page.getByRole('log').locator('summary', { hasText: '←' }).click();
  await page.getByRole('log').locator('pre', { hasText: HOSTILE }).filter({ visible: true }).waitFor();
  await rows.last().getByRole('button').first().click();
  await page.locator('.details pre', { hasText: HOSTILE }).waitFor();
  expect(await page.locator('body :is(img, script):not(header > img)').count()).toBe(0);
  expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
  expect(problems).toEqual([]);
});

browserTest('what happened is told in words', async () => {
  const { rows } = await visit({
    prepare: (source) => {
      const known = { api: 'Chat', stage: 'dev', connectionId: 'Abc=' };
      source.emit({ type: 'connect', ...known, status: 401, sourceIp: '127.0.0.1', durationMillis: 3, reason: 'no `token`' });
      source.emit({ type: 'answer', connectionId: 'Abc=', requestId: 'R1=', routeKey: 'join', status: 200, durationMillis: 9 });
      source.emit({ type: 'answer', connectionId: 'Abc=', requestId: 'R1=', routeKey: 'join', status: 502, durationMillis: 9, body: '{}', reason: 'the function threw' });
      source.emit({ type: 'connections-api', method: 'POST', connectionId: 'Abc=', status: 200, caller: 'Role', body: 'hi' });
      source.emit({ type: 'connections-api', method: 'POST', connectionId: 'Abc=', status: 410, caller: 'Role', reason: 'GoneException' });
      source.emit({ type: 'connections-api', method: 'GET', connectionId: 'Abc=', status: 200, caller: 'Role' });
      source.emit({ type: 'invoke-api', function: 'Chat/Worker', invocationType: 'Event', status: 202, caller: 'Role', durationMillis: 3, body: '{"job":1}' });
      source.emit({ type: 'event-invocation', function: 'Chat/Worker', requestId: 'R', attempt: 1, durationMillis: 3, reason: 'Error: no', retryInMillis: 60_000 });
      source.emit({ type: 'disconnect', ...known, code: 1001, reason: 'Going away' });
      source.emit({ type: 'disconnect', ...known, code: 1000, reason: 'Connection Closed Normally' });
      source.emit({ type: 'disconnect', ...known, code: 4000, reason: 'bye' });
      source.emit({ type: 'access-log', api: 'Chat', stage: 'dev', line: '{"status":"200"}' });
      source.emit({ type: 'function-log', function: 'Chat/Api/Route join/Function', stream: 'stdout', text: 'INFO\nready' });
      source.emit({ type: 'function', function: 'Chat/Api/Route join/Function', what: 'timeout', durationMillis: 3000 });
      source.emit({ type: 'reload', what: 'the assembly', durationMillis: 41.7 });
      source.emit({ type: 'warning', text: '`KEY` is not known' });
    },
  });
  await expectTexts(rows.locator('td.text'), [
    'refused: no `token`', 'handled, nothing sent back', 'the function threw', 'hi', 'POST by Role: the connection is gone, or not open yet', 'GET by Role',
    'Event by Role: {"job":1}', 'asynchronous, attempt 1 failed, again in 60 s: Error: no',
    'idle for 10 minutes or open for 2 hours, the longest that API Gateway allows', 'Connection Closed Normally', 'bye',
    '{"status":"200"}', 'INFO ready', 'timed out, and was killed', 'reloaded the assembly', '`KEY` is not known',
  ]);
  await expectTexts(rows.locator('td.route'), ['$connect', 'join', 'join', '@connections', '@connections', '@connections', 'Worker', 'Worker', '$disconnect', '$disconnect', '$disconnect', 'Chat (dev)', 'Route join', 'Route join', '', '']);
});

browserTest('details show JSON with line breaks, and every digit of its numbers', async () => {
  const { page, rows } = await visit({
    prepare: (source) => source.emit({
      type: 'message', api: 'Chat', stage: 'dev', connectionId: 'Abc=', requestId: 'R1=', routeKey: 'sendMessage', body: '{"id":12345678901234567890,"list":[1.0,{}],"text":"a,{\\"b\\"}"}',
    }),
  });
  const toggle = rows.first().getByRole('button', { expanded: false });
  await toggle.click();
  expect(await page.locator('.details pre').textContent()).toBe('{\n  "id": 12345678901234567890,\n  "list": [\n    1.0,\n    {}\n  ],\n  "text": "a,{\\"b\\"}"\n}');
  await expectTexts(page.locator('.details dt'), ['type', 'api', 'stage', 'connectionId', 'requestId', 'routeKey']);
  await rows.first().locator('td.text').click();
  await expectTexts(page.locator('.details'), []);
});

browserTest('the traffic is filtered by connection, text and kind', async () => {
  const { page, rows } = await visit({
    prepare: (source) => {
      const message = { type: 'message', api: 'Chat', stage: 'dev', requestId: 'R1=', routeKey: 'sendMessage' } as const;
      source.emit({ ...message, connectionId: 'One=', body: 'apple' });
      source.emit({ ...message, connectionId: 'Two=', body: 'Pear' });
      source.emit({ type: 'access-log', api: 'Chat', stage: 'dev', line: '{"connectionId":"Two="}' });
      source.emit({ type: 'warning', text: 'careful' });
    },
  });
  const shown = rows.filter({ visible: true }).locator('td.text');
  await page.getByRole('button', { name: 'Two=' }).click();
  await expectTexts(shown, ['Pear', '{"connectionId":"Two="}']);
  await page.getByRole('button', { name: 'Two=' }).click();
  await page.getByRole('searchbox', { name: 'Text' }).fill('pEAR');
  await expectTexts(shown, ['Pear']);
  await page.getByRole('searchbox', { name: 'Text' }).fill('');
  await page.getByRole('combobox', { name: 'Show' }).selectOption('problems');
  await expectTexts(shown, ['careful']);
  await page.getByRole('combobox', { name: 'Show' }).selectOption('access log');
  await expectTexts(shown, ['{"connectionId":"Two="}']);
});

browserTest('a pause holds what comes, and a click clears', async () => {
  const { page, source, rows } = await visit();
  await page.getByRole('button', { name: 'Pause' }).click();
  source.emit({ type: 'warning', text: 'one' });
  source.emit({ type: 'warning', text: 'two' });
  await page.getByRole('button', { name: 'Resume (2)' }).waitFor();
  expect(await rows.count()).toBe(0);
  await page.getByRole('button', { name: 'Resume (2)' }).click();
  await expectTexts(rows.locator('td.text'), ['one', 'two']);
  await page.getByRole('button', { name: 'Clear' }).click();
  await expectTexts(rows, []);
  await page.getByText('Nothing yet').waitFor();
});

browserTest('the last thousand rows are kept', async () => {
  const { page, source, rows } = await visit();
  for (let number = 1; number <= 1500; number++) { source.emit({ type: 'warning', text: `number ${number}` }); }
  await rows.last().filter({ hasText: 'number 1500' }).waitFor();
  expect(await rows.count()).toBe(1000);
  expect(await rows.first().innerText()).toContain('number 501');
  expect(await page.evaluate("document.querySelector('#traffic tbody tr:last-child').getBoundingClientRect().bottom <= innerHeight")).toBe(true);
});

browserTest('of very many connections, some are listed and all are counted', async () => {
  const { page, source } = await visit({
    prepare: ({ open }) => {
      for (let number = 0; number < 1000; number++) { open.push(connectionInfo(`C${number}=`)); }
    },
  });
  await page.getByText('and 800 more').waitFor();
  source.emit({ type: 'disconnect', api: 'Chat', stage: 'dev', connectionId: 'C0=', code: 1000, reason: '' });
  await page.getByText('and 799 more').waitFor();
  expect(await page.locator('#connections tbody tr').count()).toBe(200);
});

browserTest('several connections are open at once, and what one sent can be sent again by another', async () => {
  const visited = await visit();
  const { page, handshakes } = visited;
  await connect(visited);
  await send(visited, 'from the first');
  await page.getByRole('combobox', { name: 'API' }).selectOption('Notifications (prod)');
  await connect(visited);
  expect(handshakes.map(({ url }) => url)).toEqual(['/dev', '/prod']);
  await page.getByRole('combobox', { name: 'Messages sent before' }).filter({ visible: true }).selectOption('from the first');
  expect(await page.getByRole('textbox', { name: 'Message' }).filter({ visible: true }).inputValue()).toBe('from the first');
  await page.getByRole('button', { name: 'Send' }).filter({ visible: true }).click();
  await expectTexts(page.getByRole('log', { name: 'Frames of connection 2' }).locator('summary'), [/→/, /← .* from the first/]);

  handshakes[0].socket.send('to the first alone');
  await page.getByRole('button', { name: '#1 /dev' }).click();
  await expectTexts(page.getByRole('log', { name: 'Frames of connection 1' }).locator('summary'), [/→/, /←/, /to the first alone/]);
});

browserTest('a close shows its code and reason, and the connection can be made again or removed', async () => {
  const visited = await visit();
  const { page, handshakes } = visited;
  await connect(visited);
  handshakes[0].socket.close(1008, 'Too many requests');
  await status(page, /^closed: 1008 too many requests$/);
  expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Connect again' }).click();
  await status(page, /^connected$/);
  handshakes[1].socket.close(4001, 'see you');
  await status(page, /^closed: 4001 see you$/);
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  expect(await page.getByRole('log').count()).toBe(0);
});

browserTest('a handshake that is refused says where to look', async () => {
  const { page } = await visit();
  await page.getByLabel('URL or path').fill('/refused');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await status(page, /^not connected: the traffic says why$/);
});

browserTest('what is no WebSocket URL is told beside the form', async () => {
  const { page, handshakes } = await visit();
  await page.getByLabel('Subprotocols').fill('twice, twice');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'not a connection that a browser can make' }).waitFor();
  expect(handshakes).toEqual([]);
});

browserTest('a reload brings new APIs, and leaves the URL that a person typed', async () => {
  const { page, source, port } = await visit();
  const apis = page.getByRole('combobox', { name: 'API' }).locator('option');
  await expectTexts(apis, ['Chat (dev)', 'Notifications (prod)', 'Notifications at api.domain.com/v1/', 'another URL']);
  await page.getByLabel('URL or path').fill('/mine');
  source.apis = [servedApi(port, { name: 'Renamed' })];
  source.emit({ type: 'reload', what: 'the assembly', durationMillis: 1 });
  await expectTexts(apis, ['Renamed (dev)', 'another URL']);
  expect(await page.getByLabel('URL or path').inputValue()).toBe('/mine');
});

browserTest('the page finds the gateway again, and starts anew', async () => {
  const { page, source, server, rows } = await visit({ prepare: (one) => one.emit({ type: 'warning', text: 'before' }) });
  await expectTexts(rows.locator('td.text'), ['before']);
  source.listeners.clear();
  server.closeAllConnections();
  await expectSoon(async () => source.listeners.size, (size) => size === 1, 1);
  source.emit({ type: 'warning', text: 'after' });
  await expectTexts(rows.locator('td.text'), ['before', 'after']);
  await page.getByText('live', { exact: true }).waitFor();
});

browserTest('over TLS, it connects with TLS', async () => {
  const visited = await visit({ tls: true });
  await connect(visited);
  await send(visited, 'hello');
  await expectTexts(visited.page.getByRole('log').locator('summary'), [/→/, /← .* hello/]);
  expect(await visited.page.getByLabel('URL or path').inputValue()).toBe(`wss://localhost:${visited.port}/dev`);
  expect(visited.problems).toEqual([]);
});

browserTest('it follows the colour scheme', async () => {
  const { page } = await visit();
  const lightness = async (colorScheme: 'light' | 'dark') => {
    await page.emulateMedia({ colorScheme });
    return Number(/\d+/.exec(await page.evaluate('getComputedStyle(document.body).backgroundColor'))![0]);
  };
  expect(await lightness('light')).toBeGreaterThan(200);
  expect(await lightness('dark')).toBeLessThan(60);
});

/** Many messages of one client, with long bodies. */
function emitMessages(source: FakeSource, count: number, body = (number: number) => `{"number":${number},"text":"${'word '.repeat(60)}"}`) {
  for (let number = 0; number < count; number++) {
    source.emit({ type: 'message', api: 'Chat', stage: 'dev', connectionId: `C${number % 3}=`, requestId: 'R1=', routeKey: 'sendMessage', body: body(number) });
  }
}

describe('the layout', () => {
  for (const [width, height] of [[360, 640], [550, 800], [800, 600], [1024, 768], [1440, 900]]) {
    browserTest(`of ${width} by ${height} ends where its content ends, and scrolls sideways nowhere`, async () => {
      const { page, rows } = await visit({ prepare: (source) => emitMessages(source, 300) });
      await page.setViewportSize({ width, height });
      await rows.nth(299).waitFor();
      const { bottom, scrolled, sideways } = await page.evaluate(`({
        bottom: Math.max(...[...document.querySelectorAll('body > *')].map((node) => node.getBoundingClientRect().bottom + scrollY)),
        scrolled: document.documentElement.scrollHeight,
        sideways: Math.max(...[document.documentElement, document.getElementById('scroll')].map((node) => node.scrollWidth - node.clientWidth)),
      })`) as Record<string, number>;

      expect(scrolled).toBeLessThanOrEqual(Math.max(Math.ceil(bottom), height) + 1);
      expect(sideways).toBeLessThanOrEqual(0);
    });
  }

  browserTest('shows more of a long message than a line', async () => {
    const { page, rows } = await visit({ prepare: (source) => emitMessages(source, 1) });
    await page.setViewportSize({ width: 1200, height: 800 });
    const box = await rows.first().locator('.clamped').boundingBox();

    expect(box!.width).toBeGreaterThan(300);
    expect(box!.height).toBeGreaterThan(30);
  });

  browserTest('gives the traffic the room that empty lists do not need', async () => {
    const { page } = await visit({ prepare: (source) => { source.apis = source.apis.slice(0, 1); } });
    const overview = await page.locator('.overview').boundingBox();

    expect(overview!.height).toBeLessThan(150);
  });
});

browserTest('a filter that matches nothing says so, and shows everything again', async () => {
  const { page, rows } = await visit({ prepare: (source) => emitMessages(source, 2) });
  await page.getByRole('searchbox', { name: 'Text' }).fill('no such text');
  await page.getByText('No event matches the filter.').waitFor();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expectSoon(() => rows.filter({ visible: true }).count(), (count) => count === 2, 2);
  expect(await page.getByText('No event matches the filter.').isVisible()).toBe(false);
});

browserTest('a legend says what each mark means', async () => {
  const { page } = await visit();
  await page.getByText('Legend').click();
  await expectTexts(page.locator('#legend > div').first(), [/^\+ ?connected$/]);
  expect(await page.locator('#legend > div').count()).toBe(14);
});

browserTest('a message that was sent leaves the field, and stays among those sent before', async () => {
  const visited = await visit();
  await connect(visited);
  await send(visited, 'hello');
  const message = visited.page.getByRole('textbox', { name: 'Message' });
  await expectSoon(() => message.inputValue(), (value) => value === '', '');
  await visited.page.getByRole('combobox', { name: 'Messages sent before' }).selectOption('hello');
  expect(await message.inputValue()).toBe('hello');
});

browserTest('the Tab key takes few stops, and the arrow keys lead through the traffic', async () => {
  const { page, rows } = await visit({ prepare: (source) => emitMessages(source, 100, (number) => `message ${number}`) });
  await rows.nth(99).waitFor();
  const stops = await page.evaluate("[...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')].filter((node) => node.tabIndex >= 0 && node.offsetParent !== null).length");
  expect(stops).toBeLessThan(25);

  await rows.nth(99).getByRole('button').first().focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.locator('.details pre', { hasText: 'message 98' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect(await page.getByRole('searchbox', { name: 'Connection' }).inputValue()).toBe('C2=');
});

browserTest('details of the last row are in sight, and stay there while more comes', async () => {
  const { page, source, rows } = await visit({ prepare: (one) => emitMessages(one, 100, (number) => `{"number":${number},"a":{"b":{"c":[1,2,3]}}}`) });
  await rows.nth(99).getByRole('button').first().click();
  const isInSight = () => page.evaluate("(() => { const box = document.querySelector('.details').getBoundingClientRect(); const list = document.getElementById('scroll').getBoundingClientRect(); return box.bottom <= list.bottom + 1 && box.top >= list.top; })()");
  expect(await isInSight()).toBe(true);
  emitMessages(source, 50);
  await rows.nth(150).waitFor();
  expect(await isInSight()).toBe(true);
});

browserTest('a disconnection with 1001 has the one reason that it had', async () => {
  const start = Date.now();
  const { rows } = await visit({
    prepare: (source) => {
      const closed = (connectionId: string, openMinutes: number, reason: string) => {
        const known = { api: 'Chat', stage: 'dev', connectionId };
        source.past.push({ type: 'connect', time: start, ...known, status: 101, sourceIp: '127.0.0.1', durationMillis: 1 });
        source.past.push({ type: 'disconnect', time: start + openMinutes * 60_000, ...known, code: 1001, reason });
      };
      closed('Tab=', 1, '');
      closed('Idle=', 11, 'Going away');
      closed('Old=', 120, 'Going away');
    },
  });
  await expectTexts(rows.filter({ hasText: '$disconnect' }).locator('td.text'), [
    'the client left: its page was closed, or shows something else',
    'idle for 10 minutes, the longest that API Gateway allows',
    'open for 2 hours, the longest that API Gateway allows',
  ]);
});

describe('of an API whose routes have messages', () => {
  const schema = { type: 'object', description: HOSTILE };
  const messages = [{ routeKey: 'ping', example: '{"action":"ping"}' }, { routeKey: 'say', example: '{"action":"say","text":"text"}', schema }];
  const offering = () => visit({
    prepare: (source) => { source.apis = source.apis.map((api, index) => (index === 0 ? { ...api, messages } : api)); },
  });

  browserTest('the example of a route is filled in, and its schema is shown', async () => {
    const visited = await offering();
    await connect(visited);
    await visited.page.getByLabel('Example for a route').selectOption('say');

    expect(JSON.parse(await visited.page.getByRole('textbox', { name: 'Message' }).inputValue())).toEqual({ action: 'say', text: 'text' });
    await visited.page.getByText('Schema of say').click();
    expect(await visited.page.locator('.schema pre').innerText()).toBe(JSON.stringify(schema, undefined, 2));
    expect(await visited.page.evaluate('globalThis.hacked')).toBeUndefined();
  });

  browserTest('a route without a schema shows none', async () => {
    const visited = await offering();
    await connect(visited);
    await visited.page.getByLabel('Example for a route').selectOption('say');
    await visited.page.getByLabel('Example for a route').selectOption('ping');

    expect(await visited.page.locator('.schema').isVisible()).toBe(false);
  });

  browserTest('an API without examples has no list of them', async () => {
    const visited = await visit();
    await connect(visited);

    expect(await visited.page.getByLabel('Example for a route').count()).toBe(0);
  });
});

describe('of an API whose clients have to send something', () => {
  const needing = (required: object) => visit({
    prepare: (source) => {
      source.apis = source.apis.map((api, index) => index === 0 ? { ...api, required: { ...api.required, ...required }, exampleMessage: '{"action":"sendMessage"}' } : api);
    },
  });

  browserTest('query parameters are offered, and gone with the API', async () => {
    const visited = await needing({ queryString: ['token', 'room'] });
    const { page, handshakes } = visited;
    expect(await page.getByLabel('name of parameter 1').inputValue()).toBe('token');
    expect(await page.getByLabel('name of parameter 2').inputValue()).toBe('room');
    await page.getByLabel('value of parameter 1').fill('s3cret');
    await connect(visited);
    expect(handshakes[0].url).toBe('/dev?token=s3cret&room=');
    expect(await page.locator('#panels').innerText()).not.toContain('s3cret');

    await page.getByRole('combobox', { name: 'API' }).selectOption('Notifications (prod)');
    expect(await page.locator('.parameter').count()).toBe(1);
  });

  browserTest('a header that browsers cannot send is named', async () => {
    const { page } = await needing({ headers: ['x-api-key'] });
    await page.getByText('This API needs the header x-api-key, which browsers cannot send').waitFor();
  });

  browserTest('the first message is there to be sent, and to be typed over', async () => {
    const visited = await needing({});
    await connect(visited);
    const message = visited.page.getByRole('textbox', { name: 'Message' });
    expect(await message.inputValue()).toBe('{"action":"sendMessage"}');
    await visited.page.keyboard.type('mine');
    expect(await message.inputValue()).toBe('mine');
  });
});

browserTest('a list that is nested very deep is shown in no time', async () => {
  const body = '['.repeat(20_000) + ']'.repeat(20_000);
  const { page, rows } = await visit({ prepare: (source) => emitMessages(source, 1, () => body) });
  await rows.first().getByRole('button').first().click();
  expect((await page.locator('.details pre').textContent())!.length).toBeLessThan(3_000_000);
});
