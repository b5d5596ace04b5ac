import test from "node:test";
import assert from "node:assert/strict";
import { firstLook, nextLook, toggled, MOST_CHANNELS } from "../model/channels.js";

function image(count) {
  const channels = Array.from({ length: count }, (_, i) => ({ name: `stain ${i}`, min: 0, max: 100, low: 5, high: 90 }));
  return /** @type {any} */ ({ dtype: "uint16", channels });
}

const shown = (looks) => looks.flatMap(({ visible }, i) => visible ? [i] : []);

test("as many channels are shown as the page can draw, and any of them can be among these", () => {
  let looks = firstLook(image(12));
  assert.deepEqual(shown(looks), [0, 1, 2, 3]);
  assert.equal(toggled(looks, 11), null);
  looks = toggled(looks, 2) ?? [];
  looks = toggled(looks, 11) ?? [];
  assert.deepEqual(shown(looks), [0, 1, 3, 11]);
  assert.equal(shown(looks).length, MOST_CHANNELS);
  assert.deepEqual(shown(nextLook(image(12), looks)), [0, 1, 3, 11]);
});

test("all channels can be hidden", () => {
  let looks = firstLook(image(2));
  for (const i of [0, 1]) looks = toggled(looks, i) ?? [];
  assert.deepEqual(shown(looks), []);
});
