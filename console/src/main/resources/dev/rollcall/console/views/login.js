// Whoever has the token gets a session.

import { change } from '../api.js';
import { Problem, h, useAction, useEffect, useRef, useState } from '../ui.js';

export function Login({ ended, done }) {
  const [token, setToken] = useState('');
  const field = useRef(null);
  const [open, state] = useAction(async () => {
    await change('POST', '/session', { token });
    await done();
  });
  useEffect(() => field.current.focus(), []);
  const submit = (event) => {
    event.preventDefault();
    open();
  };
  const wrong = state.error?.status === 401 ? { message: 'That is not the admin-token.', expected: 'admin-token of the configuration' } : state.error;
  return h('main', { class: 'login', id: 'main' },
    h('form', { class: 'panel', onSubmit: submit },
      h('img', { src: 'icon.svg', alt: '', width: 44, height: 44 }),
      h('h1', null, 'Rollcall'),
      ended ? h('div', { class: 'note', role: 'status' }, 'Your session has ended. Log in again to go on where you were.') : null,
      h('label', null, 'Admin token', h('input', {
        ref: field, id: 'token', type: 'password', autocomplete: 'current-password', value: token, required: true, onInput: (event) => setToken(event.target.value),
      })),
      h(Problem, { error: wrong }),
      h('button', { type: 'submit', class: 'primary', disabled: state.busy }, state.busy ? 'Checking…' : 'Log in'),
      h('p', { class: 'quiet' }, 'It is kept nowhere in this browser: a session stands for it until it was not used for 12 hours.')));
}
