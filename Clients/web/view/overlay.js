// What lies above the image and is no label: prompts, lines in work, the brush.

import { drawPrompt } from "./prompt-marks.js";

export class Overlay {
  /**
   * @param {import("../model/app.js").App} app
   * @param {HTMLCanvasElement} canvas
   */
  constructor(app, canvas) {
    this.app = app;
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.ratio = 1;
    this.isEmpty = true;
  }

  /** @param {number} width @param {number} height @param {number} ratio */
  resize(width, height, ratio) {
    this.canvas.width = width;
    this.canvas.height = height;
    this.ratio = ratio;
  }

  draw() {
    const { app, context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (!this.isEmpty) context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const draws = app.tool?.draw;
    const groups = app.current?.groups ?? [];
    this.isEmpty = groups.length === 0 && !draws && !app.viewing.current;
    if (this.isEmpty) return;
    groups.forEach((group, i) => group.prompts.forEach((prompt, j) => {
      const held = app.heldPrompt;
      drawPrompt(context, app.viewport, prompt, held?.group === i && held.index === j);
    }));
    draws?.call(app.tool, context);
  }
}
