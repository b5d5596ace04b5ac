// Committed objects that come back into work: with their prompts, or by the pixels that they have.

import { maskOfLabel } from "./label-tiles.js";
import { maskPrompt } from "./masks.js";
import { TILE } from "./effects.js";
import { isBetween, nearest } from "./planes.js";
import { turn } from "./turning.js";
import { needsSelection } from "./actions.js";

/** @typedef {import("./app.js").App} App */

/**
 * Puts a committed object back into work.
 * @param {App} app
 * @param {number} label
 */
export async function reopen(app, label) {
  const { document } = app;
  if (!document) return;
  const row = document.objects.get(label);
  if (!row || (!isBetween(row, document.plane) && !turn(app, nearest(row, document.plane)))) return;
  const { plane } = document;
  // Prompts are kept for the plane that was committed last; what else there is of an object has its mask.
  const isOnePlane = !row.t || !row.z || (row.t[1] - row.t[0]) * (row.z[1] - row.z[0]) === 1;
  try {
    const { prompts, options } = row.pending || !isOnePlane ? { prompts: [], options: null }
      : await app.api.get(`${document.address}/objects/${label}`);
    const mask = await maskOfObject(app, label);
    const usable = prompts?.length ? prompts : mask ? [maskPrompt(mask, document.size)] : [];
    if (document !== app.document || plane !== document.plane || !app.current) return;
    if (usable.length === 0) {
      app.say("This object has no pixels on this plane.");
      return;
    }
    app.activeClass.set(row.class);
    app.current.reopen(label, usable, mask, options?.mask_threshold ?? 0);
    app.selection.set(new Set());
    app.toolName.set("point");
  } catch (error) {
    app.complain(error);
  }
}

/**
 * The pixels of an object.
 * @param {App} app
 * @param {number} label
 */
async function maskOfObject(app, label) {
  const { document } = app;
  const box = document?.boxOf(label);
  if (!document || !box) return null;
  const { labels } = document;
  const [y0, x0, y1, x1] = box;
  const waits = [];
  for (let row = Math.floor(y0 / TILE); row * TILE < y1; row++) {
    for (let col = Math.floor(x0 / TILE); col * TILE < x1; col++) waits.push(labels.load(row, col));
  }
  await Promise.all(waits);
  return maskOfLabel(labels, label, box);
}

/**
 * Begins a new object from the mask of a committed one.
 * @param {App} app
 */
export async function useAsPrompt(app) {
  const [label] = app.selection.current;
  if (label === undefined) return needsSelection(app);
  const mask = await maskOfObject(app, label);
  if (!mask || !app.document || !app.current) return;
  app.current.add(maskPrompt(mask, app.document.size), app.settings.current.batch);
  app.toolName.set("point");
}
