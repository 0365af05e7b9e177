// What goes wrong in an emulator: which requests meet which fault.

import { EMULATOR, change, curl, path } from '../api.js';
import { number } from '../text.js';
import { Chip, Copy, Dialog, Empty, Name, Panel, Problem, h, useAction, useState } from '../ui.js';

const OPERATIONS = ['subscribe', 'heartbeat', 'leave', 'here-now', 'where-now', 'get-state', 'set-state', 'publish', 'signal', 'list-groups', 'change-group', 'grant', 'audit', 'grant-token', 'revoke-token', 'time'];

/** The effects, in the words of a person, with what else there is to say of each: name, label, what it is at first, whether it is a number. */
const EFFECTS = {
  status: ['an error instead', [['status', 'Status', '503', true], ['body', 'Body, or that of the server', ''], ['retryAfter', 'Retry after, seconds', '', true]]],
  delay: ['the answer comes later', [['by', 'By', '2s'], ['jitter', 'And up to', '']]],
  'lose-answer': ['done, and never answered', []],
  'lose-request': ['never arrives', []],
  close: ['the connection ends', [['how', 'How: fin or rst', 'fin'], ['afterBytes', 'After bytes of the body', '0', true]]],
  slow: ['the body comes little by little', [['bytesPerSecond', 'Bytes a second', '100', true]]],
  garble: ['half of the body is missing', []],
  duplicate: ['done twice', []],
  'stale-timetoken': ['an older timetoken to go on from', [['by', 'How much older', '-10s']]],
};

const MATCH = [['user', 'User'], ['channel', 'Channel or group'], ['keyset', 'Subscribe key'], ['method', 'Method'], ['path', 'Path, a pattern']];
const BOUNDS = [['times', 'How often', true], ['after', 'How many pass first', true], ['for', 'How long, as in 30s'], ['probability', 'For what part, 0 to 1', true], ['seed', 'Seed, for the same part each time', true]];

/** What somebody typed, as a number where one is wanted and it is one; the server says what is wrong with anything else. */
const value = (text, isNumber) => (isNumber && Number.isFinite(Number(text)) ? Number(text) : text);

function filled(fields, typed) {
  return Object.fromEntries(fields.filter(([name]) => typed[name]?.trim()).map(([name, isNumber]) => [name, value(typed[name].trim(), isNumber)]));
}

export function Faults({ faults, again }) {
  const [isAdding, setAdding] = useState(false);
  const [remove, state] = useAction(async (where) => {
    await change('DELETE', where, {}, EMULATOR);
    again();
  });
  return h(Panel, { title: 'Faults', side: h('div', { class: 'actions' },
    faults.length ? h('button', { type: 'button', class: 'ghost small', disabled: state.busy, onClick: () => remove('/faults') }, 'Remove all') : null,
    h('button', { type: 'button', class: 'small', onClick: () => setAdding(true) }, 'Add a fault…')) },
  // One that is gone has ended by itself, or in another window.
  state.error && state.error.status !== 404 ? h(Problem, { error: state.error }) : null,
  faults.length ? h('ol', { class: 'faults', 'aria-label': 'Faults, the first that matches counts' }, faults.map((fault) => h(Fault, { key: fault.id, fault, remove: () => remove(`/faults${path(fault.id)}`), busy: state.busy })))
    : h(Empty, { title: 'Nothing goes wrong.' }, h('p', null, 'A fault delays, refuses, loses, cuts or repeats requests that match.')),
  isAdding ? h(Add, { close: () => setAdding(false), done: () => { setAdding(false); again(); } }) : null);
}

const said = (members) => Object.entries(members).map(([name, each]) => [name, Array.isArray(each) ? each.join(', ') : String(each)]);

function Fault({ fault, remove, busy }) {
  const { type, ...more } = fault.effect;
  const { id, hits, match, effect, ...bounds } = fault;
  const words = [...said(match), ...said(bounds)];
  return h('li', { class: 'fault' },
    h('div', { class: 'fault-what' },
      h('p', null, h('strong', null, h(Name, { text: type })), said(more).map(([name, text]) => [' ', name === type ? null : [h('span', { class: 'quiet' }, name), ' '], h(Name, { text, long: true })])),
      h('p', { class: 'quiet' }, words.length ? words.map(([name, text], i) => [i ? ' · ' : '', name, ' ', h(Name, { text, long: true })]) : 'every request')),
    h(Chip, { kind: hits ? 'warn' : '', title: 'How often it has happened' }, `${number(hits)} ${hits === 1 ? 'hit' : 'hits'}`),
    h('button', { type: 'button', class: 'ghost small', disabled: busy, onClick: remove, 'aria-label': `Remove the fault ${type}` }, 'Remove'));
}

function Add({ close, done }) {
  const [type, setType] = useState('status');
  const [operation, setOperation] = useState('');
  const [typed, setTyped] = useState({});
  const [, details] = EFFECTS[type];
  const own = Object.fromEntries(details.map(([name, , first]) => [name, typed[`${type} ${name}`] ?? first]));
  const body = {
    match: { ...(operation ? { operation } : {}), ...filled(MATCH.map(([name]) => [name]), typed) },
    ...filled(BOUNDS.map(([name, , isNumber]) => [name, isNumber]), typed),
    effect: { type, ...filled(details.map(([name, , , isNumber]) => [name, isNumber]), own) },
  };
  const [add, state] = useAction(async () => done(await change('POST', '/faults', body, EMULATOR)));
  const field = (key, label, shown) => h('label', { key }, label, h('input', { name: key, value: shown, autocomplete: 'off', spellcheck: false, onInput: ({ target }) => setTyped((before) => ({ ...before, [key]: target.value })) }));
  const submit = (event) => {
    event.preventDefault();
    add();
  };
  return h(Dialog, { title: 'Add a fault', close },
    h('form', { onSubmit: submit },
      h('label', null, 'What goes wrong', h('select', { name: 'effect', value: type, onChange: (event) => setType(event.target.value) }, Object.entries(EFFECTS).map(([name, [text]]) => h('option', { key: name, value: name }, `${name}: ${text}`)))),
      details.length ? h('div', { class: 'fields' }, details.map(([name, label]) => field(`${type} ${name}`, label, own[name]))) : null,
      h('label', null, 'For', h('select', { name: 'operation', value: operation, onChange: (event) => setOperation(event.target.value) }, h('option', { value: '' }, 'every request'), OPERATIONS.map((each) => h('option', { key: each, value: each }, each)))),
      h('div', { class: 'fields' }, MATCH.slice(0, 2).map(([name, label]) => field(name, label, typed[name] ?? ''))),
      h('details', null, h('summary', null, 'More'), h('div', { class: 'fields' }, [...MATCH.slice(2), ...BOUNDS].map(([name, label]) => field(name, label, typed[name] ?? '')))),
      h(Problem, { error: state.error }),
      h('div', { class: 'actions end' },
        h(Copy, { text: curl('/faults', 'POST', body, EMULATOR) }),
        h('button', { type: 'button', onClick: close }, 'Cancel'),
        h('button', { type: 'submit', class: 'primary', disabled: state.busy }, 'Add'))));
}
