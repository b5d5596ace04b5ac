// What lies above the image and is no label: prompts, lines in work, the brush.

import { drawPrompt } from "./prompt-marks.js";
import { drawTails } from "../tracks/tails.js";

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
    this.hasContent = false;
  }

  /** @param {number} width @param {number} height @param {number} ratio */
  resize(width, height, ratio) {
    this.canvas.width = width;
    this.canvas.height = height;
    this.ratio = ratio;
  }

  draw() {
    const { canvas, context } = this;
    const had = this.hasContent;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (had) context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.hasContent = this.paint();
    if (had && !this.hasContent) this.touch();
  }

  /**
   * Draws one pixel that nobody sees: without it, Chromium goes on showing what a canvas held before it was cleared.
   */
  touch() {
    const { context } = this;
    context.fillStyle = "rgba(0, 0, 0, 0.004)";
    context.fillRect(0, 0, 1, 1);
  }

  /** Whether anything is drawn. */
  paint() {
    const { app, context } = this;
    const hasTails = drawTails(app, context);
    const groups = app.current?.groups ?? [];
    groups.forEach((group, i) => group.prompts.forEach((prompt, j) => {
      const held = app.heldPrompt;
      drawPrompt(context, app.viewport, prompt, held?.group === i && held.index === j);
    }));
    const draws = app.tool?.draw?.call(app.tool, context) ?? false;
    return draws || hasTails || groups.length > 0;
  }
}
