// Grants, tokens and refusals through the package `pubnub`, against a server with the Access Manager on:
//   ROLLCALL_ORIGIN=127.0.0.1:8090 SDK=pubnub-12 node --test access.test.mjs

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, describe, it } from 'node:test';
import { eventually, origin } from './scenarios/stage.mjs';

const PubNub = createRequire(new URL(`./${process.env.SDK}/package.json`, import.meta.url))('pubnub');

const KEYS = { subscribeKey: 'sub-access', publishKey: 'pub-access' };
const SECRET_KEY = 'sec-access-0123456789';

const clients = [];

function client(userId, settings = {}) {
  const made = new PubNub({ origin, ssl: false, ...KEYS, userId, ...settings });
  clients.push(made);
  return made;
}

/** Waits for a call to be refused, and returns what the SDK says. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    assert.equal(error.status.statusCode, 403);
    assert.equal(error.status.category, 'PNAccessDeniedCategory');
    return error.status;
  }
  assert.fail('not refused');
}

describe('access', () => {
  after(() => clients.forEach((each) => each.destroy(true)));

  it('token: grant, parse, use, refuse, revoke', async () => {
    const admin = client('admin', { secretKey: SECRET_KEY });
    const alice = client('alice');
    await refusal(alice.hereNow({ channels: ['room'] }));

    const token = await admin.grantToken({
      ttl: 60,
      authorized_uuid: 'alice',
      resources: { channels: { room: { read: true } }, groups: { friends: { read: true, manage: true } } },
      patterns: { channels: { '^talk-[a-z]+$': { read: true, write: true } } },
      meta: { tenant: 'acme', level: 3 },
    });
    const parsed = alice.parseToken(token);
    assert.equal(parsed.ttl, 60);
    assert.equal(parsed.authorized_uuid, 'alice');
    assert.equal(parsed.resources.channels.room.read, true);
    assert.equal(parsed.resources.channels.room.write, false);
    assert.equal(parsed.resources.groups.friends.manage, true);
    assert.equal(parsed.patterns.channels['^talk-[a-z]+$'].write, true);
    assert.deepEqual(parsed.meta, { tenant: 'acme', level: 3 });

    alice.setToken(token);
    await alice.channelGroups.addChannels({ channelGroup: 'friends', channels: ['room'] });
    const statuses = [];
    alice.addListener({ status: (status) => statuses.push(status.category) });
    alice.subscribe({ channels: ['room', 'talk-a'], channelGroups: ['friends'], withPresence: true });
    await eventually(async () => {
      assert.deepEqual(statuses, ['PNConnectedCategory']);
      const { totalOccupancy } = await alice.hereNow({ channels: ['room', 'talk-a'] });
      assert.equal(totalOccupancy, 2);
    });
    await alice.setState({ channels: ['room'], state: { mood: 'good' } });
    await alice.publish({ channel: 'talk-a', message: 'hi' });

    await refusal(alice.publish({ channel: 'room', message: 'hi' }));
    const refused = await refusal(alice.hereNow({ channels: ['room', 'talk-1'] }));
    assert.deepEqual(refused.errorData?.payload ?? refused.payload, { channels: ['talk-1'] });
    const bob = client('bob');
    bob.setToken(token);
    await refusal(bob.hereNow({ channels: ['room'] }));

    await admin.revokeToken(token);
    await refusal(alice.hereNow({ channels: ['room'] }));
  });

  it('subscribe without a right is told so', async () => {
    const dave = client('dave');
    const statuses = [];
    dave.addListener({ status: (status) => statuses.push(status) });
    dave.subscribe({ channels: ['room'] });
    await eventually(() => assert.ok(statuses.length > 0));
    assert.notEqual(statuses[0].category, 'PNConnectedCategory');
  });

  it('secret key is enough for everything', async () => {
    const admin = client('admin', { secretKey: SECRET_KEY });
    await admin.hereNow({});
    await admin.publish({ channel: 'röom 1', message: { größe: 'a+b & c*~' } });
    await admin.publish({ channel: 'room', message: { a: 1 }, sendByPost: true });
    await admin.signal({ channel: 'room', message: 'hi' });
    await admin.setState({ channels: ['room'], state: { a: '/?&=+ *~,' } });
    await admin.channelGroups.addChannels({ channelGroup: 'g', channels: ['a', 'b'] });
    const other = client('admin', { secretKey: 'sec-another-secret-key' });
    await refusal(other.grantToken({ ttl: 1, resources: { channels: { room: { read: true } } } }));
    await refusal(other.hereNow({ channels: ['room'] }));
  });

  it('auth key: grant, use, revoke', async () => {
    const admin = client('admin', { secretKey: SECRET_KEY });
    const carol = client('carol', { authKey: 'key-carol' });
    await refusal(carol.publish({ channel: 'room', message: 'hi' }));
    await admin.grant({ channels: ['room', 'club.*'], authKeys: ['key-carol'], read: true, write: true, ttl: 5 });
    await carol.publish({ channel: 'room', message: 'hi' });
    await carol.publish({ channel: 'club.bar', message: 'hi' });
    await admin.grant({ channels: ['room'], authKeys: ['key-carol'] });
    await refusal(carol.publish({ channel: 'room', message: 'hi' }));
  });
});
