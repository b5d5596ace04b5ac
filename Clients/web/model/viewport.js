// Which part of the image is seen. Positions in the image are by edges; on the screen in CSS pixels.

import { Signal } from "./signal.js";

export class Viewport {
  constructor() {
    this.size = { y: 1, x: 1 };
    this.screen = { width: 1, height: 1 };
    this.center = { y: 0.5, x: 0.5 };
    /** CSS pixels for each pixel of the image. */
    this.scale = 1;
    /** @type {Signal<void>} */
    this.changed = new Signal();
  }

  /** @param {{y: number, x: number}} size */
  setImage(size) {
    this.size = size;
    this.fit();
  }

  /** @param {number} width @param {number} height */
  setScreen(width, height) {
    const isFitted = Math.abs(this.scale - this.fittingScale()) < 1e-6;
    this.screen = { width: Math.max(1, width), height: Math.max(1, height) };
    if (isFitted) this.fit();
    else this.changed.emit();
  }

  fittingScale() {
    return Math.min(this.screen.width / this.size.x, this.screen.height / this.size.y) * 0.96;
  }

  fit() {
    this.scale = this.fittingScale();
    this.center = { y: this.size.y / 2, x: this.size.x / 2 };
    this.changed.emit();
  }

  /** @param {number} left @param {number} top */
  toImage(left, top) {
    return {
      y: this.center.y + (top - this.screen.height / 2) / this.scale,
      x: this.center.x + (left - this.screen.width / 2) / this.scale,
    };
  }

  /** @param {number} y @param {number} x */
  toScreen(y, x) {
    return {
      left: (x - this.center.x) * this.scale + this.screen.width / 2,
      top: (y - this.center.y) * this.scale + this.screen.height / 2,
    };
  }

  /** @param {number} right @param {number} down in CSS pixels */
  pan(right, down) {
    this.center = this.kept({ y: this.center.y - down / this.scale, x: this.center.x - right / this.scale });
    this.changed.emit();
  }

  /**
   * Changes the scale; the place at this point of the screen stays where it is.
   * @param {number} factor
   * @param {number} [left]
   * @param {number} [top]
   */
  zoom(factor, left = this.screen.width / 2, top = this.screen.height / 2) {
    const place = this.toImage(left, top);
    const least = Math.min(this.fittingScale() / 2, 1);
    this.scale = Math.min(64, Math.max(least, this.scale * factor));
    const moved = this.toImage(left, top);
    this.center = this.kept({ y: this.center.y + place.y - moved.y, x: this.center.x + place.x - moved.x });
    this.changed.emit();
  }

  /**
   * Shows a box of the image in the middle; zooms only as far as it must.
   * @param {number[]} box
   */
  show(box) {
    const height = (box[2] - box[0]) * this.scale, width = (box[3] - box[1]) * this.scale;
    const room = Math.min(this.screen.width / width, this.screen.height / height) * 0.6;
    if (room < 1) this.scale *= room;
    if (width < 24 && height < 24) this.scale = Math.min(64, this.scale * 48 / Math.max(width, height, 1));
    this.center = this.kept({ y: (box[0] + box[2]) / 2, x: (box[1] + box[3]) / 2 });
    this.changed.emit();
  }

  /** @param {{y: number, x: number}} center */
  kept(center) {
    return {
      y: Math.min(this.size.y, Math.max(0, center.y)),
      x: Math.min(this.size.x, Math.max(0, center.x)),
    };
  }

  /** The part of the image on the screen: y0, x0, y1, x1. */
  visible() {
    const from = this.toImage(0, 0), to = this.toImage(this.screen.width, this.screen.height);
    return [Math.max(0, from.y), Math.max(0, from.x), Math.min(this.size.y, to.y), Math.min(this.size.x, to.x)];
  }
}
