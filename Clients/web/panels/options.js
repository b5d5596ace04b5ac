// Above the image: what the chosen tool can be told.

import { h, byId, segments, slider, toggle, iconButton } from "./dom.js";
import * as actions from "../model/actions.js";

/** @typedef {import("../model/app.js").App} App */

const PROMPTING = new Set(["point", "box", "lasso", "scribble"]);
const WRITING = new Set([...PROMPTING, "brush"]);

/** @param {App} app */
export function options(app) {
  const strip = byId("options");
  const parts = [
    { part: polarity(app), fits: (/** @type {string} */ name) => name === "point" || name === "scribble" },
    { part: speed(app), fits: (/** @type {string} */ name) => PROMPTING.has(name) },
    { part: radius(app), fits: (/** @type {string} */ name) => name === "brush" || name === "eraser" },
    { part: rule(app), fits: (/** @type {string} */ name) => WRITING.has(name) },
    { part: hint(app), fits: (/** @type {string} */ name) => !WRITING.has(name) && name !== "eraser" },
  ];
  strip.append(...parts.map(({ part }) => part));
  app.toolName.watch((name) => parts.forEach(({ part, fits }) => { part.hidden = !fits(name); }));
}

/** @param {App} app */
function polarity(app) {
  const choice = segments("Next point", [
    { value: "positive", words: "+ object", title: "Next points lie on the object (T)" },
    { value: "negative", words: "− not", title: "Next points do not (T); a right click is always the other" },
  ], (value) => app.polarity.set(/** @type {"positive"|"negative"} */ (value)));
  app.polarity.watch((value) => choice.set(value));
  return choice.group;
}

/** @param {App} app */
function speed(app) {
  const turbo = toggle("Turbo", (on) => app.settings.change({ turbo: on }), "Each click commits at once (U)");
  const many = toggle("Many at once", (on) => app.settings.change({ batch: on }),
    "Each point or box is an object of its own (Shift B)");
  app.settings.value.watch((choices) => {
    turbo.set(choices.turbo);
    many.set(choices.batch);
  });
  return h("div", { class: "group" }, turbo.row, many.row);
}

/** @param {App} app */
function radius(app) {
  const size = slider({ words: "Size", min: 1, max: 100, step: 1, value: app.settings.current.brush, unit: " px",
    input: (brush) => app.settings.change({ brush }) });
  app.settings.value.listen(({ brush }) => size.set(brush));
  const next = h("span", { class: "hint" });
  const show = () => {
    const [label] = app.selection.current;
    const isOne = app.selection.current.size === 1;
    next.textContent = isOne ? `on object ${label >= 0xff000000 ? "" : label}` : app.toolName.current === "brush" ? "new object" : "all objects";
  };
  app.selection.watch(show);
  app.toolName.listen(show);
  return h("div", { class: "group" }, size.row, next);
}

/** @param {App} app */
function rule(app) {
  const field = h("select", { "aria-label": "Where there is something already",
    title: "What happens where there is something already",
    onchange: () => app.settings.change({ rule: /** @type {any} */ (field.value) }) },
  h("option", { value: "keep" }, "only empty pixels"),
  h("option", { value: "keepObjects" }, "keep whole objects"),
  h("option", { value: "overwrite" }, "overwrite"));
  app.settings.value.watch((choices) => { field.value = choices.rule; });
  return h("label", { class: "choice" }, field);
}

/** @param {App} app */
function hint(app) {
  const words = h("span", { class: "hint" });
  /** @type {Record<string, string>} */
  const hints = {
    select: "Click selects, Shift and click adds, double click reopens",
    fill: "Click into a hole of an object",
    split: "Draw a line across an object",
    merge: "Click on one object, then on the next ones",
    pick: "Click on an object to take its class",
  };
  app.toolName.watch((name) => { words.textContent = hints[name] ?? ""; });
  const bar = h("div", { class: "group" },
    iconButton("reopen", "Reopen with its prompts",
      () => { const [label] = app.selection.current; if (label) void actions.reopen(app, label); }, "O"),
    iconButton("prompt", "New object from this mask", () => void actions.useAsPrompt(app)),
    iconButton("merge", "Merge", () => actions.merge(app, [...app.selection.current]), "Shift M"),
    iconButton("holes", "Fill holes", () => actions.mend(app, "fillHoles"), "H"),
    iconButton("smooth", "Smooth", () => actions.mend(app, "smooth"), "J"),
    iconButton("lock", "Lock or unlock", () => actions.toggleFlag(app, "locked"), "K"),
    iconButton("check", "Accept, or take the acceptance back", () => actions.toggleFlag(app, "accepted"), "Shift A"),
    iconButton("doubt", "Doubtful or not", () => actions.toggleFlag(app, "doubtful"), "Shift D"),
    iconButton("trash", "Delete", () => actions.remove(app, [...app.selection.current]), "Del"));
  const count = h("span", { class: "hint" });
  const show = () => {
    const size = app.selection.current.size;
    const isSelecting = app.toolName.current === "select" && size > 0;
    bar.hidden = count.hidden = !isSelecting;
    words.hidden = isSelecting;
    count.textContent = `${actions.counted(size, "object")}`;
  };
  app.selection.watch(show);
  app.toolName.listen(show);
  return h("div", { class: "group" }, words, count, bar);
}
