// Charts: a line in a tile, and a larger one with axes, whose colours are those of the style sheet.

import { h, useEffect, useRef } from './ui.js';
import { clock, short } from './text.js';

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

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * A chart of lines over time. `times` are seconds; each line is {label, colour, values, fill}, its colour a variable of the style sheet.
 */
export function Chart({ times, lines, height = 180, label, unit = short }) {
  const ref = useRef(null);
  const plot = useRef(null);
  const data = [times, ...lines.map((line) => line.values)];
  const latest = useRef(data);
  latest.current = data;
  const names = lines.map((line) => line.label + line.colour).join();

  useEffect(() => {
    const make = () => {
      plot.current?.destroy();
      const grid = { stroke: colour('--line'), width: 1 };
      const font = '11px system-ui, sans-serif';
      plot.current = new globalThis.uPlot({
        width: Math.max(120, ref.current.clientWidth),
        height,
        padding: [8, 6, 0, 0],
        legend: { show: lines.length > 1, live: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        scales: { x: { time: true }, y: { range: (u, least, most) => [0, Math.max(1, (most ?? 1) * 1.15)] } },
        series: [{}, ...lines.map((line) => ({
          label: line.label, stroke: colour(line.colour), width: 1.75, points: { show: false }, spanGaps: true,
          fill: line.fill ? `${colour(line.colour)}22` : undefined,
        }))],
        axes: [
          { stroke: colour('--quiet'), grid: { show: false }, ticks: { show: false }, font, size: 26, space: 72, values: (u, ticks) => ticks.map((tick) => clock(tick * 1000).slice(0, tick % 60 ? 8 : 5)) },
          { stroke: colour('--quiet'), grid, ticks: { show: false }, font, size: 44, space: 34, values: (u, ticks) => ticks.map((tick) => (tick < 1 && tick > 0 ? '' : unit(tick))) },
        ],
      }, latest.current, ref.current);
    };
    make();
    const observer = new ResizeObserver(() => {
      const width = Math.max(120, ref.current.clientWidth);
      if (plot.current && plot.current.width !== width) plot.current.setSize({ width, height });
    });
    observer.observe(ref.current);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', make);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', make);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [names, height]);
  useEffect(() => { plot.current?.setData(data); });
  return h('div', { class: 'chart', ref, role: 'img', 'aria-label': label });
}
