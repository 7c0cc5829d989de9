import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { CHROMIUM, needs } from '../programs.mjs';
import { serveEcho } from '../served.mjs';

test('a page in Chromium talks to the API', { skip: needs('chromium') }, async (t) => {
  const { url } = await serveEcho(t);
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<title>app</title>')).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://localhost:${server.address().port}/`);

  assert.equal(await page.evaluate((at) => new Promise((resolve, reject) => {
    const socket = new globalThis.WebSocket(at);
    socket.onopen = () => socket.send('hello from a page');
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = () => reject(new Error('the connection failed'));
  }), url), 'hello from a page');
});
