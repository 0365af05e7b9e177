// The page: what the address says decides which screen there is.

import { change, get, now, setClock, whenLocked } from './api.js';
import { askClock, takeClock, useEmulated } from './emulated.js';
import { escaped, moment } from './text.js';
import { Empty, h, render, useEffect, useRef, useState, useTick } from './ui.js';
import { Channel } from './views/channel.js';
import { Channels } from './views/channels.js';
import { Emulator } from './views/emulator.js';
import { Events } from './views/events.js';
import { Keysets } from './views/keysets.js';
import { Login } from './views/login.js';
import { Now } from './views/now.js';
import { Search } from './views/search.js';
import { Storms } from './views/storms.js';
import { Try } from './views/try.js';
import { User } from './views/user.js';

const SCREENS = [['', 'Now', Now], ['channels', 'Channels', Channels], ['storms', 'Storms', Storms], ['events', 'Events', Events], ['keysets', 'Keysets', Keysets], ['try', 'Try it', Try]];
const EMULATOR = ['emulator', 'Emulator', Emulator];
const KEYSET = 'rollcall-keyset';

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** What the address says: {screen, keyset, user, channel}. */
function route() {
  const segments = location.hash.replace(/^#\/?/, '').split('?')[0].split('/').map(decoded);
  if (segments[0] === 'k' && segments.length >= 4) {
    const [, keyset, kind, name, also, user] = segments;
    if (kind === 'u') return { screen: 'user', keyset, user: name };
    if (kind === 'c' && also === 'u') return { screen: 'user', keyset, channel: name, user };
    if (kind === 'c') return { screen: 'channel', keyset, channel: name };
  }
  return { screen: segments[0], keyset: null };
}

const titleOf = ({ screen, user, channel }) => {
  const name = screen === 'user' ? user : screen === 'channel' ? channel : [...SCREENS, EMULATOR].find(([id]) => id === screen)?.[1];
  return name == null ? 'Rollcall' : `${escaped(name)} · Rollcall`;
};

function useRoute() {
  const [at, set] = useState(route);
  useEffect(() => {
    const onChange = () => {
      set(route());
      scrollTo(0, 0);
      document.getElementById('main')?.focus({ preventScroll: true });
    };
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  useEffect(() => { document.title = titleOf(at); }, [at]);
  return at;
}

const stored = () => {
  try {
    return sessionStorage.getItem(KEYSET) ?? '';
  } catch {
    return '';
  }
};

function App() {
  // null until it is known; then {needed, open}, and whether a session was open that is no longer.
  const [session, setSession] = useState(null);
  const [keysets, setKeysets] = useState(null);
  const [chosen, setChosen] = useState(stored);
  const [problem, setProblem] = useState(null);
  const wasOpen = useRef(false);
  const at = useRoute();

  const look = async () => {
    try {
      const told = await get('/session');
      wasOpen.current ||= told.open;
      setSession(told);
      setProblem(null);
    } catch (error) {
      setProblem(error);
      setTimeout(look, 3000);
    }
  };
  useEffect(() => {
    whenLocked(() => setSession((before) => ({ needed: true, open: false, ended: wasOpen.current || before?.open })));
    look();
  }, []);

  const isOpen = session?.open === true;
  useEffect(() => {
    if (!isOpen) return undefined;
    const load = async () => {
      if (document.hidden) return;
      try {
        const overview = await get('/overview');
        if (overview.emulator) {
          await askClock();
        } else {
          takeClock(null);
          setClock(Date.parse(overview.now));
        }
        setKeysets((await get('/keysets?limit=1000')).keysets);
      } catch {
        // The screen says what is wrong.
        setKeysets((before) => before ?? []);
      }
    };
    load();
    const timer = setInterval(load, 5000);
    return () => clearInterval(timer);
  }, [isOpen]);
  const isEmulated = useEmulated() !== null;
  useEffect(() => {
    if (!isOpen || !isEmulated) return undefined;
    // Somebody else may move it. Whether it can be asked at all is seen above.
    const timer = setInterval(() => document.hidden || askClock().catch(() => {}), 1000);
    return () => clearInterval(timer);
  }, [isOpen, isEmulated]);

  if (!session) return h('main', { class: 'wait', id: 'main' }, problem ? h(Empty, { title: problem.message }, h('p', null, problem.expected)) : null);
  if (!session.open) return h(Login, { ended: session.ended, done: look });

  const keyset = at.keyset ?? (keysets?.some(({ key }) => key === chosen) ? chosen : keysets?.[0]?.key ?? '');
  const choose = (key) => {
    setChosen(key);
    try {
      sessionStorage.setItem(KEYSET, key);
    } catch {
      // Not kept, then.
    }
    if (at.keyset) location.hash = '#/channels';
  };
  const screens = isEmulated ? [...SCREENS, EMULATOR] : SCREENS;
  const logout = async () => {
    wasOpen.current = false;
    try {
      await change('DELETE', '/session');
    } finally {
      setSession({ needed: true, open: false });
    }
  };
  return h('div', { class: 'page' },
    h('a', { class: 'skip', href: '#main', onClick: (event) => { event.preventDefault(); document.getElementById('main').focus(); } }, 'Skip to the content'),
    h('header', { class: 'top' },
      h('div', { class: 'top-in' },
        h('a', { class: 'brand', href: '#/', 'aria-label': 'Rollcall, now' }, h('img', { src: 'icon.svg', alt: '', width: 26, height: 26 }), h('span', null, 'Rollcall')),
        h(Search, { keyset }),
        keysets?.length > 1 || at.keyset && keysets?.length ? h('label', { class: 'keyset' }, h('span', { class: 'hide' }, 'Keyset'),
          h('select', { value: keyset, onChange: (event) => choose(event.target.value) },
            (keysets.some(({ key }) => key === keyset) ? keysets : [{ key: keyset }, ...keysets]).map(({ key }) => h('option', { key, value: key }, escaped(key))))) : null,
        isEmulated ? h(EmulatedTime) : null,
        session.needed ? h('button', { type: 'button', class: 'ghost', onClick: logout }, 'Log out') : null),
      h('nav', { 'aria-label': 'Screens' }, screens.map(([id, text]) => h('a', {
        key: id, href: `#/${id}`, 'aria-current': at.screen === id || id === 'channels' && at.screen === 'channel' ? 'page' : undefined,
      }, text)))),
    // Not before the keyset is known: a screen begins anew with another one, and what was typed would be gone.
    h('main', { id: 'main', tabIndex: -1 }, keysets || at.keyset ? screen(at, keyset, keysets, screens) : null));
}

/** What the clock of an emulator shows, on every screen: none of their times is that of the reader. */
function EmulatedTime() {
  const clock = useEmulated();
  useTick(250);
  if (!clock) return null;
  const how = clock.mode === 'frozen' ? 'frozen' : clock.speed > 1 ? `${clock.speed} ×` : 'running';
  return h('a', { class: 'emulated num', href: '#/emulator', title: 'The clock of the emulator' }, moment(now()), ' ', h('span', { class: `chip ${clock.mode === 'frozen' ? 'warn' : ''}` }, how));
}

function screen(at, keyset, keysets, screens) {
  if (at.screen === 'user') return h(User, { key: JSON.stringify(at), ...at });
  if (at.screen === 'channel') return h(Channel, { key: JSON.stringify(at), ...at });
  const found = screens.find(([id]) => id === at.screen);
  if (!found) return h(Empty, { title: 'There is no such screen.' }, h('p', null, h('a', { href: '#/' }, 'Back to now')));
  return h(found[2], { key: at.screen + keyset, keyset, keysets });
}

// "/" leads to the search box from wherever nothing is typed.
addEventListener('keydown', (event) => {
  const isTyping = event.target.closest?.('input, textarea, select, [contenteditable]') || document.querySelector('dialog[open]');
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById('search')?.focus();
  }
});

render(h(App), document.getElementById('app'));
