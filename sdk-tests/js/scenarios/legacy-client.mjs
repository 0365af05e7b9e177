// A client of `pubnub` 3.16, which subscribes by the first version of the protocol, in the words of the suite.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import { eventually } from './stage.mjs';

// The package asks by this name, which Node no longer has, whether agents keep connections alive.
http.Agent.super_ ??= EventEmitter;
const PUBNUB = createRequire(new URL('../pubnub-3/package.json', import.meta.url))('pubnub');

export class LegacyClient {
  #sdk;
  #connected = 0;
  #subscribed = { channel: new Set(), channel_group: new Set() };

  /** What its callbacks were told so far. */
  heard = { messages: [], presence: [], problems: [] };

  constructor({ origin, subscribeKey, publishKey, userId, presenceTimeout }) {
    this.userId = userId;
    const [hostname, port] = origin.split(':');
    this.#sdk = PUBNUB({
      subscribe_key: subscribeKey,
      publish_key: publishKey,
      uuid: userId,
      ssl: false,
      origin,
      // The package takes no port in its origin: only to a proxy does it talk on another port than 80.
      proxy: { hostname, port },
      // An interval this long means none: the client then lives from its requests alone.
      ...(presenceTimeout ? { heartbeat: presenceTimeout, heartbeat_interval: 1_000 } : {}),
    });
  }

  presence(channel) {
    return this.heard.presence.filter((event) => event.channel === channel);
  }

  /** Returns the presence events of `channel`, each as "action user-id occupancy". */
  timeline(channel) {
    return this.presence(channel).map(({ event }) => `${event.action} ${event.uuid} ${event.occupancy}`);
  }

  time() {
    return new Promise((resolve) => this.#sdk.time(resolve));
  }

  /** Subscribes, and returns as soon as the SDK reports that it is connected. */
  async subscribe({ channels = [], groups = [], presence = false }) {
    const wanted = this.#connected + channels.length + groups.length;
    const named = { ...(channels.length && { channel: channels }), ...(groups.length && { channel_group: groups }) };
    for (const channel of channels) this.#subscribed.channel.add(channel);
    for (const group of groups) this.#subscribed.channel_group.add(group);
    this.#sdk.subscribe({
      ...named,
      message: (message, answer, subscription, latency, channel) =>
        this.heard.messages.push({ channel, subscription, message }),
      ...(presence && {
        presence: (event, answer, subscription, latency, channel) =>
          this.heard.presence.push({ channel, subscription, event }),
      }),
      // Without it the package makes up join events from a here now.
      noheresync: true,
      connect: () => this.#connected++,
      error: (failure) => this.heard.problems.push(JSON.stringify(failure)),
    });
    await eventually(() => assert.ok(this.#connected >= wanted, 'not connected'));
  }

  unsubscribe({ channels = [], groups = [] }) {
    for (const channel of channels) this.#subscribed.channel.delete(channel);
    for (const group of groups) this.#subscribed.channel_group.delete(group);
    if (channels.length) this.#sdk.unsubscribe({ channel: channels });
    if (groups.length) this.#sdk.unsubscribe({ channel_group: groups });
  }

  publish(channel, message, options = {}) {
    return this.#call('publish', { channel, message, ...options }).then(([, , timetoken]) => timetoken);
  }

  hereNow(request) {
    return this.#call('here_now', request);
  }

  async whereNow(uuid = this.userId) {
    return (await this.#call('where_now', { uuid })).channels;
  }

  setState(channel, state) {
    return this.#call('state', { channel, state });
  }

  state(channel, uuid = this.userId) {
    return this.#call('state', { channel, uuid });
  }

  addToGroup(group, ...channels) {
    return this.#call('channel_group_add_channel', { channel_group: group, channel: channels.join(',') });
  }

  removeFromGroup(group, ...channels) {
    return this.#call('channel_group_remove_channel', { channel_group: group, channel: channels.join(',') });
  }

  async channelsOfGroup(group) {
    return (await this.#call('channel_group_list_channels', { channel_group: group })).channels;
  }

  deleteGroup(group) {
    return this.#call('channel_group_remove_group', { channel_group: group });
  }

  #call(operation, request) {
    return new Promise((callback, reject) => {
      const error = (failure) => reject(new Error(`${operation}: ${JSON.stringify(failure)}`));
      this.#sdk[operation]({ ...request, callback, error });
    });
  }

  close() {
    this.unsubscribe({ channels: [...this.#subscribed.channel], groups: [...this.#subscribed.channel_group] });
    this.#sdk.shutdown();
  }
}
