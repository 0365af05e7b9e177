// JSON that a client chose, written out within bounds. Asks nothing of the page, and never calls itself: a state may be deeper than the stack.

/** What is shown of a value at first. */
export const SHOWN = { depth: 12, nodes: 500, chars: 6000 };

/** What fits into a line. */
export const BRIEF = { depth: 6, nodes: 100, chars: 200 };

const WHOLE = { depth: Infinity, nodes: Infinity, chars: Infinity };

/**
 * A value as JSON, in one line or with `indent` spaces a level: {text, isCut}. What is beyond the bounds, levels, values and characters, is
 * an ellipsis.
 */
export function written(value, indent = 0, bounds = WHOLE) {
  const out = [];
  const open = [];
  let chars = 0;
  let nodes = 0;
  let isCut = false;
  const say = (text) => {
    chars += text.length;
    out.push(text);
  };
  const line = () => (indent ? `\n${' '.repeat(indent * open.length)}` : '');
  const one = (single) => {
    const text = JSON.stringify(single) ?? 'null';
    const left = Math.max(0, bounds.chars - chars);
    isCut ||= text.length > left;
    say(text.length > left ? `${text.slice(0, left)}…` : text);
  };
  const begin = (each) => {
    nodes++;
    if (each === null || typeof each !== 'object') {
      one(each);
      return;
    }
    const keys = Array.isArray(each) ? null : Object.keys(each);
    const count = (keys ?? each).length;
    const [first, last] = keys ? '{}' : '[]';
    if (count === 0) {
      say(first + last);
    } else if (open.length >= bounds.depth) {
      isCut = true;
      say(`${first}…${last}`);
    } else {
      say(first);
      open.push({ each, keys, count, at: 0, last });
    }
  };
  const end = () => {
    const { last } = open.pop();
    say(line() + last);
  };
  begin(value);
  while (open.length) {
    const frame = open[open.length - 1];
    if (frame.at === frame.count) {
      end();
      continue;
    }
    say((frame.at ? ',' : '') + line());
    if (nodes >= bounds.nodes || chars >= bounds.chars) {
      isCut = true;
      say('…');
      while (open.length) end();
      break;
    }
    const at = frame.keys ? frame.keys[frame.at++] : frame.at++;
    if (frame.keys) {
      one(at);
      say(indent ? ': ' : ':');
    }
    begin(frame.each[at]);
  }
  return { text: out.join(''), isCut };
}
