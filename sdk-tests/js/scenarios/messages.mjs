import assert from 'node:assert/strict';
import { eventually } from './stage.mjs';

export const messageScenarios = {
  'time is now, in timetokens': async (stage) => {
    const timetoken = await stage.client('alice').time();

    assert.ok(Math.abs(Number(timetoken) / 10_000 - Date.now()) < 10_000, timetoken);
  },

  'a published message reaches a subscriber with publisher and timetoken': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [room] });
    const message = { text: 'hello', to: ['alice', 'all'], priority: 3, ratio: 0.5 };

    const timetoken = await bob.publish(room, message);

    const expected = { channel: room, subscription: room, publisher: bob.userId, message, timetoken };
    await eventually(() => assert.deepEqual(alice.heard.messages, [expected]));
  },

  'messages keep their order and kinds of values': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [room] });
    const messages = ['one', 2, 3.5, true, ['four', 4], { five: { six: 6 } }];

    for (const message of messages) await bob.publish(room, message);

    await eventually(() => assert.deepEqual(contents(alice), messages));
  },

  'a subscriber of several channels is told which': async (stage) => {
    const [first, second, other] = [stage.name('first'), stage.name('second'), stage.name('other')];
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [first] });
    await alice.subscribe({ channels: [second] });

    await bob.publish(other, 'not for her');
    await bob.publish(first, 1);
    await bob.publish(second, 2);

    await eventually(() =>
      assert.deepEqual(
        alice.heard.messages.map(({ channel, subscription, message }) => [channel, subscription, message]),
        [
          [first, first, 1],
          [second, second, 2],
        ],
      ),
    );
  },

  'a big message goes by POST': async (stage) => {
    const room = stage.name('room');
    const alice = stage.client('alice');
    await alice.subscribe({ channels: [room] });
    const message = { text: '0123456789 äöü '.repeat(1_500) };

    await alice.publish(room, message, { sendByPost: true });

    await eventually(() => assert.deepEqual(contents(alice), [message]));
  },

  'a signal reaches a subscriber as a signal': async (stage) => {
    const room = stage.name('room');
    const [alice, bob] = [stage.client('alice'), stage.client('bob')];
    await alice.subscribe({ channels: [room] });

    const timetoken = await bob.signal(room, 'typing');

    const expected = { channel: room, subscription: room, publisher: bob.userId, message: 'typing', timetoken };
    await eventually(() => assert.deepEqual(alice.heard.signals, [expected]));
    assert.deepEqual(alice.heard.messages, []);
  },

  'messages end with the subscription': async (stage) => {
    const [room, kept] = [stage.name('room'), stage.name('kept')];
    const alice = stage.client('alice');
    await alice.subscribe({ channels: [room, kept] });
    alice.unsubscribe({ channels: [room] });
    await eventually(async () => assert.deepEqual(await alice.whereNow(), [kept]));

    await alice.publish(room, 'not for her any more');
    await alice.publish(kept, 'for her');

    await eventually(() => assert.deepEqual(contents(alice), ['for her']));
  },
};

/** Returns the payloads that `client` received. */
export function contents(client) {
  return client.heard.messages.map(({ message }) => message);
}
