// On the right: one panel at a time.

import { h, byId } from "./dom.js";
import { layers } from "./layers.js";
import { automaticPanel } from "./automatic.js";
import { objects } from "./objects.js";
import { historyPanel } from "./history.js";

/** @param {import("../model/app.js").App} app */
export function side(app) {
  const place = byId("side");
  const panels = [
    { name: "objects", words: "Objects", panel: objects(app) },
    { name: "automatic", words: "Automatic", panel: automaticPanel(app) },
    { name: "layers", words: "View", panel: layers(app) },
    { name: "history", words: "History", panel: historyPanel(app) },
  ];
  const tabs = panels.map(({ name, words }) => h("button", {
    type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: () => choose(name),
  }, words));
  const strip = h("div", { class: "tabs", role: "tablist", "aria-label": "Panels", onkeydown: (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const now = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const next = (now + step + tabs.length) % tabs.length;
    choose(panels[next].name);
    tabs[next].focus();
    event.stopPropagation();
  } }, ...tabs);
  const choose = (/** @type {string} */ chosen) => {
    panels.forEach(({ name, panel }, i) => {
      const isChosen = name === chosen;
      tabs[i].setAttribute("aria-selected", String(isChosen));
      tabs[i].tabIndex = isChosen ? 0 : -1;
      panel.hidden = !isChosen;
      if (isChosen) panel.dispatchEvent(new Event("shown"));
    });
  };
  for (const { name, panel } of panels) {
    panel.id = `panel-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${name}`);
  }
  place.append(strip, ...panels.map(({ panel }) => panel));
  choose("objects");
  return { choose };
}
