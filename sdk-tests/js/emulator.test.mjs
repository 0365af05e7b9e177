// The package `pubnub` against an emulator, whose clock is moved and whose answers go wrong:
//   ROLLCALL_ORIGIN=127.0.0.1:8090 ROLLCALL_EMULATOR=http://127.0.0.1:8091/emulator/v1 SDK=pubnub-12 \
//     node --test emulator.test.mjs

import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { eventually, origin } from './scenarios/stage.mjs';

const PubNub = createRequire(new URL(`./${process.env.SDK}/package.json`, import.meta.url))('pubnub');
const emulator = process.env.ROLLCALL_EMULATOR;

// Until then an SDK that tries again by itself has.
const BY_ITSELF_MS = 8_000;

let clients = [];

async function call(method, path, body) {
  const answer = await fetch(`${emulator}${path}`, {
    method,
    headers: { 'X-Rollcall-Emulator': '1' },
    body: body && JSON.stringify(body),
  });
  const json = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(json));
  return json;
}

const post = (path, body = {}) => call('POST', path, body);

function client(userId) {
  const sdk = new PubNub({ origin, ssl: false, subscribeKey: 'demo', publishKey: 'demo', userId });
  const made = { sdk, messages: [], events: [], categories: [] };
  sdk.addListener({
    message: ({ message }) => made.messages.push(message),
    presence: ({ action, uuid, occupancy }) => made.events.push(`${action} ${uuid} ${occupancy}`),
    status: ({ category }) => made.categories.push(category),
  });
  clients.push(made);
  return made;
}

async function subscribe(made, channels, withPresence = false) {
  made.sdk.subscribe({ channels, withPresence });
  await eventually(() => assert.ok(made.categories.includes('PNConnectedCategory')));
}

const occupants = async (channel) => {
  const { keysets } = await call('GET', '/snapshot');
  return (keysets.demo?.channels?.[channel] ?? []).map(({ user }) => user);
};

const comes = async (made, message) => {
  const end = Date.now() + BY_ITSELF_MS;
  while (Date.now() < end) {
    if (made.messages.includes(message)) return true;
    await new Promise((done) => setTimeout(done, 20));
  }
  return false;
};

describe('emulator', () => {
  beforeEach(async () => {
    await post('/clock/freeze');
    await post('/reset');
  });

  afterEach(() => {
    for (const { sdk } of clients) sdk.destroy(true);
    clients = [];
  });

  it('silence is heard as a timeout', async () => {
    const alice = client('alice');
    const bob = client('bob');
    await subscribe(bob, ['room'], true);
    await subscribe(alice, ['room']);
    await eventually(() => assert.deepEqual(bob.events, ['join bob 1', 'join alice 2']));
    await post('/users/alice/silence');
    const moved = await post('/clock/advance', { by: '301s', keep: ['bob'] });
    assert.equal(moved.timeouts, 1);
    await eventually(() => assert.deepEqual(bob.events, ['join bob 1', 'join alice 2', 'timeout alice 1']));
    await call('DELETE', '/users/alice/silence');
    await eventually(async () => assert.deepEqual(await occupants('room'), ['alice', 'bob']));
  });

  it('an hour with everybody kept passes unnoticed', async () => {
    const alice = client('alice');
    const bob = client('bob');
    await subscribe(bob, ['room'], true);
    await subscribe(alice, ['room']);
    await eventually(() => assert.deepEqual(bob.events, ['join bob 1', 'join alice 2']));
    const moved = await post('/clock/advance', { by: '1h', keep: 'all' });
    assert.equal(moved.timeouts, 0);
    // Their subscribes have ended an hour's worth of times: only who asks again hears what comes.
    await eventually(async () => assert.equal((await call('GET', '')).counts.polls, 2));
    await post('/seed', { announce: true, keysets: { demo: { channels: { room: ['carol'] } } } });
    await eventually(() => assert.deepEqual(bob.events, ['join bob 1', 'join alice 2', 'join carol 3']));
  });

  const subscribes = { match: { operation: 'subscribe', user: 'alice' }, times: 1 };
  for (const [name, fault] of Object.entries({
    'delay of 1 s': { ...subscribes, effect: { type: 'delay', by: '1s' } },
    'status 503': { ...subscribes, effect: { type: 'status', status: 503 } },
    'lose-answer': { ...subscribes, effect: { type: 'lose-answer' } },
    'lose-request': { ...subscribes, effect: { type: 'lose-request' } },
    'close, fin, before the answer': { ...subscribes, effect: { type: 'close' } },
    'close, rst, within the body': { ...subscribes, effect: { type: 'close', how: 'rst', afterBytes: 10 } },
    'slow, 100 bytes a second': { ...subscribes, effect: { type: 'slow', bytesPerSecond: 100 } },
    garble: { ...subscribes, effect: { type: 'garble' } },
    'stale-timetoken, 10 s': { ...subscribes, effect: { type: 'stale-timetoken', by: '-10s' } },
    'duplicate, of a publish': {
      match: { operation: 'publish', user: 'bob' },
      after: 1,
      times: 1,
      effect: { type: 'duplicate' },
    },
  })) {
    it(`fault: ${name}`, async () => {
      const alice = client('alice');
      const bob = client('bob');
      const publish = (message) => bob.sdk.publish({ channel: 'room', message });
      await subscribe(alice, ['room']);
      await subscribe(bob, ['elsewhere']);
      await eventually(async () => assert.equal((await call('GET', '')).counts.polls, 2));
      const { id } = await post('/faults', fault);
      // The subscribe that follows upon the first message meets the fault, or so does the second message.
      await publish('one');
      await eventually(() => assert.ok(alice.messages.includes('one')));
      let from = Date.now();
      await publish('two');
      await eventually(async () => assert.equal((await call('GET', `/faults/${id}`)).hits, 1));
      let how = 'by itself';
      if (!(await comes(alice, 'two'))) {
        how = 'once its connection ends';
        await call('DELETE', '/faults');
        from = Date.now();
        if (!(await comes(alice, 'two'))) {
          how = 'once the app calls reconnect()';
          from = Date.now();
          alice.sdk.reconnect();
        }
      }
      await eventually(() => assert.ok(alice.messages.includes('two')));
      const seconds = Math.round((Date.now() - from) / 1_000);
      await publish('three');
      await eventually(() => assert.ok(alice.messages.includes('three')));
      assert.deepEqual(await occupants('room'), ['alice']);
      const told = [...new Set(alice.categories)].filter((category) => category !== 'PNConnectedCategory');
      const row = [name, `${how}, ${seconds} s`, alice.messages.join(' '), told.join(', ') || 'nothing'];
      mkdirSync('target', { recursive: true });
      appendFileSync('target/faults.md', `| ${row.join(' | ')} |\n`);
    });
  }
});
