// The channels in which most happens, and those that are too crowded for single events.

import { get, path, query } from '../api.js';
import { Empty, Panel, Problem, Tabs, h, useLoaded, useState } from '../ui.js';
import { ChannelTable } from './channels.js';

const MOST = 50;

export function Storms({ keyset }) {
  const [sort, setSort] = useState('rate');
  const { value, error } = useLoaded(
    () => (keyset ? get(`/keysets${path(keyset)}/channels${query({ sort, limit: MOST })}`) : Promise.resolve({ channels: [] })), [keyset, sort], 2000);
  const crowded = value?.channels.filter(({ interval }) => interval) ?? [];
  return h('div', null,
    h('div', { class: 'title' }, h('h1', null, 'Storms'), h('span', { class: 'quiet' }, `the first ${MOST} channels`)),
    h('div', { class: 'bar-of-tools' }, h(Tabs, { label: 'By what', tabs: [['rate', 'Events a second'], ['occupancy', 'Occupants']], chosen: sort, choose: setSort })),
    h(Problem, { error }),
    crowded.length ? h('p', { class: 'note' }, `${crowded.length === 1 ? '1 of them has' : `${crowded.length} of them have`} more occupants than announce-max: clients get a summary each interval instead of single joins and leaves.`) : null,
    value ? h(Panel, { label: 'Channels' }, value.channels.length ? h(ChannelTable, { keyset, channels: value.channels }) : h(Empty, { title: 'It is quiet.' })) : null);
}
