// Channels, groups, user ids and states of other letters than ours, and of letters that mean something in a URI.

import assert from 'node:assert/strict';
import { eventually, line } from './stage.mjs';

const LABELS = ['plain_-~', 'größe 日本 🎈', 'a b+c%20d%', 'q?x=1&y=2#z', '[a]{b}(c)<d>', '!$\'";@^`|='];

const STATE = {
  'näme': 'Zoë "Z" O\'Neil & Sons + 100% #1; a=b?c/d\\e',
  '表情': ['🎈', '\u0001\t\n', '<b>', '\u2028'],
  '': { 'nested key': true },
};

export const nameScenarios = Object.fromEntries(
  LABELS.map((label) => [`the name ${label} is taken literally`, (stage) => isTakenLiterally(stage, label)]),
);

async function isTakenLiterally(stage, label) {
  const room = stage.name(label);
  const group = stage.name(`group${label.replace(/[^a-z]/g, '')}`);
  const [alice, bob] = [stage.client(`${label}A`), stage.client(`${label}B`)];
  await alice.addToGroup(group, room);
  assert.deepEqual(await alice.channelsOfGroup(group), [room]);

  await alice.subscribe({ channels: [room], presence: true });
  await eventually(() => assert.deepEqual(alice.timeline(room), [line('join', alice, 1)]));
  await bob.subscribe({ groups: [group] });
  await eventually(() => assert.equal(alice.timeline(room)[1], line('join', bob, 2)));
  assert.deepEqual(await bob.setState({ channels: [room] }, STATE), STATE);
  const timetoken = await bob.publish(room, STATE);

  const expected = { channel: room, subscription: room, publisher: bob.userId, message: STATE, timetoken };
  await eventually(() => assert.deepEqual(alice.heard.messages, [expected]));
  await eventually(() => assert.equal(alice.timeline(room)[2], line('state-change', bob, 2)));
  assert.deepEqual(alice.presence(room)[2].state, STATE);
  assert.deepEqual(await alice.state({ channels: [room], uuid: bob.userId }), { [room]: STATE });
  assert.deepEqual(await alice.whereNow(bob.userId), [room]);
  await eventually(async () => {
    const { occupants } = (await alice.hereNow({ channels: [room], includeState: true })).channels[room];
    assert.deepEqual(occupants, [
      { uuid: alice.userId, state: {} },
      { uuid: bob.userId, state: STATE },
    ]);
  });
  bob.unsubscribe({ groups: [group] });
  await eventually(() => assert.equal(alice.timeline(room).at(-1), line('leave', bob, 1)));
}
