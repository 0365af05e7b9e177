// The clock of an emulator, which every screen goes by: it may stand still, be moved, or run faster.

import { EMULATOR, get, setClock } from './api.js';
import { useEffect, useState } from './ui.js';

let told = null;
let turn = 0;
const listeners = new Set();

/** Takes what an answer says of the clock; null where there is none to be moved. */
export function takeClock(clock) {
  turn++;
  told = clock;
  if (clock) setClock(clock.epochMillis, clock.mode === 'frozen' ? 0 : clock.speed ?? 1);
  listeners.forEach((listener) => listener(clock));
}

/** Asks for the clock now. An answer that was overtaken by another, of a move perhaps, counts for nothing. */
export async function askClock() {
  const mine = ++turn;
  const clock = await get('/clock', undefined, EMULATOR);
  if (mine === turn) takeClock(clock);
}

/** What was told of the clock last, {mode, speed, epochMillis}; null unless this is an emulator. */
export function useEmulated() {
  const [clock, set] = useState(told);
  useEffect(() => {
    set(told);
    listeners.add(set);
    return () => listeners.delete(set);
  }, []);
  return clock;
}
