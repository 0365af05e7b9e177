// Asks /admin/v1, and tells what went wrong in its words.

export class ApiError extends Error {
  constructor(status, message, expected) {
    super(message);
    this.status = status;
    this.expected = expected ?? '';
  }
}

export const BASE = '/admin/v1';

/** The two that can be asked, each with the header that says that a change is meant. */
const ADMIN = { base: BASE, intent: 'X-Rollcall' };
export const EMULATOR = { base: '/emulator/v1', intent: 'X-Rollcall-Emulator' };

let onLocked = () => {};
let told = { millis: Date.now(), at: Date.now(), speed: 1 };

/** Has `action` run whenever the server wants to know who asks. */
export const whenLocked = (action) => { onLocked = action; };

/** The server's clock, as far as answers told; leases and verdicts go by it. That of an emulator may stand still, or run faster. */
export const now = () => told.millis + (Date.now() - told.at) * told.speed;

/** Takes what the server's clock shows, and how many seconds a second it makes. */
export const setClock = (millis, speed = 1) => { told = { millis, at: Date.now(), speed }; };

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

async function ask(where, options, { base } = ADMIN) {
  if (STEP.test(where)) throw new ApiError(400, 'A browser cannot ask for a name that is . or ..', 'curl --path-as-is, as it can be copied here');
  let response;
  try {
    response = await fetch(base + where, { cache: 'no-store', credentials: 'same-origin', ...options });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server cannot be reached.', 'It runs, and this page is on its admin port.');
  }
  if (!response.ok) {
    const error = await failure(response);
    if (error.status === 401 && !where.startsWith('/session')) onLocked();
    throw error;
  }
  return options.isText ? response.text() : response.json();
}

export const get = (where, signal, api = ADMIN) => ask(where, { signal }, api);

/** The same as it was sent: numbers of any size, say. */
export const getText = (where, api = ADMIN) => ask(where, { isText: true }, api);

/** Changes something: with what no form and no other page can send. */
export const change = (method, where, body = {}, api = ADMIN) => ask(where, {
  method,
  headers: { 'Content-Type': 'application/json', [api.intent]: '1' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
}, api);

export const check = (yaml, parameters = {}) => ask(`/config/check${query(parameters)}`, { method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body: yaml });

/** The command that asks for the same in a terminal. */
export function curl(where, method = 'GET', body = null, { base, intent } = ADMIN) {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const words = ['curl', '-s', '--path-as-is'];
  if (method !== 'GET') words.push('-X', method, '-H', quote(`${intent}: 1`), '-H', quote('Content-Type: application/json'));
  if (body) words.push('-d', quote(JSON.stringify(body)));
  words.push(quote(location.origin + base + where));
  return words.join(' ');
}
