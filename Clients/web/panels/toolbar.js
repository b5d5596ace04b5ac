// On the left: the tools.

import { h, byId, icon } from "./dom.js";
import { TOOLS } from "../tools/index.js";
import { shown } from "../model/keys.js";

/**
 * @param {import("../model/app.js").App} app
 * @param {import("../model/keys.js").Keys} keys
 */
export function toolbar(app, keys) {
  const bar = byId("toolbar");
  let group = 0;
  for (const tool of TOOLS) {
    if (tool.group !== group) bar.append(h("hr"));
    group = tool.group;
    const key = shown(keys.keyOf(`tool.${tool.name}`));
    const button = h("button", {
      type: "button", class: "tool", title: `${tool.words} (${key})`, "aria-label": tool.words, "aria-keyshortcuts": key,
      data: { tool: tool.name }, onclick: () => app.toolName.set(tool.name),
    }, icon(tool.name), h("kbd", { "aria-hidden": "true" }, key));
    app.toolName.watch((name) => button.setAttribute("aria-pressed", String(name === tool.name)));
    bar.append(button);
  }
}
