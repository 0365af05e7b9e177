// A list of any length of which only what is seen is made.

import { Fragment, h, useEffect, useLayoutEffect, useRef, useState } from './ui.js';

const BEYOND = 8;
/** Browsers draw nothing beyond some tens of millions of pixels. */
const TALLEST = 8_000_000;

/**
 * Shows `count` rows of `height` pixels, each made by `row(index)`; `need(end)` is told how far somebody looks. `onTop` is told whether the
 * list is at its beginning.
 */
export function Rows({ count, height, row, need, onTop, label, head, class: more = '' }) {
  const ref = useRef(null);
  const [view, setView] = useState({ top: 0, seen: 600 });
  const shownCount = Math.min(count, Math.floor(TALLEST / height));
  const from = Math.max(0, Math.floor(view.top / height) - BEYOND);
  const to = Math.min(shownCount, Math.ceil((view.top + view.seen) / height) + BEYOND);

  useLayoutEffect(() => {
    const measure = () => ref.current && setView((before) => (before.seen === ref.current.clientHeight ? before : { ...before, seen: ref.current.clientHeight }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => { need?.(to); }, [to, need]);

  const onScroll = () => {
    const { scrollTop } = ref.current;
    onTop?.(scrollTop < height);
    setView((before) => (Math.floor(before.top / height) === Math.floor(scrollTop / height) ? before : { ...before, top: scrollTop }));
  };

  const rows = [];
  for (let i = from; i < to; i++) {
    rows.push(h('div', { key: i, role: 'row', 'aria-rowindex': i + 2, class: 'row', style: { transform: `translateY(${i * height}px)`, height: `${height}px` } }, row(i)));
  }
  return h('div', { class: `rows ${more}`, role: 'table', 'aria-label': label, 'aria-rowcount': count + 1 },
    h('div', { role: 'rowgroup' }, h('div', { role: 'row', 'aria-rowindex': 1, class: 'row-head' }, head.map((text) => h('div', { key: text, role: 'columnheader' }, text)))),
    h('div', { ref, class: 'rows-scroll', tabIndex: 0, role: 'rowgroup', 'aria-label': label, onScroll },
      h('div', { class: 'rows-all', role: 'presentation', style: { height: `${shownCount * height}px` } }, h(Fragment, null, rows))));
}
