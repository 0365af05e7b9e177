// A channel: who is there now, without a reload.

import { curl, get, now, path, query } from '../api.js';
import { Chart } from '../charts.js';
import { Kick, kicked } from '../kick.js';
import { follow } from '../live.js';
import { Rows } from '../rows.js';
import { clock, number } from '../text.js';
import { At, CAUSES, Chip, Copy, Empty, Json, Name, Panel, Problem, h, useCallback, useEffect, useLoaded, useRef, useState } from '../ui.js';
import { Kind, gapText } from './events.js';
import { toBoth } from './search.js';

const ROW = 42;
const PAGE = 500;
const MOST_EVENTS = 100;
const MOST_POINTS = 900;
const FLASH = 2500;
/** By how many seconds a clock is corrected without being set back. */
const BACK = 10;
const DRAWN_EVERY = 200;

/** The roster, in order of joining: pages of it as far as somebody looks, and what happened since. */
class Roster {
  users = [];
  known = new Map();
  next = null;
  isWhole = false;
  isLoading = false;
  waiting = [];
  error = null;

  constructor(keyset, channel, prefix, changed) {
    Object.assign(this, { keyset, channel, prefix, changed });
  }

  /** Loads on until `end` are known. */
  async need(end) {
    if (this.isLoading || this.isWhole || this.isOver) return;
    this.isLoading = true;
    try {
      while (!this.isWhole && !this.isOver && this.users.length < end) {
        const page = await get(`/keysets${path(this.keyset)}/channels${path(this.channel)}/occupants${query({ prefix: this.prefix, limit: PAGE, cursor: this.next })}`);
        for (const { user, state } of page.occupants) this.add(user, state, 0);
        this.next = page.next ?? null;
        this.isWhole = !page.next;
        this.error = null;
        this.changed();
      }
    } catch (error) {
      this.error = error;
    }
    this.isLoading = false;
    const waiting = this.waiting;
    this.waiting = [];
    this.take(waiting);
  }

  add(user, state, at) {
    if (!this.known.has(user)) this.users.push(user);
    this.known.set(user, { state, at });
  }

  /** Takes what has happened. While a page is under way it waits, for it may be older or newer than the page. */
  take(events) {
    if (this.isLoading) {
      this.waiting.push(...events);
      return;
    }
    const gone = new Set();
    for (const { kind, user, state } of events) {
      if (user == null || !user.startsWith(this.prefix)) continue;
      if (kind === 'join' && (this.isWhole || this.known.has(user))) {
        if (gone.delete(user)) this.users = this.users.filter((other) => other !== user);
        this.add(user, state, Date.now());
      } else if (kind === 'leave' || kind === 'timeout') {
        if (this.known.delete(user)) gone.add(user);
      } else if (kind === 'state-change' && this.known.has(user)) {
        this.known.set(user, { state, at: Date.now() });
      }
    }
    if (gone.size) this.users = this.users.filter((user) => !gone.has(user));
    this.changed();
  }
}

/** The points of a chart, and one more. While a clock stands still there is one for all that happens; set back, it begins anew. */
function withPoint(points, point) {
  const last = points[points.length - 1];
  if (last && point[0] < last[0] - BACK) return [point];
  return last && point[0] <= last[0] ? [...points.slice(0, -1), [last[0], point[1]]] : [...points, point].slice(-MOST_POINTS);
}

export function Channel({ keyset, channel }) {
  const where = `/keysets${path(keyset)}/channels${path(channel)}`;
  const { value: detail, error, again } = useLoaded(() => get(where), [where], 3000);
  const [prefix, setPrefix] = useState('');
  const [live, setLive] = useState({});
  const [kicking, setKicking] = useState(null);
  const [said, setSaid] = useState('');
  const [, draw] = useState(0);
  const roster = useRef(null);
  const events = useRef([]);
  const occupancy = useRef(null);
  const points = useRef([]);
  const isChanged = useRef(false);
  const changed = useCallback(() => { isChanged.current = true; }, []);
  if (detail && occupancy.current === null) occupancy.current = detail.occupancy;

  // Begins anew: with another filter, and after a gap.
  const begin = useCallback(() => {
    if (roster.current) roster.current.isOver = true;
    roster.current = new Roster(keyset, channel, prefix, changed);
    roster.current.need(1);
  }, [keyset, channel, prefix]);
  const beginRef = useRef(begin);
  beginRef.current = begin;
  useEffect(begin, [begin]);
  useEffect(() => {
    const isPlain = !/[*,]/.test(channel);
    return follow({ key: keyset, channels: isPlain ? channel : '' }, (items) => {
      const mine = items.filter((item) => item.kind === 'gap' || item.channel === channel);
      if (!mine.length) return;
      events.current = [...mine.slice(-MOST_EVENTS).reverse(), ...events.current].slice(0, MOST_EVENTS);
      if (mine.some(({ kind }) => kind === 'gap')) {
        beginRef.current();
        again();
      } else {
        roster.current.take(mine);
        occupancy.current = mine[mine.length - 1].occupancy;
      }
      changed();
    }, (state) => {
      // What happened before the stream was open has to be looked up.
      if (state.live) beginRef.current();
      setLive(state);
    });
  }, [keyset, channel]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (isChanged.current) {
        isChanged.current = false;
        draw((count) => count + 1);
      }
    }, DRAWN_EVERY);
    const sampling = setInterval(() => {
      if (occupancy.current === null) return;
      points.current = withPoint(points.current, [now() / 1000, occupancy.current]);
      changed();
    }, 1000);
    return () => {
      clearInterval(timer);
      clearInterval(sampling);
      if (roster.current) roster.current.isOver = true;
    };
  }, []);
  // What is told anew is right, where no event says otherwise.
  useEffect(() => {
    if (detail) occupancy.current = detail.occupancy;
  }, [detail]);

  const list = roster.current;
  const need = useCallback((end) => { roster.current?.need(end); }, [list]);
  const total = !list ? 0 : list.isWhole ? list.users.length : prefix ? list.users.length + 1 : Math.max(occupancy.current ?? 0, list.users.length);
  return h('div', { class: 'channel' },
    h('div', { class: 'title' },
      h('h1', null, h('span', { class: 'quiet' }, '# '), h(Name, { text: channel, long: true })),
      h(Chip, { kind: live.live ? 'good' : 'warn' }, live.live ? 'live' : live.problem ? 'broken off' : 'connecting'),
      h('div', { class: 'actions end' }, h(Copy, { text: curl(where) }))),
    h(Problem, { error }),
    live.problem ? h(Problem, { error: { message: live.problem } }) : null,
    said ? h('p', { class: 'note good', role: 'status' }, said) : null,
    h('div', { class: 'columns wide-left' },
      h('div', null,
        h(Panel, { title: h('span', null, h('span', { class: 'num', id: 'occupancy' }, number(occupancy.current ?? 0)), occupancy.current === 1 ? ' occupant' : ' occupants'), label: 'Occupants', class: 'flush',
          side: h('label', { class: 'small-field' }, h('span', { class: 'hide' }, 'Whose name begins with'), h('input', { type: 'search', placeholder: 'Begins with…', value: prefix, onInput: (event) => setPrefix(event.target.value) })) },
        list?.error ? h(Problem, { error: list.error }) : null,
        total === 0 ? h(Empty, { title: prefix ? 'Nobody whose name begins like that.' : 'Nobody is here.' }, detail?.rule.tracked === false ? h('p', null, detail.rule.why) : null)
          : h(Rows, { count: total, height: ROW, need, label: 'Occupants, in order of joining', head: ['User', 'State', ''], class: 'roster', row: (i) => occupant(list, i, keyset, channel, setKicking) }))),
      h('div', null,
        detail ? h(Facts, { detail }) : null,
        h(Panel, { title: 'Occupancy, since you look' },
          h(Chart, { label: 'Occupancy since this page is open', height: 130, times: points.current.map(([at]) => at), lines: [{ label: 'Occupants', colour: '--accent', values: points.current.map(([, value]) => value), fill: true }] })),
        h(Panel, { title: 'Timeline' },
          events.current.length ? h('ol', { class: 'timeline', tabIndex: 0, 'aria-label': 'What happened here, the latest first' }, events.current.map((event) => h(Happened, { key: event.timetoken, event, keyset })))
            : h('p', { class: 'quiet' }, 'Nothing since you look.')))),
    kicking === null ? null : h(Kick, { keyset, user: kicking, channel, close: () => setKicking(null), done: (result) => { setKicking(null); setSaid(kicked(result)); again(); } }));
}

function occupant(list, i, keyset, channel, kick) {
  const user = list.users[i];
  if (user === undefined) return h('div', { class: 'skeleton', role: 'cell' }, '…');
  const { state, at } = list.known.get(user) ?? {};
  return [
    h('div', { role: 'cell', class: at && Date.now() - at < FLASH ? 'flash' : '' }, h('a', { href: toBoth(keyset, channel, user) }, h('i', { class: 'dot on', 'aria-hidden': 'true' }), h(Name, { text: user }))),
    h('div', { role: 'cell' }, state ? h(Json, { value: state }) : h('span', { class: 'quiet' }, '–')),
    h('div', { role: 'cell', class: 'end' }, h('button', { type: 'button', class: 'ghost small', onClick: () => kick(user) }, 'Kick…')),
  ];
}

/** An event, in the words of a timeline. */
export function Happened({ event, keyset, withChannel }) {
  if (event.kind === 'gap') return h('li', { class: 'gap' }, gapText(event));
  return h('li', null, h('time', { class: 'num quiet', dateTime: event.at }, clock(event.at)), h('span', null,
    h(Kind, { kind: event.kind }), ' ',
    withChannel ? h('a', { href: toBoth(keyset, event.channel, event.user) }, h(Name, { text: event.channel }))
      : event.user == null ? h('span', { class: 'quiet' }, 'summary for clients') : h('a', { href: toBoth(keyset, event.channel, event.user) }, h(Name, { text: event.user })), ' ',
    event.cause ? h('span', { class: 'quiet' }, CAUSES[event.cause] ?? event.cause) : null,
    event.note ? h('span', { class: 'quiet' }, event.note) : null));
}

function Facts({ detail }) {
  const { announce, rule } = detail;
  const isInterval = announce.mode === 'interval';
  return h(Panel, { title: 'How it is announced' },
    h('dl', { class: 'facts' },
      h('dt', null, 'Mode'), h('dd', null, h(Chip, { kind: isInterval ? 'warn' : 'good' }, isInterval ? 'by interval' : 'one by one'), ' ',
        isInterval ? `more than ${number(announce.announceMax)} occupants` : `up to ${number(announce.announceMax)} occupants`, announce.next ? h('span', { class: 'quiet' }, ', the next summary at ', h(At, { at: announce.next })) : null),
      h('dt', null, 'Rule'), h('dd', null, h(Name, { text: rule.why, long: true }), rule.pattern ? [' ', h('code', null, h(Name, { text: rule.pattern }))] : null, rule.tracked && rule.events.length ? h('span', { class: 'quiet' }, ` ${rule.events.join(', ')}`) : null),
      h('dt', null, 'Listening'), h('dd', null, `${number(detail.polls)} for messages, ${number(detail.watchers)} for presence`),
      detail.groups.length ? [h('dt', null, 'Groups'), h('dd', null, detail.groups.map((group) => h(Chip, { key: group }, h(Name, { text: group }))))] : null));
}
