// What the scenarios have in common: a browser, pages whose complaints count, and clients.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

export const require = createRequire(import.meta.url);
const { CONSOLE, CLIENTS, CHROMIUM } = process.env;
/** How long something may take on a busy machine. */
export const PATIENCE = 60_000;
export const ADMIN = `${new URL(CONSOLE).origin}/admin/v1`;

let browser;
export const faults = [];
const polls = [];

export const encoded = encodeURIComponent;

export async function ask(path, clients = CLIENTS) {
  const response = await fetch(clients + path);
  assert.equal(response.status, 200, `${path}: ${await response.clone().text()}`);
  return response.json();
}

export const heartbeat = (user, channels, { key = 'demo', timeout = 300, state, clients } = {}) =>
  ask(`/v2/presence/sub-key/${key}/channel/${[channels].flat().map(encoded).join()}/heartbeat?uuid=${encoded(user)}&heartbeat=${timeout}`
    + (state ? `&state=${encoded(JSON.stringify(Object.fromEntries([channels].flat().map((channel) => [channel, state]))))}` : ''), clients);

export const leave = (user, channel) => ask(`/v2/presence/sub-key/demo/channel/${encoded(channel)}/leave?uuid=${encoded(user)}`);

/** A subscribe that waits, until all is over. */
export async function poll(user, channel) {
  const { t } = await ask(`/v2/subscribe/demo/${encoded(channel)}/0?tt=0&uuid=${encoded(user)}&heartbeat=300`);
  const controller = new AbortController();
  polls.push(controller);
  fetch(`${CLIENTS}/v2/subscribe/demo/${encoded(channel)}/0?tt=${t.t}&uuid=${encoded(user)}&heartbeat=300&pnsdk=a-phone%2F1.0`, { signal: controller.signal }).catch(() => {});
}

/** A page whose complaints, dialogs and refused scripts count as faults. */
export async function open(hash = '#/', options = {}, base = CONSOLE) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on('pageerror', (error) => faults.push(`${hash}: ${error.stack}`));
  page.on('dialog', (dialog) => { faults.push(`${hash}: dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted Type|TrustedScript/i.test(message.text())) faults.push(`${hash}: ${message.text()}`);
  });
  await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`)));
  await page.goto(base + hash);
  return page;
}

export const close = (page) => page.context().close();

export async function withPage(hash, action, options, base) {
  const page = await open(hash, options, base);
  try {
    return await action(page);
  } finally {
    await close(page);
  }
}

export const user = (name, channel) => (channel === undefined ? `#/k/demo/u/${encoded(name)}` : `#/k/demo/c/${encoded(channel)}/u/${encoded(name)}`);

export async function eventually(check) {
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export const newContext = (options) => browser.newContext(options);

/** Has a browser for as long as the tests of a group run. */
export function withBrowser() {
  before(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
  });
  after(async () => {
    polls.forEach((poll) => poll.abort());
    await browser?.close();
  });
}
