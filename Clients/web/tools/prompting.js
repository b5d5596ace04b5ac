// What all tools that make prompts share: prompts can be taken, moved and removed.

import { Tool } from "./tool.js";
import { promptAt } from "../view/prompt-marks.js";
import { objectFor } from "../model/volume-parts.js";

/** @typedef {import("./tool.js").Place} Place */
/** @typedef {import("../model/types.js").Prompt} Prompt */

export class PromptingTool extends Tool {
  /** @param {import("../model/app.js").App} app */
  constructor(app) {
    super(app);
    /** @type {{group: number, index: number, part: string, from: Place, before: Prompt, moved: boolean}|null} */
    this.held = null;
  }

  /** @param {Place} place @returns {boolean} whether a prompt was taken */
  take(place) {
    const { current } = this.app;
    const found = current ? promptAt(current.groups, this.app.viewport, place.left, place.top) : null;
    if (!found || !current) return false;
    if (place.secondary || place.alt) {
      this.app.heldPrompt = null;
      current.remove(found.group, found.index);
      return true;
    }
    const before = structuredClone(current.groups[found.group].prompts[found.index]);
    this.held = { ...found, from: place, before, moved: false };
    this.isBusy = true;
    return true;
  }

  /** @param {Place} place */
  drag(place) {
    const { held, app } = this;
    if (!held || !app.current) return;
    if (!held.moved && Math.hypot(place.left - held.from.left, place.top - held.from.top) < 3) return;
    const dy = place.y - held.from.y, dx = place.x - held.from.x;
    app.current.replace(held.group, held.index, moved(held.before, held.part, dy, dx), !held.moved);
    held.moved = true;
  }

  /** @param {Place} _place */
  up(_place) {
    this.held = null;
    this.isBusy = false;
  }

  cancel() {
    if (this.held?.moved) this.app.current?.undo();
    this.held = null;
    this.isBusy = false;
  }

  /** @param {Place|null} place */
  hover(place) {
    const { app } = this;
    const groups = app.current?.groups ?? [];
    const found = place && groups.length ? promptAt(groups, app.viewport, place.left, place.top) : null;
    const before = app.heldPrompt;
    app.heldPrompt = found;
    this.cursor = found ? (found.part === "all" ? "move" : `${found.part}-resize`) : "crosshair";
    if (before?.group !== found?.group || before?.index !== found?.index) app.redraw.emit();
    this.look(place, found !== null);
  }

  /**
   * Shows what is under the pointer.
   * @param {Place|null} place
   * @param {boolean} isOnPrompt
   */
  look(place, isOnPrompt) {
    this.mark(isOnPrompt ? null : place);
  }

  /**
   * A negative prompt is meant.
   * @param {Place} place
   */
  isNegative(place) {
    return (this.app.polarity.current === "negative") !== (place.secondary || place.alt);
  }

  /** @param {Prompt} prompt */
  add(prompt) {
    const { app } = this;
    const isPositive = !("label" in prompt) || prompt.label !== "negative";
    const object = objectFor(app.volume, prompt);
    if (object !== null) app.current?.addTo(prompt, object);
    else app.current?.add(prompt, app.settings.current.batch && isPositive && !app.current.replaces);
    app.happened.emit(isPositive ? "prompt" : "negative");
  }
}

/**
 * @param {Prompt} prompt
 * @param {string} part
 * @param {number} dy
 * @param {number} dx
 * @returns {Prompt}
 */
function moved(prompt, part, dy, dx) {
  if (prompt.type === "point") return { ...prompt, y: prompt.y + dy, x: prompt.x + dx };
  if (prompt.type === "box") {
    const all = part === "all";
    const edges = {
      y0: prompt.y0 + (all || part.includes("n") ? dy : 0), y1: prompt.y1 + (all || part.includes("s") ? dy : 0),
      x0: prompt.x0 + (all || part.includes("w") ? dx : 0), x1: prompt.x1 + (all || part.includes("e") ? dx : 0),
    };
    return { ...prompt, y0: Math.min(edges.y0, edges.y1 - 1), y1: Math.max(edges.y1, edges.y0 + 1),
      x0: Math.min(edges.x0, edges.x1 - 1), x1: Math.max(edges.x1, edges.x0 + 1) };
  }
  if (prompt.type === "mask") return prompt;
  return { ...prompt, points: prompt.points.map(([y, x]) => /** @type {[number, number]} */ ([y + dy, x + dx])) };
}
