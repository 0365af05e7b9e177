// What a client of the first version of subscribe must see. Its answers name the channels of messages by position.

import assert from 'node:assert/strict';
import { eventually, line, sameMembers } from './stage.mjs';

export const legacyScenarios = {
  // First in line, since it takes longer than all others together. This SDK lets ask for less than newer ones.
  'a timeout is heard though the poll is open': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob', { presenceTimeout: 6 })];
    await alice.subscribe({ channels: [room], presence: true });

    await bob.subscribe({ channels: [room] });

    await eventually(() => sameMembers(of(bob, alice, room), [line('join', bob, 2), line('timeout', bob, 1)]));
  },

  'time is now, in timetokens': async (stage) => {
    const timetoken = await stage.client('alice').time();

    assert.ok(Math.abs(timetoken / 10_000 - Date.now()) < 10_000, String(timetoken));
  },

  'a published message reaches a subscriber': async (stage) => {
    const [room, other] = [stage.name('room'), stage.name('other')];
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [room] });
    const message = { text: 'hello größe 日本 🎈 100% "quoted" a+b?c#d', to: ['alice', 'all'], priority: 3 };

    await bob.publish(other, 'not for her');
    await bob.publish(room, 'one');
    await bob.publish(room, message);

    await eventually(() =>
      assert.deepEqual(alice.heard.messages, [
        { channel: room, subscription: room, message: 'one' },
        { channel: room, subscription: room, message },
      ]),
    );
  },

  'a subscriber of several channels is told which': async (stage) => {
    const [first, second] = [stage.name('first'), stage.name('zweiter größe')];
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [first, second] });

    await bob.publish(first, 'one');
    await bob.publish(second, 'two');

    await eventually(() =>
      assert.deepEqual(alice.heard.messages, [
        { channel: first, subscription: first, message: 'one' },
        { channel: second, subscription: second, message: 'two' },
      ]),
    );
  },

  'a big message goes by POST': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [room] });
    const message = { text: '0123456789 äöü '.repeat(1_500) };

    await bob.publish(room, message, { post: true });

    await eventually(() => assert.deepEqual(alice.heard.messages, [{ channel: room, subscription: room, message }]));
  },

  'join, state-change and leave of another are heard': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [room], presence: true });

    await bob.subscribe({ channels: [room] });
    await eventually(() => assert.equal(of(bob, alice, room).length, 1));
    assert.deepEqual(await bob.setState(room, { mood: 'happy' }), { mood: 'happy' });
    await eventually(() => assert.equal(of(bob, alice, room).length, 2));
    bob.unsubscribe({ channels: [room] });

    await eventually(() =>
      assert.deepEqual(of(bob, alice, room), [
        line('join', bob, 2),
        line('state-change', bob, 2),
        line('leave', bob, 1),
      ]),
    );
    assert.deepEqual(alice.presence(room).at(-2).event.data, { mood: 'happy' });
  },

  'a second device is not counted': async (stage) => {
    const room = stage.name('room');
    const alice = stage.client('alice');
    const [phone, laptop, carol] = [stage.client('bob'), stage.client('bob'), stage.client('carol')];
    await alice.subscribe({ channels: [room], presence: true });

    await phone.subscribe({ channels: [room] });
    await laptop.subscribe({ channels: [room] });
    await carol.subscribe({ channels: [room] });

    await eventually(() => assert.deepEqual(of(carol, alice, room), [line('join', carol, 3)]));
    assert.deepEqual(of(phone, alice, room), [line('join', phone, 2)]);
  },

  'here now in all its forms': async (stage) => {
    stage.useOwnKeyset();
    const [group, first, second] = [stage.name('group'), stage.name('first'), stage.name('second')];
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [first, second] });
    await eventually(async () => sameMembers(await alice.whereNow(), [first, second]));
    await bob.subscribe({ channels: [second] });
    await eventually(async () => assert.deepEqual(await alice.whereNow(bob.userId), [second]));
    await bob.setState(second, { seat: 12 });
    await alice.addToGroup(group, second);
    const [a, b] = [alice.userId, bob.userId];

    // Waited for once: another node than the one that counted a join may give an answer that is 3 s old.
    await eventually(async () => {
      const one = await alice.hereNow({ channel: second });
      assert.deepEqual([one.uuids, one.occupancy], [[a, b], 2]);
    });
    const withState = await alice.hereNow({ channel: second, state: true });
    assert.deepEqual(withState.uuids, [{ uuid: a }, { uuid: b, state: { seat: 12 } }]);
    const bare = await alice.hereNow({ channel: second, uuids: false });
    assert.deepEqual([bare.uuids, bare.occupancy], [undefined, 2]);
    const both = { [first]: { uuids: [a], occupancy: 1 }, [second]: { uuids: [a, b], occupancy: 2 } };
    const several = await alice.hereNow({ channel: `${first},${second}` });
    assert.deepEqual(several, { channels: both, total_channels: 2, total_occupancy: 3 });
    const ofGroup = await alice.hereNow({ channel_group: group });
    assert.deepEqual(ofGroup, { channels: { [second]: both[second] }, total_channels: 1, total_occupancy: 2 });
    assert.deepEqual(await alice.hereNow({}), several);
  },

  'a state can be set and read': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await bob.subscribe({ channels: [room] });

    assert.deepEqual(await bob.setState(room, { mood: 'happy' }), { mood: 'happy' });

    assert.deepEqual(await alice.state(room, bob.userId), { mood: 'happy' });
    assert.deepEqual(await alice.state(room), {});
  },

  'a group: add, list, remove, delete': async (stage) => {
    const [group, first, second] = [stage.name('group'), stage.name('first'), stage.name('second')];
    const alice = stage.client('alice');

    await alice.addToGroup(group, first, second);
    sameMembers(await alice.channelsOfGroup(group), [first, second]);
    await alice.removeFromGroup(group, first);
    assert.deepEqual(await alice.channelsOfGroup(group), [second]);
    await alice.deleteGroup(group);

    assert.deepEqual(await alice.channelsOfGroup(group), []);
  },

  'a group subscriber hears messages and presence of its channels': async (stage) => {
    const [group, room] = [stage.name('group'), stage.name('room')];
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.addToGroup(group, room);
    await alice.subscribe({ groups: [group], presence: true });

    await bob.subscribe({ channels: [room] });
    await eventually(() => assert.deepEqual(of(bob, alice, room), [line('join', bob, 2)]));
    await bob.publish(room, 'hello');

    await eventually(() =>
      assert.deepEqual(alice.heard.messages, [{ channel: room, subscription: group, message: 'hello' }]),
    );
    assert.equal(alice.presence(room).at(-1).subscription, group);
  },

  'a wildcard subscriber hears messages below it': async (stage) => {
    const house = stage.name('house');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [`${house}.*`], presence: true });

    await bob.subscribe({ channels: [`${house}.kitchen`] });
    await eventually(() => assert.equal(of(bob, alice, `${house}.kitchen`)[0], line('join', bob, 1)));
    await bob.publish(`${house}.kitchen`, 'hello');

    const expected = { channel: `${house}.kitchen`, subscription: `${house}.*`, message: 'hello' };
    await eventually(() => assert.deepEqual(alice.heard.messages.at(-1), expected));
  },
};

/**
 * Returns the lines of `watcher`'s timeline that tell of `client`. This SDK starts anew with each change of its
 * subscriptions, so that it may miss its own join.
 */
function of(client, watcher, channel) {
  return watcher.timeline(channel).filter((entry) => entry.includes(` ${client.userId} `));
}
