// How keysets are set. The file is the truth and is watched, so nothing is changed here.

import { check, get, path, query } from '../api.js';
import { number } from '../text.js';
import { Chip, Copy, Empty, Name, Panel, Problem, h, useAction, useLoaded, useState } from '../ui.js';

export function Keysets({ keyset, keysets }) {
  const { value: one, error } = useLoaded(() => (keyset ? get(`/keysets${path(keyset)}`) : Promise.resolve(null)), [keyset], 5000);
  return h('div', null,
    h('div', { class: 'title' }, h('h1', null, 'Keysets'), keyset ? h(Name, { text: keyset }) : null, one && !one.configured ? h(Chip, { title: 'It stands in no file: any well-formed key is a keyset.' }, 'development') : null),
    h(Problem, { error }),
    keysets?.length > 1 ? h(Panel, { label: 'All keysets' }, h('table', null,
      h('thead', null, h('tr', null, ['Subscribe key', 'Channels', 'Occupants', 'Groups'].map((text, i) => h('th', { key: text, scope: 'col', class: i ? 'num' : '' }, text)))),
      h('tbody', null, keysets.map((each) => h('tr', { key: each.key, class: each.key === keyset ? 'chosen' : '' }, h('td', null, h(Name, { text: each.key })), h('td', { class: 'num' }, number(each.channels)), h('td', { class: 'num' }, number(each.occupants)), h('td', { class: 'num' }, number(each.groups))))))) : null,
    one ? h('div', { class: 'columns' }, h(Settings, { one }), h('div', null, h(Tester, { keyset, rules: one.rules }), h(Checker))) : keyset ? null : h(Panel, null, h(Empty, { title: 'There is no keyset yet.' }), h(Checker)));
}

function Settings({ one }) {
  const isOther = (setting) => setting.value !== setting.default;
  const yaml = ['keysets:', `  - subscribe-key: ${JSON.stringify(one.key)}`, '    presence:', ...one.presence.filter(isOther).map(({ name, value }) => `      ${name}: ${value}`)].join('\n');
  return h(Panel, { title: 'Settings', side: h(Copy, { text: `${yaml}\n`, label: 'Copy YAML' }) },
    h('dl', { class: 'facts' },
      h('dt', null, 'Publish key'), h('dd', null, one.publishKey ? 'set' : 'none'),
      h('dt', null, 'Access manager'), h('dd', null, h(Chip, { kind: one.accessManager ? 'good' : '' }, one.accessManager ? 'on' : 'off'), one.secretKey ? ' with a secret key' : ''),
      one.maxMessage == null ? null : [h('dt', null, 'max-message'), h('dd', { class: 'num' }, number(one.maxMessage), ' bytes')]),
    h('table', { class: 'settings' },
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'presence.'), h('th', { scope: 'col' }, 'Value'), h('th', { scope: 'col' }, 'Default'))),
      h('tbody', null, one.presence.map((setting) => h('tr', { key: setting.name, class: isOther(setting) ? 'other' : '' },
        h('th', { scope: 'row' }, setting.name), h('td', null, h(Name, { text: setting.value, long: true })), h('td', { class: 'quiet' }, isOther(setting) ? setting.default : 'same'))))));
}

function Tester({ keyset, rules }) {
  const [channel, setChannel] = useState('');
  const { value, error } = useLoaded(() => (channel ? get(`/keysets${path(keyset)}/rules/test${query({ channel })}`) : Promise.resolve(null)), [keyset, channel]);
  const hit = value?.rule;
  return h(Panel, { title: 'Rules' },
    h('label', null, 'Which rule does a channel fall under?', h('input', { id: 'rule-channel', placeholder: 'lobby', value: channel, onInput: (event) => setChannel(event.target.value) })),
    channel && error ? h(Problem, { error }) : null,
    channel && hit ? h('p', { class: `note ${hit.tracked ? 'good' : 'warn'}`, role: 'status', id: 'rule-answer' }, h(Name, { text: hit.why, long: true }), hit.pattern ? [' ', h('code', null, h(Name, { text: hit.pattern }))] : null, hit.tracked && hit.events.length ? ` Announced: ${hit.events.join(', ')}.` : '') : null,
    rules ? h('ol', { class: 'rules' }, rules.map((rule) => h('li', { key: rule.index, class: channel && hit?.index === rule.index ? 'chosen' : '' }, h('code', null, h(Name, { text: rule.pattern })), h('span', { class: 'quiet' }, rule.events.length ? rule.events.join(', ') : 'not tracked'))))
      : h('p', { class: 'quiet' }, 'No rules: every channel is tracked.'));
}

function Checker() {
  const [yaml, setYaml] = useState('');
  const [found, setFound] = useState(null);
  const [run, state] = useAction(async () => setFound(await check(yaml)));
  const submit = (event) => {
    event.preventDefault();
    run();
  };
  return h(Panel, { title: 'Check a configuration' },
    h('form', { onSubmit: submit },
      h('label', null, 'A file as it would be; it is checked and not put in force', h('textarea', { rows: 7, spellcheck: false, value: yaml, placeholder: 'keysets:\n  - subscribe-key: demo', onInput: (event) => { setYaml(event.target.value); setFound(null); } })),
      h(Problem, { error: state.error }),
      found ? found.ok ? h('p', { class: 'note good', role: 'status' }, 'A server would start with it.')
        : h('ul', { class: 'alerts' }, found.problems.map(({ line, message }, i) => h('li', { key: i, class: 'note bad' }, line ? h('strong', null, `Line ${line}: `) : null, h(Name, { text: message, long: true })))) : null,
      h('div', { class: 'actions' }, h('button', { type: 'submit', disabled: state.busy || !yaml.trim() }, 'Check'))));
}
