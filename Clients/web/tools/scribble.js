// A line through the object, or around what does not belong to it.

import { PromptingTool } from "./prompting.js";
import { drawLine, COLOR } from "../view/prompt-marks.js";
import { simplified } from "../model/rasters.js";

/** @typedef {import("./tool.js").Place} Place */

export class ScribbleTool extends PromptingTool {
  /** @type {[number, number][]} by edges */
  points = [];
  isNegativeLine = false;

  /** @param {Place} place */
  down(place) {
    if (this.take(place)) return;
    this.isNegativeLine = this.isNegative(place);
    this.points = [[place.y, place.x]];
    this.isBusy = true;
  }

  /** @param {Place} place */
  drag(place) {
    if (this.points.length === 0) return super.drag(place);
    this.points.push([place.y, place.x]);
    this.app.redraw.emit();
  }

  /** @param {Place} place */
  up(place) {
    const points = simplified(this.points, 0.75 / Math.min(1, this.app.viewport.scale));
    super.up(place);
    this.points = [];
    this.app.redraw.emit();
    if (points.length === 0) return;
    this.add({
      type: "scribble", label: this.isNegativeLine ? "negative" : "positive",
      points: points.map(([y, x]) => /** @type {[number, number]} */ (
        [Math.round((y - 0.5) * 10) / 10, Math.round((x - 0.5) * 10) / 10])),
    });
  }

  cancel() {
    super.cancel();
    this.points = [];
    this.app.redraw.emit();
  }

  /** @param {CanvasRenderingContext2D} context */
  draw = (context) => {
    drawLine(context, this.app.viewport, this.points, this.isNegativeLine ? COLOR.negative : COLOR.positive, false, false);
  };
}
