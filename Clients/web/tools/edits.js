// Small tools for committed objects: fill, split, merge, pick.

import { Tool } from "./tool.js";
import { drawLine } from "../view/prompt-marks.js";
import { simplified } from "../model/rasters.js";
import { counted } from "../model/actions.js";

/** @typedef {import("./tool.js").Place} Place */

/** Fills an enclosed place of background with the object around it. */
export class FillTool extends Tool {
  /** @param {Place} place */
  down(place) {
    const { app } = this;
    const { document } = app;
    if (!document || !this.isInside(place) || app.viewing.current) return;
    if (this.labelAt(place)) {
      app.say("There is already an object here. Click into a hole.");
      return;
    }
    const y = Math.floor(place.y), x = Math.floor(place.x);
    const label = [...app.selection.current][0] ?? neighbour(document.labels, y, x);
    if (!label) app.say("No object encloses this place.");
    else app.perform({ kind: "fill", label, y, x }, "Fill a place");
  }

  /** @param {Place|null} place */
  hover(place) { this.mark(place); }
}

/**
 * The first label to the left of a place, in its row.
 * @param {import("../model/label-tiles.js").LabelTiles} labels
 * @param {number} y
 * @param {number} x
 */
function neighbour(labels, y, x) {
  for (let i = x; i >= Math.max(0, x - 2000); i--) {
    const label = labels.at(y, i);
    if (label) return label;
    if (label === null) return 0;
  }
  return 0;
}

/** Cuts an object along a line. */
export class SplitTool extends Tool {
  /** @type {[number, number][]} by edges */
  points = [];

  /** @param {Place} place */
  down(place) {
    if (this.app.viewing.current) return;
    this.points = [[place.y, place.x]];
    this.isBusy = true;
  }

  /** @param {Place} place */
  drag(place) {
    if (this.points.length === 0) return;
    this.points.push([place.y, place.x]);
    this.app.redraw.emit();
  }

  /** @param {Place} _place */
  up(_place) {
    const line = simplified(this.points, 0.5);
    this.cancel();
    if (line.length < 2) return;
    const label = this.crossed(line) || this.app.tracks?.apart() || 0;
    if (!label) {
      this.app.say("The line crosses no object.");
      return;
    }
    const pixels = line.map(([y, x]) => [Math.round((y - 0.5) * 10) / 10, Math.round((x - 0.5) * 10) / 10]);
    const gesture = this.app.tracks?.splitting(label, pixels) ?? { kind: "split", label, width: 1, line: pixels };
    this.app.perform(gesture, "Split an object");
    this.app.happened.emit("split");
  }

  /**
   * The object on which the line is longest.
   * @param {[number, number][]} line
   */
  crossed(line) {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (let i = 1; i < line.length; i++) {
      const [ay, ax] = line[i - 1], [by, bx] = line[i];
      const steps = Math.max(1, Math.ceil(Math.hypot(by - ay, bx - ax)));
      for (let s = 0; s <= steps; s++) {
        const label = this.app.document?.labels.at(
          Math.floor(ay + (by - ay) * s / steps), Math.floor(ax + (bx - ax) * s / steps));
        if (label) counts.set(label, (counts.get(label) ?? 0) + 1);
      }
    }
    return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
  }

  cancel() {
    this.points = [];
    this.isBusy = false;
    this.app.redraw.emit();
  }

  /** @param {Place|null} place */
  hover(place) { this.mark(place); }

  /** @param {CanvasRenderingContext2D} context */
  draw = (context) => {
    drawLine(context, this.app.viewport, this.points, "#ffd23f", false, false);
    return this.points.length > 0;
  };
}

/** Merges each clicked object with the one clicked first; what was selected before does not count. */
export class MergeTool extends Tool {
  first = 0;

  /** @param {import("../model/app.js").App} app */
  constructor(app) {
    super(app);
    this.cursor = "pointer";
  }

  /** @param {Place} place */
  down(place) {
    const { app } = this;
    const label = this.labelAt(place);
    const first = app.selection.current.has(this.first) ? this.first : 0;
    if (!label || !first || first === label) {
      this.first = label;
      app.selection.set(new Set(label ? [label] : []));
      return;
    }
    app.perform({ kind: "merge", labels: [first, label] }, `Merge ${counted(2, "object")}`);
    app.selection.set(new Set([first]));
    app.happened.emit("merge");
  }

  /** With another tool or in another image, the next click is the first again. */
  cancel() { this.first = 0; }

  /** @param {Place|null} place */
  hover(place) { this.mark(place); }
}

/** Takes the class of an object for the next ones. */
export class PickTool extends Tool {
  /** @param {Place} place */
  down(place) {
    const { app } = this;
    const row = app.document?.objects.get(this.labelAt(place));
    if (!row) return;
    app.activeClass.set(row.class);
    app.say(row.class ? `Next objects are of class ${row.class}.` : "Next objects have no class.");
  }

  /** @param {Place|null} place */
  hover(place) { this.mark(place); }
}
