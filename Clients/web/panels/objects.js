// Classes, and the list of committed objects: any number of them, with elements only for what is seen.

import { h, icon, iconButton } from "./dom.js";
import { addClass } from "../model/classes.js";
import { VirtualList, showIn } from "./virtual-list.js";
import { PALETTES, objectColor } from "../model/palette.js";
import { counted, reopen, setClass } from "../model/actions.js";
import { PROVISIONAL } from "../model/outbox.js";
import { extentWords, isBetween } from "../model/planes.js";
import { showObject } from "../model/turning.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/types.js").ObjectRow} ObjectRow */

/** @typedef {(a: ObjectRow, b: ObjectRow) => number} Comparison */

/**
 * How objects came about.
 * @type {Record<string, string>}
 */
const SOURCES = { prompt: "from prompts", automatic: "from automatic segmentation", brush: "from the brush", import: "imported" };

/** @type {Record<string, {words: string, compare: Comparison}>} */
const ORDERS = {
  newest: { words: "newest first", compare: (a, b) => b.label - a.label },
  label: { words: "number", compare: (a, b) => a.label - b.label },
  area: { words: "largest first", compare: (a, b) => b.area - a.area },
  small: { words: "smallest first", compare: (a, b) => a.area - b.area },
  score: { words: "worst first", compare: (a, b) => (a.score ?? 2) - (b.score ?? 2) },
};

/** @param {App} app */
export function objects(app) {
  const filter = h("input", { type: "search", placeholder: "Number, class, name, locked…", "aria-label": "Filter objects",
    oninput: () => later() });
  const order = h("select", { "aria-label": "Order of the objects", onchange: () => later() },
    ...Object.entries(ORDERS).map(([value, { words }]) => h("option", { value }, words)));
  order.value = "newest";
  const count = h("span", { class: "count" });
  /** @type {VirtualList<ObjectRow>} */
  const list = new VirtualList({ size: 34, label: "Objects", make: () => makeRow(app), fill: showIn,
    step: (steps) => selectNext(app, list.items, steps) });
  const empty = h("p", { class: "hint empty" },
    "No objects yet. Move over the image to see masks; a click takes one, C commits it.");
  const panel = h("section", { class: "panel column" }, classes(app),
    h("header", { class: "panel-head" }, h("h2", {}, "Objects"), count, order), filter, details(app), empty, list.element);
  let isDue = false;
  const later = () => {
    if (isDue || panel.hidden) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      const all = app.document?.objects.all() ?? [];
      const found = matching(app, all, filter.value).sort(ORDERS[order.value].compare);
      count.textContent = found.length === all.length ? all.length.toLocaleString("en") : `${found.length} of ${all.length}`;
      empty.hidden = all.length > 0;
      list.set(found);
    });
  };
  app.objectsChanged.listen(later);
  app.settings.value.listen(later);
  app.turned.listen(later);
  panel.addEventListener("shown", later);
  app.selection.listen((selection) => {
    if (panel.hidden) return;
    list.render(true);
    if (selection.size !== 1) return;
    const [label] = selection;
    const index = list.items.findIndex((row) => row.label === label);
    if (index >= 0) list.reveal(index);
  });
  return panel;
}

/**
 * Selects the row after the selected one, or before it.
 * @param {App} app
 * @param {ObjectRow[]} rows
 * @param {number} steps
 */
function selectNext(app, rows, steps) {
  const now = rows.findIndex((row) => app.selection.current.has(row.label));
  const next = rows[now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + steps))];
  if (!next) return;
  app.selection.set(new Set([next.label]));
  showObject(app, next);
}

/**
 * Name and number of the one object that is selected.
 * @param {App} app
 */
function details(app) {
  const name = h("input", { type: "text", placeholder: "Name", "aria-label": "Name of the object", maxLength: 80,
    onchange: () => {
    const [label] = app.selection.current;
    app.perform({ kind: "name", label, name: name.value.trim() || null }, `Name object ${label}`);
  } });
  const number = h("input", { type: "number", min: "1", max: String(PROVISIONAL - 1), step: "1", "aria-label": "Number of the object",
    title: "Gives the object a number that no other object has", onchange: () => relabel(app, Number(number.value)) });
  const box = h("div", { class: "details" }, number, name);
  const show = () => {
    const [label] = app.selection.current;
    const row = app.selection.current.size === 1 ? app.document?.objects.get(label) : null;
    box.hidden = !row || label >= 0xff000000;
    if (!row) return;
    if (document.activeElement !== name) name.value = row.name ?? "";
    if (document.activeElement !== number) number.value = String(row.label);
  };
  app.selection.watch(show);
  app.objectsChanged.listen(show);
  return box;
}

/**
 * @param {App} app
 * @param {number} to
 */
function relabel(app, to) {
  const [from] = app.selection.current;
  if (to === from) return;
  if (!Number.isInteger(to) || to < 1 || to >= PROVISIONAL) {
    app.say(`The number of an object is a whole number from 1 to ${(PROVISIONAL - 1).toLocaleString("en")}.`, { kind: "problem" });
    return;
  }
  if (app.document?.objects.get(to)) {
    app.say(`There is already an object ${to}. To join the two, select both and merge them.`, { kind: "problem" });
    return;
  }
  app.perform({ kind: "relabel", from, to }, `Object ${from} becomes ${to}`);
  app.selection.set(new Set([to]));
}

/** @param {App} app @param {ObjectRow[]} rows @param {string} text */
function matching(app, rows, text) {
  const plane = app.document?.plane;
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows.slice();
  return rows.filter((row) => words.every((word) => (
    String(row.label) === word || row.class?.toLowerCase().includes(word) || row.name?.toLowerCase().includes(word)
    || (word === "locked" && row.locked) || (word === "doubtful" && row.doubtful) || (word === "accepted" && row.accepted)
    || (word === "here" && plane && isBetween(row, plane))
    || (word === "unaccepted" && !row.accepted) || row.source === word)));
}

/** @param {App} app */
function makeRow(app) {
  /** @type {ObjectRow|null} */
  let shown = null;
  const swatch = h("span", { class: "swatch" }), name = h("span", { class: "name" }), kind = h("span", { class: "kind" }),
    area = h("span", { class: "number" }), where = h("span", { class: "number where" }), signs = h("span", { class: "signs" });
  const element = h("div", {
    class: "row", role: "option", onclick: (/** @type {MouseEvent} */ event) => {
      if (!shown) return;
      const chosen = new Set(event.shiftKey || event.ctrlKey || event.metaKey ? app.selection.current : []);
      if (chosen.has(shown.label)) chosen.delete(shown.label);
      else chosen.add(shown.label);
      app.toolName.set("select");
      app.selection.set(chosen);
      if (chosen.has(shown.label)) showObject(app, shown);
    },
    ondblclick: () => { if (shown) void reopen(app, shown.label); },
    onpointerenter: () => app.setHovered(shown?.label ?? 0),
    onpointerleave: () => app.setHovered(0),
  }, swatch, name, kind, where, signs, area);
  const show = (/** @type {ObjectRow} */ row) => {
    shown = row;
    const { palette, colorBy } = app.settings.current;
    const index = row.class ? app.classes.current.indexOf(row.class) : -1;
    swatch.style.background = colorBy === "class" ? classColor(index, palette) : objectColor(row.label, palette);
    name.textContent = row.name ?? (row.label >= 0xff000000 ? "…" : String(row.label));
    kind.textContent = row.class ?? "";
    const { image, plane } = app.document ?? {};
    where.textContent = image ? extentWords(row, image.shape) : "";
    element.classList.toggle("elsewhere", Boolean(plane && !isBetween(row, plane)));
    area.textContent = `${row.area.toLocaleString("en")} px`;
    const marks = [...(row.accepted ? [] : ["unaccepted"]), ...(row.locked ? ["lock"] : []), ...(row.doubtful ? ["doubt"] : [])];
    signs.replaceChildren(...marks.map(icon));
    const quality = typeof row.score === "number" ? `expected quality ${Math.round(row.score * 100)} %, ` : "";
    element.title = `${quality}${SOURCES[row.source] ?? row.source}${row.accepted ? "" : ", not accepted yet"}`;
    element.setAttribute("aria-selected", String(app.selection.current.has(row.label)));
  };
  return Object.assign(element, { show });
}

/** @param {number} index @param {"vivid"|"safe"} palette */
function classColor(index, palette) {
  const colors = PALETTES[palette];
  return index < 0 ? "#9e9e9e" : colors[index % colors.length];
}

/** @param {App} app */
function classes(app) {
  const chips = h("div", { class: "chips", role: "group", "aria-label": "Class of the selected and the next objects" });
  const field = h("input", { type: "text", placeholder: "New class", "aria-label": "New class", maxLength: 60,
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") add(); } });
  const add = () => {
    const name = field.value.trim();
    if (!name) return;
    addClass(app, name);
    setClass(app, name);
    field.value = "";
    field.blur();
  };
  const show = () => {
    const { palette } = app.settings.current;
    const names = app.classes.current;
    const chip = (/** @type {string|null} */ name, /** @type {number} */ i) => {
      const dot = h("span", { class: "swatch" });
      dot.style.background = classColor(i, palette);
      return h("button", { type: "button", class: "chip", "aria-pressed": String(app.activeClass.current === name),
        title: i < 9 ? `Key ${i + 1}` : "", onclick: () => setClass(app, name) }, dot, name ?? "none");
    };
    chips.replaceChildren(...(names.length ? [chip(null, -1)] : []), ...names.map(chip));
  };
  for (const value of [app.classes, app.activeClass, app.settings.value]) (/** @type {any} */ (value)).watch(show);
  return h("div", { class: "classes" }, h("header", { class: "panel-head" }, h("h2", {}, "Class"),
    h("span", { class: "add-class" }, field, iconButton("plus", "Add the class", add))), chips);
}
