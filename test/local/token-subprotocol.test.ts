import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Authorization, HandshakeValue, Route, WebSocketApi } from '../../src';
import { AUDIENCE, claims, inSeconds, ISSUER, jwksOf, makeKey, tokenOf } from '../shipped/jwt-authorizer/tokens';
import { testWhere } from '../where';
import { Client } from './client';
import { serveApp, ServedApp } from './served-app';

const CHROMIUM = '/usr/bin/chromium';
const browserTest = testWhere(existsSync(CHROMIUM), `there is no ${CHROMIUM}, Debian's package \`chromium\``);

const key = makeKey('ES256', 'ec');
const TOKEN = tokenOf(key);
const EXPIRED = tokenOf(key, claims({ exp: inSeconds(-60) }));

let app: ServedApp;
let urlOf: (api: string) => string;

beforeAll(async () => {
  app = await serveApp({
    'handlers.js': `
      const HEADER = 'Sec-WebSocket-Protocol';
      exports.accept = async () => ({ statusCode: 200 });
      exports.choose = async () => ({ statusCode: 200, headers: { [HEADER]: 'chat.v1' } });
      exports.echo = async (event) => ({ statusCode: 200, headers: { [HEADER]: event.headers[HEADER] } });
      exports.refuse = async () => ({ statusCode: 409 });
      exports.whoami = async (event) => ({ statusCode: 200, body: event.requestContext.authorizer.sub });`,
  }, (stack) => {
    const keys = { issuer: ISSUER, audience: [AUDIENCE], jwks: jwksOf(key) };
    const authorization = Authorization.jwt({ ...keys, token: HandshakeValue.subprotocol() });
    const whoami = Route.toHandler('handlers.whoami', { returnResponse: true });
    ['accept', 'choose', 'echo', 'refuse'].forEach((handler) =>
      new WebSocketApi(stack, handler, { routes: { $connect: Route.toHandler(`handlers.${handler}`), whoami }, authorization }));
    new WebSocketApi(stack, 'without', { routes: { whoami }, authorization });
  });
  urlOf = (name) => app.gateway.apis.find((api) => api.name.includes(name))!.url;
});

afterAll(() => app.close());

test.each([
  ['accept', ['bearer', TOKEN], 'bearer'],
  ['accept', ['chat.v1', 'bearer', TOKEN], 'bearer'],
  ['choose', ['chat.v1', 'bearer', TOKEN], 'chat.v1'],
  ['choose', ['bearer', TOKEN], 'bearer'],
  ['echo', ['chat.v1', 'bearer', TOKEN], 'chat.v1'],
  ['echo', ['bearer', TOKEN], 'bearer'],
  ['without', ['bearer', TOKEN], 'bearer'],
])('a $connect that would %s answers %j with its own choice or `bearer`, and never with the token', async (name, protocols, chosen) => {
  const client = await Client.connect(urlOf(name), { protocols });

  expect(client.socket.protocol).toBe(chosen);
  expect(await client.ask({ action: 'whoami' })).toBe('ada');
});

test.each([
  ['no subprotocol', 'accept', [], 401],
  ['a token that has expired', 'accept', ['bearer', EXPIRED], 401],
  ['a token that has expired, where the app has no $connect', 'without', ['bearer', EXPIRED], 401],
  ['another protocol after the token', 'accept', ['bearer', TOKEN, 'chat.v1'], 401],
  ['what the app refuses', 'refuse', ['bearer', TOKEN], 409],
])('%s opens no connection', async (_, name, protocols, status) => {
  expect((await Client.refusal(urlOf(name), { protocols })).status).toBe(status);
});

browserTest('Chromium sends a token as a subprotocol and takes the answer, and cannot see why it was refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'subprotocol-browser-'));
  const page = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>chat</title>'));
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM, headless: true, args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://localhost:${(page.address() as AddressInfo).port}/`);
    const connect = ([url, protocols]: [string, string[]]) => new Promise<object>((resolve) => {
      const { WebSocket: BrowserSocket } = globalThis as any;
      const socket = new BrowserSocket(url, protocols);
      socket.onopen = () => socket.send('{"action":"whoami"}');
      socket.onmessage = ({ data }: { data: string }) => resolve({ protocol: socket.protocol, data });
      socket.onclose = ({ code, reason }: { code: number; reason: string }) => resolve({ code, reason });
    });

    expect(await tab.evaluate(connect, [urlOf('choose'), ['chat.v1', 'bearer', TOKEN]] as [string, string[]])).toEqual({ protocol: 'chat.v1', data: 'ada' });
    expect(await tab.evaluate(connect, [urlOf('without'), ['bearer', TOKEN]] as [string, string[]])).toEqual({ protocol: 'bearer', data: 'ada' });
    expect(await tab.evaluate(connect, [urlOf('without'), ['bearer', EXPIRED]] as [string, string[]])).toEqual({ code: 1006, reason: '' });
  } finally {
    await browser.close();
    page.closeAllConnections();
    await new Promise((resolve) => page.close(resolve));
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});
