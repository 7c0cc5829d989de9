import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { loginServer } from '../login/server';
import { serveRooms } from './served-rooms';

const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));

test('two pages talk to each other', { timeout: 120_000, skip: CHROMIUM ? false : 'there is no Chromium' }, async () => {
  const gateway = await serveRooms();
  const server = loginServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const pages = [];
    for (const user of ['ana', 'bob']) {
      const page = await browser.newPage();
      page.on('pageerror', (error) => { throw error; });
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/?url=${gateway.url}`);
      await page.getByLabel('Name').fill(user);
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByRole('status').getByText('open').waitFor();
      pages.push(page);
    }
    const [ana, bob] = pages;
    await ana.getByLabel('Messages').getByText('bob has joined').waitFor();
    await bob.getByLabel('Message', { exact: true }).fill('<b>hello</b>');
    await bob.getByRole('button', { name: 'Send' }).click();
    await ana.getByLabel('Messages').getByText('bob: <b>hello</b>').waitFor();
    await ana.getByLabel('Members').getByText('bob').waitFor();
    if (process.env.SCREENSHOT) { await ana.screenshot({ path: process.env.SCREENSHOT }); }
    await bob.close();
    await ana.getByLabel('Messages').getByText('bob has left').waitFor();
    assert.deepEqual(await ana.getByLabel('Members').getByRole('listitem').allTextContents(), ['ana']);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await gateway.close();
  }
});
