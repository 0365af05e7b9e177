// A client in the page: what an SDK would send, and the frames that come back.

import { get, now, part } from '../api.js';
import { clock } from '../text.js';
import { Chip, Empty, Json, Name, Panel, Problem, h, useEffect, useLoaded, useRef, useState } from '../ui.js';

const MOST = 200;

export function Try({ keyset }) {
  const { value: overview } = useLoaded(() => get('/overview'), []);
  const [form, setForm] = useState({ key: keyset || 'demo', publishKey: 'demo', user: 'console', channel: 'lobby', auth: '', message: '{"text":"hello"}', state: '{"mood":"curious"}' });
  const [frames, setFrames] = useState([]);
  const [joined, setJoined] = useState(null);
  const [error, setError] = useState(null);
  const poll = useRef(null);

  const origin = overview?.clients ? `${overview.clients.scheme}://${location.hostname}:${overview.clients.port}` : null;
  const say = (direction, what, body) => setFrames((before) => [{ id: Math.random(), at: now(), direction, what, body }, ...before].slice(0, MOST));
  const common = (at) => `uuid=${part(at.user)}${at.auth ? `&auth=${part(at.auth)}` : ''}`;
  const send = async (what, where, signal) => {
    let response;
    try {
      response = await fetch(origin + where, { signal, cache: 'no-store', credentials: 'omit' });
    } catch (problem) {
      if (problem.name === 'AbortError') throw problem;
      throw Object.assign(new Error(`This browser cannot reach ${origin}.`), { expected: 'The port of clients can be reached from here, by the same name as this page' });
    }
    const body = await response.json();
    if (!response.ok) {
      say('in', `${what}: ${response.status}`, body);
      throw Object.assign(new Error(`${what}: ${response.status} ${body.message ?? ''}`), { expected: '', status: response.status });
    }
    return body;
  };

  const leave = () => {
    const at = poll.current?.at;
    poll.current?.controller.abort();
    poll.current = null;
    setJoined(null);
    if (at) fetch(`${at.origin}/v2/presence/sub-key/${part(at.key)}/channel/${part(at.channel)}/leave?${common(at)}`, { keepalive: true, credentials: 'omit' }).catch(() => {});
  };
  useEffect(() => leave, []);

  const join = async () => {
    leave();
    setError(null);
    const at = { ...form, origin };
    const controller = new AbortController();
    poll.current = { controller, at };
    setJoined(at);
    say('out', `subscribe to ${at.channel} and ${at.channel}-pnpres as ${at.user}`);
    let cursor = 'tt=0';
    try {
      for (;;) {
        const body = await send('subscribe', `/v2/subscribe/${part(at.key)}/${part(at.channel)},${part(`${at.channel}-pnpres`)}/0?${cursor}&${common(at)}&heartbeat=300`, controller.signal);
        cursor = `tt=${part(String(body.t.t))}&tr=${part(String(body.t.r))}`;
        for (const frame of body.m ?? []) say('in', frame.c.endsWith('-pnpres') ? `presence of ${frame.c.slice(0, -7)}` : `message in ${frame.c}`, frame.d);
      }
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      setError(problem);
      poll.current = null;
      setJoined(null);
    }
  };
  const json = (text) => {
    try {
      return JSON.stringify(JSON.parse(text));
    } catch {
      throw Object.assign(new Error(`not JSON: ${text.slice(0, 60)}`), { expected: 'JSON, such as {"mood":"curious"}' });
    }
  };
  const act = (make) => async (event) => {
    event.preventDefault();
    setError(null);
    try {
      await make();
    } catch (problem) {
      setError(problem);
    }
  };
  const publish = act(async () => {
    const text = json(form.message);
    say('out', `publish to ${form.channel}`, JSON.parse(text));
    await send('publish', `/publish/${part(form.publishKey)}/${part(form.key)}/0/${part(form.channel)}/0/${part(text)}?${common(form)}`);
  });
  const setState = act(async () => {
    const text = json(form.state);
    say('out', `state in ${form.channel}`, JSON.parse(text));
    await send('state', `/v2/presence/sub-key/${part(form.key)}/channel/${part(form.channel)}/uuid/${part(form.user)}/data?state=${part(text)}&${common(form)}`);
  });

  const field = (name, label, more = {}) => h('label', null, label, h('input', { value: form[name], autocomplete: 'off', spellcheck: false, onInput: (event) => setForm({ ...form, [name]: event.target.value }), ...more }));
  return h('div', null,
    h('div', { class: 'title' }, h('h1', null, 'Try it'), h(Chip, { kind: joined ? 'good' : '' }, joined ? 'subscribed' : 'idle'), h('span', { class: 'quiet' }, origin ?? '')),
    h(Problem, { error }),
    h('div', { class: 'columns' },
      h('div', null,
        h(Panel, { title: 'Subscribe' }, h('form', { onSubmit: (event) => { event.preventDefault(); join(); } },
          h('div', { class: 'fields' }, field('key', 'Subscribe key', { disabled: !!joined }), field('user', 'User', { disabled: !!joined, id: 'try-user' }), field('channel', 'Channel', { disabled: !!joined, id: 'try-channel' }), field('auth', 'Token or auth key, where access is managed', { disabled: !!joined })),
          h('div', { class: 'actions' }, joined ? h('button', { type: 'button', onClick: leave }, 'Leave') : h('button', { type: 'submit', class: 'primary', disabled: !origin }, 'Subscribe')))),
        h(Panel, { title: 'Publish' }, h('form', { onSubmit: publish }, h('div', { class: 'fields' }, field('publishKey', 'Publish key'), field('message', 'Message, JSON')), h('div', { class: 'actions' }, h('button', { type: 'submit', disabled: !origin }, 'Publish')))),
        h(Panel, { title: 'State' }, h('form', { onSubmit: setState }, field('state', 'State, a JSON object'), h('div', { class: 'actions' }, h('button', { type: 'submit', disabled: !origin }, 'Set state'))))),
      h(Panel, { title: 'Frames', side: frames.length ? h('button', { type: 'button', class: 'ghost', onClick: () => setFrames([]) }, 'Clear') : null },
        frames.length ? h('ol', { class: 'frames' }, frames.map(({ id, at, direction, what, body }) => h('li', { key: id, class: direction }, h('div', null, h('span', { class: 'num quiet' }, clock(at, true)), ' ', h('span', { class: 'arrow', 'aria-label': direction === 'in' ? 'received' : 'sent' }, direction === 'in' ? '←' : '→'), ' ', h(Name, { text: what, long: true })), body === undefined ? null : h(Json, { value: body, pretty: true }))))
          : h(Empty, { title: 'Nothing sent yet.' }))));
}
