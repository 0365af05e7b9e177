// The screen of an emulator in a real browser. EMULATOR is its console, EMULATED its port of clients; CONTROL starts it anew.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, beforeEach, describe, it } from 'node:test';
import { ask, close, encoded, eventually, faults, heartbeat, open, require, user, withBrowser, withPage } from './page.mjs';

const { EMULATOR, EMULATED, CONTROL } = process.env;
const API = `${new URL(EMULATOR).origin}/emulator/v1`;
/** Hours are those of the clock, wherever this runs. */
const UTC = { timezoneId: 'UTC' };
const HOSTILE = '<img src=x onerror=alert(1)>\u202egnp';

const screen = (action, options) => withPage('#/emulator', action, { ...UTC, ...options }, EMULATOR);
const control = async (path, body = {}, method = 'POST') => (await fetch(API + path, { method, headers: { 'X-Rollcall-Emulator': '1' }, body: JSON.stringify(body) })).json();
const told = async (path) => (await fetch(API + path)).json();
const joined = (name, channel, options) => heartbeat(name, channel, { clients: EMULATED, ...options });

/** A request of a client, whatever comes of it. */
const status = async (name, channel) => (await fetch(`${EMULATED}/v2/presence/sub-key/demo/channel/${encoded(channel)}/heartbeat?uuid=${encoded(name)}`)).status;

describe('emulator', () => {
  withBrowser();
  before(() => fetch(`${CONTROL}/restart`));
  beforeEach(async () => {
    await control('/clock/freeze');
    await control('/reset');
  });

  it('has no screen where the clock is that of the machine', () => withPage('#/emulator', async (page) => {
    await page.getByText('There is no such screen.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Emulator' }).count(), 0);
  }));

  it('has its clock moved by buttons, by what is typed, and to a moment', async () => {
    await joined('alice', 'lobby');
    await screen(async (page) => {
      const face = page.locator('#emulated-time');
      const { now } = await told('/clock');
      const shown = (moment) => new Date(moment).toISOString().replace('T', ' ').slice(0, 23);
      const shows = (moment) => face.filter({ hasText: shown(moment) }).waitFor();
      await shows(now);
      await page.getByRole('button', { name: '+1 s', exact: true }).click();
      await page.locator('#moved', { hasText: '0 timeouts' }).waitFor();
      await shows(Date.parse(now) + 1000);
      await page.getByRole('button', { name: '+5 min' }).click();
      await page.locator('#moved', { hasText: '1 timeout,' }).waitFor();
      await page.locator('#moved', { hasText: 'alice' }).waitFor();
      await page.getByLabel('Move on by', { exact: true }).last().fill('soon');
      await page.getByRole('button', { name: 'Move', exact: true }).click();
      await page.getByText('a duration such as 250ms, 10s, 5m or 1h').waitFor();
      await shows(Date.parse(now) + 301_000);
      await page.getByLabel('Move on by', { exact: true }).last().fill('90s');
      await page.keyboard.press('Enter');
      await shows(Date.parse(now) + 391_000);
      const target = `${new Date(Date.parse(now) + 86_400_000).toISOString().slice(0, 17)}30`;
      await page.getByLabel('Or on to').fill(target);
      await page.getByRole('button', { name: 'Jump' }).click();
      await shows(`${target}Z`);
      await page.getByLabel('Or on to').fill('2001-01-01T00:00:30');
      await page.getByRole('button', { name: 'Jump' }).click();
      await page.locator('.note.bad', { hasText: '0 to PT720H' }).waitFor();
      // It runs, faster than time, and is not moved while it does.
      await page.getByLabel('How fast').selectOption('60');
      await page.getByRole('button', { name: 'Run' }).click();
      await page.locator('.emulated', { hasText: '60 ×' }).waitFor();
      assert.equal(await page.getByRole('button', { name: '+1 min' }).isDisabled(), true);
      const ran = await face.textContent();
      await page.waitForFunction((before) => Date.parse(document.querySelector('#emulated-time').textContent) - Date.parse(before) > 30_000, ran);
      await page.getByRole('button', { name: 'Freeze' }).click();
      await page.locator('.emulated', { hasText: 'frozen' }).waitFor();
      await shows((await told('/clock')).now);
    });
  });

  it('keeps on the way whom it is told to', async () => {
    await joined('alice', 'lobby');
    await joined('bob', 'lobby');
    await screen(async (page) => {
      await page.getByLabel('On the way signs of life').selectOption('some');
      await page.getByLabel('Users, by commas').fill('bob');
      await page.getByRole('button', { name: '+1 h' }).click();
      await page.locator('#moved', { hasText: '1 timeout,' }).waitFor();
      await page.locator('#count-occupants', { hasText: '1' }).waitFor();
    });
    assert.deepEqual((await ask('/v2/presence/sub-key/demo/uuid/bob', EMULATED)).payload.channels, ['lobby']);
  });

  it('has all screens go by its clock, also when somebody else moves it', async () => {
    await joined('clara', 'lobby');
    const { epochMillis } = await told('/clock');
    await withPage(user('clara', 'lobby'), async (page) => {
      await page.locator('.verdict .lease', { hasText: '5 min 0 s of 5 min 0 s left' }).waitFor();
      await page.getByText('0 s ago').first().waitFor();
      await control('/clock/advance', { by: '2m' });
      await page.locator('.verdict .lease', { hasText: '3 min 0 s of 5 min 0 s left' }).waitFor();
      await page.getByText('2 min 0 s ago').first().waitFor();
      const at = new Date(epochMillis + 120_000).toISOString();
      await page.locator('.emulated', { hasText: at.slice(11, 19) }).waitFor();
      for (const hash of ['#/', '#/k/demo/c/lobby', '#/try']) {
        await page.evaluate((to) => { location.hash = to; }, hash);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('.emulated', { hasText: at.slice(0, 10) }).waitFor();
      }
    }, UTC, EMULATOR);
  });

  it('has requests go wrong as told by a form, and shows which did', () => screen(async (page) => {
    await page.getByText('Nothing goes wrong.').waitFor();
    await page.getByRole('button', { name: 'Add a fault…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Status', { exact: true }).fill('200');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText('400..599').waitFor();
    await dialog.getByLabel('Status', { exact: true }).fill('503');
    await dialog.locator('select[name=operation]').selectOption('heartbeat');
    await dialog.getByLabel('User').fill(HOSTILE);
    await dialog.getByText('More', { exact: true }).click();
    await dialog.getByLabel('How often').fill('1');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.fault', { hasText: '<img src=x onerror=alert(1)>\\u202egnp' }).waitFor();
    assert.equal(await status('somebody', 'lobby'), 200);
    assert.equal(await status(HOSTILE, 'lobby'), 503);
    assert.equal(await status(HOSTILE, 'lobby'), 200);
    await page.locator('.request-rows .row', { hasText: '503' }).waitFor();
    assert.ok((await page.locator('.request-rows').textContent()).includes('\\u202egnp'));
    // Each effect can be added as it is proposed.
    for (const type of ['delay', 'lose-answer', 'lose-request', 'close', 'slow', 'garble', 'duplicate', 'stale-timetoken']) {
      await page.getByRole('button', { name: 'Add a fault…' }).click();
      await dialog.getByLabel('What goes wrong').selectOption(type);
      await dialog.getByLabel('Channel or group').fill('elsewhere');
      await dialog.getByRole('button', { name: 'Add' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.locator('.fault', { hasText: type }).waitFor();
    }
    const count = await page.locator('.fault').count();
    await page.locator('.fault', { hasText: 'garble' }).getByRole('button').click();
    await page.waitForFunction((before) => document.querySelectorAll('.fault').length === before - 1, count);
    await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByText('Nothing goes wrong.').waitFor();
    assert.equal(await page.locator('img[src="x"], [onerror]').count(), 0);
  }));

  it('is reset while others look, who see that, and what comes after', async () => {
    await joined('dora', 'stage');
    const watching = await open('#/k/demo/c/stage', UTC, EMULATOR);
    const following = await open('#/events', UTC, EMULATOR);
    try {
      await watching.locator('.roster .row', { hasText: 'dora' }).waitFor();
      await following.getByText('live', { exact: true }).waitFor();
      await joined('dora', 'wings');
      await following.locator('.event-rows .row', { hasText: 'wings' }).waitFor();
      await screen(async (page) => {
        await page.getByRole('button', { name: 'Timeline' }).click();
        await page.locator('.timeline-rows .row', { hasText: 'stage' }).waitFor();
        await page.getByRole('button', { name: 'Reset…' }).click();
        await page.getByRole('dialog').getByLabel('Faults').check();
        await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
        await page.locator('#stock-said', { hasText: 'Forgotten: 2 occupants' }).waitFor();
        await page.getByText('Nothing has happened yet.').waitFor();
      });
      await watching.getByText('Nobody is here.').waitFor();
      // The stream that was open was of what is gone; they follow the new one once it is.
      await eventually(async () => {
        await joined('edgar', 'stage');
        await watching.locator('.roster .row', { hasText: 'edgar' }).waitFor({ timeout: 500 });
      });
      await eventually(async () => {
        await joined(`late-${Math.random()}`, 'stage');
        await following.locator('.event-rows .row', { hasText: 'late-' }).first().waitFor({ timeout: 500 });
      });
      await following.locator('.gap').first().waitFor();
    } finally {
      await close(watching);
      await close(following);
    }
  });

  it('is written down in a file, and put back from one', async () => {
    await joined('fred', 'attic', { state: { mood: 'calm', hostile: HOSTILE } });
    await screen(async (page) => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download snapshot' }).click()]);
      assert.equal(download.suggestedFilename(), 'rollcall-snapshot.json');
      const file = await download.path();
      assert.deepEqual(JSON.parse(await readFile(file, 'utf8')).keysets.demo.channels.attic[0].state, { mood: 'calm', hostile: HOSTILE });
      await control('/reset');
      await page.locator('#count-occupants', { hasText: '0' }).waitFor();
      await page.locator('input[type=file]').setInputFiles(file);
      await page.locator('#stock-said', { hasText: '1 occupants' }).waitFor();
      await page.locator('#count-occupants', { hasText: '1' }).waitFor();
      const seed = join(tmpdir(), `rollcall-seed-${process.pid}.yaml`);
      await writeFile(seed, 'keysets: {demo: {channels: {cellar: [gina, hugo]}}}\n');
      await page.getByLabel('beside it, as a seed').check();
      await page.locator('input[type=file]').setInputFiles(seed);
      await page.locator('#count-occupants', { hasText: '3' }).waitFor();
      await writeFile(seed, 'keysets: {demo: {chanels: {}}}\n');
      await page.locator('input[type=file]').setInputFiles(seed);
      await page.locator('.note.bad', { hasText: 'chanels' }).waitFor();
    });
  });

  it('has users go silent, and ends subscribes that wait', async () => {
    const { t } = await ask('/v2/subscribe/demo/hall/0?tt=0&uuid=ivan', EMULATED);
    const waiting = fetch(`${EMULATED}/v2/subscribe/demo/hall/0?tt=${t.t}&uuid=ivan`);
    await screen(async (page) => {
      await page.locator('#count-polls', { hasText: '1' }).waitFor();
      await page.getByRole('button', { name: 'Answer waiting subscribes' }).click();
      await page.getByText('1 answered with nothing.').waitFor();
      assert.deepEqual((await (await waiting).json()).m, []);
      await page.getByLabel('Silence a user').fill(HOSTILE);
      await page.getByRole('button', { name: 'Silence', exact: true }).click();
      const row = page.locator('.fault', { hasText: '\\u202egnp' });
      await row.waitFor();
      await row.getByRole('button', { name: 'Let through' }).click();
      await row.waitFor({ state: 'detached' });
    });
  });

  it('is found again when it was started anew', () => screen(async (page) => {
    await control('/clock/advance', { by: '720h' });
    await page.locator('#count-occupants').waitFor();
    await fetch(`${CONTROL}/stop`);
    await page.getByText('The server cannot be reached.').first().waitFor();
    await fetch(`${CONTROL}/restart`);
    await page.waitForFunction(() => !document.body.innerText.includes('The server cannot be reached.'));
    // By another clock, which is behind that of the one before.
    const { now } = await told('/clock');
    await page.locator('#emulated-time', { hasText: now.replace('T', ' ').slice(0, 16) }).waitFor();
    assert.equal(await status('anna', 'lobby'), 200);
    await page.locator('.request-rows .row', { hasText: 'anna' }).first().waitFor();
  }));

  it('has no serious accessibility problem, light and dark, and fits on 360 pixels', async () => {
    await joined('a-user-with-a-name-that-is-much-longer-than-a-telephone-is-wide-and-longer', 'lobby');
    await control('/faults', { match: { path: '/v2/presence/.*'.repeat(12), user: 'a'.repeat(80) }, effect: { type: 'delay', by: '2s' } });
    await control('/users/somebody-whose-name-is-long-enough-to-be-wider-than-a-telephone/silence', {});
    for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark', viewport: { width: 360, height: 740 } }]) {
      await screen(async (page) => {
        await page.evaluate(require('axe-core').source);
        await page.locator('.request-rows .row').first().waitFor();
        const serious = async (where) => {
          const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
          assert.deepEqual(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${where} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`), []);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 0, `${where} is ${wide} pixels wider than the screen`);
        };
        await serious('requests');
        await page.getByRole('button', { name: 'Timeline' }).click();
        await page.locator('.timeline-rows .row').first().waitFor();
        await page.getByRole('button', { name: '+1 s', exact: true }).click();
        await page.locator('#moved').waitFor();
        await serious('timeline');
        await page.getByRole('button', { name: 'Add a fault…' }).click();
        await page.getByText('More', { exact: true }).click();
        await serious('a fault');
      }, { ...options, bypassCSP: true, reducedMotion: 'reduce' });
    }
  });

  it('complained of nothing on the way', () => assert.deepEqual(faults, []));
});
