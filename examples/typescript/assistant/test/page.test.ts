import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { pageServer } from '../local/page';
import { serveAssistant } from './served-assistant';
import { until } from './until';

const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
const WORDS = 'A WebSocket stays open, so a server can speak first. '.split(/(?<= )/);

/** It says six words, and the others once it may; to a question for more, it never ends. */
function model() {
  let goOn!: () => void;
  const mayGoOn = new Promise<void>((resolve) => { goOn = resolve; });
  async function* answer(question: string) {
    yield* WORDS.slice(0, 6);
    while (question.startsWith('And')) {
      yield 'more ';
      await setTimeout(50);
    }
    await mayGoOn;
    yield* WORDS.slice(6);
  }
  return { answer, goOn };
}

const OPTIONS = { timeout: 120_000, skip: CHROMIUM ? false : 'there is no Chromium' };

test('the page shows an answer that grows, and stops one', OPTIONS, async () => {
  const { answer, goOn } = model();
  const served = await serveAssistant(answer);
  const server = pageServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => { throw error; });
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/?url=${served.url}`);
    const ask = async (question: string) => {
      await page.getByLabel('Question').fill(question);
      await page.getByRole('button', { name: 'Ask' }).click();
    };
    const [text, note] = ['p', 'small'].map((element) => page.getByRole('article').first().locator(element));

    await ask('<b>What</b> is a WebSocket for?');
    await text.getByText(WORDS.slice(0, 6).join('')).waitFor();
    assert.equal(await text.getAttribute('data-state'), 'answering');
    if (process.env.SCREENSHOT) { await page.screenshot({ path: process.env.SCREENSHOT }); }
    goOn();
    await page.locator('[data-state=finished]').waitFor();
    assert.equal(await text.textContent(), WORDS.join(''));
    assert.equal(await page.getByRole('heading', { level: 2 }).textContent(), '<b>What</b> is a WebSocket for?');

    await ask('And what else?');
    await text.getByText('more more').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await note.getByText('stopped').waitFor();
    await until(() => served.bedrock.cancelled.includes('And what else?'));

    // The connection was closed: the next question opens another one.
    await ask('What is a WebSocket for?');
    await page.getByRole('article').first().locator('[data-state=finished]').waitFor();
    assert.equal(await text.textContent(), WORDS.join(''));
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await served.close();
  }
});
