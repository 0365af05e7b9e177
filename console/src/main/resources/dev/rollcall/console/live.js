// The stream of events, as long as somebody looks: it ends while the page is hidden and goes on where it was.

import { ApiError, BASE, failure, path, query } from './api.js';

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;

/** The name of a moment, for `since`. */
export const timetoken = (millis) => `${Math.floor(millis)}0000`;

/**
 * Follows events. `filter` has key and whatever else the API selects by; `onItems` gets them in lists, gaps included; `onState` gets
 * {live} or {problem}. Returns what ends it.
 */
export function follow(filter, onItems, onState) {
  const { key, ...selection } = filter;
  let since = selection.since ?? '';
  let wait = FIRST_WAIT;
  let timer = 0;
  let request = null;
  let isOver = false;

  const open = async () => {
    const controller = new AbortController();
    request = controller;
    try {
      const where = (key ? `/keysets${path(key)}` : '') + '/events' + query({ ...selection, since, format: 'ndjson' });
      const response = await fetch(BASE + where, { signal: controller.signal, credentials: 'same-origin', cache: 'no-store' });
      if (!response.ok) throw await failure(response);
      onState({ live: true });
      wait = FIRST_WAIT;
      await read(response.body.getReader(), controller.signal);
      throw new ApiError(0, 'The server ended the stream.');
    } catch (error) {
      if (isOver || controller.signal.aborted) return;
      onState({ problem: error instanceof ApiError ? error.message : 'The stream broke off.', status: error.status ?? 0 });
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  };

  const read = async (reader, signal) => {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop();
      const items = [];
      for (const line of lines) {
        if (line) items.push(JSON.parse(line));
      }
      if (items.length) {
        since = items[items.length - 1].timetoken;
        onItems(items);
      }
    }
  };

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    request = null;
  };

  const look = () => {
    if (document.hidden) close();
    else if (!request) open();
  };

  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', look);
    close();
  };
}
