import test from "node:test";
import assert from "node:assert/strict";
import { PlaneMemory, ahead, extended, extentWords, firstPlane, isBetween, nearest, planeWords, turnedAxis, within } from "../model/planes.js";

const STACK = { t: 1, z: 9 }, MOVIE = { t: 5, z: 1 }, BOTH = { t: 5, z: 9 };

test("a stack opens at its middle slice, a movie at its first time point", () => {
  assert.deepEqual(firstPlane(STACK), { t: 0, z: 4 });
  assert.deepEqual(firstPlane(MOVIE), { t: 0, z: 0 });
  assert.deepEqual(firstPlane(BOTH), { t: 0, z: 4 });
});

test("nobody turns beyond the first and the last plane", () => {
  assert.deepEqual(within({ t: 7, z: -1 }, BOTH), { t: 4, z: 0 });
  assert.deepEqual(within({ t: 0, z: 9 }, STACK), { t: 0, z: 8 });
});

test("where there is one axis, the keys of both turn it", () => {
  assert.equal(turnedAxis("z", MOVIE), "t");
  assert.equal(turnedAxis("t", STACK), "z");
  assert.equal(turnedAxis("z", BOTH), "z");
  assert.equal(turnedAxis("t", BOTH), "t");
});

test("where an object lies, and its nearest plane", () => {
  const row = { t: [1, 3], z: [4, 5] };
  assert.equal(isBetween(row, { t: 2, z: 4 }), true);
  assert.equal(isBetween(row, { t: 3, z: 4 }), false);
  assert.deepEqual(nearest(row, { t: 4, z: 0 }), { t: 2, z: 4 });
  assert.deepEqual(extended(row, { t: 0, z: 8 }), { t: [0, 3], z: [4, 9] });
  assert.equal(extentWords(row, BOTH), "t 1–2  z 4");
  assert.equal(extentWords(row, MOVIE), "t 1–2");
  assert.equal(planeWords({ t: 2, z: 4 }, BOTH), "time point 2, slice 4");
});

test("what comes next is asked for in the direction of the last turn", () => {
  assert.deepEqual(ahead({ t: 0, z: 4 }, STACK, { axis: "z", sign: -1 }).map(({ z }) => z), [3, 2, 5, 1, 0]);
  assert.deepEqual(ahead({ t: 0, z: 8 }, STACK, { axis: "z", sign: 1 }).map(({ z }) => z), [7]);
  assert.deepEqual(ahead({ t: 0, z: 0 }, { t: 1, z: 1 }, { axis: "z", sign: 1 }), []);
});

test("the plane of an image is remembered as long as the tab is open", () => {
  const kept = new Map();
  const storage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => { kept.set(name, value); } };
  new PlaneMemory(storage).keep(3, { t: 2, z: 8 });
  assert.deepEqual(new PlaneMemory(storage).of(3, BOTH), { t: 2, z: 8 });
  assert.deepEqual(new PlaneMemory(storage).of(3, STACK), { t: 0, z: 8 });
  assert.deepEqual(new PlaneMemory(storage).of(4, STACK), { t: 0, z: 4 });
  kept.set("microsam-planes", "{nonsense");
  assert.deepEqual(new PlaneMemory(storage).of(3, STACK), { t: 0, z: 4 });
  assert.deepEqual(new PlaneMemory(null).of(3, MOVIE), { t: 0, z: 0 });
});
