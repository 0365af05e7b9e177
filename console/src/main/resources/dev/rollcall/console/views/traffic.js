// What clients have sent to an emulator, and what became of it.

import { EMULATOR, get, now, query } from '../api.js';
import { Rows } from '../rows.js';
import { clock, number } from '../text.js';
import { CAUSES, Chip, Empty, Name, Panel, Problem, Tabs, h, useEffect, useLoaded, useRef, useState } from '../ui.js';
import { Kind } from './events.js';

const ROW = 34;
const MOST_REQUESTS = 500;
const MOST = 2000;
const PAGE = 1000;
const MOST_PAGES = 12;
const BACK = 10_000;
const TABS = [['requests', 'Requests'], ['timeline', 'Timeline']];

export function Traffic({ resets }) {
  const [tab, setTab] = useState('requests');
  return h(Panel, { title: h(Tabs, { tabs: TABS, chosen: tab, choose: setTab, label: 'What is listed' }), label: 'What happened', class: 'flush traffic' },
    tab === 'requests' ? h(Requests) : h(Timeline, { key: resets }));
}

function Requests() {
  const { value, error } = useLoaded(() => get(`/requests${query({ limit: MOST_REQUESTS })}`, undefined, EMULATOR), [], 1000);
  const all = value?.requests ?? [];
  if (!all.length) return error ? h(Problem, { error }) : h(Empty, { title: 'No request has been answered yet.' }, h('p', null, 'Point an SDK at the port of clients.'));
  return [h(Problem, { error }), h(Rows, { count: all.length, height: ROW, label: 'Requests, the latest first', head: ['Time', 'Status', 'Request', 'User', 'Fault'], class: 'request-rows', row: (i) => request(all[all.length - 1 - i]) })];
}

const cell = (name, ...children) => h('div', { role: 'cell', class: name }, children);

const request = (one) => [
  cell('num quiet', clock(one.at, true)),
  cell('', h(Chip, { kind: one.status === 0 || one.status >= 500 ? 'bad' : one.status >= 400 ? 'warn' : '' }, one.status || 'none'), h('span', { class: 'quiet num' }, ` ${number(one.millis)} ms`)),
  cell('', h('strong', null, h(Name, { text: one.operation })), ' ', h('code', null, h(Name, { text: `${one.method === 'GET' ? '' : `${one.method} `}${one.path}` }))),
  cell('', one.user == null ? null : h(Name, { text: one.user })),
  cell('', one.fault == null ? null : h(Name, { text: one.fault })),
];

/** All that has happened, from the beginning or the last reset, and what happens now. */
function Timeline() {
  const kept = useRef([]);
  const [state, set] = useState({ error: null, count: 0 });
  useEffect(() => {
    let isOver = false;
    let timer = 0;
    const load = async () => {
      try {
        let pages = 0;
        let next = document.hidden ? null : '';
        const [latest] = kept.current.slice(-1);
        // What is ahead of the clock is of an emulator that is gone.
        if (latest && Date.parse(latest.at) > now() + BACK) kept.current = [];
        while (next !== null && !isOver && pages++ < MOST_PAGES) {
          const last = kept.current[kept.current.length - 1];
          const { events, next: more } = await get(`/timeline${query({ since: last?.timetoken ?? '', limit: PAGE })}`, undefined, EMULATOR);
          kept.current = [...kept.current, ...events].slice(-MOST);
          next = more ?? null;
        }
        if (!isOver) set({ error: null, count: kept.current.length });
      } catch (error) {
        if (!isOver) set({ error, count: kept.current.length });
      }
      if (!isOver) timer = setTimeout(load, 1000);
    };
    load();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  const all = kept.current;
  if (!all.length) return state.error ? h(Problem, { error: state.error }) : h(Empty, { title: 'Nothing has happened yet.' });
  return [h(Problem, { error: state.error }), h(Rows, { count: all.length, height: ROW, label: 'Timeline, the latest first', head: ['Time', 'What', 'User', 'Channel', 'Cause'], class: 'timeline-rows', row: (i) => happened(all[all.length - 1 - i]) })];
}

const happened = (one) => [
  cell('num quiet', clock(one.at, true)),
  cell('', h(Kind, { kind: one.action })),
  cell('', one.user == null ? null : h(Name, { text: one.user })),
  cell('', h(Name, { text: one.channel })),
  cell('quiet', one.cause ? CAUSES[one.cause] ?? one.cause : '', ` · ${number(one.occupancy)} there`),
];
