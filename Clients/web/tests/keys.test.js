import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Keys, nameOf } from "../model/keys.js";

const table = JSON.parse(readFileSync(new URL("../keys.json", import.meta.url), "utf8"));
const press = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

test("no key means two things in a mode", () => {
  for (const mode of new Set(table.groups.map((group) => group.mode))) {
    const groups = table.groups.filter((group) => group.mode === mode);
    const all = groups.flatMap(({ keys }) => keys.flatMap((line) => line.keys));
    assert.equal(new Set(all).size, all.length, mode);
  }
});

test("keys of tracks hold in their mode, and leave all others as they are", () => {
  const keys = new Keys(table);
  assert.equal(keys.find(press("a"))?.action, "contrast");
  assert.equal(keys.find(press("a"), "tracks")?.action, "track.connect");
  assert.equal(keys.find(press("x"), "tracks")?.action, "tool.split");
  for (const [key, action] of [["b", "track.break"], ["d", "track.delete"], ["z", "undo"], ["r", "redo"], ["e", "track.restore"]]) {
    assert.equal(keys.find(press(key), "tracks")?.action, action);
  }
});

test("keys have the names of the table", () => {
  assert.equal(nameOf(press("z", { ctrlKey: true })), "Ctrl+Z");
  assert.equal(nameOf(press("Z", { metaKey: true, shiftKey: true })), "Ctrl+Shift+Z");
  assert.equal(nameOf(press("?", { shiftKey: true })), "?");
  assert.equal(nameOf(press("c")), "C");
  assert.equal(nameOf(press("C", { shiftKey: true })), "Shift+C");
});

test("keys find their action", () => {
  const keys = new Keys(table);
  assert.deepEqual(keys.find(press("c")), { action: "commit", index: 0 });
  assert.deepEqual(keys.find(press("3")), { action: "class", index: 2 });
  assert.equal(keys.find(press("c", { ctrlKey: true })), null);
  assert.equal(keys.keyOf("tool.brush"), "B");
});

test("the reference's keys are the same here", () => {
  const keys = new Keys(table);
  for (const [key, more, action] of [["s", {}, "segment"], ["t", {}, "polarity"], ["c", {}, "commit"], ["C",
    { shiftKey: true }, "clear"], ["n", {}, "next"]]) {
    assert.equal(keys.find(press(key, more))?.action, action);
  }
});
