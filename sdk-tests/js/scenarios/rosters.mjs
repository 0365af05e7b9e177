import assert from 'node:assert/strict';
import { eventually, sameMembers } from './stage.mjs';

export const rosterScenarios = {
  'here now of one channel, in all its forms': async (stage) => {
    const room = stage.name('room');
    const alice = await joined(stage, 'alice', room);
    const bob = await joined(stage, 'bob', room);
    await bob.setState({ channels: [room] }, { mood: 'happy' });

    await answers(alice, { channels: [room] }, { [room]: occupied(alice, bob) });
    await answers(
      alice,
      { channels: [room], includeState: true },
      { [room]: { occupancy: 2, occupants: [occupant(alice), occupant(bob, { mood: 'happy' })] } },
    );
    await answers(alice, { channels: [room], includeUUIDs: false }, { [room]: { occupancy: 2, occupants: [] } });
  },

  'here now of an empty channel is zero': async (stage) => {
    const room = stage.name('room');

    const answer = await stage.client('alice').hereNow({ channels: [room] });

    assert.equal(answer.totalOccupancy, 0);
    assert.deepEqual(answer.channels[room] ?? { occupancy: 0, occupants: [] }, { occupancy: 0, occupants: [] });
  },

  'here now of several channels adds up and leaves out empty ones': async (stage) => {
    const [first, second, empty] = [stage.name('first'), stage.name('second'), stage.name('empty')];
    const alice = await joined(stage, 'alice', first, second);
    const bob = await joined(stage, 'bob', second);
    await bob.setState({ channels: [second] }, { seat: 12 });
    const channels = [first, second, empty];

    await answers(alice, { channels }, { [first]: occupied(alice), [second]: occupied(alice, bob) });
    await answers(
      alice,
      { channels, includeState: true },
      {
        [first]: occupied(alice),
        [second]: { occupancy: 2, occupants: [occupant(alice), occupant(bob, { seat: 12 })] },
      },
    );
    await answers(
      alice,
      { channels, includeUUIDs: false },
      { [first]: { occupancy: 1, occupants: [] }, [second]: { occupancy: 2, occupants: [] } },
    );
  },

  'here now of a group lists its channels, beside others asked for': async (stage) => {
    const [group, member, outside] = [stage.name('group'), stage.name('member'), stage.name('outside')];
    const alice = await joined(stage, 'alice', member, outside);
    const bob = await joined(stage, 'bob', member);
    await alice.addToGroup(group, member);
    await bob.setState({ channels: [member] }, { seat: 12 });

    await answers(alice, { groups: [group] }, { [member]: occupied(alice, bob) });
    await answers(
      alice,
      { groups: [group], includeState: true },
      { [member]: { occupancy: 2, occupants: [occupant(alice), occupant(bob, { seat: 12 })] } },
    );
    await answers(alice, { groups: [group], includeUUIDs: false }, { [member]: { occupancy: 2, occupants: [] } });
    await answers(
      alice,
      { channels: [outside], groups: [group] },
      { [member]: occupied(alice, bob), [outside]: occupied(alice) },
    );
  },

  'global here now lists every channel of the keyset': async (stage) => {
    stage.useOwnKeyset();
    const [first, second] = [stage.name('first'), stage.name('second')];
    const alice = await joined(stage, 'alice', first, second);
    const bob = await joined(stage, 'bob', second);
    await bob.setState({ channels: [second] }, { seat: 12 });

    await answers(alice, {}, { [first]: occupied(alice), [second]: occupied(alice, bob) });
    await answers(
      alice,
      { includeState: true },
      {
        [first]: occupied(alice),
        [second]: { occupancy: 2, occupants: [occupant(alice), occupant(bob, { seat: 12 })] },
      },
    );
    await answers(
      alice,
      { includeUUIDs: false },
      { [first]: { occupancy: 1, occupants: [] }, [second]: { occupancy: 2, occupants: [] } },
    );
  },

  'where now of oneself follows subscriptions': async (stage) => {
    const [first, second] = [stage.name('first'), stage.name('second')];
    const alice = await joined(stage, 'alice', first, second);

    alice.unsubscribe({ channels: [first] });

    await eventually(async () => assert.deepEqual(await alice.whereNow(), [second]));
  },

  'where now of another': async (stage) => {
    const room = stage.name('room');
    const alice = stage.client('alice');
    const bob = await joined(stage, 'bob', room);

    assert.deepEqual(await alice.whereNow(bob.userId), [room]);
    assert.deepEqual(await alice.whereNow(stage.name('nobody')), []);
  },
};

/** For versions that have `limit` and `offset`. */
export const pagingScenarios = {
  'here now in pages lists everybody once, in one order': async (stage) => {
    const room = stage.name('room');
    const everybody = [];
    for (const label of ['alice', 'bob', 'carol', 'dave', 'eve']) {
      everybody.push((await joined(stage, label, room)).userId);
    }
    const watcher = stage.client('watcher');

    // Waited for once: another node than the one that counted a join may give an answer that is 3 s old.
    await eventually(async () => assert.equal((await watcher.hereNow({ channels: [room] })).totalOccupancy, 5));
    const paged = [];
    for (const offset of [0, 2, 4]) {
      const page = (await watcher.hereNow({ channels: [room], limit: 2, offset })).channels[room];
      assert.equal(page.occupancy, 5);
      paged.push(...page.occupants.map(({ uuid }) => uuid));
    }

    assert.deepEqual(paged, everybody);
    const past = await watcher.hereNow({ channels: [room], limit: 2, offset: 5 });
    assert.deepEqual(past.channels[room], { occupancy: 5, occupants: [] });
    const none = await watcher.hereNow({ channels: [room, stage.name('empty')], limit: 0 });
    assert.deepEqual(none.channels[room], { occupancy: 5, occupants: [] });
  },
};

/** Opens a client and waits until it is in `channels`, so that whoever comes next comes after it. */
export async function joined(stage, label, ...channels) {
  const client = stage.client(label);
  await client.subscribe({ channels });
  await eventually(async () => sameMembers(await client.whereNow(), channels));
  return client;
}

/** Waits for the answer: another node than the one that counted a change may give an answer that is 3 s old. */
async function answers(client, request, channels) {
  const rooms = Object.values(channels);
  const totalOccupancy = rooms.reduce((sum, { occupancy }) => sum + occupancy, 0);
  const expected = { totalChannels: rooms.length, totalOccupancy, channels };
  await eventually(async () => assert.deepEqual(await client.hereNow(request), expected));
}

function occupied(...clients) {
  return { occupancy: clients.length, occupants: clients.map((client) => occupant(client)) };
}

function occupant(client, state = {}) {
  return { uuid: client.userId, state };
}
