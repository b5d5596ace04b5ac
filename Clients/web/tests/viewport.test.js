import test from "node:test";
import assert from "node:assert/strict";
import { Viewport } from "../model/viewport.js";
import { firstLook } from "../model/channels.js";
import { colorIndex } from "../model/palette.js";

function viewport() {
  const made = new Viewport();
  made.setScreen(1000, 700);
  made.setImage({ y: 500, x: 500 });
  return made;
}

test("there and back again", () => {
  const view = viewport();
  const { left, top } = view.toScreen(123, 45);
  const { y, x } = view.toImage(left, top);
  assert.ok(Math.abs(y - 123) < 1e-9 && Math.abs(x - 45) < 1e-9);
});

test("zooming keeps the place under the pointer", () => {
  const view = viewport();
  const before = view.toImage(300, 200);
  view.zoom(3, 300, 200);
  const after = view.toImage(300, 200);
  assert.ok(Math.abs(before.y - after.y) < 1e-9 && Math.abs(before.x - after.x) < 1e-9);
});

test("the whole image is seen, below the controls", () => {
  const view = viewport();
  assert.ok(view.toScreen(0, 0).top >= 50);
  assert.ok(view.toScreen(500, 500).top <= 700);
  assert.deepEqual(view.visible(), [0, 0, 500, 500]);
});

test("the middle stays in the image", () => {
  const view = viewport();
  view.pan(1e6, 1e6);
  assert.deepEqual(view.center, { y: 0, x: 0 });
});

test("a fitted image stays fitted when the window changes", () => {
  const view = viewport();
  view.setScreen(500, 400);
  assert.equal(view.scale, view.fittingScale());
});

test("channels begin with what the file says", () => {
  const image = (channels) => /** @type {any} */ ({ dtype: "uint16", channels });
  const [one] = firstLook(image([{ name: "", min: 0, max: 4000, low: 100, high: 2000 }]));
  assert.deepEqual([one.color, one.low, one.high, one.visible], ["#ffffff", 100, 2000, true]);
  const [flat] = firstLook(image([{ name: "a", min: 7, max: 7, low: 7, high: 7 }]));
  assert.ok(flat.high > flat.low);
  const many = firstLook(image(Array.from({ length: 6 }, () => ({ name: "", min: 0, max: 1, low: 0, high: 1,
    color: "#00ff00" }))));
  assert.deepEqual(many.map(({ visible }) => visible), [true, true, true, true, false, false]);
  assert.equal(many[0].color, "#00ff00");
});

test("an object keeps its colour when the server names it", () => {
  assert.equal(colorIndex(0xff000000 + 12, 16), colorIndex(12, 16));
});
