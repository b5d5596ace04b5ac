// All tools, by name.

import { SelectTool } from "./select.js";
import { PointTool } from "./point.js";
import { BoxTool } from "./box.js";
import { LassoTool } from "./lasso.js";
import { ScribbleTool } from "./scribble.js";
import { BrushTool } from "./brush.js";
import { FillTool, MergeTool, PickTool, SplitTool } from "./edits.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {{name: string, words: string, group: number, make(app: App): import("./tool.js").Tool}} ToolKind */

/** @type {ToolKind[]} */
export const TOOLS = [
  { name: "select", words: "Select", group: 0, make: (app) => new SelectTool(app) },
  { name: "point", words: "Points", group: 1, make: (app) => new PointTool(app) },
  { name: "box", words: "Box", group: 1, make: (app) => new BoxTool(app) },
  { name: "lasso", words: "Lasso and polygon", group: 1, make: (app) => new LassoTool(app) },
  { name: "scribble", words: "Scribble", group: 1, make: (app) => new ScribbleTool(app) },
  { name: "brush", words: "Brush", group: 2, make: (app) => new BrushTool(app, false) },
  { name: "eraser", words: "Eraser", group: 2, make: (app) => new BrushTool(app, true) },
  { name: "fill", words: "Fill", group: 2, make: (app) => new FillTool(app) },
  { name: "split", words: "Split", group: 3, make: (app) => new SplitTool(app) },
  { name: "merge", words: "Merge", group: 3, make: (app) => new MergeTool(app) },
  { name: "pick", words: "Pick a class", group: 3, make: (app) => new PickTool(app) },
];

/**
 * Makes the chosen tool the one that the pointer works with.
 * @param {App} app
 */
export function installTools(app) {
  const tools = new Map(TOOLS.map((kind) => [kind.name, kind.make(app)]));
  app.toolName.watch((name) => {
    app.tool?.cancel();
    app.hover?.leave();
    app.heldPrompt = null;
    app.tool = tools.get(name) ?? null;
    app.redraw.emit();
  });
}
