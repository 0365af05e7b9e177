import assert from 'node:assert/strict';
import { subscriptionOf } from './client.mjs';
import { contents } from './messages.mjs';
import { eventually, line, sameMembers } from './stage.mjs';

export const groupScenarios = {
  'a group: add, list, remove, delete': async (stage) => {
    const group = stage.name('group');
    const [first, second, third] = [stage.name('first'), stage.name('second'), stage.name('third')];
    const alice = stage.client('alice');
    assert.deepEqual(await alice.channelsOfGroup(group), []);

    await alice.addToGroup(group, first, second);
    await alice.addToGroup(group, second, third);
    sameMembers(await alice.channelsOfGroup(group), [first, second, third]);

    await alice.removeFromGroup(group, first, third);
    assert.deepEqual(await alice.channelsOfGroup(group), [second]);

    await alice.deleteGroup(group);
    assert.deepEqual(await alice.channelsOfGroup(group), []);
  },

  'a group subscriber hears messages of its channels': async (stage) => {
    const [group, room] = [stage.name('group'), stage.name('room')];
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.addToGroup(group, room);
    await alice.subscribe({ groups: [group] });

    const timetoken = await bob.publish(room, 'hello');

    const expected = { channel: room, subscription: group, publisher: bob.userId, message: 'hello', timetoken };
    await eventually(() => assert.deepEqual(alice.heard.messages, [expected]));
  },

  'a group subscriber hears presence of its channels': async (stage) => {
    const [group, room] = [stage.name('group'), stage.name('room')];
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.addToGroup(group, room);
    await alice.subscribe({ groups: [group], presence: true });
    await eventually(() => assert.deepEqual(alice.timeline(room), [line('join', alice, 1)]));

    await bob.subscribe({ channels: [room] });
    await eventually(() => assert.equal(alice.timeline(room).length, 2));
    await bob.setState({ channels: [room] }, { mood: 'happy' });
    await eventually(() => assert.equal(alice.timeline(room).length, 3));
    bob.unsubscribe({ channels: [room] });

    await eventually(() =>
      assert.deepEqual(alice.timeline(room), [
        line('join', alice, 1),
        line('join', bob, 2),
        line('state-change', bob, 2),
        line('leave', bob, 1),
      ]),
    );
    assert.deepEqual(alice.presence(room).map(subscriptionOf), [group, group, group, group]);
  },

  'a group subscriber is present in its channels': async (stage) => {
    const [group, first, second] = [stage.name('group'), stage.name('first'), stage.name('second')];
    const alice = stage.client('alice');
    await alice.addToGroup(group, first, second);

    await alice.subscribe({ groups: [group] });
    await eventually(async () => sameMembers(await alice.whereNow(), [first, second]));
    alice.unsubscribe({ groups: [group] });

    await eventually(async () => assert.deepEqual(await alice.whereNow(), []));
  },

  'a group subscriber follows changes of the group': async (stage) => {
    const [group, room, added] = [stage.name('group'), stage.name('room'), stage.name('added')];
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.addToGroup(group, room);
    await alice.subscribe({ groups: [group] });

    await bob.addToGroup(group, added);
    await eventually(async () => sameMembers(await alice.whereNow(), [room, added]));
    await bob.publish(added, 'from the new channel');
    await eventually(() => assert.deepEqual(contents(alice), ['from the new channel']));
    await bob.removeFromGroup(group, added);
    await bob.publish(added, 'not for her any more');
    await bob.publish(room, 'for her');

    await eventually(() => assert.deepEqual(contents(alice), ['from the new channel', 'for her']));
  },
};

export const wildcardScenarios = {
  'a wildcard hears messages below it': async (stage) => {
    const house = stage.name('house');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [`${house}.*`] });

    await bob.publish(`${house}x.kitchen`, 'next door');
    const timetoken = await bob.publish(`${house}.kitchen`, 'hello');

    const expected = {
      channel: `${house}.kitchen`,
      subscription: `${house}.*`,
      publisher: bob.userId,
      message: 'hello',
      timetoken,
    };
    await eventually(() => assert.deepEqual(alice.heard.messages, [expected]));
  },

  'a wildcard hears presence below it': async (stage) => {
    const house = stage.name('house');
    const kitchen = `${house}.kitchen`;
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [`${house}.*`], presence: true });

    await bob.subscribe({ channels: [kitchen] });
    await eventually(() => assert.equal(alice.timeline(kitchen)[0], line('join', bob, 1)));
    bob.unsubscribe({ channels: [kitchen] });

    await eventually(() => assert.equal(alice.timeline(kitchen).at(-1), line('leave', bob, 0)));
    for (const event of alice.presence(kitchen)) assert.ok(['', `${house}.*`].includes(subscriptionOf(event)));
  },

  'a wildcard subscriber is present as the wildcard only': async (stage) => {
    const house = stage.name('house');
    const kitchen = `${house}.kitchen`;
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [`${house}.*`] });
    await bob.subscribe({ channels: [kitchen] });

    await eventually(async () => assert.deepEqual(await alice.whereNow(), [`${house}.*`]));
    await eventually(async () => {
      const answer = await alice.hereNow({ channels: [kitchen] });
      assert.deepEqual(
        answer.channels[kitchen].occupants.map(({ uuid }) => uuid),
        [bob.userId],
      );
    });
  },
};
