// The mask under the pointer, before a click.

import { Signal } from "./signal.js";
import { Latest } from "./latest.js";
import { maskArea, maskContains } from "./masks.js";
import { best } from "./current.js";

/** @typedef {import("./types.js").PredictedMask} PredictedMask */
/** @typedef {{y: number, x: number, masks: PredictedMask[]}} Preview */

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
   */
  move(y, x) {
    if (this.pointer?.y === y && this.pointer.x === x) return;
    this.pointer = { y, x };
    const known = this.find(y, x);
    if (known) {
      if (known !== this.shown) this.show(known);
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

  /** @param {number} y @param {number} x */
  find(y, x) {
    let found = null, area = Infinity;
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
    this.level = Math.min(this.shown.masks.length - 1, Math.max(0, this.chosen + steps));
    this.changed.emit();
  }
}
