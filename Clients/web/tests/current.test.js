import test from "node:test";
import assert from "node:assert/strict";
import { CurrentObject } from "../model/current.js";
import { Hover } from "../model/hover.js";
import { Latest } from "../model/latest.js";

const SIZE = { y: 100, x: 100 };
const square = (side, score) => ({ mask: { box: [10, 10, 10 + side, 10 + side], runs: [0, side * side] }, score, stability: 1 });
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

function made(masks) {
  const asked = [];
  const current = new CurrentObject(async (body) => { asked.push(body); return { masks: masks.map((mask) => ({ ...mask,
    id: body.objects[0].id })) }; }, SIZE);
  return { asked, current };
}

test("one point has three masks, and the best is chosen", async () => {
  const { asked, current } = made([square(2, 0.5), square(4, 0.9), square(8, 0.7)]);
  current.add({ type: "point", y: 11, x: 11, label: "positive" });
  await tick();
  assert.equal(asked[0].options.masks, "all");
  assert.equal(current.active?.chosen, 1);
  current.walk(1);
  assert.equal(current.active?.mask?.box[2], 18);
  current.walk(5);
  assert.equal(current.active?.chosen, 2);
});

test("masks go from small to large in whatever order the model gives them, and what was chosen stays", async () => {
  const { current } = made([square(4, 0.4), square(8, 0.7), square(2, 0.9)]);
  const point = { type: "point", y: 11, x: 11, label: "positive" };
  current.takePreview(point, [square(2, 0.9), square(4, 0.4), square(8, 0.7)], 2);
  current.refine();
  await tick();
  assert.deepEqual(current.active?.candidates.map(({ mask }) => mask.box[2]), [12, 14, 18]);
  assert.equal(current.active?.mask?.box[2], 18);
});

test("a reopened object keeps the mask of the three that is most like it", async () => {
  const { current } = made([square(4, 0.4), square(8, 0.9), square(2, 0.7)]);
  current.reopen(3, [{ type: "point", y: 11, x: 11, label: "positive" }], { box: [10, 10, 14, 13], runs: [0, 12] });
  await tick();
  assert.equal(current.active?.mask?.box[2], 14);
});

test("a second box replaces the first, and prompts can be taken back", async () => {
  const { current } = made([square(4, 0.9)]);
  current.add({ type: "box", y0: 0, x0: 0, y1: 5, x1: 5 });
  current.add({ type: "box", y0: 1, x0: 1, y1: 6, x1: 6 });
  current.add({ type: "point", y: 3, x: 3, label: "negative" });
  assert.equal(current.active?.prompts.length, 2);
  current.undo();
  assert.equal(current.active?.prompts.length, 1);
  current.undo();
  assert.equal(/** @type {any} */ (current.active?.prompts[0]).y0, 0);
  current.undo();
  assert.equal(current.isEmpty, true);
  assert.equal(current.undo(), false);
});

test("without a positive prompt nothing is asked", async () => {
  const { asked, current } = made([square(4, 0.9)]);
  current.add({ type: "point", y: 3, x: 3, label: "negative" });
  await tick();
  assert.equal(asked.length, 0);
  assert.equal(current.hasMask, false);
});

test("many at once: each prompt is an object", async () => {
  const current = new CurrentObject(async (body) => ({ masks: body.objects.map(({ id }) => ({ ...square(4, 0.9), id })) }), SIZE);
  current.add({ type: "point", y: 11, x: 11 }, true);
  current.add({ type: "point", y: 31, x: 31 }, true);
  await tick();
  assert.equal(current.groups.length, 2);
  assert.ok(current.groups.every((group) => group.mask));
});

test("removing the last prompt ends the reopening", () => {
  const { current } = made([square(4, 0.9)]);
  current.reopen(5, [{ type: "point", y: 1, x: 1 }], null);
  current.remove(0, 0);
  assert.equal(current.replaces, null);
});

test("a known mask is shown without a request", async () => {
  let asked = 0;
  const hover = new Hover(async () => { asked++; return { state: "ready", masks: [square(4, 0.9)] }; });
  hover.move(11, 11);
  await tick();
  assert.equal(asked, 1);
  assert.ok(hover.mask);
  hover.move(50, 50);
  assert.equal(hover.mask, null);
  await tick();
  hover.leave();
  hover.move(12, 12);
  assert.ok(hover.mask, "at once");
  assert.equal(asked, 2);
});

test("the walk goes on from object to object", async () => {
  const hover = new Hover(async () => ({ state: "ready", masks: [square(2, 0.5), square(4, 0.9), square(8, 0.7)] }));
  hover.move(11, 11);
  await tick();
  assert.equal(hover.chosen, 1);
  hover.walk(1);
  assert.equal(hover.chosen, 2);
  hover.walk(1);
  assert.equal(hover.chosen, 2);
});

test("of many requests only the first and the last are made", async () => {
  const asked = [], done = [];
  const latest = new Latest(async (value) => { asked.push(value); await tick(); return value; },
    (value) => done.push(value), () => undefined);
  for (let i = 0; i < 10; i++) latest.ask(i);
  await tick();
  await tick();
  await tick();
  assert.deepEqual(asked, [0, 9]);
  assert.deepEqual(done, [0, 9]);
  assert.equal(latest.isBusy, false);
});

test("a pointer that rests has its mask as soon as the model is ready", async () => {
  let isReady = false;
  const hover = new Hover(async () => ({ state: isReady ? "ready" : "preparing", masks: isReady ? [square(4, 0.9)] : [] }));
  hover.move(11, 11);
  await tick();
  assert.equal(hover.mask, null);
  isReady = true;
  hover.again();
  await tick();
  assert.ok(hover.mask);
});
