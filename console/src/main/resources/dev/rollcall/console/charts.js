// Charts: a line in a tile, and larger ones with axes. Their colours are those of the style sheet, in light and dark.

import { clock, moment, short } from './text.js';
import { h, useLayoutEffect, useRef, useState } from './ui.js';

const WIDTH = 120;
const HEIGHT = 28;

/** The last quarter of an hour in a tile. */
export function Spark({ values, label }) {
  if (values.length < 2) return h('div', { class: 'spark' });
  const step = Math.max(1, Math.ceil(values.length / WIDTH));
  const points = [];
  for (let i = 0; i < values.length; i += step) points.push(Math.max(...values.slice(i, i + step)));
  const most = Math.max(...points, 1e-9);
  const x = (i) => (i * WIDTH / (points.length - 1)).toFixed(1);
  const y = (value) => (HEIGHT - 2 - value / most * (HEIGHT - 4)).toFixed(1);
  const line = points.map((value, i) => `${i ? 'L' : 'M'}${x(i)} ${y(value)}`).join('');
  return h('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    h('path', { class: 'spark-area', d: `${line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z` }),
    h('path', { class: 'spark-line', d: line }));
}

const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 24;
const NARROWEST = 120;
/** So many pixels are between two times, and two values, that are written out. */
const BETWEEN_TIMES = 84;
const BETWEEN_VALUES = 40;
const DAY = 86400;
const SPANS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, DAY];

/** A round number, at least as large. */
function rounded(least) {
  const size = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].find((each) => each * size >= least) * size;
}

const ticks = (from, to, step) => Array.from({ length: Math.max(0, Math.floor(to / step) - Math.ceil(from / step) + 1) }, (_, i) => (Math.ceil(from / step) + i) * step);

const timeText = (at, step) => (step >= DAY ? moment(at * 1000).slice(5, 10) : clock(at * 1000).slice(0, step < 60 ? 8 : 5));

/**
 * A chart of lines over time. `times` are seconds, each later than the one before; each line is {label, colour, values, fill}, its colour a
 * variable of the style sheet. Where somebody points, the values are told.
 */
export function Chart({ times, lines, height = 180, label, unit = short }) {
  const ref = useRef(null);
  const [width, setWidth] = useState(NARROWEST);
  const [pointed, setPointed] = useState(null);
  useLayoutEffect(() => {
    const measure = () => setWidth(Math.max(NARROWEST, ref.current.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  const count = times.length;
  const from = times[0] ?? 0;
  const to = times[count - 1] ?? 0;
  const wide = width - LEFT - RIGHT;
  const high = height - TOP - BOTTOM;
  // No more points than there are pixels; of several the highest is seen.
  const every = Math.max(1, Math.ceil(count / wide));
  const most = Math.max(1, ...lines.flatMap(({ values }) => values)) * 1.15;
  const x = (at) => LEFT + (to > from ? (at - from) / (to - from) : 1) * wide;
  const y = (value) => TOP + (1 - value / most) * high;
  const path = (values) => {
    const points = [];
    for (let i = 0; i < count; i += every) points.push(`${x(times[i]).toFixed(1)} ${y(Math.max(...values.slice(i, i + every))).toFixed(1)}`);
    return `M${points.join('L')}`;
  };
  const valueStep = Math.max(1, rounded(most / Math.max(1, high / BETWEEN_VALUES)));
  const least = (to - from) / Math.max(1, wide / BETWEEN_TIMES);
  const timeStep = SPANS.find((each) => each >= least) ?? rounded(least / DAY) * DAY;
  const point = (event) => {
    const at = from + (event.clientX - ref.current.getBoundingClientRect().left - LEFT) / wide * (to - from);
    const next = times.findIndex((time) => time >= at);
    setPointed(next < 0 ? count - 1 : next > 0 && at - times[next - 1] < times[next] - at ? next - 1 : next);
  };
  const at = pointed !== null && pointed < count ? pointed : null;
  const colour = (name) => ({ '--line-colour': `var(${name})` });
  return h('figure', { class: 'chart', ref },
    h('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label, onPointerMove: count ? point : null, onPointerLeave: () => setPointed(null) },
      ticks(0, most, valueStep).map((value) => h('g', { key: value }, h('path', { class: 'chart-grid', d: `M${LEFT} ${y(value)}H${width - RIGHT}` }), h('text', { class: 'chart-value', x: LEFT - 8, y: y(value) + 4 }, unit(value)))),
      to > from ? ticks(from, to, timeStep).map((time) => h('text', { key: time, class: 'chart-time', x: Math.min(width - 24, x(time)), y: height - 6 }, timeText(time, timeStep))) : null,
      count > 1 ? lines.map((line) => h('g', { key: line.label, style: colour(line.colour) },
        line.fill ? h('path', { class: 'chart-area', d: `${path(line.values)}V${y(0)}H${x(from)}Z` }) : null,
        h('path', { class: 'chart-line', d: path(line.values) }))) : null,
      at === null ? null : h('path', { class: 'chart-cursor', d: `M${x(times[at])} ${TOP}V${TOP + high}` })),
    lines.length > 1 || at !== null ? h('figcaption', { class: lines.length > 1 ? '' : 'over' }, at === null ? null : h('span', { class: 'num' }, clock(times[at] * 1000)),
      lines.map((line) => h('span', { key: line.label, style: colour(line.colour) }, h('i', null), line.label, at === null ? '' : h('b', { class: 'num' }, ` ${unit(line.values[at])}`)))) : null);
}
