// Planes across slices: what is asked for, and the colours.
import test from "node:test";
import assert from "node:assert/strict";
import { MOST_PIECES } from "../model/sections.js";
import { objectColor, rgb } from "../model/palette.js";
import { sectionColors } from "../view/section-colors.js";
import { openedApp } from "./opened-app.js";

const CHANNEL = { name: "", min: 0, max: 100, low: 0, high: 100 };
const SUMMARY = { id: 1, name: "a", shape: { t: 1, z: 300, y: 700, x: 5000, c: 1 }, edit: 0, canUndo: false, canRedo: false,
  channels: [CHANNEL], levels: [], dtype: "uint16", version: "v1" };

class FakeApi {
  constructor() {
    /** @type {string[]} */
    this.asked = [];
    this.atOnce = 0;
    this.most = 0;
  }

  async send(_method, path) {
    this.asked.push(path);
    this.most = Math.max(this.most, ++this.atOnce);
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.atOnce--;
    const bytes = new ArrayBuffer(512 * 64 * (path.includes("labels") ? 4 : 2));
    return { headers: new Headers({ "X-Width": "512", "X-Height": "64" }), arrayBuffer: async () => bytes };
  }

  async get(path) {
    if (path.endsWith("/objects")) return { edit: 0, objects: [] };
    return path.endsWith("/labels") ? { edit: 0, tiles: [] } : structuredClone(SUMMARY);
  }

  async post() { return { state: "ready" }; }
}

async function opened() {
  const api = new FakeApi();
  const app = await openedApp(api);
  return { api, app, sections: app.sections };
}

/** Draws until everything has come. */
async function drawn(sections, slices, line) {
  let found = sections.visible("y", slices, line);
  for (let i = 0; i < 200 && (sections.running > 0 || found.length === 0); i++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    found = sections.visible("y", slices, line);
  }
  return found;
}

test("only a band through the pointer is asked for, a few pieces at a time", async () => {
  const { api, sections } = await opened();
  sections.toggle();
  sections.place = { y: 20, x: 2600 };
  const found = await drawn(sections, [-1000, 1000], [-100, 9000]);
  assert.equal(found.length, MOST_PIECES);
  assert.equal(api.asked.length, 2 * MOST_PIECES);
  assert.ok(api.most <= 4);
  // Slice 150 of 300, and the pieces beside x = 2600.
  assert.ok(api.asked.includes("/images/1/sections/y/0/20/2/5/pixels?c=0&v=v1"));
  assert.ok(api.asked.includes("/images/1/sections/y/0/20/2/5/labels"));
  await drawn(sections, [-1000, 1000], [-100, 9000]);
  assert.equal(api.asked.length, 2 * MOST_PIECES);
});

test("other objects are asked for again, pixels are not", async () => {
  const { api, app, sections } = await opened();
  sections.toggle();
  const range = [[130, 140], [0, 100]];
  const [{ piece }] = await drawn(sections, ...range);
  api.asked.length = 0;
  app.objectsChanged.emit();
  sections.visible("y", ...range);
  const [{ piece: next }] = await drawn(sections, ...range);
  assert.deepEqual(api.asked, ["/images/1/sections/y/0/350/2/0/labels"]);
  assert.notEqual(piece.stamp, next.stamp);
});

test("the pointer is followed once it rests, and only inside the image", async () => {
  const { app, sections } = await opened();
  app.pointer.set({ y: 5, x: 6 });
  assert.deepEqual(sections.place, { y: 350, x: 2500 });
  sections.toggle();
  app.pointer.set({ y: 7, x: 8 });
  app.pointer.set({ y: -1, x: 8 });
  await new Promise((resolve) => setTimeout(resolve, 130));
  assert.deepEqual(sections.place, { y: 7, x: 8 });
});

test("objects have the colours of the slices, outlines included", () => {
  const labels = new Uint32Array(25);
  for (const i of [6, 7, 8, 11, 12, 13, 16, 17, 18]) labels[i] = 3;
  const piece = { width: 5, height: 5, channels: [new Uint16Array(25).fill(50)], labels, stamp: 0, isOld: false };
  const looks = [{ ...CHANNEL, color: "#ffffff", visible: true, gamma: 1 }];
  const style = /** @type {any} */ ({ fill: 0.5, colorBy: "object", palette: "vivid", labelsVisible: true, contour: true });
  const at = (pixels, i) => [...pixels.slice(4 * i, 4 * i + 3)];
  const pixels = sectionColors(piece, looks, style, () => 0, new Set());
  const color = rgb(objectColor(3, "vivid"));
  assert.deepEqual(at(pixels, 0), [128, 128, 128]);
  assert.deepEqual(at(pixels, 6), color);
  at(pixels, 12).forEach((value, c) => assert.ok(Math.abs(value - (128 + color[c]) / 2) <= 1));
  assert.deepEqual(at(sectionColors(piece, looks, style, () => 0, new Set([3])), 6), [255, 255, 255]);
  assert.deepEqual(at(sectionColors(piece, looks, { ...style, labelsVisible: false }, () => 0, new Set()), 6), [128, 128, 128]);
  assert.deepEqual(at(sectionColors(piece, looks, { ...style, colorBy: "class" }, () => 0, new Set()), 6), [158, 158, 158]);
  assert.deepEqual(at(sectionColors(piece, [{ ...looks[0], gamma: 2 }], style, () => 0, new Set()), 0), [180, 180, 180]);
});
