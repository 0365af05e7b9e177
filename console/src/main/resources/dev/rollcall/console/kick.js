// Takes a user off.

import { change, curl, now, path } from './api.js';
import { span } from './text.js';
import { Copy, Dialog, Name, Problem, h, useAction, useState } from './ui.js';

const SPANS = [['', 'Not kept off: they may come back at once'], ['1m', '1 minute'], ['10m', '10 minutes'], ['1h', '1 hour'], ['24h', '1 day'], ['720h', '30 days']];

export function Kick({ keyset, user, channel, close, done }) {
  const [where, setWhere] = useState(channel == null ? 'all' : 'one');
  const [time, setTime] = useState('');
  const [reason, setReason] = useState('');
  const target = `/keysets${path(keyset)}/users${path(user)}/kick`;
  const body = {
    ...(where === 'one' ? { channels: [channel] } : {}),
    ...(time ? { for: time } : {}),
    ...(reason ? { reason } : {}),
  };
  const [kick, state] = useAction(async () => done(await change('POST', target, body)));
  const submit = (event) => {
    event.preventDefault();
    kick();
  };
  return h(Dialog, { title: h('span', null, 'Kick ', h(Name, { text: user })), close },
    h('form', { onSubmit: submit },
      channel == null ? null : h('fieldset', null, h('legend', null, 'Where'),
        h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'where', checked: where === 'one', onChange: () => setWhere('one') }), h('span', null, 'Only ', h(Name, { text: channel }))),
        h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'where', checked: where === 'all', onChange: () => setWhere('all') }), 'All channels')),
      h('label', null, 'Kept off for', h('select', { value: time, onChange: (event) => setTime(event.target.value), name: 'for' }, SPANS.map(([value, text]) => h('option', { key: value, value }, text)))),
      h('label', null, 'Reason, for whoever asks later; the user is not told', h('input', { name: 'reason', value: reason, maxLength: 200, onInput: (event) => setReason(event.target.value) })),
      h(Problem, { error: state.error }),
      h('div', { class: 'actions end' },
        h(Copy, { text: curl(target, 'POST', body) }),
        h('button', { type: 'button', onClick: close }, 'Cancel'),
        h('button', { type: 'submit', class: 'danger', disabled: state.busy }, state.busy ? 'Kicking…' : 'Kick'))));
}

/** What a kick did, in a sentence. */
export function kicked(result) {
  const places = result.channels.length;
  const left = places === 1 ? 'left 1 channel' : `left ${places} channels`;
  const polls = result.polls === 1 ? '1 waiting subscribe was ended' : `${result.polls} waiting subscribes were ended`;
  return `They ${left}; ${polls} on this node.${result.until ? ` Kept off for ${span(Date.parse(result.until) - now())}.` : ''}`;
}
