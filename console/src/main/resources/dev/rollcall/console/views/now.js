// How things are, and were for a quarter of an hour.

import { get, now, path, query } from '../api.js';
import { Chart, Spark } from '../charts.js';
import { bytes, number, rate, short, span } from '../text.js';
import { Chip, Empty, Name, Panel, Problem, h, useEffect, useLoaded, useRef, useState } from '../ui.js';
import { toChannel } from './search.js';

const SAMPLES = 900;
/** A last sample that far ahead of the clock is of a server that is gone. */
const BACK = 10_000;

/** The samples of the last quarter of an hour, and one more each second. */
function useSamples() {
  const ring = useRef([]);
  const [, set] = useState(0);
  useEffect(() => {
    let isOver = false;
    let timer = 0;
    const load = async () => {
      if (!document.hidden) {
        try {
          const last = ring.current[ring.current.length - 1]?.atMillis ?? 0;
          // The last one too: while the clock of an emulator stands still, it is the one that changes.
          const since = last > now() + BACK ? 0 : Math.max(0, last - 1);
          const { samples } = await get(`/samples?since=${since}`);
          if (samples.length) {
            ring.current = [...ring.current.filter(({ atMillis }) => atMillis < samples[0].atMillis), ...samples].slice(-SAMPLES);
            set((count) => count + 1);
          }
        } catch {
          // The overview says what is wrong.
        }
      }
      if (!isOver) timer = setTimeout(load, 1000);
    };
    load();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  return ring.current;
}

const Tile = ({ name, value, unit, values, note }) => h('div', { class: 'tile' },
  h('div', { class: 'tile-name' }, name),
  h('div', { class: 'tile-value' }, value, unit ? h('small', null, unit) : null),
  note ? h('div', { class: 'tile-note' }, note) : null,
  values ? h(Spark, { values, label: `${name}, the last quarter of an hour` }) : null);

export function Now({ keyset, keysets }) {
  const { value: now, error } = useLoaded(() => get('/overview'), [], 1000);
  const samples = useSamples();
  const busy = useLoaded(() => (keyset ? get(`/keysets${path(keyset)}/channels${query({ sort: 'occupancy', limit: 8 })}`) : Promise.resolve({ channels: [] })), [keyset], 2000);
  const nodes = useLoaded(() => (now?.engine === 'redis' ? get('/nodes') : Promise.resolve(null)), [now?.engine], 5000);
  if (!now) return h(Problem, { error });
  const of = (name) => samples.map((sample) => sample[name]);
  const per = (name) => samples.map((sample) => sample.perSecond[name]);
  const times = samples.map((sample) => sample.atMillis / 1000);
  return h('div', { class: 'now' },
    h('div', { class: 'title' }, h('h1', null, 'Now'),
      h('span', { class: 'quiet' }, `${now.version === 'unknown' ? '' : `Rollcall ${now.version}, `}${now.engine}, up ${span(now.uptimeSeconds * 1000)}`),
      h(Chip, { kind: now.ready ? 'good' : 'bad' }, now.ready ? 'ready' : 'not ready'),
      now.development ? h(Chip, { title: 'No keysets are configured: any well-formed key is one, without access control.' }, 'development') : null),
    h(Problem, { error }),
    now.alerts.length ? h('ul', { class: 'alerts', 'aria-label': 'To be looked at' }, now.alerts.map((alert) => h('li', { key: alert, class: 'note warn' }, h(Name, { text: alert, long: true })))) : null,
    h('div', { class: 'tiles' },
      h(Tile, { name: 'Occupants', value: short(now.occupants), values: of('occupants'), note: 'users, counted in each channel' }),
      h(Tile, { name: 'Channels', value: short(now.channels), values: of('channels') }),
      h(Tile, { name: 'Waiting subscribes', value: short(now.polls), values: of('polls') }),
      h(Tile, { name: 'Connections', value: short(now.connections), values: of('connections') }),
      h(Tile, { name: 'Deliveries', value: rate(now.perSecond.deliveries), unit: '/s', values: per('deliveries') }),
      h(Tile, { name: 'Refused', value: rate(now.perSecond.refused), unit: '/s', values: per('refused') }),
      h(Tile, { name: 'Timeouts late, p99', value: Math.round(now.late.timeoutsP99Seconds * 1000), unit: 'ms', values: of('clockLagSeconds'), note: 'line: the engine’s clock' }),
      h(Tile, { name: 'Heap', value: bytes(now.memory.heapUsed), values: of('heapUsed'), note: `of ${bytes(now.memory.heapMax)}` })),
    !keyset && keysets ? h(Welcome, { now }) : h('div', { class: 'columns wide-left' },
      h('div', null,
        h(Panel, { title: 'Comings and goings, a second' },
          h(Chart, { label: 'Joins, leaves and timeouts a second', times, height: 190, lines: [
            { label: 'Joins', colour: '--join', values: per('joins'), fill: true }, { label: 'Leaves', colour: '--leave', values: per('leaves') }, { label: 'Timeouts', colour: '--timeout', values: per('timeouts') }] })),
        h(Panel, { title: 'Requests, a second' },
          h(Chart, { label: 'Requests and deliveries a second', times, height: 150, lines: [
            { label: 'Requests', colour: '--accent', values: per('requests'), fill: true }, { label: 'Deliveries', colour: '--state', values: per('deliveries') }] }))),
      h('div', null,
        h(Busy, { keyset, list: busy.value?.channels ?? [], partial: busy.value?.partial }),
        nodes.value ? h(Nodes, nodes.value) : null)));
}

function Busy({ keyset, list }) {
  const most = Math.max(1, ...list.map(({ occupancy }) => occupancy));
  return h(Panel, { title: 'Fullest channels', side: h('a', { href: '#/channels' }, 'All') },
    list.length ? h('ol', { class: 'bars' }, list.map((channel) => h('li', { key: channel.channel },
      h('a', { href: toChannel(keyset, channel.channel) }, h('span', { class: 'bars-fill', style: { width: `${channel.occupancy / most * 100}%` } }), h(Name, { text: channel.channel }), h('span', { class: 'num' }, number(channel.occupancy))))))
      : h(Empty, { title: 'Nobody is online.' }));
}

const Nodes = ({ nodes, partial }) => h(Panel, { title: 'Nodes' },
  h('table', null, h('thead', null, h('tr', null, ['Node', 'Up', 'Subscribes', 'Connections'].map((text) => h('th', { key: text, scope: 'col' }, text)))),
    h('tbody', null, nodes.map((node, i) => h('tr', { key: i }, h('td', null, node.self ? 'this one' : `node ${i + 1}`, ' ', h('span', { class: 'quiet' }, node.version)), h('td', { class: 'num' }, span(node.uptimeSeconds * 1000)), h('td', { class: 'num' }, number(node.polls)), h('td', { class: 'num' }, number(node.connections)))))),
  partial ? h('p', { class: 'quiet' }, 'Each node tells of itself only: ask the others on their own admin ports.') : null);

function Welcome({ now }) {
  const origin = `${location.hostname}:${now.clients?.port ?? 8090}`;
  return h(Panel, { title: 'Nobody has connected yet' },
    h('p', null, 'Point an SDK at ', h('code', null, origin), ', with any subscribe key, or send a sign of life by hand:'),
    h('pre', { class: 'json', tabIndex: 0 }, `curl "${now.clients?.scheme ?? 'http'}://${origin}/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice&heartbeat=300"`),
    h('p', null, 'Or ', h('a', { href: '#/try' }, 'try it'), ' in this page.'));
}
