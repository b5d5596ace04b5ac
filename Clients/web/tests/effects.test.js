import test from "node:test";
import assert from "node:assert/strict";
import { effectOf, TILE } from "../model/effects.js";
import { LabelTiles } from "../model/label-tiles.js";

const FREE = { isLocked: () => false, boxOf: () => [0, 0, 600, 600] };

function tiles() {
  const data = new Uint32Array(TILE * TILE);
  data.fill(5, 0, TILE);
  const labels = new LabelTiles(async (row, col) => (row === 0 && col === 0 ? { hash: "h", data } : { hash: "0",
    data: null }), { y: 600, x: 600 });
  return labels;
}

const WIDE = { box: [0, 250, 2, 262], runs: [0, 24] };

test("only empty pixels: what is there stays, across tiles", async () => {
  const labels = tiles();
  await Promise.all([labels.load(0, 0), labels.load(0, 1)]);
  const effect = effectOf({ kind: "paint", label: 9, mask: WIDE, rule: "keep" }, [], FREE);
  labels.setEffects([/** @type {any} */ (effect)]);
  assert.deepEqual([labels.at(0, 251), labels.at(1, 251), labels.at(0, 258)], [5, 9, 9]);
  labels.setEffects([]);
  assert.deepEqual([labels.at(0, 251), labels.at(1, 251)], [5, 0]);
});

test("overwriting spares what is locked", async () => {
  const labels = tiles();
  await labels.load(0, 0);
  const overwrite = { kind: "paint", label: 9, mask: WIDE, rule: "overwrite" };
  labels.setEffects([/** @type {any} */ (effectOf(overwrite, [], { ...FREE, isLocked: (label) => label === 5 }))]);
  assert.equal(labels.at(0, 251), 5);
  labels.setEffects([/** @type {any} */ (effectOf(overwrite, [], FREE))]);
  assert.equal(labels.at(0, 251), 9);
});

test("delete, merge and erase", async () => {
  const labels = tiles();
  await labels.load(0, 0);
  const seen = (gesture) => {
    labels.setEffects([/** @type {any} */ (effectOf(gesture, [], FREE))]);
    return labels.at(0, 251);
  };
  assert.equal(seen({ kind: "delete", labels: [5] }), 0);
  assert.equal(seen({ kind: "merge", labels: [2, 5] }), 2);
  assert.equal(seen({ kind: "erase", mask: WIDE }), 0);
  assert.equal(seen({ kind: "erase", mask: WIDE, label: 4 }), 5);
});

test("what only the server can tell has no effect here", () => {
  assert.equal(effectOf({ kind: "smooth", labels: [1] }, [], FREE), null);
});

test("empty tiles are never asked for when it is known which hold something", async () => {
  let asked = 0;
  const labels = new LabelTiles(async () => { asked++; return { hash: "h", data: null }; }, { y: 600, x: 600 });
  labels.setKnown([{ t: 0, z: 0, row: 1, col: 1, hash: "h" }]);
  await labels.load(0, 0);
  await labels.load(1, 1);
  assert.equal(asked, 1);
  await labels.refresh([{ t: 0, z: 0, row: 1, col: 1, hash: "h" }, { t: 0, z: 0, row: 0, col: 0, hash: "n" }]);
  assert.equal(asked, 2);
});

test("no more tiles are kept than there is room for", async () => {
  const labels = new LabelTiles(async () => ({ hash: "h", data: new Uint32Array(TILE * TILE) }), { y: 2560, x: 2560 }, 20);
  for (let row = 0; row < 10; row++) for (let col = 0; col < 10; col++) await labels.load(row, col);
  assert.ok(labels.tiles.size <= 20);
});
