// What is there in an emulator: forgotten, written down, and put there.

import { EMULATOR, change, getText } from '../api.js';
import { save } from '../save.js';
import { number } from '../text.js';
import { Dialog, Panel, Problem, h, useAction, useState } from '../ui.js';

const COUNTS = [['occupants', 'Occupants'], ['channels', 'Channels'], ['polls', 'Waiting subscribes'], ['groups', 'Channel groups'], ['messages', 'Messages kept']];
const KEPT = [['groups', 'Channel groups'], ['grants', 'Grants and tokens'], ['faults', 'Faults']];
/** What the server takes. */
const MOST_BYTES = 16 * 1024 * 1024;

export function Stock({ counts, again }) {
  const [isAsked, setAsked] = useState(false);
  const [isBeside, setBeside] = useState(false);
  const [said, setSaid] = useState('');
  const [download, downloading] = useAction(async () => save('rollcall-snapshot.json', await getText('/snapshot', EMULATOR)));
  const [upload, uploading] = useAction(async (file) => {
    setSaid('');
    if (file.size > MOST_BYTES) {
      setSaid(`${file.name}: ${number(file.size)} bytes (expected: at most ${number(MOST_BYTES)})`);
      return;
    }
    const { seeded } = await change(isBeside ? 'POST' : 'PUT', isBeside ? '/seed' : '/snapshot', await file.text(), EMULATOR);
    setSaid(`${number(seeded.occupants)} occupants, ${number(seeded.groups)} groups and ${number(seeded.messages)} messages are there.`);
    again();
  });
  const onFile = (event) => {
    const [file] = event.target.files;
    // The same file again is a change too.
    event.target.value = '';
    if (file) upload(file);
  };
  const choice = (value, text) => h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'how', checked: isBeside === value, onChange: () => setBeside(value) }), text);
  return h(Panel, { title: 'What is there', side: h('button', { type: 'button', class: 'danger small', onClick: () => setAsked(true) }, 'Reset…') },
    h('dl', { class: 'facts' }, COUNTS.map(([name, text]) => [h('dt', null, text), h('dd', { class: 'num', id: `count-${name}` }, number(counts[name]))])),
    h('form', { class: 'stock', onSubmit: (event) => event.preventDefault() },
      h('fieldset', null, h('legend', null, 'A file, JSON or YAML'), choice(false, 'in place of what is there'), choice(true, 'beside it, as a seed')),
      h('div', { class: 'actions' },
        h('label', { class: `file ${uploading.busy ? 'busy' : ''}` }, uploading.busy ? 'Putting it there…' : 'Put a file there…', h('input', { type: 'file', name: 'snapshot', accept: '.json,.yaml,.yml', disabled: uploading.busy, onChange: onFile })),
        h('button', { type: 'button', disabled: downloading.busy, onClick: () => download() }, 'Download snapshot'))),
    h(Problem, { error: uploading.error ?? downloading.error }),
    said ? h('p', { class: 'note', role: 'status', id: 'stock-said' }, said) : null,
    isAsked ? h(Reset, { close: () => setAsked(false), done: (forgotten) => { setAsked(false); setSaid(`Forgotten: ${number(forgotten.occupants)} occupants, ${number(forgotten.messages)} messages, ${number(forgotten.events)} events.`); again(); } }) : null);
}

function Reset({ close, done }) {
  const [keep, setKeep] = useState([]);
  const [reset, state] = useAction(async () => done((await change('POST', '/reset', { keep }, EMULATOR)).forgotten));
  const submit = (event) => {
    event.preventDefault();
    reset();
  };
  const toggle = (name) => (event) => setKeep(event.target.checked ? [...keep, name] : keep.filter((each) => each !== name));
  return h(Dialog, { title: 'Reset the emulator', close },
    h('form', { onSubmit: submit },
      h('p', null, 'Forgets who is present, states, messages, timeline and requests. Waiting subscribes are answered with nothing. The clock stays as it is.'),
      h('fieldset', null, h('legend', null, 'Keep'), KEPT.map(([name, text]) => h('label', { key: name, class: 'choice' }, h('input', { type: 'checkbox', name, checked: keep.includes(name), onChange: toggle(name) }), text))),
      h(Problem, { error: state.error }),
      h('div', { class: 'actions end' }, h('button', { type: 'button', onClick: close }, 'Cancel'), h('button', { type: 'submit', class: 'danger', disabled: state.busy }, 'Reset'))));
}
