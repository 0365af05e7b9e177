// One box for users, channels, and why a user is in a channel.

import { get, path, query } from '../api.js';
import { Name, h, useEffect, useRef, useState } from '../ui.js';

const MOST = 50;
const TYPING = 140;

export const toUser = (keyset, user) => `#/k${path(keyset)}/u${path(user)}`;
export const toChannel = (keyset, channel) => `#/k${path(keyset)}/c${path(channel)}`;
export const toBoth = (keyset, channel, user) => `${toChannel(keyset, channel)}/u${path(user)}`;

/** What can be meant without asking anybody. */
function exact(keyset, text) {
  const hits = [];
  const at = text.lastIndexOf('@');
  if (at > 0 && at < text.length - 1) hits.push({ kind: 'why', user: text.slice(0, at), channel: text.slice(at + 1) });
  hits.push({ kind: 'user', name: text, note: 'exactly' }, { kind: 'channel', name: text, note: 'exactly' });
  return hits.map((hit) => ({ ...hit, href: target(keyset, hit) }));
}

const target = (keyset, hit) => (hit.kind === 'why' ? toBoth(keyset, hit.channel, hit.user) : hit.kind === 'user' ? toUser(keyset, hit.name) : toChannel(keyset, hit.name));

async function lookFor(keyset, text, signal) {
  const [users, channels] = await Promise.all([
    get(`/keysets${path(keyset)}/users${query({ prefix: text, limit: MOST })}`, signal),
    get(`/keysets${path(keyset)}/channels${query({ prefix: text, limit: MOST })}`, signal),
  ]);
  const found = [
    ...users.users.map(({ user, channels: count }) => ({ kind: 'user', name: user, note: count === 1 ? 'online in 1 channel' : `online in ${count} channels` })),
    ...channels.channels.map(({ channel, occupancy }) => ({ kind: 'channel', name: channel, note: occupancy === 1 ? '1 occupant' : `${occupancy} occupants` })),
  ];
  const isThere = (hit) => found.some((other) => other.kind === hit.kind && other.name === hit.name);
  const certain = exact(keyset, text);
  const first = (hit) => (hit.name === text ? 0 : 1);
  return {
    hits: [...certain.filter(({ kind }) => kind === 'why'), ...found.sort((a, b) => first(a) - first(b)).map((hit) => ({ ...hit, href: target(keyset, hit) })), ...certain.filter((hit) => hit.kind !== 'why' && !isThere(hit))],
    partial: users.partial || channels.partial || users.next || channels.next,
  };
}

export function Search({ keyset }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState({ hits: [], partial: false });
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const box = useRef(null);

  useEffect(() => {
    if (!text || !keyset) {
      setFound({ hits: [], partial: false });
      return undefined;
    }
    const controller = new AbortController();
    setFound({ hits: safely(() => exact(keyset, text)), partial: false });
    setChosen(0);
    const timer = setTimeout(async () => {
      try {
        setFound(await lookFor(keyset, text, controller.signal));
      } catch {
        // What can be meant is still there.
      }
    }, TYPING);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, keyset]);

  const go = (hit) => {
    if (!hit) return;
    setOpen(false);
    setText('');
    box.current.blur();
    location.hash = hit.href;
  };
  const onKey = (event) => {
    const count = found.hits.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      if (count) setChosen((chosen + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(found.hits[chosen]);
    } else if (event.key === 'Escape') {
      setOpen(false);
      if (!text) box.current.blur();
      setText('');
    }
  };
  const isShown = isOpen && found.hits.length > 0;
  useEffect(() => {
    if (isShown) document.getElementById(`hit-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, isShown]);
  return h('div', { class: 'search', role: 'search' },
    h('input', {
      ref: box, id: 'search', type: 'text', role: 'combobox', 'aria-label': 'Find a user, a channel, or user@channel', 'aria-expanded': String(isShown),
      'aria-controls': 'hits', 'aria-autocomplete': 'list', 'aria-activedescendant': isShown ? `hit-${chosen}` : undefined,
      placeholder: keyset ? 'Why is … online? A user, a channel, user@channel' : 'Nobody has connected yet', autocomplete: 'off', spellcheck: false, value: text,
      onInput: (event) => { setText(event.target.value.slice(0, 512)); setOpen(true); },
      onFocus: () => setOpen(true), onBlur: () => setTimeout(() => setOpen(false), 150), onKeyDown: onKey,
    }),
    h('kbd', { 'aria-hidden': 'true' }, '/'),
    h('div', { class: 'hits', hidden: !isShown },
      h('ul', { id: 'hits', role: 'listbox', 'aria-label': 'Found' }, found.hits.map((hit, i) => h('li', {
        key: hit.href, id: `hit-${i}`, role: 'option', 'aria-selected': String(i === chosen),
        onMouseDown: (event) => { event.preventDefault(); go(hit); }, onMouseMove: () => i !== chosen && setChosen(i),
      }, h('span', { class: `kind ${hit.kind}` }, hit.kind === 'why' ? 'why' : hit.kind),
      hit.kind === 'why' ? h('span', { class: 'hit-name' }, h(Name, { text: hit.user }), h('span', { class: 'quiet' }, ' in '), h(Name, { text: hit.channel }))
        : h('span', { class: 'hit-name' }, h(Name, { text: hit.name })),
      hit.note ? h('span', { class: 'quiet' }, hit.note) : null))),
      found.partial ? h('p', { class: 'quiet hits-end' }, 'There may be more. Type on to narrow it down.') : null));
}

function safely(make) {
  try {
    return make();
  } catch {
    return [];
  }
}
