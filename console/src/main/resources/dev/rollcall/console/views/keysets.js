// How keysets are set. The file is the truth and is watched, so nothing is changed here.

import { check, get, path, query } from '../api.js';
import { escaped, number } from '../text.js';
import { Chip, Copy, Empty, Name, Panel, Problem, h, useAction, useLoaded, useState } from '../ui.js';

export function Keysets({ keyset, keysets }) {
  const { value: one, error } = useLoaded(() => (keyset ? get(`/keysets${path(keyset)}`) : Promise.resolve(null)), [keyset], 5000);
  return h('div', null,
    h('div', { class: 'title' }, h('h1', null, 'Keysets'), keyset ? h(Name, { text: keyset }) : null, one && !one.configured ? h(Chip, { title: 'It stands in no file: any well-formed key is a keyset.' }, 'development') : null),
    h(Problem, { error }),
    keysets?.length > 1 ? h(Panel, { label: 'All keysets' }, h('table', null,
      h('thead', null, h('tr', null, ['Subscribe key', 'Channels', 'Occupants', 'Groups'].map((text, i) => h('th', { key: text, scope: 'col', class: i ? 'num' : '' }, text)))),
      h('tbody', null, keysets.map((each) => h('tr', { key: each.key, class: each.key === keyset ? 'chosen' : '' }, h('td', null, h(Name, { text: each.key })), h('td', { class: 'num' }, number(each.channels)), h('td', { class: 'num' }, number(each.occupants)), h('td', { class: 'num' }, number(each.groups))))))) : null,
    one ? h('div', { class: 'columns' }, h(Settings, { one }), h('div', null, h(Tester, { keyset, rules: one.rules }), h(Checker, { keyset }))) : keyset ? null : h('div', null, h(Panel, null, h(Empty, { title: 'There is no keyset yet.' })), h(Checker, { keyset })),
    h(Server));
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
      h('thead', null, h('tr', null, ['presence.', 'Value', 'Default', 'Said in'].map((text) => h('th', { key: text, scope: 'col' }, text)))),
      h('tbody', null, one.presence.map((setting) => h('tr', { key: setting.name, class: isOther(setting) ? 'other' : '' },
        h('th', { scope: 'row' }, setting.name), h('td', null, h(Name, { text: setting.value, long: true })), h('td', { class: 'quiet' }, isOther(setting) ? setting.default || 'none' : 'same'), h('td', { class: 'quiet' }, h(Line, { line: setting.line, place: one.file })))))));
}

/** A line of the file, which is named where somebody points. */
const Line = ({ line, place }) => (line ? h('span', { class: 'line num', title: escaped(place ?? '') }, `line ${line}`) : '–');

/** The settings of the server, and where each was said. */
function Server() {
  const [isAll, setAll] = useState(false);
  const { value, error } = useLoaded(() => get('/config'), [], 5000);
  if (!value) return h(Problem, { error });
  const said = value.settings.filter(({ from }) => from !== 'default');
  const shown = isAll ? value.settings : said;
  return h(Panel, { title: 'Settings of the server', side: value.settings.length ? h('button', { type: 'button', class: 'ghost small', 'aria-pressed': String(isAll), onClick: () => setAll(!isAll) }, isAll ? 'Only what was said' : 'All') : null },
    h(Problem, { error }),
    value.file ? h('p', null, h('code', null, h(Name, { text: value.file, long: true })), h('span', { class: 'quiet' }, ' is watched; what takes a restart says so below.')) : h('p', { class: 'quiet' }, 'There is no file, so nothing changes before a restart.'),
    shown.length ? h('table', { class: 'settings', id: 'server-settings' },
      h('thead', null, h('tr', null, ['Setting', 'Value', 'Default', 'Said in'].map((text) => h('th', { key: text, scope: 'col' }, text)))),
      h('tbody', null, shown.map((setting) => h('tr', { key: setting.name, class: setting.from === 'default' ? '' : 'other' },
        h('th', { scope: 'row' }, setting.name, setting.restart && value.file && setting.from !== 'default' ? [' ', h('span', { class: 'quiet' }, 'restart')] : null), h('td', null, h(Name, { text: setting.value || 'none', long: true })), h('td', { class: 'quiet' }, setting.value === setting.default ? 'same' : setting.default || 'none'),
        h('td', { class: 'quiet' }, setting.from === 'file' ? h(Line, { line: setting.line, place: setting.place }) : setting.place ? h('code', null, h(Name, { text: setting.place, long: true })) : '–')))))
      : h('p', { class: 'quiet' }, 'Everything is as it is when nothing is said.'));
}

function Tester({ keyset, rules }) {
  const [channel, setChannel] = useState('');
  const { value, error } = useLoaded(() => (channel ? get(`/keysets${path(keyset)}/rules/test${query({ channel })}`) : Promise.resolve(null)), [keyset, channel]);
  const hit = value?.rule;
  return h(Panel, { title: 'Rules' },
    h('label', null, 'Which rule does a channel fall under?', h('input', { id: 'rule-channel', placeholder: 'lobby', value: channel, onInput: (event) => setChannel(event.target.value) })),
    channel && error ? h(Problem, { error }) : null,
    channel && hit ? h(Rule, { rule: hit, id: 'rule-answer' }) : null,
    rules ? h('ol', { class: 'rules' }, rules.map((rule) => h('li', { key: rule.index, class: channel && hit?.index === rule.index ? 'chosen' : '' }, h('code', null, h(Name, { text: rule.pattern })), h('span', { class: 'quiet' }, rule.events.length ? rule.events.join(', ') : 'not tracked'), rule.line ? h('span', { class: 'quiet end' }, h(Line, { line: rule.line })) : null)))
      : h('p', { class: 'quiet' }, 'No rules: every channel is tracked.'));
}

const Rule = ({ rule, id, before = '' }) => h('p', { class: `note ${rule.tracked ? 'good' : 'warn'}`, role: 'status', id }, before ? h('strong', null, before) : null, h(Name, { text: rule.why, long: true }),
  rule.pattern ? [' ', h('code', null, h(Name, { text: rule.pattern }))] : null, rule.tracked && rule.events.length ? ` Announced: ${rule.events.join(', ')}.` : '');

function Checker({ keyset }) {
  const [yaml, setYaml] = useState('');
  const [channel, setChannel] = useState('');
  const [found, setFound] = useState(null);
  const [run, state] = useAction(async () => setFound(await check(yaml, { key: keyset, channel: keyset ? channel : '' })));
  const submit = (event) => {
    event.preventDefault();
    run();
  };
  const typed = (set) => (event) => {
    set(event.target.value);
    setFound(null);
  };
  return h(Panel, { title: 'Check a configuration' },
    h('form', { onSubmit: submit },
      h('label', null, 'A file as it would be; it is checked and not put in force', h('textarea', { rows: 7, spellcheck: false, value: yaml, placeholder: 'keysets:\n  - subscribe-key: demo', onInput: typed(setYaml) })),
      keyset ? h('label', null, 'And a channel, to see which rule it would fall under', h('input', { id: 'check-channel', value: channel, placeholder: 'lobby', onInput: typed(setChannel) })) : null,
      h(Problem, { error: state.error }),
      found ? found.ok ? h(WouldBe, { found }) : h('ul', { class: 'alerts' }, found.problems.map(({ line, message }, i) => h('li', { key: i, class: 'note bad' }, line ? h('strong', null, `Line ${line}: `) : null, h(Name, { text: message, long: true })))) : null,
      h('div', { class: 'actions' }, h('button', { type: 'submit', disabled: state.busy || !yaml.trim() }, 'Check'))));
}

/** What would be otherwise with a file that is right. */
function WouldBe({ found }) {
  const { changes, affected, affectedCount } = found;
  return h('div', { id: 'would-be' },
    h('p', { class: 'note good', role: 'status' }, 'A server would start with it. ', changes.length ? `${number(changes.length + (found.leftOut ?? 0))} ${changes.length === 1 ? 'thing' : 'things'} would be otherwise:` : 'Nothing would be otherwise.'),
    changes.length ? h('ul', { class: 'diff', tabIndex: 0, 'aria-label': 'What would be otherwise' }, changes.map((change, i) => h('li', { key: i },
      h('div', { class: 'diff-what' }, h('code', null, change.key == null ? '' : h('span', { class: 'quiet' }, h(Name, { text: change.key, long: true }), ' '), h(Name, { text: change.name, long: true })),
        h('span', { class: 'end quiet' }, change.line ? `line ${change.line}` : '', change.restart ? [' ', h(Chip, { kind: 'warn' }, 'takes a restart')] : null)),
      h('del', null, change.now === undefined ? 'not there' : h(Name, { text: change.now || 'none', long: true })),
      h('ins', null, change.then === undefined ? 'gone' : change.now === undefined ? 'new' : h(Name, { text: change.then || 'none', long: true }))))) : null,
    found.leftOut ? h('p', { class: 'quiet' }, `and ${number(found.leftOut)} more`) : null,
    found.ruleNow ? [h(Rule, { key: 'now', rule: found.ruleNow, before: 'Now: ' }), found.ruleThen ? h(Rule, { key: 'then', rule: found.ruleThen, before: 'Then: ' }) : h('p', { key: 'then', class: 'note warn' }, 'Then: the keyset would be gone.')] : null,
    affected?.length ? h('div', { class: 'note warn' }, h('p', null, `${number(affectedCount)} of ${found.affectedPartial ? 'the fullest' : 'the'} channels with occupants would be announced otherwise:`),
      h('ul', { class: 'affected', tabIndex: 0, 'aria-label': 'Channels' }, affected.map((one) => h('li', { key: one.channel }, h(Name, { text: one.channel, long: true }), `: ${number(one.occupancy)} ${one.occupancy === 1 ? 'occupant' : 'occupants'}, `, one.tracked ? one.events.join(', ') : h('strong', null, 'no longer tracked')))), affectedCount > affected.length ? h('p', null, `and ${number(affectedCount - affected.length)} more`) : null) : null);
}
