// All channels of a keyset that have an occupant.

import { get, path, query } from '../api.js';
import { number, rate } from '../text.js';
import { Chip, Empty, Name, Panel, Problem, Tabs, h, useEffect, useLoaded, useState } from '../ui.js';
import { toChannel } from './search.js';

/** A table of channels. */
export function ChannelTable({ keyset, channels }) {
  const most = Math.max(1, ...channels.map(({ occupancy }) => occupancy));
  return h('table', { class: 'channels' },
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Channel'), h('th', { scope: 'col', class: 'num' }, 'Occupants'), h('th', { scope: 'col', class: 'num' }, 'Events/s'), h('th', { scope: 'col' }, 'Announced'))),
    h('tbody', null, channels.map((one) => h('tr', { key: one.channel },
      h('td', null, h('a', { href: toChannel(keyset, one.channel) }, h(Name, { text: one.channel })), h('span', { class: 'meter', 'aria-hidden': 'true' }, h('i', { style: { width: `${one.occupancy / most * 100}%` } }))),
      h('td', { class: 'num' }, number(one.occupancy)),
      h('td', { class: 'num' }, one.eventsPerSecond == null ? h('span', { class: 'quiet', title: 'not measured' }, '–') : rate(one.eventsPerSecond)),
      h('td', null, one.interval ? h(Chip, { kind: 'warn' }, 'by interval') : h('span', { class: 'quiet' }, 'one by one'))))));
}

export function Channels({ keyset }) {
  const [sort, setSort] = useState('name');
  const [prefix, setPrefix] = useState('');
  const [more, setMore] = useState({ channels: [], next: null });
  const { value, error } = useLoaded(
    () => (keyset ? get(`/keysets${path(keyset)}/channels${query({ sort, prefix, limit: 100 })}`) : Promise.resolve({ channels: [], partial: false })), [keyset, sort, prefix], 3000);
  useEffect(() => setMore({ channels: [], next: null }), [keyset, sort, prefix]);
  const next = more.next ?? (more.channels.length ? null : value?.next);
  const load = async () => {
    const page = await get(`/keysets${path(keyset)}/channels${query({ sort, prefix, limit: 500, cursor: next })}`);
    setMore((before) => ({ channels: [...before.channels, ...page.channels], next: page.next ?? null }));
  };
  return h('div', null,
    h('div', { class: 'title' }, h('h1', null, 'Channels'), h('span', { class: 'quiet' }, 'with an occupant')),
    h('div', { class: 'bar-of-tools' },
      h('label', { class: 'grow' }, h('span', { class: 'hide' }, 'Begins with'), h('input', { type: 'search', placeholder: 'Begins with…', value: prefix, onInput: (event) => setPrefix(event.target.value) })),
      h(Tabs, { label: 'In which order', tabs: [['name', 'Name'], ['occupancy', 'Occupants'], ['rate', 'Events']], chosen: sort, choose: setSort })),
    h(Problem, { error }),
    value ? h(Panel, { label: 'Channels' },
      value.channels.length ? h(ChannelTable, { keyset, channels: [...value.channels, ...more.channels] }) : h(Empty, { title: prefix ? 'No channel begins like that.' : 'Nobody is online.' }),
      next ? h('button', { type: 'button', onClick: load }, 'More') : value.partial ? h('p', { class: 'quiet' }, 'There may be more that was not looked for.') : null) : null);
}
