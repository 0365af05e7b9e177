// An emulator: its clock, what is there, what goes wrong, and what clients have sent.

import { EMULATOR, curl, get } from '../api.js';
import { useEmulated } from '../emulated.js';
import { Chip, Copy, Problem, h, useLoaded } from '../ui.js';
import { Clock } from './clock.js';
import { Faults } from './faults.js';
import { Silence } from './silence.js';
import { Stock } from './stock.js';
import { Traffic } from './traffic.js';

export function Emulator() {
  const { value: told, error, again } = useLoaded(() => get('', undefined, EMULATOR), [], 1000);
  const clock = useEmulated();
  if (!told) return h('div', null, h('div', { class: 'title' }, h('h1', null, 'Emulator')), h(Problem, { error }));
  return h('div', { class: 'emulator' },
    h('div', { class: 'title' }, h('h1', null, 'Emulator'),
      clock ? h(Chip, { kind: clock.mode === 'frozen' ? 'warn' : 'good' }, clock.mode === 'frozen' ? 'clock frozen' : 'clock running') : null,
      h('span', { class: 'quiet' }, 'a server for tests, which keeps nothing'),
      h('div', { class: 'actions end' }, h(Copy, { text: curl('', 'GET', null, EMULATOR) }))),
    h(Problem, { error }),
    h('div', { class: 'columns wide-left' },
      h('div', null, h(Clock, { again }), h(Faults, { faults: told.faults, again })),
      h('div', null, h(Stock, { counts: told.counts, again }), h(Silence, { silent: told.silent, polls: told.counts.polls, again }))),
    h(Traffic, { resets: told.resets }));
}
