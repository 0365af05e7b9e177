// The few things that every screen is made of.

import { ApiError, now } from './api.js';
import { BRIEF, SHOWN, written } from './json.js';
import { save } from './save.js';
import { clock, escaped, number, parts, span } from './text.js';

export const { h, render, Fragment, createContext } = globalThis.preact;
export const { useState, useEffect, useRef, useMemo, useCallback, useContext, useLayoutEffect } = globalThis.preactHooks;

/** Text that a client chose: in a direction of its own, with what cannot be seen written out. */
export function Name({ text, long }) {
  const shown = parts(text).map((part) => (part.escape ? h('span', { class: 'escape' }, part.escape) : part));
  return h('bdi', { class: long ? 'name long' : 'name', title: escaped(text) }, shown.length ? shown : h('span', { class: 'quiet' }, '(empty)'));
}

/** JSON that a client chose: a line of it, or as much as anybody reads, with a way to have all of it. */
export function Json({ value, pretty }) {
  if (pretty) return h(Pretty, { value });
  const { text } = written(value, 0, BRIEF);
  return h('code', { class: 'json', title: escaped(text) }, marked(text));
}

function Pretty({ value }) {
  const [isWhole, setWhole] = useState(false);
  const { text, isCut } = useMemo(() => written(value, 2, SHOWN), [value]);
  const whole = useMemo(() => (isCut && isWhole ? written(value).text : ''), [value, isCut, isWhole]);
  // All of it is one text and one node, however much in it has to be written out.
  const shown = h('pre', { class: 'json', tabIndex: 0 }, whole ? escaped(whole) : text.split('\n').flatMap((line, i) => [i ? '\n' : '', ...marked(line)]));
  if (!isCut) return shown;
  return h('div', { class: 'cut' }, shown, h('div', { class: 'actions' },
    h('span', { class: 'quiet' }, whole ? `${number(whole.length)} characters` : 'Not all of it is shown.'),
    h('button', { type: 'button', class: 'ghost small', onClick: () => setWhole(!isWhole) }, whole ? 'Show less' : 'Show all as text'),
    h('button', { type: 'button', class: 'ghost small', onClick: () => save('value.json', written(value).text) }, 'Download')));
}

const marked = (text) => parts(text).map((part) => (part.escape ? h('span', { class: 'escape' }, part.escape) : part));

/** A number of milliseconds for which a component looks again and again while it is seen. */
export function useTick(millis) {
  const [, set] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || set((count) => count + 1), millis);
    return () => clearInterval(timer);
  }, [millis]);
}

/** What `load` promises, again every `millis` and whenever `deps` change: {value, error, again}. */
export function useLoaded(load, deps, millis = 0) {
  const [state, set] = useState({ value: null, error: null });
  const asked = useRef(0);
  const again = useRef(() => {});
  useEffect(() => {
    let isOver = false;
    let timer = 0;
    let isUnderWay = false;
    let isWanted = false;
    set({ value: null, error: null });
    const run = async () => {
      clearTimeout(timer);
      if (isUnderWay) {
        isWanted = true;
        return;
      }
      isUnderWay = true;
      const turn = ++asked.current;
      try {
        const value = document.hidden && millis ? null : await load();
        if (!isOver && turn === asked.current && value !== null) set({ value, error: null });
      } catch (error) {
        if (!isOver && turn === asked.current && error.name !== 'AbortError') set((before) => ({ value: before.value, error }));
      }
      isUnderWay = false;
      if (isOver) return;
      if (isWanted) {
        isWanted = false;
        run();
      } else if (millis) {
        timer = setTimeout(run, millis);
      }
    };
    again.current = run;
    const onSeen = () => document.hidden || run();
    document.addEventListener('visibilitychange', onSeen);
    run();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onSeen);
    };
  }, deps);
  return { ...state, again: () => again.current() };
}

export function Problem({ error }) {
  if (!error) return null;
  return h('div', { class: 'note bad', role: 'alert' },
    h('strong', null, h(Name, { text: error.message, long: true })),
    error.expected ? h('span', null, ' Expected: ', h(Name, { text: error.expected, long: true })) : null);
}

export const Empty = ({ title, children }) => h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), children);

export const Panel = ({ title, side, children, class: more = '', label }) => h('section', { class: `panel ${more}`, 'aria-label': label ?? title },
  title || side ? h('header', { class: 'panel-head' }, h('h2', null, title), side) : null, children);

export const Chip = ({ kind = '', children, title }) => h('span', { class: `chip ${kind}`, title }, children);

/** When something was: how long ago, and the time of day. */
export function Ago({ at }) {
  useTick(1000);
  const then = Date.parse(at);
  return h('time', { dateTime: at, title: at }, `${span(now() - then)} ago`);
}

export const At = ({ at }) => h('time', { dateTime: at, title: at, class: 'num' }, clock(at));

export function Copy({ text, label = 'Copy curl' }) {
  const [done, set] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      set('Copied');
    } catch {
      // Over plain HTTP beyond loopback there is no clipboard.
      set('shown');
    }
    setTimeout(() => set(''), 4000);
  };
  return h(Fragment, null,
    h('button', { type: 'button', class: 'ghost', onClick: copy, title: escaped(text) }, done === 'Copied' ? 'Copied' : label),
    done === 'shown' ? h('code', { class: 'curl' }, escaped(text)) : null);
}

export function Tabs({ tabs, chosen, choose, label }) {
  return h('div', { class: 'tabs', role: 'group', 'aria-label': label }, tabs.map(([id, text]) => h('button', {
    key: id, type: 'button', 'aria-pressed': String(id === chosen), onClick: () => choose(id),
  }, text)));
}

/** A dialog over the page; the browser keeps the keyboard in it, and ends it with Escape. */
export function Dialog({ title, close, children }) {
  const ref = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current.showModal();
    return () => before?.focus?.();
  }, []);
  return h('dialog', { ref, 'aria-labelledby': 'dialog-title', onClose: close, onClick: (event) => event.target === ref.current && close() },
    h('div', { class: 'dialog-body' }, h('h2', { id: 'dialog-title' }, title), children));
}

/** Does `action` once, and tells how it went: [run, {busy, error}]. */
export function useAction(action) {
  const [state, set] = useState({ busy: false, error: null });
  const run = async (...args) => {
    set({ busy: true, error: null });
    try {
      const result = await action(...args);
      set({ busy: false, error: null });
      return result;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      set({ busy: false, error });
      return undefined;
    }
  };
  return [run, state];
}

export const CAUSES = {
  subscribe: 'by a subscribe', heartbeat: 'by a heartbeat', restored: 'restored after a restart', seed: 'seeded',
  explicit: 'said so', timeout: 'went silent', disconnect: 'connection lost', kick: 'kicked', revoked: 'right revoked', rule_changed: 'rule changed',
  'rule-changed': 'rule changed', restart: 'restart',
};
