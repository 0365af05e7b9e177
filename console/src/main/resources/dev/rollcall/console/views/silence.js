// Dead networks, and subscribes that wait, in an emulator.

import { EMULATOR, change, path } from '../api.js';
import { number } from '../text.js';
import { Name, Panel, Problem, h, useAction, useState } from '../ui.js';

/** The most users that are listed. */
const MOST = 50;

export function Silence({ silent, polls, again }) {
  const [user, setUser] = useState('');
  const [time, setTime] = useState('');
  const [said, setSaid] = useState('');
  const [act, state] = useAction(async (method, where, body, then) => {
    setSaid('');
    const answer = await change(method, where, body, EMULATOR);
    if (then) setSaid(then(answer));
    again();
    return answer;
  });
  const submit = async (event) => {
    event.preventDefault();
    if (await act('POST', `/users${path(user)}/silence`, time.trim() ? { for: time.trim() } : {})) setUser('');
  };
  return h(Panel, { title: 'Network' },
    h('form', { class: 'move', onSubmit: submit },
      h('label', null, 'Silence a user', h('input', { name: 'silence', value: user, placeholder: 'alice', autocomplete: 'off', onInput: (event) => setUser(event.target.value) })),
      h('label', { class: 'brief' }, 'For', h('input', { name: 'silence-for', value: time, placeholder: 'ever', autocomplete: 'off', onInput: (event) => setTime(event.target.value) })),
      h('button', { type: 'submit', disabled: state.busy || !user }, 'Silence')),
    silent.length ? h('ul', { class: 'faults', 'aria-label': 'Who is silent' }, silent.slice(0, MOST).map((each) => h('li', { key: each, class: 'fault' }, h('p', { class: 'fault-what' }, h(Name, { text: each, long: true })), h('button', { type: 'button', class: 'ghost small', disabled: state.busy, onClick: () => act('DELETE', `/users${path(each)}/silence`, {}) }, 'Let through'))), silent.length > MOST ? h('li', { class: 'quiet' }, `and ${number(silent.length - MOST)} more`) : null)
      : h('p', { class: 'quiet brief-note' }, 'What a silent user sends is held, and nobody is told: a dead network.'),
    h('div', { class: 'actions polls' },
      h('button', { type: 'button', disabled: state.busy || !polls, onClick: () => act('POST', '/polls/answer', {}, ({ answered }) => `${number(answered)} answered with nothing.`) }, 'Answer waiting subscribes'),
      h('button', { type: 'button', disabled: state.busy || !polls, onClick: () => act('POST', '/polls/close', { how: 'rst' }, ({ closed }) => `${number(closed)} cut off.`) }, 'Cut them off')),
    h(Problem, { error: state.error }),
    said ? h('p', { class: 'note', role: 'status' }, said) : null);
}
