// How JSON of clients is written out, without a browser.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

const FILE = new URL('../../console/src/main/resources/dev/rollcall/console/json.js', import.meta.url);
const { BRIEF, SHOWN, written } = await import(`data:text/javascript,${encodeURIComponent(await readFile(FILE, 'utf8'))}`);

/** A list in a list in a list, as text. */
const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);

describe('json', () => {
  it('is written as JSON.stringify does, where there is little of it', () => {
    const values = [null, true, 0, -1.5e300, '', 'a"\\\u0000\u202e\ud800', [], {}, [[]], { a: {} }, [1, [2, { b: [3] }]], { k: 1, l: 'x', m: [null, false], '': { ' ': 0 } }, JSON.parse('{"__proto__":{"constructor":1}}')];
    for (const value of values) {
      for (const indent of [0, 2]) {
        for (const bounds of [undefined, SHOWN, BRIEF]) {
          assert.deepEqual(written(value, indent, bounds), { text: JSON.stringify(value, null, indent), isCut: false });
        }
      }
    }
  });

  it('is cut where it is deep, however deep', () => {
    for (const depth of [14, 1000, 16 * 1024, 100_000]) {
      const value = JSON.parse(nested(depth));
      const { text, isCut } = written(value, 2, SHOWN);
      assert.equal(isCut, true);
      assert.ok(text.length < SHOWN.chars, `${text.length} characters for ${depth} levels`);
      assert.ok(text.includes('[…]'));
      assert.equal(written(value).text, nested(depth));
    }
  });

  it('is cut where there are many or long values, and says so', () => {
    const hostile = [
      Array.from({ length: 16_000 }, () => 1),
      Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`k${i}`, '\u202e'])),
      'x'.repeat(32_000),
      { ['k'.repeat(32_000)]: 1 },
      JSON.parse(`${'{"a":['.repeat(2000)}1${']}'.repeat(2000)}`),
    ];
    for (const value of hostile) {
      for (const [indent, bounds] of [[2, SHOWN], [0, BRIEF]]) {
        const { text, isCut } = written(value, indent, bounds);
        assert.equal(isCut, true);
        // A little more, for whatever is open is closed, and the line that meets the bound is indented.
        assert.ok(text.length <= bounds.chars + 4 * bounds.depth * bounds.depth, `${text.length} characters`);
        assert.ok(text.includes('…'));
      }
      assert.equal(written(value).isCut, false);
      assert.equal(written(value).text, JSON.stringify(value));
    }
  });
});
