import test from "node:test";
import assert from "node:assert/strict";
import { Automatic } from "../model/automatic.js";

/** A result with objects 1 to 4, of which edits accept some. */
function offered() {
  const automatic = new Automatic({ delete: () => Promise.resolve() }, "/images/1", { y: 9, x: 9 }, "me");
  automatic.take({ id: "run", labels: null, objects: new Map([1, 2, 3, 4].map((label) => [label, { label, box: [0, 0, 1, 1], area: 1 }])) });
  const accept = (labels, edit) => {
    automatic.hide(labels);
    automatic.accepted("run", labels, edit);
    automatic.moved(edit);
  };
  return { automatic, accept, left: () => automatic.offered.map(({ label }) => label) };
}

test("what was accepted is offered again when that is undone, and no longer when it is redone", () => {
  const { automatic, accept, left } = offered();
  accept([1], 5);
  accept([2, 3], 6);
  assert.deepEqual(left(), [4]);
  automatic.moved(5);
  assert.deepEqual(left(), [2, 3, 4]);
  automatic.moved(0);
  assert.deepEqual(left(), [1, 2, 3, 4]);
  automatic.moved(5);
  assert.deepEqual(left(), [2, 3, 4]);
  automatic.moved(6);
  assert.deepEqual(left(), [4]);
});

test("after an undo and another gesture it stays offered, until a jump leads back", () => {
  const { automatic, accept, left } = offered();
  accept([1, 2, 3, 4], 5);
  automatic.moved(0);
  accept([2], 7);
  assert.deepEqual(left(), [1, 3, 4]);
  automatic.moved(8);
  assert.deepEqual(left(), [1, 3, 4]);
  automatic.moved(5, new Set([5]));
  assert.deepEqual(left(), []);
});

test("what was rejected stays rejected, and another result knows nothing of it", () => {
  const { automatic, accept, left } = offered();
  automatic.hide([4]);
  accept([1], 5);
  automatic.moved(0);
  assert.deepEqual(left(), [1, 2, 3]);
  automatic.take({ id: "other", labels: null, objects: new Map() });
  automatic.accepted("run", [1], 9);
  assert.deepEqual(automatic.acceptances, []);
});
