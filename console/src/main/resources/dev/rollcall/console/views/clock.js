// The clock of an emulator: stopped, run, and moved.

import { EMULATOR, change, now } from '../api.js';
import { askClock, takeClock, useEmulated } from '../emulated.js';
import { moment, number } from '../text.js';
import { At, Name, Panel, Problem, h, useAction, useState, useTick } from '../ui.js';
import { Kind } from './events.js';

const STEPS = [['1s', '+1 s'], ['1m', '+1 min'], ['5m', '+5 min'], ['1h', '+1 h']];
const SPEEDS = [1, 10, 60, 1000];
/** The most events of a move that are listed; the timeline has all. */
const MOST = 20;

export function Clock({ again }) {
  const clock = useEmulated();
  const [by, setBy] = useState('5m');
  const [to, setTo] = useState('');
  const [keep, setKeep] = useState('');
  const [users, setUsers] = useState('');
  const [speed, setSpeed] = useState(1);
  const [moved, setMoved] = useState(null);
  useTick(100);
  const turn = async (where, body) => {
    takeClock(await change('POST', where, body, EMULATOR));
    setMoved(null);
    again();
  };
  const [act, acting] = useAction(turn);
  const [move, moving] = useAction(async (target) => {
    const kept = keep === 'all' ? { keep: 'all' } : keep === 'some' ? { keep: users.split(',').map((user) => user.trim()).filter(Boolean) } : {};
    setMoved(null);
    try {
      const answer = await change('POST', '/clock/advance', { ...target, ...kept }, EMULATOR);
      takeClock({ mode: 'frozen', epochMillis: answer.epochMillis });
      setMoved(answer);
    } finally {
      // However far it came.
      askClock().catch(() => {});
      again();
    }
  });
  if (!clock) return null;
  const isFrozen = clock.mode === 'frozen';
  const cannot = !isFrozen || moving.busy || acting.busy;
  const submit = (target) => (event) => {
    event.preventDefault();
    move(target());
  };
  return h(Panel, { title: 'Clock' },
    h('div', { class: 'clock' },
      h('time', { class: 'clock-face num', id: 'emulated-time', dateTime: new Date(now()).toISOString() }, moment(now(), true)),
      h('div', { class: 'actions' },
        isFrozen ? [
          h('label', { class: 'small-field' }, h('span', { class: 'hide' }, 'How fast'), h('select', { value: speed, onChange: (event) => setSpeed(Number(event.target.value)) }, SPEEDS.map((each) => h('option', { key: each, value: each }, each === 1 ? 'as fast as time' : `${number(each)} × as fast`)))),
          h('button', { type: 'button', disabled: moving.busy || acting.busy, onClick: () => act('/clock/run', { speed }) }, 'Run')]
          : h('button', { type: 'button', class: 'primary', disabled: acting.busy, onClick: () => act('/clock/freeze', {}) }, 'Freeze'))),
    h(Problem, { error: acting.error }),
    isFrozen ? null : h('p', { class: 'quiet' }, clock.speed > 1 ? `It runs ${number(clock.speed)} times as fast as time. ` : '', 'Freeze it to move it.'),
    h('div', { class: 'moves' },
      h('div', { class: 'actions', role: 'group', 'aria-label': 'Move on by' }, STEPS.map(([step, text]) => h('button', { key: step, type: 'button', disabled: cannot, onClick: () => move({ by: step }) }, text))),
      h('form', { class: 'move', onSubmit: submit(() => ({ by: by.trim() })) },
        h('label', null, 'Move on by', h('input', { name: 'by', value: by, placeholder: '90s', autocomplete: 'off', disabled: !isFrozen, onInput: (event) => setBy(event.target.value) })),
        h('button', { type: 'submit', disabled: cannot || !by.trim() }, 'Move')),
      h('form', { class: 'move', onSubmit: submit(() => ({ to: new Date(to).toISOString() })) },
        h('label', null, 'Or on to', h('input', { name: 'to', type: 'datetime-local', step: 1, value: to, disabled: !isFrozen, onInput: (event) => setTo(event.target.value) })),
        h('button', { type: 'submit', disabled: cannot || !to }, 'Jump')),
      h('label', null, 'On the way signs of life come from',
        h('select', { name: 'keep', value: keep, disabled: !isFrozen, onChange: (event) => setKeep(event.target.value) }, h('option', { value: '' }, 'nobody: whoever is silent times out'), h('option', { value: 'all' }, 'everybody'), h('option', { value: 'some' }, 'these users'))),
      keep === 'some' ? h('label', null, 'Users, by commas', h('input', { name: 'users', value: users, placeholder: 'alice, bob', autocomplete: 'off', onInput: (event) => setUsers(event.target.value) })) : null),
    h(Problem, { error: moving.error }),
    moving.busy ? h('p', { class: 'note', role: 'status' }, 'Moving…') : null,
    moved ? h(Moved, { moved }) : null);
}

function Moved({ moved }) {
  const times = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;
  return h('div', { class: 'note good', role: 'status', id: 'moved' },
    h('p', null, 'It shows ', moment(moved.epochMillis), `: ${times(moved.timeouts, 'timeout', 'timeouts')}, ${times(moved.intervals, 'summary', 'summaries')} on the way.`),
    moved.events.length ? h('ul', { class: 'timeline', tabIndex: 0, 'aria-label': 'What happened on the way' }, moved.events.slice(0, MOST).map((event) => h('li', { key: event.timetoken }, h('span', { class: 'quiet' }, h(At, { at: event.at })), h('span', null, h(Kind, { kind: event.action }), ' ', event.user == null ? null : h(Name, { text: event.user }), ' ', h('span', { class: 'quiet' }, 'in'), ' ', h(Name, { text: event.channel }))))) : null,
    moved.events.length > MOST ? h('p', null, `and ${number(moved.events.length - MOST)} more; the timeline below has all`) : null);
}
