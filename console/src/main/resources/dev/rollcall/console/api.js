// Asks /admin/v1, and tells what went wrong in its words.

export class ApiError extends Error {
  constructor(status, message, expected) {
    super(message);
    this.status = status;
    this.expected = expected ?? '';
  }
}

export const BASE = '/admin/v1';

let onLocked = () => {};
let clockDifference = 0;

/** Has `action` run whenever the server wants to know who asks. */
export const whenLocked = (action) => { onLocked = action; };

/** The server's clock, as far as answers told; leases and verdicts go by it. */
export const now = () => Date.now() + clockDifference;

export const setClock = (millis) => { clockDifference = millis - Date.now(); };

/** A segment of a path, or of an address of this page, that may hold anything. */
export const part = (text) => encodeURIComponent(text.toWellFormed?.() ?? text);

/** A path of such segments. */
export const path = (...segments) => segments.map((segment) => `/${part(segment)}`).join('');

export const query = (parameters) => {
  const text = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '' && value != null)).toString();
  return text ? `?${text}` : '';
};

export async function failure(response) {
  let told = {};
  try {
    told = (await response.json()).error ?? {};
  } catch {
    // Something in between answered.
  }
  return new ApiError(response.status, told.message ?? `status ${response.status}`, told.expected);
}

/** Browsers take these for steps in a path, written out or not. */
const STEP = /\/\.\.?(\/|\?|$)/;

async function ask(where, options) {
  if (STEP.test(where)) throw new ApiError(400, 'A browser cannot ask for a name that is . or ..', 'curl --path-as-is, as it can be copied here');
  let response;
  try {
    response = await fetch(BASE + where, { cache: 'no-store', credentials: 'same-origin', ...options });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server cannot be reached.', 'It runs, and this page is on its admin port.');
  }
  if (!response.ok) {
    const error = await failure(response);
    if (error.status === 401 && !where.startsWith('/session')) onLocked();
    throw error;
  }
  return response.json();
}

export const get = (where, signal) => ask(where, { signal });

/** Changes something: with what no form and no other page can send. */
export const change = (method, where, body = {}) => ask(where, {
  method,
  headers: { 'Content-Type': 'application/json', 'X-Rollcall': '1' },
  body: JSON.stringify(body),
});

export const check = (yaml) => ask('/config/check', { method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body: yaml });

/** The command that asks for the same in a terminal. */
export function curl(where, method = 'GET', body = null) {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const words = ['curl', '-s', '--path-as-is'];
  if (method !== 'GET') words.push('-X', method, '-H', quote('X-Rollcall: 1'), '-H', quote('Content-Type: application/json'));
  if (body) words.push('-d', quote(JSON.stringify(body)));
  words.push(quote(location.origin + BASE + where));
  return words.join(' ');
}
