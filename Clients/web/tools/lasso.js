// Lasso and polygon in one: drag for a free line, click for corners; a click at the beginning closes it.

import { PromptingTool } from "./prompting.js";
import { drawLine, COLOR } from "../view/prompt-marks.js";
import { simplified } from "../model/rasters.js";

/** @typedef {import("./tool.js").Place} Place */

const CLOSE = 10;

export class LassoTool extends PromptingTool {
  /** @type {[number, number][]} by edges */
  points = [];
  /** @type {Place|null} */
  pointer = null;
  isDown = false;
  hasDragged = false;

  /** @param {Place} place */
  down(place) {
    if (this.points.length === 0 && this.take(place)) return;
    if (place.secondary) return this.finish();
    if (place.clicks > 1 && this.points.length >= 3) return this.finish();
    if (this.points.length >= 3 && this.isAtBegin(place)) return this.finish();
    this.points.push([place.y, place.x]);
    this.isBusy = true;
    this.isDown = true;
    this.hasDragged = false;
    this.app.redraw.emit();
  }

  /** @param {Place} place */
  drag(place) {
    if (!this.isDown) return super.drag(place);
    const [y, x] = this.points[this.points.length - 1];
    if (Math.hypot(place.y - y, place.x - x) * this.app.viewport.scale < 4) return;
    this.hasDragged = true;
    this.points.push([place.y, place.x]);
    this.app.redraw.emit();
  }

  /** @param {Place} place */
  up(place) {
    if (!this.isDown) return super.up(place);
    this.isDown = false;
    this.pointer = place;
    if (this.hasDragged) this.finish();
  }

  /** @param {Place|null} place */
  hover(place) {
    if (this.points.length === 0) return super.hover(place);
    this.pointer = place;
    this.app.redraw.emit();
  }

  /** @param {Place} place */
  isAtBegin(place) {
    const begin = this.app.viewport.toScreen(...this.points[0]);
    return Math.hypot(begin.left - place.left, begin.top - place.top) < CLOSE;
  }

  finish() {
    const points = simplified(this.points, 0.75 / Math.min(1, this.app.viewport.scale));
    this.cancel();
    const corners = points.map(([y, x]) => /** @type {[number, number]} */ (
      [Math.round((y - 0.5) * 10) / 10, Math.round((x - 0.5) * 10) / 10]));
    if (corners.length >= 3) this.add({ type: "polygon", points: corners });
  }

  cancel() {
    super.cancel();
    this.points = [];
    this.isDown = false;
    this.app.redraw.emit();
  }

  /** @param {CanvasRenderingContext2D} context */
  draw = (context) => {
    if (this.points.length === 0) return;
    const end = this.pointer && !this.isDown ? [[this.pointer.y, this.pointer.x]] : [];
    drawLine(context, this.app.viewport, [...this.points, ...end], COLOR.positive, false, false);
    const begin = this.app.viewport.toScreen(...this.points[0]);
    context.beginPath();
    context.arc(begin.left, begin.top, 5, 0, 2 * Math.PI);
    context.fillStyle = COLOR.positive;
    context.fill();
  };
}
