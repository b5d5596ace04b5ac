// What a gesture does to label tiles, computed in the page so that nobody waits for the server.
// The server decides; its tiles replace these as soon as it has answered.

import { eachRun } from "./masks.js";

export const TILE = 256;

/** @typedef {import("./types.js").Mask} Mask */
/** @typedef {import("./types.js").Rule} Rule */
/** @typedef {import("./types.js").Gesture} Gesture */
/** @typedef {{touches(row: number, col: number): boolean, apply(data: Uint32Array, row: number, col: number): void}} Effect */
/** @typedef {{isLocked(label: number): boolean, boxOf(label: number): number[]|null}} Context */

/**
 * The effect of a gesture, or null if only the server can tell.
 * @param {Gesture} gesture
 * @param {number[]} created the labels of the objects that it makes
 * @param {Context} context
 * @returns {Effect|null}
 */
export function effectOf(gesture, created, context) {
  const { kind } = gesture;
  if (kind === "commit") {
    const label = gesture.replaces ?? created[0];
    const parts = [write(gesture.mask, label, gesture.rule, context, label)];
    if (gesture.replaces) parts.unshift(relabel([label], 0, context));
    return joined(parts);
  }
  if (kind === "commitMany") {
    return joined(gesture.objects.map(
      (/** @type {{mask: Mask}} */ object, /** @type {number} */ i) =>
        write(object.mask, created[i], gesture.rule, context, 0)));
  }
  if (kind === "paint") {
    const label = gesture.label || created[0];
    return write(gesture.mask, label, gesture.rule, context, label);
  }
  if (kind === "erase") return erase(gesture.mask, gesture.label ?? null, context);
  if (kind === "delete") return relabel(gesture.labels, 0, context);
  if (kind === "merge") return relabel(gesture.labels.slice(1), gesture.labels[0], context);
  if (kind === "relabel") return relabel([gesture.from], gesture.to, context);
  return null;
}

/**
 * The effects of a gesture, each on its plane; null: on all planes.
 * @param {Gesture} gesture
 * @param {number[]} created
 * @param {Context} context
 * @returns {{effect: Effect, plane: import("./planes.js").Plane|null}[]}
 */
export function effectsOf(gesture, created, context) {
  if (gesture.kind !== "commitVolume") {
    const effect = effectOf(gesture, created, context);
    return effect ? [{ effect, plane: planeOf(gesture) }] : [];
  }
  const label = gesture.replaces ?? created[0];
  return gesture.objects.map((/** @type {{mask: Mask, z: number}} */ { mask, z }) => {
    const parts = [write(mask, label, gesture.rule, context, label)];
    if (gesture.replaces) parts.unshift(relabel([label], 0, context));
    return { effect: joined(parts), plane: { t: gesture.t ?? 0, z } };
  });
}

/**
 * The plane on which a gesture changes pixels; null: wherever its objects lie.
 * @param {Gesture} gesture
 * @returns {import("./planes.js").Plane|null}
 */
export function planeOf({ kind, t, z }) {
  return ["delete", "merge", "relabel"].includes(kind) ? null : { t: t ?? 0, z: z ?? 0 };
}

/** @param {Effect[]} effects */
function joined(effects) {
  return {
    /** @param {number} row @param {number} col */
    touches: (row, col) => effects.some((effect) => effect.touches(row, col)),
    /** @param {Uint32Array} data @param {number} row @param {number} col */
    apply: (data, row, col) => {
      for (const effect of effects) if (effect.touches(row, col)) effect.apply(data, row, col);
    },
  };
}

/**
 * @param {number[]} box
 * @param {number} row
 * @param {number} col
 */
function meets(box, row, col) {
  return box[0] < (row + 1) * TILE && box[2] > row * TILE && box[1] < (col + 1) * TILE && box[3] > col * TILE;
}

/**
 * Calls back for the part of each run that lies in a tile, with offsets in the tile.
 * @param {Mask} mask
 * @param {number} row
 * @param {number} col
 * @param {(from: number, to: number) => void} visit
 */
function runsInTile(mask, row, col, visit) {
  const top = row * TILE, left = col * TILE;
  eachRun(mask, (y, x0, x1) => {
    if (y < top || y >= top + TILE) return;
    const from = Math.max(x0 - left, 0), to = Math.min(x1 - left, TILE);
    if (from < to) visit((y - top) * TILE + from, (y - top) * TILE + to);
  });
}

/**
 * @param {Mask} mask
 * @param {number} label
 * @param {Rule} rule
 * @param {Context} context
 * @param {number} own the label that is named, which its lock does not protect
 * @returns {Effect}
 */
function write(mask, label, rule, context, own) {
  return {
    touches: (row, col) => meets(mask.box, row, col),
    apply: (data, row, col) => runsInTile(mask, row, col, (from, to) => {
      for (let i = from; i < to; i++) {
        const before = data[i];
        if (before === 0) data[i] = label;
        else if (rule === "overwrite" && (before === own || !context.isLocked(before))) data[i] = label;
      }
    }),
  };
}

/**
 * @param {Mask} mask
 * @param {number|null} only
 * @param {Context} context
 * @returns {Effect}
 */
function erase(mask, only, context) {
  return {
    touches: (row, col) => meets(mask.box, row, col),
    apply: (data, row, col) => runsInTile(mask, row, col, (from, to) => {
      for (let i = from; i < to; i++) {
        if (only !== null ? data[i] === only : data[i] && !context.isLocked(data[i])) data[i] = 0;
      }
    }),
  };
}

/**
 * @param {number[]} labels
 * @param {number} to
 * @param {Context} context
 * @returns {Effect}
 */
function relabel(labels, to, context) {
  const from = new Set(labels);
  const boxes = labels.map((label) => context.boxOf(label)).filter((box) => box !== null);
  return {
    touches: (row, col) => boxes.some((box) => meets(/** @type {number[]} */ (box), row, col)),
    apply: (data) => {
      for (let i = 0; i < data.length; i++) if (data[i] !== 0 && from.has(data[i])) data[i] = to;
    },
  };
}
