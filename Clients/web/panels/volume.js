// Above the image, as long as an object goes through the volume: its slices, stop, clear, commit.

import { h, byId } from "./dom.js";
import { volumeOptions } from "./volume-options.js";
import { commit } from "../model/actions.js";
import { turn } from "../model/turning.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/volume.js").Volume} Volume */

const WIDTH = 132;
const HEIGHT = 12;

/** @param {App} app */
export function volumeBar(app) {
  const { volume } = app;
  const bar = byId("volume");
  const words = h("span", { class: "volume-words", role: "status" });
  const strip = h("canvas", { class: "volume-strip", title: "Slices of the object; a click turns to one",
    onclick: (/** @type {MouseEvent} */ event) => toSlice(app, event) });
  const stop = h("button", { type: "button", title: "Stop; the slices that have come stay (Esc)", onclick: () => volume.stop() }, "Stop");
  const clear = h("button", { type: "button", title: "Take the masks away; the prompts stay (Esc)", onclick: () => volume.clear() }, "Discard");
  const take = h("button", { type: "button", class: "primary", title: "Commit what is found on all these slices (C)", onclick: () => commit(app) },
    h("span", {}, ""), h("kbd", {}, "C"));
  const options = volumeOptions(app);
  bar.append(strip, words, h("div", { class: "volume-actions" }, options.button, stop, clear, take), options.fields);
  const show = () => {
    bar.hidden = !volume.isHere || app.viewing.current !== null;
    if (bar.hidden) return;
    const { slices } = volume;
    words.textContent = volume.state === "failed" ? "Failed" : slicesWords(slices, volume.objectCount);
    words.title = volume.message;
    words.classList.toggle("busy", volume.isRunning);
    words.classList.toggle("failed", volume.state === "failed");
    stop.hidden = !volume.isRunning;
    clear.hidden = volume.isRunning;
    /** @type {HTMLButtonElement} */ (take).disabled = slices.length === 0;
    if (take.firstElementChild) take.firstElementChild.textContent = volume.replaces ? `Add to ${volume.replaces}` : "Commit all";
    drawStrip(app, strip, slices);
    options.show();
  };
  volume.changed.listen(show);
  app.opened.listen(show);
  app.turned.listen(show);
  app.viewing.listen(show);
  app.settings.value.listen(show);
}

/**
 * How many slices, and from where to where.
 * @param {number[]} slices ascending
 * @param {number} objects how many there are
 */
export function slicesWords(slices, objects = 1) {
  if (slices.length === 0) return "No slice yet";
  const [first, last] = [slices[0], slices[slices.length - 1]];
  const words = slices.length === 1 ? `Slice ${first}` : `${slices.length} slices, ${first}–${last}`;
  return objects > 1 ? `${objects} objects: ${words.toLowerCase()}` : words;
}

/**
 * Draws which slices have a mask and which ones have prompts, and the one that is shown.
 * @param {App} app
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} slices
 */
function drawStrip(app, canvas, slices) {
  const { document, volume } = app;
  const context = canvas.getContext("2d");
  if (!document || !context) return;
  const ratio = Math.min(2, devicePixelRatio || 1);
  canvas.width = WIDTH * ratio;
  canvas.height = HEIGHT * ratio;
  const step = canvas.width / document.image.shape.z;
  const style = getComputedStyle(canvas);
  const color = (/** @type {string} */ name) => style.getPropertyValue(name);
  const mark = (/** @type {number} */ z, /** @type {string} */ fill, /** @type {number} */ top, /** @type {number} */ height) => {
    context.fillStyle = fill;
    context.fillRect(Math.floor(z * step), top, Math.max(ratio, Math.ceil(step)), height);
  };
  context.fillStyle = color("--line");
  context.fillRect(0, canvas.height / 3, canvas.width, canvas.height / 3);
  for (const z of slices) mark(z, color("--accent"), canvas.height / 4, canvas.height / 2);
  for (const z of volume.keySlices) mark(z, color("--warm"), canvas.height / 4, canvas.height / 2);
  mark(document.plane.z, color("--text"), 0, canvas.height);
}

/** @param {App} app @param {MouseEvent} event */
function toSlice(app, event) {
  const { document } = app;
  if (!document) return;
  const bounds = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const z = Math.floor((event.clientX - bounds.left) / bounds.width * document.image.shape.z);
  app.player?.stop();
  turn(app, { ...document.plane, z });
}
