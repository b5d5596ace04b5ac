// The mask under the pointer, before a click.

import { Signal } from "./signal.js";
import { Latest } from "./latest.js";
import { maskArea, maskContains, overlap } from "./masks.js";
import { best } from "./current.js";

/** @typedef {import("./types.js").PredictedMask} PredictedMask */
/**
 * found: the automatic object that it is
 * @typedef {{y: number, x: number, masks: PredictedMask[], found?: number}} Preview
 */

const KEPT = 300;

export class Hover {
  /** @param {(y: number, x: number, signal: AbortSignal) => Promise<{state: string, masks: PredictedMask[]}>} request */
  constructor(request) {
    /** @type {Preview[]} the newest last */
    this.known = [];
    /** @type {Preview|null} */
    this.shown = null;
    /**
     * Which of the masks, from small to large; null: the best.
     * @type {number|null}
     */
    this.level = null;
    /** Steps to larger masks that wait for the model's masks at an automatic object. */
    this.steps = 0;
    /** @type {{y: number, x: number}|null} */
    this.pointer = null;
    /** @type {Signal<void>} */
    this.changed = new Signal();
    this.latest = new Latest(
      ({ y, x }, signal) => request(y, x, signal),
      (answer, /** @type {{y: number, x: number}} */ place) => this.take(place, answer.masks),
      () => undefined,
    );
  }

  /**
   * The index of the mask that is shown.
   * @returns {number}
   */
  get chosen() {
    const masks = this.shown?.masks ?? [];
    if (masks.length === 0) return 0;
    return this.level === null ? best(masks) : Math.min(masks.length - 1, this.level);
  }

  get mask() { return this.shown?.masks[this.chosen]?.mask ?? null; }

  /**
   * The pointer is at a pixel; masks that are known for it are shown at once.
   * @param {number} y
   * @param {number} x
   * @param {Preview|null} found the automatic object there
   */
  move(y, x, found = null) {
    if (this.pointer?.y === y && this.pointer.x === x) return;
    this.pointer = { y, x };
    this.steps = 0;
    const known = this.find(y, x, found);
    if (known) {
      if (known.masks !== this.shown?.masks) this.show(known);
      return;
    }
    if (this.mask && !maskContains(this.mask, y, x)) this.show(null);
    this.latest.ask({ y, x });
  }

  /** The model is ready now; a pointer that rests has its mask without moving. */
  again() { if (this.pointer && !this.shown) this.latest.ask(this.pointer); }

  /** The pointer is away, or something else is shown there. */
  leave() {
    this.pointer = null;
    this.latest.cancel();
    if (this.shown) this.show(null);
  }

  /** Forgets all masks: the image or the model is another. */
  forget() {
    this.known = [];
    this.leave();
  }

  /**
   * The smallest of the masks that are known for a pixel. Who has walked to larger or smaller ones
   * wants those of the model, because an automatic object is a single mask.
   * @param {number} y
   * @param {number} x
   * @param {Preview|null} automatic
   */
  find(y, x, automatic = null) {
    let found = this.level === null ? automatic : null;
    let area = found ? maskArea(found.masks[0].mask) : Infinity;
    for (const preview of this.known) {
      const index = this.level === null ? best(preview.masks) : Math.min(preview.masks.length - 1, this.level);
      const mask = preview.masks[index]?.mask;
      if (!mask || !maskContains(mask, y, x)) continue;
      const own = maskArea(mask);
      if (own <= area) { found = preview; area = own; }
    }
    return found;
  }

  /**
   * @param {{y: number, x: number}} place
   * @param {PredictedMask[]} masks
   */
  take(place, masks) {
    if (masks.length === 0) return;
    const preview = { ...place, masks };
    this.remember(preview);
    if (!this.pointer) return;
    if (this.shown?.found) {
      // What was asked for before the pointer came to the object does not take its place.
      if (this.steps === 0) return;
      this.level = nearest(masks, this.shown.masks[0].mask) + this.steps;
      this.level = Math.min(masks.length - 1, Math.max(0, this.level));
      this.steps = 0;
    }
    const fits = masks.some(({ mask }) => maskContains(mask, this.pointer?.y ?? -1, this.pointer?.x ?? -1));
    if (fits || (this.pointer.y === place.y && this.pointer.x === place.x)) this.show(preview);
  }

  /** @param {Preview} preview */
  remember(preview) {
    this.known.push(preview);
    if (this.known.length > KEPT) this.known.splice(0, this.known.length - KEPT);
  }

  /** @param {Preview|null} preview */
  show(preview) {
    this.shown = preview;
    this.changed.emit();
  }

  /** @param {number} steps to larger masks; negative to smaller ones */
  walk(steps) {
    if (!this.shown) return;
    if (this.shown.found && this.pointer) {
      this.steps += steps;
      this.latest.ask(this.pointer);
      return;
    }
    this.level = Math.min(this.shown.masks.length - 1, Math.max(0, this.chosen + steps));
    this.changed.emit();
  }
}

/**
 * The index of the mask that has most in common with another one.
 * @param {PredictedMask[]} masks
 * @param {import("./types.js").Mask} mask
 */
function nearest(masks, mask) {
  const shares = masks.map((one) => overlap(one.mask, mask));
  return shares.indexOf(Math.max(...shares));
}
