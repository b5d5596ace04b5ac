// Brush and eraser: pixels by hand, one gesture for each stroke.

import { Tool } from "./tool.js";
import { boxAround, stampSegment } from "../model/rasters.js";
import { filtered, maskOfBits } from "../model/masks.js";

/** @typedef {import("./tool.js").Place} Place */
/** @typedef {[number, number, number, number]} Box */

export class BrushTool extends Tool {
  /**
   * @param {import("../model/app.js").App} app
   * @param {boolean} erases
   */
  constructor(app, erases) {
    super(app);
    this.erases = erases;
    this.cursor = "none";
    /** @type {Place|null} */
    this.pointer = null;
    /** @type {[number, number]|null} */
    this.last = null;
    this.label = 0;
    this.version = 0;
  }

  get hasRadius() { return true; }
  get radius() { return this.app.settings.current.brush; }

  /** @param {Place} place */
  down(place) {
    const { app } = this;
    if (!app.document || app.viewing.current) return;
    const [selected] = app.selection.current;
    // Alt takes up the object under the pointer; the brush goes on with the selected one, or begins another.
    this.label = place.alt ? this.labelAt(place) : app.selection.current.size === 1 ? selected : 0;
    if (place.alt && this.label) app.selection.set(new Set([this.label]));
    this.isBusy = true;
    this.last = null;
    this.extend(place);
  }

  /** @param {Place} place */
  drag(place) {
    this.pointer = place;
    if (this.isBusy) this.extend(place);
  }

  /** @param {Place} place */
  extend(place) {
    const { app } = this;
    const size = app.document?.size;
    if (!size) return;
    const to = /** @type {[number, number]} */ ([place.y, place.x]);
    const from = this.last ?? to;
    this.last = to;
    const radius = Math.max(0.5, this.radius);
    const box = boxAround([from, to], radius, size);
    if (!box) return;
    const stroke = grown(app.stroke, box, size);
    stampSegment(stroke.bits, stroke.box, from, to, radius);
    app.stroke = { ...stroke, version: ++this.version, erases: this.erases };
    app.redraw.emit();
  }

  /** @param {Place} _place */
  up(_place) {
    const { app } = this;
    const { stroke, document } = app;
    this.cancel();
    const mask = stroke ? maskOfBits(stroke.bits, stroke.box) : null;
    if (!mask || !document) return;
    if (this.erases) this.erase(mask);
    else this.paint(mask);
  }

  /** @param {import("../model/types.js").Mask} mask */
  paint(mask) {
    const { app, label } = this;
    const { document, settings } = app;
    if (!document) return;
    const { rule } = settings.current;
    // Where labels have not come yet (null), the server decides.
    if (!label && rule !== "overwrite" && !filtered(mask, (y, x) => !document.labels.at(y, x))) {
      app.say("Every pixel here belongs to an object already. With “overwrite” above the image, the brush paints over it.");
      return;
    }
    const more = label ? {} : { class: app.activeClass.current ?? undefined };
    const created = app.perform({ kind: "paint", label, mask, rule, ...more },
      label ? `Paint object ${name(label)}` : "Paint a new object");
    if (created.length) app.selection.set(new Set(created));
    app.happened.emit("paint");
  }

  /** @param {import("../model/types.js").Mask} mask */
  erase(mask) {
    const { app } = this;
    const { document } = app;
    if (!document) return;
    const only = app.selection.current.size === 1 ? [...app.selection.current][0] : null;
    const touched = filtered(mask, (y, x) => {
      const label = document.labels.at(y, x);
      return label === null || (only !== null ? label === only : label > 0);
    });
    if (!touched) return;
    app.perform({ kind: "erase", mask: touched, ...(only !== null ? { label: only } : {}) }, "Erase");
    app.happened.emit("paint");
  }

  cancel() {
    this.isBusy = false;
    this.last = null;
    this.app.stroke = null;
    this.app.redraw.emit();
  }

  /** @param {Place|null} place */
  hover(place) {
    this.pointer = place;
    this.mark(place);
    this.app.redraw.emit();
  }

  /** @param {CanvasRenderingContext2D} context */
  draw = (context) => {
    const { pointer, app } = this;
    if (!pointer) return false;
    const radius = Math.max(2, this.radius * app.viewport.scale);
    for (const [width, color] of /** @type {[number, string][]} */ ([[3, "rgba(0,0,0,0.6)"], [1.5,
      this.erases ? "#ff8095" : "#ffffff"]])) {
      context.beginPath();
      context.arc(pointer.left, pointer.top, radius, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = color;
      context.stroke();
    }
    return true;
  };
}

/** @param {number} label */
function name(label) { return label >= 0xff000000 ? "" : String(label); }

/**
 * A stroke whose box holds another one as well.
 * @param {{bits: Uint8Array, box: Box}|null} stroke
 * @param {Box} box
 * @param {{y: number, x: number}} size
 * @returns {{bits: Uint8Array, box: Box}}
 */
function grown(stroke, box, size) {
  const old = stroke?.box;
  if (stroke && old && box[0] >= old[0] && box[1] >= old[1] && box[2] <= old[2] && box[3] <= old[3]) return stroke;
  // Some room around, so that it does not grow at every move.
  const room = 64;
  const all = old ? [Math.min(old[0], box[0]), Math.min(old[1], box[1]), Math.max(old[2], box[2]), Math.max(old[3],
    box[3])] : box;
  /** @type {Box} */
  const to = [Math.max(0, all[0] - room), Math.max(0, all[1] - room), Math.min(size.y, all[2] + room), Math.min(size.x,
    all[3] + room)];
  const width = to[3] - to[1];
  const bits = new Uint8Array((to[2] - to[0]) * width);
  if (stroke && old) {
    const from = old[3] - old[1];
    for (let y = old[0]; y < old[2]; y++) {
      bits.set(stroke.bits.subarray((y - old[0]) * from, (y - old[0] + 1) * from), (y - to[0]) * width + old[1] - to[1]);
    }
  }
  return { bits, box: to };
}
