// Turning to other planes: by keys, wheel and sliders, to an object, or to where something was undone.

import { ahead, hasPlanes, isBetween, isSame, nearest, planeWords, turnedAxis, within } from "./planes.js";
import { TILE } from "./effects.js";
import { prepare } from "./preparing.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./planes.js").Plane} Plane */
/** @typedef {import("./planes.js").Axis} Axis */
/** @typedef {import("./types.js").ObjectRow} ObjectRow */

/** Milliseconds for which a plane is shown before the model reads it; who leafs through a stack asks nothing of it. */
const REST = 250;
const LABELS_REST = 80;

/**
 * Shows another plane of the open image; everything else stays as it is.
 * @param {App} app
 * @param {Plane} plane
 * @returns {boolean} whether it is shown
 */
export function turn(app, plane) {
  const { document } = app;
  if (!document) return false;
  const before = document.plane;
  const to = within(plane, document.image.shape);
  if (isSame(before, to)) return true;
  if (app.tool?.isBusy) {
    app.say("First finish what you are drawing, or cancel it with Esc.");
    return false;
  }
  app.direction = to.z === before.z ? { axis: "t", sign: Math.sign(to.t - before.t) } : { axis: "z", sign: Math.sign(to.z - before.z) };
  document.turn(to);
  app.planeMemory.keep(document.image.id, to);
  app.hover?.forget();
  app.heldPrompt = null;
  app.hovered = app.hoveredFound = 0;
  app.showWork();
  // Who looks at an earlier state sees it on this plane, too.
  if (app.viewing.current) app.look(app.viewing.current.edit);
  app.turned.emit(to);
  app.redraw.emit();
  later(app);
  return true;
}

/**
 * @param {App} app
 * @param {Axis} axis
 * @param {number} steps
 */
export function turnBy(app, axis, steps) {
  const { document } = app;
  if (!document) return;
  const { shape } = document.image;
  if (!hasPlanes(shape)) {
    app.say("This image has one plane.");
    return;
  }
  const turned = turnedAxis(axis, shape);
  app.player?.stop();
  turn(app, { ...document.plane, [turned]: document.plane[turned] + steps });
}

/**
 * Has what belongs to a plane ready once it has been shown for a moment.
 * @param {App} app
 */
function later(app) {
  const { document } = app;
  clearTimeout(app.timers.labels);
  clearTimeout(app.timers.model);
  app.timers.labels = setTimeout(() => { if (document === app.document) loadLabelsAhead(app); }, LABELS_REST);
  app.timers.model = setTimeout(() => { if (document === app.document) void prepare(app); }, REST);
}

/**
 * Asks for the labels of the next planes, as far as they are seen.
 * @param {App} app
 */
export function loadLabelsAhead(app) {
  const { document, viewport } = app;
  if (!document) return;
  const [y0, x0, y1, x1] = viewport.visible();
  for (const plane of ahead(document.plane, document.image.shape, app.direction).slice(0, 3)) {
    const labels = document.labelPlanes.of(plane);
    for (let row = Math.floor(y0 / TILE); row * TILE < y1; row++) {
      for (let col = Math.floor(x0 / TILE); col * TILE < x1; col++) labels.tile(row, col);
    }
  }
}

/**
 * Shows an object: on its nearest plane, in the middle.
 * @param {App} app
 * @param {ObjectRow} row
 */
export function showObject(app, row) {
  const { document } = app;
  if (!document) return false;
  if (!isBetween(row, document.plane) && !turn(app, nearest(row, document.plane))) return false;
  app.viewport.show(row.box);
  return true;
}

/**
 * Shows where pixels have changed, if that is on another plane.
 * @param {App} app
 * @param {Plane[]} tiles
 * @param {string} words what has happened
 */
export function showChange(app, tiles, words) {
  const { document } = app;
  if (!document || tiles.length === 0) return;
  const { plane, image } = document;
  if (tiles.some((tile) => isSame(tile, plane))) return;
  const distance = (/** @type {Plane} */ { t, z }) => Math.abs(t - plane.t) + Math.abs(z - plane.z);
  const { t, z } = tiles.reduce((best, tile) => distance(tile) < distance(best) ? tile : best);
  const where = planeWords({ t, z }, image.shape);
  const back = { words: `Back to ${planeWords(plane, image.shape)}`, run: () => turn(app, plane) };
  if (app.tool?.isBusy) app.say(`${words} on ${where}.`, { action: { words: "Show it", run: () => turn(app, { t, z }) }, seconds: 8 });
  else if (turn(app, { t, z })) app.say(`${words} on ${where}.`, { action: back, seconds: 8 });
}
