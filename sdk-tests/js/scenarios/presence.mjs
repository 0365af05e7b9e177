// Joins, leaves, timeouts and changes of state, as a watching client hears them. That nothing was heard is shown by a
// later event of the same channel, never by waiting.

import assert from 'node:assert/strict';
import { subscriptionOf } from './client.mjs';
import { eventually, line } from './stage.mjs';

// The least that SDKs let their users ask for.
const SHORTEST_PRESENCE_TIMEOUT_SECONDS = 20;

export const presenceScenarios = {
  // First in line, since it takes longer than all others together.
  'a timeout is heard when heartbeats end': async (stage) => {
    const room = stage.name('room');
    const alice = await watching(stage, room);
    const shortest = { presenceTimeout: SHORTEST_PRESENCE_TIMEOUT_SECONDS };
    const [carol, bob] = [stage.client('carol', shortest), stage.client('bob', shortest)];
    await carol.subscribe({ channels: [room] });
    await eventually(() => assert.equal(alice.timeline(room).length, 2));
    await bob.subscribe({ channels: [room] });
    await eventually(() => assert.equal(alice.timeline(room).length, 3));

    bob.vanish();

    await eventually(
      () =>
        assert.deepEqual(alice.timeline(room), [
          line('join', alice, 1),
          line('join', carol, 2),
          line('join', bob, 3),
          line('timeout', bob, 2),
        ]),
      (SHORTEST_PRESENCE_TIMEOUT_SECONDS + 10) * 1_000,
    );
    const events = alice.presence(room);
    const seconds = Number(BigInt(events[3].timetoken) - BigInt(events[2].timetoken)) / 1e7;
    // Timetokens count on from the clock's milliseconds, so their differences are not exact.
    assert.ok(seconds >= SHORTEST_PRESENCE_TIMEOUT_SECONDS - 0.01, `after ${seconds} s`);
    assert.ok(seconds <= SHORTEST_PRESENCE_TIMEOUT_SECONDS + 4, `after ${seconds} s`);
  },

  'one hears oneself join': async (stage) => {
    const room = stage.name('room');

    const alice = await watching(stage, room);

    assert.equal(subscriptionOf(alice.presence(room)[0]), room);
  },

  'one hears oneself join a channel added later': async (stage) => {
    const [room, added] = [stage.name('room'), stage.name('added')];
    const alice = await watching(stage, room);

    await alice.subscribe({ channels: [added], presence: true });

    await eventually(() => assert.deepEqual(alice.timeline(added), [line('join', alice, 1)]));
    assert.deepEqual(alice.timeline(room), [line('join', alice, 1)]);
  },

  'the join of another is heard': async (stage) => {
    const room = stage.name('room');
    const alice = await watching(stage, room);
    const bob = stage.client('bob');

    await bob.subscribe({ channels: [room] });

    await eventually(() => assert.deepEqual(alice.timeline(room), [line('join', alice, 1), line('join', bob, 2)]));
    assert.deepEqual(bob.heard.presence, []);
  },

  'a leave is heard, and other channels stay': async (stage) => {
    const [room, kept] = [stage.name('room'), stage.name('kept')];
    const alice = await watching(stage, room);
    await alice.subscribe({ channels: [kept], presence: true });
    await eventually(() => assert.deepEqual(alice.timeline(kept), [line('join', alice, 1)]));
    const [bob, carol] = [stage.client('bob'), stage.client('carol')];
    await bob.subscribe({ channels: [room, kept] });
    await eventually(() => assert.equal(alice.timeline(kept).length, 2));

    bob.unsubscribe({ channels: [room] });

    await eventually(() => assert.equal(alice.timeline(room).at(-1), line('leave', bob, 1)));
    await carol.subscribe({ channels: [kept] });
    await eventually(() =>
      assert.deepEqual(alice.timeline(kept), [line('join', alice, 1), line('join', bob, 2), line('join', carol, 3)]),
    );
  },

  // The server may take its time: it waits a moment whether a subscribe right after a leave was meant.
  'a join again right after a leave is heard': async (stage) => {
    const room = stage.name('room');
    const alice = await watching(stage, room);
    const bob = stage.client('bob');
    await bob.subscribe({ channels: [room] });
    await eventually(() => assert.equal(alice.timeline(room).length, 2));

    bob.unsubscribe({ channels: [room] });
    await eventually(() => assert.equal(alice.timeline(room).length, 3));
    await bob.subscribe({ channels: [room] });

    await eventually(() =>
      assert.deepEqual(alice.timeline(room), [
        line('join', alice, 1),
        line('join', bob, 2),
        line('leave', bob, 1),
        line('join', bob, 2),
      ]),
    );
  },

  'a state-change is heard with the whole state': async (stage) => {
    const room = stage.name('room');
    const alice = await watching(stage, room);
    const bob = stage.client('bob');
    await bob.subscribe({ channels: [room] });
    await eventually(() => assert.equal(alice.timeline(room).length, 2));
    const state = { mood: 'happy', seat: { row: 7 }, tags: ['a', 'b'] };

    await bob.setState({ channels: [room] }, { mood: 'tired', old: true });
    await bob.setState({ channels: [room] }, state);

    await eventually(() =>
      assert.deepEqual(alice.timeline(room), [
        line('join', alice, 1),
        line('join', bob, 2),
        line('state-change', bob, 2),
        line('state-change', bob, 2),
      ]),
    );
    assert.deepEqual(alice.presence(room)[3].state, state);
  },

  'a state set before joining rides in the join': async (stage) => {
    const room = stage.name('room');
    const alice = await watching(stage, room);
    const bob = stage.client('bob');
    await bob.setState({ channels: [room] }, { mood: 'early' });
    await eventually(() => assert.equal(alice.timeline(room).length, 2));

    await bob.subscribe({ channels: [room] });

    await eventually(() =>
      assert.deepEqual(alice.timeline(room), [
        line('join', alice, 1),
        line('state-change', bob, 1),
        line('join', bob, 2),
      ]),
    );
    assert.deepEqual(alice.presence(room)[2].state, { mood: 'early' });
  },

  'a second device is not counted': async (stage) => {
    const room = stage.name('room');
    const alice = await watching(stage, room);
    const [phone, laptop, carol] = [stage.client('bob'), stage.client('bob'), stage.client('carol')];

    await phone.subscribe({ channels: [room] });
    await laptop.subscribe({ channels: [room] });
    await carol.subscribe({ channels: [room] });

    await eventually(() =>
      assert.deepEqual(alice.timeline(room), [line('join', alice, 1), line('join', phone, 2), line('join', carol, 3)]),
    );
    await eventually(async () => assert.equal((await alice.hereNow({ channels: [room] })).totalOccupancy, 3));
  },

  'a restart within the presence timeout is no event': async (stage) => {
    const room = stage.name('room');
    const alice = await watching(stage, room);
    const [before, after, carol] = [stage.client('bob'), stage.client('bob'), stage.client('carol')];
    await before.subscribe({ channels: [room] });
    await eventually(() => assert.equal(alice.timeline(room).length, 2));

    before.vanish();
    await after.subscribe({ channels: [room] });
    await carol.subscribe({ channels: [room] });

    await eventually(() =>
      assert.deepEqual(alice.timeline(room), [line('join', alice, 1), line('join', after, 2), line('join', carol, 3)]),
    );
  },

  'who watches the presence channel alone is no occupant': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [`${room}-pnpres`] });

    await bob.subscribe({ channels: [room] });

    await eventually(() => assert.deepEqual(alice.timeline(room), [line('join', bob, 1)]));
    assert.deepEqual(await alice.whereNow(), []);
  },
};

/** Opens alice, who watches `room` and has heard herself join. */
async function watching(stage, room) {
  const alice = stage.client('alice');
  await alice.subscribe({ channels: [room], presence: true });
  await eventually(() => assert.deepEqual(alice.timeline(room), [line('join', alice, 1)]));
  return alice;
}
