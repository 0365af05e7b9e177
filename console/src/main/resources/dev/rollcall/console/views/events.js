// What happens, as it happens.

import { toBoth, toChannel } from './search.js';
import { written } from '../json.js';
import { follow } from '../live.js';
import { Rows } from '../rows.js';
import { save } from '../save.js';
import { clock, escaped, number, rate } from '../text.js';
import { CAUSES, Chip, Empty, Json, Name, Problem, h, useCallback, useEffect, useRef, useState } from '../ui.js';

const MOST = 5000;
const ROW = 34;
const DRAWN_EVERY = 250;
export const KINDS = ['join', 'leave', 'timeout', 'state-change', 'interval'];
const CAUSE_WORDS = ['subscribe', 'heartbeat', 'explicit', 'timeout', 'disconnect', 'kick', 'revoked', 'restored', 'restart'];

/** What an event is, in the colour that it has everywhere. */
export const Kind = ({ kind }) => h('span', { class: `event ${kind}` }, kind);

/** What is said of a gap. */
export const gapText = ({ missed }) => (missed ? `${number(missed)} events are missing here: the server had to drop them.` : 'Events are missing here: the server had to drop them.');

export function Events({ keyset }) {
  const [filter, setFilter] = useState({ kinds: '', causes: '', channels: '', users: '' });
  const [isAll, setAll] = useState(false);
  const [state, setState] = useState({});
  const [isPaused, setPaused] = useState(false);
  const [frozen, setFrozen] = useState(null);
  const [, draw] = useState(0);
  const kept = useRef([]);
  const seen = useRef({ count: 0, marks: [] });

  // What is typed is asked for once it is not typed on.
  const [asked, setAsked] = useState(filter);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(filter), 300);
    return () => clearTimeout(timer);
  }, [filter]);
  useEffect(() => {
    kept.current = [];
    return follow({ key: isAll ? null : keyset || null, ...asked }, (items) => {
      seen.current.count += items.length;
      const all = kept.current;
      // At the end of the array, for it is shown from there; cut rarely, for that costs.
      for (const item of items) all.push(item);
      if (all.length > 2 * MOST) all.splice(0, all.length - MOST);
    }, setState);
  }, [asked, isAll, keyset]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return;
      const { marks, count } = seen.current;
      marks.push([performance.now(), count]);
      if (marks.length > 12) marks.shift();
      draw((before) => before + 1);
    }, DRAWN_EVERY);
    return () => clearInterval(timer);
  }, []);

  const all = isPaused || frozen ? frozen ?? [] : kept.current;
  const count = Math.min(MOST, all.length);
  const freeze = useCallback((value) => setFrozen(value ? kept.current.slice(-MOST) : null), []);
  const onTop = useCallback((isOnTop) => setFrozen((before) => (isOnTop ? null : before ?? kept.current.slice(-MOST))), []);
  const { marks } = seen.current;
  const perSecond = marks.length > 1 ? (marks[marks.length - 1][1] - marks[0][1]) / (marks[marks.length - 1][0] - marks[0][0]) * 1000 : 0;

  const change = (name) => (event) => setFilter({ ...filter, [name]: event.target.value.trim() });
  const toggle = (kind) => {
    const chosen = new Set(filter.kinds ? filter.kinds.split(',') : []);
    if (!chosen.delete(kind)) chosen.add(kind);
    setFilter({ ...filter, kinds: [...chosen].join(',') });
  };
  const download = () => {
    save('events.ndjson', all.slice(-MOST).map((item) => `${written(item).text}\n`).join(''), 'application/x-ndjson');
  };
  const pause = () => {
    setPaused(!isPaused);
    freeze(!isPaused);
  };
  return h('div', { class: 'tail' },
    h('div', { class: 'title' }, h('h1', null, 'Events'),
      h(Chip, { kind: state.live ? 'good' : 'warn' }, state.live ? isPaused ? 'paused' : 'live' : state.problem ? 'broken off' : 'connecting'),
      h('span', { class: 'quiet num', id: 'rate' }, `${rate(perSecond)} a second`)),
    h('div', { class: 'bar-of-tools' },
      h('div', { class: 'tabs', role: 'group', 'aria-label': 'Kinds' }, KINDS.map((kind) => h('button', {
        key: kind, type: 'button', 'aria-pressed': String(filter.kinds.split(',').includes(kind)), onClick: () => toggle(kind),
      }, kind))),
      h('label', { class: 'grow' }, h('span', { class: 'hide' }, 'Channels'), h('input', { type: 'search', placeholder: 'Channels, as in chat-*', onInput: change('channels') })),
      h('label', { class: 'grow' }, h('span', { class: 'hide' }, 'Users'), h('input', { type: 'search', placeholder: 'Users, exactly', onInput: change('users') })),
      h('label', null, h('span', { class: 'hide' }, 'Cause'), h('select', { onChange: change('causes') }, h('option', { value: '' }, 'any cause'), CAUSE_WORDS.map((word) => h('option', { key: word, value: word }, word)))),
      h('label', { class: 'choice' }, h('input', { type: 'checkbox', checked: isAll, onChange: (event) => setAll(event.target.checked) }), 'all keysets'),
      h('div', { class: 'actions' },
        h('button', { type: 'button', 'aria-pressed': String(isPaused), onClick: pause }, isPaused ? 'Go on' : 'Pause'),
        h('button', { type: 'button', class: 'ghost', onClick: download, disabled: !count }, 'Download'))),
    state.problem ? h(Problem, { error: { message: state.problem, expected: '' } }) : null,
    frozen && !isPaused ? h('p', { class: 'note', role: 'status' }, 'Held while you read. Scroll to the top to go on.') : null,
    h('div', { class: 'panel flush' },
      count === 0 ? h(Empty, { title: 'Nothing has happened since you look.' }, h('p', null, 'Joins, departures and state changes show up here within moments.'))
        : h(Rows, { count, height: ROW, label: 'Events, the latest first', head: ['Time', 'What', 'User', 'Channel', 'More'], onTop, class: 'event-rows', row: (i) => row(all[all.length - 1 - i], keyset) })));
}

const cell = (name, ...children) => h('div', { role: 'cell', class: name }, children);

function row(item, keyset) {
  if (!item) return null;
  const at = clock(item.at ?? Number(item.timetoken) / 10000, true);
  if (item.kind === 'gap') return h('div', { class: 'gap', role: 'cell' }, h('span', { class: 'num' }, at), gapText(item));
  const key = item.key ?? keyset;
  return [
    cell('num quiet', at),
    cell('', h(Kind, { kind: item.kind })),
    cell('', item.user == null ? null : h('a', { href: toBoth(key, item.channel, item.user) }, h(Name, { text: item.user }))),
    cell('', h('a', { href: toChannel(key, item.channel) }, h(Name, { text: item.channel }))),
    cell('quiet', h('span', { class: 'num' }, `${number(item.occupancy)} there`), item.cause ? ` · ${CAUSES[item.cause] ?? escaped(item.cause)}` : '', item.state ? [' · ', h(Json, { value: item.state })] : null),
  ];
}
