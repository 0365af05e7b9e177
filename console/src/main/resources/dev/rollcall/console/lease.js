// A lease, as time runs.

import { now } from './api.js';
import { span } from './text.js';
import { CAUSES, h, useTick } from './ui.js';

export function Lease({ lease, isBrief }) {
  useTick(1000);
  const left = Date.parse(lease.ends) - now();
  const whole = lease.timeoutSeconds * 1000;
  const part = Math.max(0, Math.min(1, left / whole));
  const by = lease.renewedBy ? ` ${CAUSES[lease.renewedBy] ?? lease.renewedBy}` : '';
  return h('div', { class: 'lease' },
    h('div', { class: `bar ${part < 0.15 ? 'low' : ''}`, role: 'img', 'aria-label': `${Math.round(part * 100)} % of the lease is left` }, h('i', { style: { width: `${part * 100}%` } })),
    h('span', { class: 'quiet' },
      left > 0 ? `${span(left)} of ${span(whole)} left` : 'runs out now',
      isBrief ? null : [      lease.renewed ? `, renewed${by} ${span(now() - Date.parse(lease.renewed))} ago` : '',
        lease.restored ? ', present by the grace after a restart' : '',
        lease.leaving ? ', connection lost' : '']));
}
