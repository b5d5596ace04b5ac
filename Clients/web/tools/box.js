// A box is drawn from corner to corner.

import { PromptingTool } from "./prompting.js";
import { drawBox } from "../view/prompt-marks.js";

/** @typedef {import("./tool.js").Place} Place */

export class BoxTool extends PromptingTool {
  /** @type {{from: Place, to: Place}|null} */
  box = null;

  /** @param {Place} place */
  down(place) {
    if (this.take(place)) return;
    this.box = { from: place, to: place };
    this.isBusy = true;
  }

  /** @param {Place} place */
  drag(place) {
    if (!this.box) return super.drag(place);
    this.box.to = place;
    this.app.redraw.emit();
  }

  /** @param {Place} place */
  up(place) {
    const { box } = this;
    super.up(place);
    this.box = null;
    this.app.redraw.emit();
    const size = this.app.document?.size;
    if (!box || !size) return;
    const [y0, y1] = ordered(box.from.y, box.to.y, size.y), [x0, x1] = ordered(box.from.x, box.to.x, size.x);
    if (y1 - y0 < 1 || x1 - x0 < 1 || Math.hypot(box.to.left - box.from.left, box.to.top - box.from.top) < 4) return;
    this.add({ type: "box", y0, x0, y1, x1 });
  }

  cancel() {
    super.cancel();
    this.box = null;
    this.app.redraw.emit();
  }

  /** @param {CanvasRenderingContext2D} context */
  draw = (context) => {
    if (!this.box) return;
    const { from, to } = this.box;
    drawBox(context, Math.min(from.left, to.left), Math.min(from.top, to.top),
      Math.max(from.left, to.left), Math.max(from.top, to.top), false);
  };
}

/** @param {number} a @param {number} b @param {number} limit */
function ordered(a, b, limit) {
  const round = (/** @type {number} */ value) => Math.round(Math.min(limit, Math.max(0, value)) * 10) / 10;
  return a < b ? [round(a), round(b)] : [round(b), round(a)];
}
