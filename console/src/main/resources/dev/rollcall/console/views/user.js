// Why a user is shown as online, or as offline.

import { change, curl, get, now, path } from '../api.js';
import { Kick, kicked } from '../kick.js';
import { Lease } from '../lease.js';
import { follow, timetoken } from '../live.js';
import { number } from '../text.js';
import { Ago, At, CAUSES, Chip, Copy, Empty, Json, Name, Panel, Problem, h, useAction, useEffect, useLoaded, useRef, useState } from '../ui.js';
import { Happened } from './channel.js';
import { toBoth, toChannel, toUser } from './search.js';

const MOST_EVENTS = 200;
/** As far back as the server may remember events. */
const BACK = 60_000;
const SAME = 2000;

/** What happens to the user from now on, and the last minute as far as the server remembers it. */
function useHappenings(keyset, user, channel, onEvent) {
  const [events, set] = useState([]);
  const [problem, setProblem] = useState('');
  const told = useRef(onEvent);
  told.current = onEvent;
  useEffect(() => {
    let isFirst = true;
    return follow({ key: keyset, users: user.includes(',') ? '' : user, since: timetoken(now() - BACK) }, (items) => {
      let mine = items.filter((item) => item.kind === 'gap' || item.user === user && (channel === undefined || item.channel === channel));
      // That older events are not remembered is no news.
      if (isFirst && mine[0]?.kind === 'gap') mine = mine.slice(1);
      isFirst = false;
      if (!mine.length) return;
      set((before) => [...mine.slice(-MOST_EVENTS).reverse(), ...before].slice(0, MOST_EVENTS));
      told.current();
    }, (state) => setProblem(state.problem ?? ''));
  }, [keyset, user, channel]);
  return [events, problem];
}

/** What the explanation remembers, as events, but for those that are there already. */
function remembered(told, channel, events) {
  const facts = [];
  for (const one of told.channels ?? [told]) {
    const place = one.channel ?? channel;
    if (one.since) facts.push({ kind: 'join', channel: place, at: one.since, cause: one.joinedBy });
    if (one.last) facts.push({ kind: one.last.cause === 'timeout' ? 'timeout' : 'leave', channel: place, at: one.last.left, cause: one.last.cause });
  }
  return facts.filter((fact) => !events.some((event) => event.kind === fact.kind && event.channel === fact.channel && Math.abs(Date.parse(event.at) - Date.parse(fact.at)) < SAME));
}

export function User({ keyset, user, channel }) {
  const isOne = channel !== undefined;
  const where = isOne ? `/keysets${path(keyset)}/channels${path(channel)}/users${path(user)}/explain` : `/keysets${path(keyset)}/users${path(user)}/explain`;
  const { value: told, error, again } = useLoaded(() => get(where), [where], 2000);
  const [events, problem] = useHappenings(keyset, user, channel, again);
  const [isKicking, setKicking] = useState(false);
  const [said, setSaid] = useState('');
  const [readmit, readmission] = useAction(async () => {
    await change('DELETE', `/keysets${path(keyset)}/users${path(user)}/kick`);
    setSaid('They may come back.');
    again();
  });
  if (!told) return h('div', null, h('div', { class: 'title' }, h('h1', null, h(Name, { text: user, long: true }))), h(Problem, { error }));
  const timeline = [...events, ...remembered(told, channel, events)].sort((a, b) => Date.parse(b.at ?? 0) - Date.parse(a.at ?? 0));
  const [first, ...rest] = told.verdict;
  return h('div', { class: 'user' },
    h(Problem, { error }),
    h('section', { class: `verdict ${told.online ? 'on' : 'off'}`, 'aria-label': 'Why' },
      h('div', { class: 'verdict-head' },
        h('span', { class: 'avatar', 'aria-hidden': 'true' }, initial(user), h('i', { class: `dot ${told.online ? 'on' : 'off'}` })),
        h('div', { class: 'verdict-who' },
          h('h1', null, h(Name, { text: user, long: true })),
          h('p', { class: 'quiet' }, h('strong', { class: told.online ? 'is-on' : 'is-off', id: 'status' }, told.online ? 'Online' : 'Offline'),
            isOne ? [' in ', h('a', { href: toChannel(keyset, channel) }, h(Name, { text: channel })), ' · ', h('a', { href: toUser(keyset, user) }, 'everywhere')]
              : told.channelCount === 1 ? ' in 1 channel' : ` in ${number(told.channelCount)} channels`)),
        h('div', { class: 'actions' }, h(Copy, { text: curl(where) }), h('button', { type: 'button', class: 'danger', onClick: () => setKicking(true) }, 'Kick…'))),
      h('div', { class: 'verdict-why', 'aria-live': 'polite' },
        h('p', { class: 'verdict-first' }, h(Name, { text: first ?? (told.online ? 'Online.' : 'Offline.'), long: true })),
        rest.length ? h('ul', null, rest.map((sentence) => h('li', { key: sentence }, h(Name, { text: sentence, long: true })))) : null,
        isOne && told.lease ? h(Lease, { lease: told.lease }) : null)),
    said ? h('p', { class: 'note good', role: 'status' }, said) : null,
    told.keptOff ? h('div', { class: 'note warn keep' }, h('span', null, 'Kept off ', told.keptOff.channels.length ? told.keptOff.channels.map((name) => h(Name, { key: name, text: name })) : 'everywhere', ' until ', h(At, { at: told.keptOff.until }), told.keptOff.reason ? [': ', h(Name, { text: told.keptOff.reason, long: true })] : null),
      h('button', { type: 'button', onClick: readmit, disabled: readmission.busy }, 'Let back in')) : null,
    h(Problem, { error: readmission.error }),
    told.otherSpellings.length ? h('p', { class: 'note' }, 'Present under another spelling: ', told.otherSpellings.map((name, i) => [i ? ', ' : '', h('a', { href: toUser(keyset, name) }, h(Name, { text: name }))])) : null,
    h('div', { class: 'columns wide-left' },
      h('div', null,
        isOne ? h(Place, { told }) : h(Panel, { title: 'Where' }, told.channels.length ? told.channels.map((one) => h(Where, { key: one.channel, one, keyset, user })) : h(Empty, { title: 'Present nowhere.' }),
          told.channelCount > told.channels.length ? h('p', { class: 'quiet' }, `and ${number(told.channelCount - told.channels.length)} more`) : null),
        h(Polls, { polls: told.polls, keyset }),
        told.refused.length ? h(Refused, { refused: told.refused }) : null),
      h('div', null,
        h(Panel, { title: 'Timeline' },
          problem ? h(Problem, { error: { message: problem } }) : null,
          timeline.length ? h('ol', { class: 'timeline', tabIndex: 0, 'aria-label': 'What happened, the latest first' }, timeline.map((event, i) => h(Happened, { key: event.timetoken ?? `fact-${i}`, event: { ...event, user }, keyset, withChannel: true })))
            : h('p', { class: 'quiet' }, 'Nothing that is remembered. What happens now shows up here.')))),
    isKicking ? h(Kick, { keyset, user, channel, close: () => setKicking(false), done: (result) => { setKicking(false); setSaid(kicked(result)); again(); } }) : null);
}

const initial = (user) => {
  const found = /[\p{L}\p{N}]/u.exec(user);
  return found ? found[0].toUpperCase() : '?';
};

const Since = ({ one }) => (one.since ? h('span', { class: 'quiet' }, 'since ', h(At, { at: one.since }), one.joinedBy ? ` ${CAUSES[one.joinedBy] ?? one.joinedBy}` : '') : null);

function Where({ one, keyset, user }) {
  return h('article', { class: 'where' },
    h('div', { class: 'where-head' }, h('h3', null, h('a', { href: toBoth(keyset, one.channel, user), title: 'Why here' }, h(Name, { text: one.channel }))), h(Since, { one })),
    h('p', null, h(Name, { text: one.verdict[0] ?? '', long: true })),
    one.lease ? h(Lease, { lease: one.lease, isBrief: true }) : null,
    one.state ? h(Json, { value: one.state, pretty: true }) : null);
}

/** What else is known of a user in one channel. */
function Place({ told }) {
  const { rule, announce, absence, last } = told;
  return h(Panel, { title: 'Here' },
    h('dl', { class: 'facts' },
      told.since ? [h('dt', null, 'Joined'), h('dd', null, h(Ago, { at: told.since }), ' ', h('span', { class: 'quiet' }, told.joinedBy ? CAUSES[told.joinedBy] ?? told.joinedBy : ''))] : null,
      last ? [h('dt', null, 'Left'), h('dd', null, h(Ago, { at: last.left }), ' ', h('span', { class: 'quiet' }, CAUSES[last.cause] ?? last.cause))] : null,
      absence?.debounceUntil ? [h('dt', null, 'Debounce'), h('dd', null, 'until ', h(At, { at: absence.debounceUntil }))] : null,
      absence?.stateUntil ? [h('dt', null, 'State kept'), h('dd', null, 'until ', h(At, { at: absence.stateUntil }))] : null,
      h('dt', null, 'Rule'), h('dd', null, h(Name, { text: rule.why, long: true }), rule.pattern ? [' ', h('code', null, h(Name, { text: rule.pattern }))] : null),
      h('dt', null, 'Announced'), h('dd', null, announce.mode === 'interval' ? `by interval: ${number(announce.occupancy)} occupants, at most ${number(announce.announceMax)} one by one` : 'one by one'),
      h('dt', null, 'Lost connection'), h('dd', null, told.leaveOnDisconnect ? 'counts as a leave' : 'does not count as a leave'),
      told.state ? [h('dt', null, 'State'), h('dd', null, h(Json, { value: told.state, pretty: true }))] : null));
}

function Polls({ polls, keyset }) {
  return h(Panel, { title: 'Waiting subscribes', side: h(Chip, null, number(polls.length)) },
    polls.length ? polls.map((poll, i) => h('article', { key: i, class: 'where' },
      h('div', { class: 'where-head' }, h('h3', null, h(Name, { text: poll.agent ?? 'a client that does not say what it is' })), h('span', { class: 'quiet num' }, poll.address ?? '', poll.node ? ` · ${poll.node}` : '')),
      h('p', { class: 'quiet' }, 'waits since ', h(Ago, { at: poll.since }), ' for ', poll.places.map((place, j) => [j ? ', ' : '', h('a', { href: toChannel(keyset, place.channel) }, h(Name, { text: place.channel })), place.via ? [' via ', h(Name, { text: place.via })] : null]))))
      : h('p', { class: 'quiet' }, 'None on this node: the client is between polls, only sends heartbeats, or is gone.'));
}

const Refused = ({ refused }) => h(Panel, { title: 'Refused of late' },
  h('ul', { class: 'timeline' }, refused.map(({ at, status, reason }, i) => h('li', { key: i }, h('time', { class: 'num quiet' }, h(At, { at })), h('span', null, h(Chip, { kind: 'bad' }, status), ' ', h(Name, { text: reason, long: true }))))));
