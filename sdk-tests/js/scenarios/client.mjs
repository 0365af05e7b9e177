// A client of the package `pubnub` from version 7 on, in the words of the suite. SDK names the folder with the package.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { eventually } from './stage.mjs';

const folder = process.env.SDK;
if (!folder) throw new Error('SDK is not set (expected: a folder such as pubnub-12)');
const PubNub = createRequire(new URL(`../${folder}/package.json`, import.meta.url))('pubnub');

const CONNECTED = ['PNConnectedCategory', 'PNSubscriptionChangedCategory', 'PNReconnectedCategory'];

export class Client {
  #sdk;
  #connected = 0;
  #ended = false;

  /** What its listeners were told so far. */
  heard = { messages: [], signals: [], presence: [], problems: [] };

  constructor({ origin, subscribeKey, publishKey, userId, presenceTimeout }) {
    this.userId = userId;
    this.#sdk = new PubNub({ origin, ssl: false, subscribeKey, publishKey, userId, presenceTimeout });
    this.#sdk.addListener({
      message: (event) => this.heard.messages.push(received(event)),
      signal: (event) => this.heard.signals.push(received(event)),
      presence: (event) => this.heard.presence.push(event),
      status: (status) => this.#status(status),
    });
  }

  #status(status) {
    if (CONNECTED.includes(status.category)) this.#connected++;
    // An end without a goodbye is reported as a lost connection.
    if (status.error && !this.#ended) this.heard.problems.push(JSON.stringify(status));
  }

  presence(channel) {
    return this.heard.presence.filter((event) => event.channel === channel);
  }

  /** Returns the presence events of `channel`, each as "action user-id occupancy". */
  timeline(channel) {
    return this.presence(channel).map((event) => `${event.action} ${event.uuid} ${event.occupancy}`);
  }

  async time() {
    return (await this.#sdk.time()).timetoken;
  }

  /** Subscribes, and returns as soon as the SDK reports that it is connected. */
  async subscribe({ channels = [], groups = [], presence = false }) {
    const before = this.#connected;
    this.#sdk.subscribe({ channels, channelGroups: groups, withPresence: presence });
    await eventually(() => assert.ok(this.#connected > before, 'not connected'));
  }

  unsubscribe({ channels = [], groups = [] }) {
    this.#sdk.unsubscribe({ channels, channelGroups: groups });
  }

  /** Ends without a goodbye, as a device does that lost its network. */
  vanish() {
    this.#ended = true;
    this.#sdk.destroy(true);
  }

  async publish(channel, message, options = {}) {
    return (await this.#sdk.publish({ channel, message, ...options })).timetoken;
  }

  async signal(channel, message) {
    return (await this.#sdk.signal({ channel, message })).timetoken;
  }

  /** Returns totals and, by channel, occupancy and occupants; options are those of the SDK. */
  async hereNow({ channels = [], groups = [], ...options }) {
    const answer = await this.#sdk.hereNow({ channels, channelGroups: groups, ...options });
    const rooms = Object.entries(answer.channels).map(([channel, { occupancy, occupants }]) => [
      channel,
      { occupancy, occupants: occupants.map(({ uuid, state }) => ({ uuid, state: state ?? {} })) },
    ]);
    return {
      totalChannels: answer.totalChannels,
      totalOccupancy: answer.totalOccupancy,
      channels: Object.fromEntries(rooms),
    };
  }

  async whereNow(uuid = this.userId) {
    return (await this.#sdk.whereNow({ uuid })).channels;
  }

  /** Sets this client's own state: the SDK can't set another's. */
  async setState({ channels = [], groups = [] }, state) {
    return (await this.#sdk.setState({ channels, channelGroups: groups, state })).state;
  }

  /** Returns states by channel. Of several channels or groups the SDK hands out the payload as it is, one level up. */
  async state({ channels = [], groups = [], uuid = this.userId }) {
    // Version 7 puts the user id into the path as it is.
    const inPath = folder === 'pubnub-7' ? encodeURIComponent(uuid) : uuid;
    const answer = await this.#sdk.getState({ channels, channelGroups: groups, uuid: inPath });
    return answer.channels.channels ?? answer.channels;
  }

  addToGroup(group, ...channels) {
    return this.#sdk.channelGroups.addChannels({ channelGroup: group, channels });
  }

  removeFromGroup(group, ...channels) {
    return this.#sdk.channelGroups.removeChannels({ channelGroup: group, channels });
  }

  async channelsOfGroup(group) {
    return (await this.#sdk.channelGroups.listChannels({ channelGroup: group })).channels;
  }

  deleteGroup(group) {
    return this.#sdk.channelGroups.deleteGroup({ channelGroup: group });
  }

  close() {
    this.vanish();
  }
}

/** Some versions leave out, some repeat, a subscription that equals the channel. */
function received({ channel, subscription, publisher, message, timetoken }) {
  return { channel, subscription: subscription ?? channel, publisher, message, timetoken };
}

/**
 * Returns the subscription of a presence event without the suffix that the SDK leaves on it. Version 7 cuts the suffix
 * off even where there is none, so that nothing is left of a wildcard.
 */
export function subscriptionOf(event) {
  return (event.subscription ?? event.channel).replace(/-pnpres$/, '');
}
