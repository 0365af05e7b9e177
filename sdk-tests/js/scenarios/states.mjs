import assert from 'node:assert/strict';
import { eventually, sameMembers } from './stage.mjs';

export const stateScenarios = {
  'a state set on one channel replaces the former one': async (stage) => {
    const room = stage.name('room');
    const alice = stage.client('alice');
    await alice.subscribe({ channels: [room] });
    await alice.setState({ channels: [room] }, { mood: 'happy', seat: 12 });

    assert.deepEqual(await alice.setState({ channels: [room] }, { mood: 'tired' }), { mood: 'tired' });

    assert.deepEqual(await alice.state({ channels: [room] }), { [room]: { mood: 'tired' } });
  },

  'a state set on several channels is set on each': async (stage) => {
    const [first, second] = [stage.name('first'), stage.name('second')];
    const alice = stage.client('alice');
    await alice.subscribe({ channels: [first, second] });
    const state = { mood: 'happy', list: [1, 'two'] };

    assert.deepEqual(await alice.setState({ channels: [first, second] }, state), state);

    assert.deepEqual(await alice.state({ channels: [first, second] }), { [first]: state, [second]: state });
  },

  'a state set on a group is set on its channels': async (stage) => {
    const [group, first, second] = [stage.name('group'), stage.name('first'), stage.name('second')];
    const alice = stage.client('alice');
    await alice.addToGroup(group, first, second);
    await alice.subscribe({ groups: [group] });
    const state = { mood: 'happy' };

    assert.deepEqual(await alice.setState({ groups: [group] }, state), state);

    assert.deepEqual(await alice.state({ groups: [group] }), { [first]: state, [second]: state });
    assert.deepEqual(await alice.state({ channels: [second] }), { [second]: state });
  },

  'the state of another can be read': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await bob.subscribe({ channels: [room] });
    await bob.setState({ channels: [room] }, { role: 'guest' });

    assert.deepEqual(await alice.state({ channels: [room], uuid: bob.userId }), { [room]: { role: 'guest' } });
    assert.deepEqual(await alice.state({ channels: [room] }), { [room]: {} });
  },

  'a state ends with a leave': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await bob.subscribe({ channels: [room] });
    await bob.setState({ channels: [room] }, { role: 'guest' });

    bob.unsubscribe({ channels: [room] });

    await eventually(async () =>
      assert.deepEqual(await alice.state({ channels: [room], uuid: bob.userId }), { [room]: {} }),
    );
  },

  'a state is kept while subscriptions change': async (stage) => {
    const [room, other] = [stage.name('room'), stage.name('other')];
    const alice = stage.client('alice');
    await alice.subscribe({ channels: [room] });
    await alice.setState({ channels: [room] }, { mood: 'happy' });

    await alice.subscribe({ channels: [other] });
    await eventually(async () => sameMembers(await alice.whereNow(), [room, other]));

    assert.deepEqual(await alice.state({ channels: [room] }), { [room]: { mood: 'happy' } });
  },
};
