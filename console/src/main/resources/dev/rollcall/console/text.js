// Names, states and everything else that clients chose, as text that hides nothing.

const HIDDEN = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200c\\u200e\\u200f'
  + '\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}]'
  // A joiner that joins no pictures, and halves of characters.
  + '|(?<![\\p{Extended_Pictographic}\\ufe0f\\u{1f3fb}-\\u{1f3ff}])\\u200d|\\p{Surrogate}', 'gu');

const escape = (found) => {
  const code = found.codePointAt(0);
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** The same with what cannot be seen, or turns others around, written out: for attributes and titles. */
export const escaped = (text) => String(text).replace(HIDDEN, escape);

/** The same as parts: texts, and objects for what is written out. */
export function parts(text) {
  const found = [];
  let from = 0;
  for (const match of String(text).matchAll(HIDDEN)) {
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push({ escape: escape(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

const NUMBER = new Intl.NumberFormat('en');
const RATE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const number = (value) => NUMBER.format(value);
export const rate = (value) => (value >= 100 ? NUMBER.format(Math.round(value)) : RATE.format(value));

/** A number that fits everywhere: 1.2 M. */
export function short(value) {
  for (const [unit, size] of [['G', 1e9], ['M', 1e6], ['k', 1e4]]) {
    if (value >= size) {
      const part = value / (unit === 'k' ? 1e3 : size);
      return `${part >= 100 ? Math.round(part) : Math.round(part * 10) / 10} ${unit}`;
    }
  }
  return rate(value);
}

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

/** A span as people say it: 4 min 12 s. */
export function span(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds / 3600) % 24} h`;
}

const pad = (value, digits = 2) => String(value).padStart(digits, '0');

/** The time of day where the reader is. */
export function clock(when, withMillis = false) {
  const at = new Date(when);
  const text = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  return withMillis ? `${text}.${pad(at.getMilliseconds(), 3)}` : text;
}

/** The day and the time of day where the reader is. */
export function moment(when, withMillis = false) {
  const at = new Date(when);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${clock(when, withMillis)}`;
}

/** Quotes for a shell. */
export const quoted = (text) => (/^[\w@%+=:,./?&-]+$/.test(text) && !/[?&]/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
