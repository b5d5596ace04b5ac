import test from "node:test";
import assert from "node:assert/strict";
import { boxAround, distanceToSegment, polygonMask, simplified, strokeMask } from "../model/rasters.js";
import { maskArea, maskContains } from "../model/masks.js";

const SIZE = { y: 40, x: 60 };

test("a polygon takes the pixels whose middle is inside", () => {
  const mask = polygonMask([[2, 3], [2, 7], [5, 7], [5, 3]], SIZE);
  assert.deepEqual(mask, { box: [2, 3, 5, 7], runs: [0, 12] });
});

test("a polygon beyond the image is cut", () => {
  const mask = polygonMask([[-10, -10], [-10, 5], [5, 5], [5, -10]], SIZE);
  assert.deepEqual(mask?.box, [0, 0, 5, 5]);
  assert.equal(polygonMask([[-9, -9], [-9, -5], [-5, -5]], SIZE), null);
});

test("a stroke is a line with round ends", () => {
  const mask = strokeMask([[10.5, 10.5], [10.5, 30.5]], 3, SIZE);
  assert.ok(mask);
  assert.equal(maskContains(mask, 10, 8), true);
  assert.equal(maskContains(mask, 10, 6), false);
  assert.equal(maskContains(mask, 13, 20), true);
  assert.equal(maskContains(mask, 14, 20), false);
});

test("the smallest stroke is one pixel", () => {
  assert.equal(maskArea(/** @type {any} */ (strokeMask([[4.5, 4.5]], 0.5, SIZE))), 1);
});

test("a line keeps its corners and loses what lies between", () => {
  const line = /** @type {[number, number][]} */ ([[0, 0], [0, 5], [0, 10], [5, 10], [10, 10]]);
  assert.deepEqual(simplified(line, 0.5), [[0, 0], [0, 10], [10, 10]]);
});

test("distances and boxes", () => {
  assert.equal(distanceToSegment([3, 5], [0, 0], [0, 10]), 3);
  assert.equal(distanceToSegment([0, 13], [0, 0], [0, 10]), 3);
  assert.deepEqual(boxAround([[5, 5]], 2, SIZE), [3, 3, 8, 8]);
  assert.equal(boxAround([[-50, 5]], 2, SIZE), null);
});
