// What a tool is: something that the pointer works with.

/**
 * Where the pointer is: in the image by edges, on the screen in CSS pixels.
 * @typedef {{y: number, x: number, left: number, top: number, shift: boolean, alt: boolean, ctrl: boolean,
 *   secondary: boolean, clicks: number}} Place
 */

export class Tool {
  /** @param {import("../model/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.cursor = "crosshair";
    /** Whether it is in the middle of something that Esc ends. */
    this.isBusy = false;
  }

  /** @param {Place} _place */
  down(_place) {}

  /**
   * The pointer moves with its button down.
   * @param {Place} _place
   */
  drag(_place) {}

  /** @param {Place} _place */
  up(_place) {}

  /**
   * The pointer moves with no button down; null: it has left.
   * @param {Place|null} _place
   */
  hover(_place) {}

  /** Ends what is going on without a result. */
  cancel() { this.isBusy = false; }

  /**
   * Draws over the image, in CSS pixels.
   * @type {((context: CanvasRenderingContext2D) => void)|undefined}
   */
  draw = undefined;

  /** Brushes are changed by the keys for smaller and larger masks. */
  get hasRadius() { return false; }

  /**
   * The label under a place; 0 where there is none.
   * @param {Place} place
   */
  labelAt(place) {
    return this.app.document?.labels.at(Math.floor(place.y), Math.floor(place.x)) ?? 0;
  }

  /**
   * The automatic object under a place that is still offered; 0 where there is none.
   * @param {Place} place
   */
  foundAt(place) {
    const { automatic, automaticVisible } = this.app;
    if (!automatic?.run || !automaticVisible.current) return 0;
    const label = automatic.run.labels.at(Math.floor(place.y), Math.floor(place.x)) ?? 0;
    return label && !automatic.hidden.has(label) ? label : 0;
  }

  /**
   * Marks what is under the pointer.
   * @param {Place|null} place
   */
  mark(place) {
    const { app } = this;
    const label = place ? this.labelAt(place) : 0;
    app.setHovered(label);
    app.setHoveredFound(place && !label ? this.foundAt(place) : 0);
  }

  /** @param {Place} place @returns {boolean} whether the place is in the image */
  isInside(place) {
    const size = this.app.document?.size;
    return !!size && place.y >= 0 && place.x >= 0 && place.y < size.y && place.x < size.x;
  }
}
