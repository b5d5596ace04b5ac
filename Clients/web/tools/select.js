// Selects objects; on an automatic one, a click takes it.

import { Tool } from "./tool.js";
import { accept, reopen } from "../model/actions.js";

/** @typedef {import("./tool.js").Place} Place */

export class SelectTool extends Tool {
  /** @param {import("../model/app.js").App} app */
  constructor(app) {
    super(app);
    this.cursor = "default";
  }

  /** @param {Place} place */
  down(place) {
    const { app } = this;
    const label = this.labelAt(place);
    const { selection } = app;
    if (label && place.clicks > 1) {
      void reopen(app, label);
    } else if (label) {
      const chosen = new Set(place.shift ? selection.current : []);
      if (place.shift && selection.current.has(label)) chosen.delete(label);
      else chosen.add(label);
      selection.set(chosen);
    } else {
      const found = this.foundAt(place);
      if (found && place.secondary) app.automatic?.hide([found]);
      else if (found) accept(app, [found]);
      else if (!place.shift) selection.set(new Set());
    }
  }

  /** @param {Place|null} place */
  hover(place) { this.mark(place); }
}
