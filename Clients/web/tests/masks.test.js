import test from "node:test";
import assert from "node:assert/strict";
import { centroid, eachRun, filtered, maskArea, maskBits, maskContains, maskOfBits, maskPrompt, sameMask } from "../model/masks.js";

// . X X
// X . .
const MASK = { box: [2, 3, 4, 6], runs: [1, 3, 2] };

test("runs are read row by row", () => {
  const rows = [];
  eachRun(MASK, (y, x0, x1) => rows.push([y, x0, x1]));
  assert.deepEqual(rows, [[2, 4, 6], [3, 3, 4]]);
  assert.deepEqual([...maskBits(MASK)], [0, 1, 1, 1, 0, 0]);
  assert.equal(maskArea(MASK), 3);
  assert.deepEqual(centroid(MASK), [7 / 3, 4]);
});

test("a pixel is inside or outside", () => {
  assert.equal(maskContains(MASK, 2, 4), true);
  assert.equal(maskContains(MASK, 2, 3), false);
  assert.equal(maskContains(MASK, 3, 3), true);
  assert.equal(maskContains(MASK, 9, 3), false);
});

test("bits become a mask in the smallest box", () => {
  const bits = Uint8Array.from([0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual(maskOfBits(bits, [10, 20, 13, 24]), { box: [11, 21, 12, 23], runs: [0, 2] });
  assert.equal(maskOfBits(new Uint8Array(4), [0, 0, 2, 2]), null);
});

test("bits and runs are the same mask", () => {
  const made = maskOfBits(maskBits(MASK), /** @type {any} */ (MASK.box));
  assert.ok(made && sameMask(made, /** @type {any} */ (MASK)));
});

test("a mask is filtered pixel by pixel", () => {
  assert.deepEqual(filtered(/** @type {any} */ (MASK), (y) => y === 3), { box: [3, 3, 4, 4], runs: [0, 1] });
  assert.equal(filtered(/** @type {any} */ (MASK), () => false), null);
});

test("a mask as a prompt counts down the columns, as the COCO tools do", () => {
  // Columns of a 2 x 2 image with pixel (0, 1): three background, then one... by columns 0 0 | 1 0.
  const prompt = maskPrompt({ box: [0, 1, 1, 2], runs: [0, 1] }, { y: 2, x: 2 });
  assert.deepEqual(prompt.size, [2, 2]);
  assert.deepEqual(expanded(prompt.counts), [2, 1, 1]);
  const all = maskPrompt({ box: [0, 0, 2, 2], runs: [0, 4] }, { y: 2, x: 2 });
  assert.deepEqual(expanded(all.counts), [0, 4]);
  const long = maskPrompt({ box: [0, 500, 1000, 900], runs: [0, 400000] }, { y: 1000, x: 1000 });
  assert.deepEqual(expanded(long.counts), [500000, 400000, 100000]);
});

/** The other direction, written independently. */
function expanded(text) {
  const counts = [];
  for (let p = 0; p < text.length;) {
    let value = 0, k = 0, more = true;
    while (more) {
      const c = text.charCodeAt(p++) - 48;
      value |= (c & 0x1f) << (5 * k);
      more = (c & 0x20) !== 0;
      k++;
      if (!more && c & 0x10) value |= -1 << (5 * k);
    }
    if (counts.length > 2) value += counts[counts.length - 2];
    counts.push(value);
  }
  return counts;
}
