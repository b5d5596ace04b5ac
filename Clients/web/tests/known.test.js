// Masks that are known without a request: automatic objects, beside earlier previews.
import test from "node:test";
import assert from "node:assert/strict";
import { CurrentObject } from "../model/current.js";
import { Hover } from "../model/hover.js";
import { LabelTiles, maskOfLabel } from "../model/label-tiles.js";
import { sameMask } from "../model/masks.js";
import { PointTool } from "../tools/point.js";
import { openedApp } from "./opened-app.js";

const square = (side, score) => ({ mask: { box: [10, 10, 10 + side, 10 + side], runs: [0, side * side] }, score, stability: 1 });
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
const POINT = { type: "point", y: 11, x: 11, label: "positive" };

/** Tiles in which a label fills a box; those that are named never come. */
function tiles(label, [y0, x0, y1, x1], missing = []) {
  return new LabelTiles(async (row, col) => {
    if (missing.includes(`${row} ${col}`)) throw new Error("no connection");
    const data = new Uint32Array(65536);
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) if (y >> 8 === row && x >> 8 === col) data[(y & 255) * 256 + (x & 255)] = label;
    }
    return { hash: "h", data };
  }, { y: 600, x: 600 });
}

test("the mask of a label is gathered from several tiles, and missing as long as one of them is", async () => {
  const box = [250, 240, 260, 270];
  const labels = tiles(7, box);
  assert.equal(maskOfLabel(labels, 7, box), null);
  await tick();
  assert.ok(sameMask(/** @type {any} */ (maskOfLabel(labels, 7, box)), { box, runs: [0, 300] }));
  assert.equal(maskOfLabel(labels, 8, box), null);
  const broken = tiles(7, box, ["1 1"]);
  maskOfLabel(broken, 7, box);
  await tick();
  assert.equal(maskOfLabel(broken, 7, box), null);
});

function hovering(masks) {
  const asked = [];
  const hover = new Hover(async (y, x) => { asked.push([y, x]); return { state: "ready", masks }; });
  return { asked, hover };
}

test("an automatic object is shown without a request, and a smaller earlier preview before it", async () => {
  const { asked, hover } = hovering([square(4, 0.9)]);
  const found = { y: 11, x: 11, masks: [square(8, 0.8)], found: 3 };
  hover.move(11, 11, found);
  assert.equal(hover.mask?.box[2], 18);
  hover.move(12, 12, { ...found });
  assert.equal(hover.mask?.box[2], 18);
  await tick();
  assert.deepEqual(asked, []);
  hover.leave();
  hover.move(13, 13);
  await tick();
  assert.deepEqual(asked, [[13, 13]]);
  hover.move(12, 12, found);
  assert.equal(hover.mask?.box[2], 14);
  hover.move(16, 16, found);
  assert.equal(hover.mask?.box[2], 18);
  assert.equal(asked.length, 1);
});

test("walking from an automatic object asks for the model's masks there, and goes on from the most similar one", async () => {
  const { asked, hover } = hovering([square(3, 0.9), square(7, 0.5), square(20, 0.4)]);
  const found = { y: 11, x: 11, masks: [square(8, 0.8)], found: 3 };
  hover.move(11, 11, found);
  hover.walk(1);
  await tick();
  assert.deepEqual(asked, [[11, 11]]);
  assert.equal(hover.mask?.box[2], 30);
  // From now on masks of that size are wanted, which automatic objects do not have.
  hover.move(12, 12, found);
  assert.equal(hover.mask?.box[2], 30);
});

test("what was asked for before the pointer came to an automatic object does not take its place", async () => {
  const { hover } = hovering([square(20, 0.4)]);
  hover.move(25, 25);
  hover.move(11, 11, { y: 11, x: 11, masks: [square(8, 0.8)], found: 3 });
  await tick();
  assert.equal(hover.mask?.box[2], 18);
});

test("an automatic object that is clicked is there at once, until the mask of the prompt that is most like it comes", async () => {
  const masks = [square(3, 0.9), square(7, 0.5), square(20, 0.95)];
  const asked = [];
  const current = new CurrentObject(async (body) => {
    asked.push(body);
    return { masks: masks.map((mask) => ({ ...mask, id: body.objects[0].id })) };
  }, { y: 100, x: 100 });
  current.takeFound(POINT, square(8, 0.8).mask);
  assert.equal(current.active?.mask?.box[2], 18);
  await tick();
  assert.deepEqual(asked[0].objects[0].prompts, [POINT]);
  assert.equal(current.active?.mask?.box[2], 17);
  assert.equal(current.active?.candidates.length, 3);
});

/** An image with the automatic object 7, and the point tool. */
async function pointing() {
  const posted = [];
  const image = { id: 1, name: "a", shape: { t: 1, z: 1, y: 600, x: 600, c: 1 }, edit: 0, canUndo: false, canRedo: false,
    channels: [], levels: [] };
  const app = await openedApp({
    labels: async () => ({ hash: "0", data: null }), delete: async () => undefined,
    get: async (path) => path.endsWith("/objects") ? { edit: 0, objects: [] }
      : path.endsWith("/labels") ? { edit: 0, tiles: [] } : image,
    post: async (path) => {
      posted.push(path);
      return path.endsWith("/predict") ? { masks: [{ ...square(7, 0.5), id: 1 }] } : { state: "ready", masks: [] };
    },
  });
  const box = /** @type {[number, number, number, number]} */ ([10, 10, 18, 18]);
  const labels = tiles(7, box);
  await labels.load(0, 0);
  app.automatic?.take({ id: "run", labels, objects: new Map([[7, { label: 7, box, area: 64, centroid: [13, 13] }]]) });
  await app.document?.labels.load(0, 0);
  const tool = new PointTool(app);
  const place = { y: 12.5, x: 12.5, left: 0, top: 0, shift: false, alt: false, ctrl: false, secondary: false, clicks: 1 };
  posted.length = 0;
  return { app, tool, place, posted };
}

test("the point tool shows an automatic object without a request, and a click makes a prompt of it", async () => {
  const { app, tool, place, posted } = await pointing();
  tool.hover(place);
  assert.equal(app.hover?.mask?.box[2], 18);
  await tick();
  assert.deepEqual(posted, []);
  tool.down(place);
  assert.equal(app.current?.active?.mask?.box[2], 18);
  assert.deepEqual(app.current?.active?.prompts, [{ type: "point", y: 12, x: 12, label: "positive" }]);
  await tick();
  assert.deepEqual(posted, ["/images/1/predict"]);
  assert.equal(app.current?.active?.mask?.box[2], 17);
  assert.equal(app.automatic?.offered.length, 1, "it is not accepted by that");
});

test("an automatic object that is rejected is no preview any more; beside it the server is asked", async () => {
  const { app, tool, place, posted } = await pointing();
  tool.hover(place);
  app.automatic?.hide([7]);
  assert.equal(app.hover?.shown, null);
  tool.hover({ ...place, y: 13.5 });
  await tick();
  assert.deepEqual(posted, ["/images/1/preview"]);
});
