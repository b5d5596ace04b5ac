import test from "node:test";
import assert from "node:assert/strict";
import { decodedLogits, maskAbove } from "../model/logits.js";
import { maskArea, maskContains } from "../model/masks.js";

/** A cone: highest in the middle. */
function cone() {
  const values = new Int8Array(16 * 16);
  for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) values[y * 16 + x] = Math.round(50 - 12 * Math.hypot(y - 7.5,
    x - 7.5));
  const data = Buffer.from(values.buffer).toString("base64");
  return decodedLogits({ box: [10, 20, 74, 84], rows: 16, cols: 16, data, scale: 0.1 });
}

test("a higher threshold gives a smaller mask within the larger one", () => {
  const logits = cone(), size = { y: 200, x: 200 };
  const masks = [-1, 0, 1, 2].map((threshold) => /** @type {any} */ (maskAbove(logits, threshold, size)));
  const areas = masks.map(maskArea);
  assert.deepEqual(areas, [...areas].sort((a, b) => b - a));
  assert.ok(maskContains(masks[3], 42, 52));
  // Radius 50 / 12 cells of 4 pixels at threshold 0.
  assert.ok(Math.abs(areas[1] - Math.PI * (50 / 12 * 4) ** 2) < areas[1] * 0.03, String(areas[1]));
});

test("nothing above the threshold is no mask", () => {
  assert.equal(maskAbove(cone(), 11, { y: 200, x: 200 }), null);
});

test("the image cuts the mask", () => {
  const mask = /** @type {any} */ (maskAbove(cone(), -20, { y: 50, x: 60 }));
  assert.deepEqual(mask.box, [10, 20, 50, 60]);
});

test("a wrong size is said", () => {
  assert.throws(() => decodedLogits({ box: [0, 0, 1, 1], rows: 2, cols: 2, data: "AAA=", scale: 1 }), /another size/);
});
