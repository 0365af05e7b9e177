// The console in a real browser, in front of two servers: CONSOLE is open to this machine, LOCKED wants TOKEN. CLIENTS is the port of
// clients of the first, and CONTROL puts its clock forward.

import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, it } from 'node:test';
import { ADMIN, ask, close, encoded, eventually, faults, heartbeat, leave, newContext, open, poll, require, user, withBrowser, withPage } from './page.mjs';

const PubNub = require('pubnub');
const { CONSOLE, LOCKED, CLIENTS, CONTROL, TOKEN } = process.env;

describe('console', () => {
  withBrowser();

  it('shows ten users as they join, without a reload', () => withPage('#/k/demo/c/meeting', async (page) => {
    await page.getByText('Nobody is here.').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    const joined = performance.now();
    await Promise.all(Array.from({ length: 10 }, (_, i) => heartbeat(`guest-${i}`, 'meeting')));
    await page.waitForFunction(() => document.querySelectorAll('.roster .row .name').length === 10);
    console.log(`# ten users seen ${Math.round(performance.now() - joined)} ms after the first of them was sent`);
    assert.equal(await page.locator('#occupancy').textContent(), '10');
    await leave('guest-3', 'meeting');
    await page.waitForFunction(() => document.querySelectorAll('.roster .row .name').length === 9);
    assert.equal(await page.getByText('guest-3', { exact: true }).count() > 0, true, 'the timeline tells who left');
    await ask(`/v2/presence/sub-key/demo/channel/meeting/uuid/guest-5/data?state=${encoded('{"mood":"glad"}')}`);
    await page.getByText('{"mood":"glad"}').first().waitFor();
  }));

  it('finds a user by the beginning of the name, with the keyboard alone, and kicks them', async () => {
    await heartbeat('alice-of-wonderland', 'tea');
    await withPage('#/', async (page) => {
      await page.getByRole('heading', { name: 'Now' }).waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('alice-of-w');
      await page.getByRole('option', { name: /alice-of-wonderland/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'alice-of-wonderland' }).waitFor();
      const press = async (name, key = 'Tab') => {
        for (let i = 0; i < 60; i++) {
          if (await page.evaluate(() => document.activeElement.textContent) === name) return;
          await page.keyboard.press(key);
        }
        assert.fail(`the keyboard does not lead to ${name}`);
      };
      await press('Kick…');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Kick…', 'Escape leads back');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await press('Kick');
      await page.keyboard.press('Enter');
      await page.getByText('They left 1 channel').waitFor();
      await page.locator('#status', { hasText: 'Offline' }).waitFor();
    });
  });

  it('says why a user is shown as online or as offline', async () => {
    await poll('polling', 'why');
    await heartbeat('beating', 'why');
    await heartbeat('silent', 'why', { timeout: 200 });
    await heartbeat('leaving', 'why');
    await leave('leaving', 'why');
    // They come back too early: the subscribe waits, and does not make them join yet.
    await poll('leaving', 'why');
    await heartbeat('hidden', 'secret-1');
    const verdict = (name, channel, texts) => withPage(user(name, channel), async (page) => {
      for (const text of texts) await page.locator('.verdict', { hasText: text }).waitFor();
    });
    await Promise.all([
      verdict('polling', 'why', ['Online', /An open poll stands for it/]),
      verdict('beating', 'why', ['Online', /renewed .* by a heartbeat/]),
      verdict('hidden', 'secret-1', ['Offline', /switches all events of this channel off/]),
      verdict('leaving', 'why', ['Offline', /left a moment ago/]),
    ]);
    await withPage(user('silent', 'why'), async (page) => {
      await page.locator('.verdict', { hasText: /runs for another/ }).waitFor();
      await fetch(`${CONTROL}/advance?205000`);
      await page.locator('.verdict', { hasText: /they timed out/ }).waitFor();
    });
    await withPage('#/', async (page) => {
      await page.locator('#search').fill('polling@why');
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.verdict', { hasText: 'Online in why' }).waitFor();
      await page.getByRole('heading', { name: 'a-phone/1.0' }).waitFor();
    });
  });

  it('kicks and keeps off, and SDKs hear it', async () => {
    const origin = new URL(CLIENTS).host;
    const sdk = (userId) => new PubNub({ origin, ssl: false, subscribeKey: 'demo', publishKey: 'demo', userId, logVerbosity: false });
    const [mallory, witness] = [sdk('mallory'), sdk('witness')];
    const heard = [];
    const told = [];
    witness.addListener({ presence: (event) => heard.push(event) });
    mallory.addListener({ status: (status) => told.push(status) });
    try {
      witness.subscribe({ channels: ['club'], withPresence: true });
      mallory.subscribe({ channels: ['club'] });
      await eventually(() => assert.ok(heard.some(({ action, uuid }) => action === 'join' && uuid === 'mallory')));
      await withPage('#/k/demo/c/club', async (page) => {
        await page.locator('.roster .row', { hasText: 'mallory' }).getByRole('button', { name: 'Kick…' }).click();
        await page.getByLabel('Kept off for').selectOption('10m');
        await page.getByLabel(/Reason/).fill('spam');
        await page.getByRole('dialog').getByRole('button', { name: 'Kick', exact: true }).click();
        await page.getByText(/They left 1 channel.*Kept off for/).waitFor();
        await page.locator('.roster .row', { hasText: 'mallory' }).waitFor({ state: 'detached' });
      });
      await eventually(() => assert.ok(heard.some(({ action, uuid }) => action === 'leave' && uuid === 'mallory'), JSON.stringify(heard)));
      await eventually(() => assert.ok(told.some(({ error }) => error === 'PNAccessDeniedCategory'), JSON.stringify(told)));
      await withPage(user('mallory'), async (page) => {
        await page.getByText('spam').first().waitFor();
        await page.getByRole('button', { name: 'Let back in' }).click();
        await page.getByText('They may come back.').waitFor();
      });
    } finally {
      mallory.stop?.();
      witness.stop?.();
      mallory.destroy?.();
      witness.destroy?.();
    }
  });

  it('follows 2,000 events a second, and answers meanwhile', () => withPage('#/events', async (page) => {
    await page.getByText('live', { exact: true }).waitFor();
    await page.evaluate(() => {
      window.longest = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => { window.longest = Math.max(window.longest, duration); })).observe({ type: 'longtask' });
    });
    const channels = Array.from({ length: 100 }, (_, i) => `flood-${i}`);
    let round = 0;
    const burst = async (requests) => {
      await Promise.all(Array.from({ length: requests }, () => heartbeat(`flood-${round++}`, channels)));
    };
    const from = Date.now();
    let fastest = 0;
    // Three seconds of twenty requests with a hundred joins each.
    for (let second = 0; second < 3; second++) {
      for (let part = 0; part < 4; part++) {
        await burst(5);
        const late = from + second * 1000 + (part + 1) * 250 - Date.now();
        if (late > 0) await new Promise((resolve) => setTimeout(resolve, late));
      }
      fastest = Math.max(fastest, Number((await page.locator('#rate').textContent()).replace(/[^\d.]/g, '')));
    }
    const took = (Date.now() - from) / 1000;
    const longest = await page.evaluate(() => window.longest);
    console.log(`# ${Math.round(6000 / took)} events/s sent; ${fastest} events/s shown at most; longest task of the page ${Math.round(longest)} ms`);
    // The page answers, whatever came.
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByPlaceholder('Users, exactly').fill('last');
    await page.getByText('live', { exact: true }).waitFor();
    await eventually(async () => {
      await heartbeat('last', `end-${Math.random()}`);
      await page.locator('.event-rows .row', { hasText: 'last' }).first().waitFor({ timeout: 500 });
    });
  }));

  it('shows a gap where the server dropped events', () => withPage('#/events', async (page) => {
    await page.getByText('live', { exact: true }).waitFor();
    await Promise.all([page.waitForResponse(/users=before/), page.getByPlaceholder('Users, exactly').fill('before')]);
    await heartbeat('before', 'gap-before');
    await page.locator('.event-rows .row', { hasText: 'gap-before' }).waitFor();
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.isHidden });
      window.isHidden = true;
      document.dispatchEvent(new Event('visibilitychange'));
    });
    // The server remembers 10,000 events; most of those that the page misses are gone when it is looked at again.
    const channels = Array.from({ length: 100 }, (_, i) => `gap-${i}`);
    for (let i = 0; i < 11; i++) await Promise.all(Array.from({ length: 10 }, (_, j) => heartbeat(`gap-${i}-${j}`, channels)));
    await heartbeat('before', 'gap-after');
    await page.evaluate(() => {
      window.isHidden = false;
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.locator('.gap', { hasText: 'missing here' }).waitFor();
    await page.locator('.event-rows .row', { hasText: 'gap-after' }).waitFor();
  }));

  it('shows hostile names and states as text and nothing else', async () => {
    const hostile = [
      '<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', "'-alert(1)-'", 'javascript:alert(1)', '{{constructor.constructor("alert(1)")()}}',
      '\u202egnp.exe', 'a\u0000b\u0007c', '%2e%2e%2f..%2f', '__proto__', '#/events?x=<svg onload=alert(1)>', 'x'.repeat(90), '👩‍👩‍👧 family',
    ];
    const state = { '<b onclick=alert(1)>k</b>': '</pre><script>alert(1)</script>', 'a\u202eb': ['\u0000', '<iframe src="javascript:alert(1)">'], constructor: '__proto__' };
    const accepted = [];
    for (const name of hostile) {
      const response = await fetch(`${CLIENTS}/v2/presence/sub-key/demo/channel/hostile/heartbeat?uuid=${encoded(name)}&heartbeat=300&state=${encoded(JSON.stringify({ hostile: state }))}`);
      if (response.status === 200) accepted.push(name);
      // Commas part channels, and slashes cannot be in them.
      const channel = `h-${name}`.replaceAll(',', ';').replaceAll('/', '|');
      await fetch(`${CLIENTS}/v2/presence/sub-key/demo/channel/${encoded(channel)}/heartbeat?uuid=hostile&heartbeat=300`);
    }
    assert.ok(accepted.length >= 8, `only ${accepted} were accepted`);
    await withPage('#/k/demo/c/hostile', async (page) => {
      await page.waitForFunction((count) => document.querySelectorAll('.roster .row .name').length >= count, Math.min(10, accepted.length));
      assert.ok((await page.locator('.roster').textContent()).includes('<img src=x onerror=alert(1)>'));
      if (accepted.includes('\u202egnp.exe')) assert.ok((await page.locator('.roster').textContent()).includes('\\u202egnp.exe'), 'what turns text around is written out');
      for (const name of accepted) {
        for (const hash of [user(name), user(name, 'hostile')]) {
          await page.evaluate((to) => { location.hash = to; }, hash);
          await page.locator('.verdict', { hasText: 'Online' }).waitFor();
        }
        assert.equal(await page.evaluate(() => /[\u0000-\u0008\u202a-\u202e]/.test(document.title + document.body.innerText)), false);
      }
      await page.evaluate((to) => { location.hash = to; }, user('hostile'));
      await page.getByText('h-<img src=x onerror=alert(1)>').first().waitFor();
      for (const hash of ['#/events', '#/channels', '#/']) {
        await page.evaluate((to) => { location.hash = to; }, hash);
        await page.getByRole('heading', { level: 1 }).waitFor();
      }
      await page.locator('#search').fill('<img');
      await page.getByRole('option', { name: /onerror/ }).first().waitFor();
      assert.equal(await page.locator('img[src="x"], iframe, [onclick], [onerror], main script').count(), 0);
    });
    assert.deepEqual(faults, []);
  });

  it('lets in who knows the token, and nobody else', async () => {
    const page = await open('#/channels', {}, LOCKED);
    await page.getByLabel('Admin token').waitFor();
    await page.getByLabel('Admin token').fill('not-the-token-at-all');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('That is not the admin-token.').waitFor();
    await page.getByLabel('Admin token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Channels' }).waitFor();
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite], ['rollcall-session', true, 'Strict']);
    assert.equal(await page.evaluate((token) => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]).includes(token), TOKEN), false);
    // The session ends elsewhere; the page says so, and goes on where it was.
    await fetch(`${new URL(LOCKED).origin}/admin/v1/session`, { method: 'DELETE', headers: { Cookie: `${cookie.name}=${cookie.value}`, 'X-Rollcall': '1', 'Content-Type': 'application/json' } });
    await page.getByText('Your session has ended.').waitFor();
    await page.getByLabel('Admin token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Channels' }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Admin token').waitFor();
    assert.equal(await page.evaluate(async () => (await fetch('/admin/v1/overview')).status), 401);
    await page.getByLabel('Admin token').fill('wrong-wrong-wrong-wrong');
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Log in' }).isEnabled();
    }
    await eventually(async () => {
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByText('too many wrong tokens').waitFor({ timeout: 300 });
    });
    await close(page);
  });

  it('is closed to pages of other origins', async () => {
    await heartbeat('victim', 'home');
    const evil = http.createServer((request, response) => response.setHeader('Content-Type', 'text/html').end(`<form method="post" enctype="text/plain" action="${ADMIN}/keysets/demo/users/victim/kick"><input name='{"reason":"' value='"}'></form>`));
    await new Promise((resolve) => evil.listen(0, '127.0.0.1', resolve));
    const context = await newContext();
    try {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${evil.address().port}/`);
      const outcomes = await page.evaluate(async (admin) => {
        const attempt = async (path, options) => {
          try {
            const response = await fetch(admin + path, options);
            return `${response.type} ${response.status}`;
          } catch (error) {
            return error.name;
          }
        };
        const kick = '/keysets/demo/users/victim/kick';
        return [
          await attempt('/overview'),
          await attempt('/overview', { mode: 'no-cors' }),
          await attempt(kick, { method: 'POST', body: '{}', mode: 'no-cors', headers: { 'Content-Type': 'text/plain' } }),
          await attempt(kick, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json', 'X-Rollcall': '1' } }),
        ];
      }, ADMIN);
      // Nothing can be read: not even the status of what the browser lets be sent.
      outcomes.forEach((outcome) => assert.match(outcome, /^(TypeError|opaque 0)$/));
      const [answer] = await Promise.all([page.waitForResponse((response) => response.url().endsWith('/kick')), page.evaluate(() => document.forms[0].submit())]);
      assert.equal(answer.status(), 403);
      const framed = await context.newPage();
      await framed.setContent(`<iframe src="${CONSOLE}"></iframe>`);
      await eventually(() => assert.ok(framed.frames().length > 1 && !framed.frames()[1].url().startsWith(CONSOLE)));
    } finally {
      await context.close();
      evil.close();
    }
    const told = await (await fetch(`${ADMIN}/keysets/demo/users/victim`)).json();
    assert.equal(told.online, true);
  });

  it('scrolls a roster of 50,000', async () => {
    await fetch(`${CONTROL}/crowd?50000`);
    await withPage('#/k/demo/c/stadium', async (page) => {
      await page.locator('.roster .row', { hasText: 'u00000' }).waitFor();
      assert.equal(await page.locator('#occupancy').textContent(), '50,000');
      const list = page.locator('.roster .rows-scroll');
      for (const part of [0.25, 0.5, 1]) {
        await list.evaluate((element, to) => { element.scrollTop = element.scrollHeight * to; }, part);
        const first = `u${String(Math.min(49_999, Math.floor(50_000 * part))).padStart(5, '0')}`;
        await page.waitForFunction(() => !document.querySelector('.roster .skeleton') && document.querySelector('.roster .row'));
        await page.locator('.roster .row', { hasText: first.slice(0, 4) }).first().waitFor();
      }
      assert.ok(await page.locator('.roster .row').count() < 60, 'only what is seen is there');
      await page.getByPlaceholder('Begins with…').fill('u4999');
      await page.waitForFunction(() => document.querySelectorAll('.roster .row .name').length === 10);
    });
  });

  it('has no serious accessibility problem, light and dark, and fits on 360 pixels', async () => {
    await heartbeat('ada', ['lobby', 'chess'], { state: { mood: 'calm' } });
    const hashes = ['#/', '#/channels', '#/storms', '#/events', '#/keysets', '#/try', '#/k/demo/c/lobby', user('ada'), user('ada', 'lobby')];
    for (const colorScheme of ['light', 'dark']) {
      const options = colorScheme === 'dark' ? { colorScheme, viewport: { width: 360, height: 740 }, bypassCSP: true, reducedMotion: 'reduce' } : { colorScheme, bypassCSP: true };
      // All but the colours is the same in the dark.
      const rules = colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
      await withPage('#/', async (page) => {
        await page.evaluate(require('axe-core').source);
        for (const hash of hashes) {
          await page.evaluate((to) => { location.hash = to; }, hash);
          await page.getByRole('heading', { level: 1 }).waitFor();
          await page.waitForFunction((to) => location.hash === to && document.querySelector('main .panel'), hash);
          const { violations } = await page.evaluate((rules) => window.axe.run(document, { resultTypes: ['violations'], ...rules }), rules);
          const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${colorScheme} ${hash} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
          assert.deepEqual(serious, []);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 0, `${hash} is ${wide} pixels wider than the screen (${colorScheme})`);
        }
      }, options);
    }
  });

  it('subscribes, publishes and sets states by itself', () => withPage('#/try', async (page) => {
    await page.getByLabel('User', { exact: true }).fill('tryer');
    await page.getByLabel('Channel', { exact: true }).fill('lab');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByText('subscribed').waitFor();
    await page.getByText('presence of lab').first().waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('message in lab').waitFor();
    await page.getByRole('button', { name: 'Set state' }).click();
    await page.getByText('state-change').waitFor();
    await page.getByRole('button', { name: 'Leave' }).click();
    await eventually(async () => assert.equal((await (await fetch(`${ADMIN}/keysets/demo/users/tryer`)).json()).online, false));
  }));

  it('tells which rule a channel falls under, and what is wrong with a configuration', () => withPage('#/keysets', async (page) => {
    await page.locator('#rule-channel').fill('secret-7');
    await page.locator('#rule-answer', { hasText: 'Not tracked' }).waitFor();
    await page.locator('#rule-channel').fill('lobby');
    await page.locator('#rule-answer', { hasText: 'Tracked: rule 2' }).waitFor();
    await page.locator('.rules li', { hasText: 'secret-*' }).getByText('line 8').waitFor();
    await page.locator('.settings tr', { hasText: 'announce-max' }).getByText('line 5').waitFor();
    await page.locator('#server-settings tr', { hasText: 'port' }).getByText('--port').waitFor();
    await page.getByLabel(/A file as it would be/).fill('port: 1\nkeysetz: []\n');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText(/Line 2/).waitFor();
  }));

  it('tells what would be otherwise with another configuration', async () => {
    await heartbeat('tina', 'tracked-now');
    await withPage('#/keysets', async (page) => {
      await page.getByLabel(/A file as it would be/).fill('poll-hold: 50s\nkeysets:\n  - subscribe-key: demo\n    publish-key: demo\n    presence:\n      announce-max: 21\n      debounce: 30s\n      rules:\n        - pattern: "<b>*"\n  - subscribe-key: fresh\n');
      await page.getByLabel(/And a channel/).fill('tracked-now');
      await page.getByRole('button', { name: 'Check' }).click();
      const row = (text) => page.locator('#would-be .diff li', { hasText: text });
      await row('presence.announce-max').getByText('line 6').waitFor();
      assert.deepEqual([await row('presence.announce-max').locator('del').textContent(), await row('presence.announce-max').locator('ins').textContent()], ['20', '21']);
      await row('presence.rules').locator('ins', { hasText: '<b>*' }).waitFor();
      await row('poll-hold').locator('ins', { hasText: '50s' }).waitFor();
      await row('fresh').locator('ins', { hasText: 'new' }).waitFor();
      await row('other').locator('del', { hasText: 'other' }).waitFor();
      assert.equal(await page.locator('#would-be .diff li').count(), 5);
      await page.getByText('Now: Tracked').waitFor();
      await page.getByText('Then: Not tracked').waitFor();
      // The fullest of all channels that there are by now.
      await page.locator('.affected li').first().getByText('no longer tracked').waitFor();
    });
  });

  it('shows a state that is deep or long in part, and all of it to whoever asks', async () => {
    const accepts = async (state) => (await fetch(`${CLIENTS}/v2/presence/sub-key/demo/channel/abyss/uuid/deep/data?state=${encoded(state)}`)).status === 200;
    await heartbeat('deep', 'abyss');
    // As deep as a state may be.
    let depth = 16 * 1024;
    const state = (levels) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    while (depth > 16 && !(await accepts(state(depth)))) depth = Math.floor(depth / 2);
    console.log(`# a state of ${depth} levels is accepted`);
    await withPage(user('deep', 'abyss'), async (page) => {
      await page.getByText('Not all of it is shown.').waitFor();
      assert.ok((await page.locator('pre.json').first().textContent()).length < 7000);
      await page.getByRole('button', { name: 'Show all as text' }).click();
      await page.waitForFunction((text) => document.querySelector('pre.json').textContent === text, state(depth));
      await page.getByRole('button', { name: 'Show less' }).click();
      const wide = `{"a":"${'\u202e'.repeat(3000)}"}`;
      assert.ok(await accepts(wide));
      await page.waitForFunction(() => document.querySelectorAll('pre.json .escape').length > 1000);
      await page.evaluate(() => { location.hash = '#/k/demo/c/abyss'; });
      await page.locator('.roster .row', { hasText: 'deep' }).waitFor();
    });
  });

  it('complained of nothing on the way', () => assert.deepEqual(faults, []));
});
