// Everything that was done, in words. A slider looks back; looking changes nothing.

import { h } from "./dom.js";
import { VirtualList } from "./virtual-list.js";
import { UnreachableError } from "../model/api.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/types.js").EditSummary} EditSummary */

/** @param {App} app */
export function historyPanel(app) {
  /** @type {EditSummary[]} the way to the current state, oldest first */
  let way = [];
  let current = 0;
  const field = h("input", { type: "range", min: "0", max: "0", step: "1", "aria-label": "Look back in the history",
    oninput: () => look(Number(field.value)) });
  const words = h("p", { class: "hint" });
  /** @type {VirtualList<EditSummary>} */
  const list = new VirtualList({ size: 40, label: "History", make: () => makeRow((edit) => app.look(edit)),
    fill: (element, edit) => (/** @type {any} */ (element)).show(edit, current, app.viewing.current?.edit ?? null) });
  const panel = h("section", { class: "panel column" }, h("h2", {}, "History"), field, words, list.element);
  const look = (/** @type {number} */ place) => app.look(place === 0 ? 0 : way[place - 1]?.edit ?? null);
  const load = async () => {
    const { document } = app;
    if (!document || panel.hidden) return;
    try {
      const answer = await app.api.get(`${document.address}/history?limit=500`);
      if (document !== app.document) return;
      current = answer.current;
      /** @type {EditSummary[]} */
      const edits = [...answer.edits].sort((a, b) => b.edit - a.edit);
      way = edits.filter((edit) => !edit.undone && edit.edit <= current).reverse();
      field.max = String(way.length);
      show();
      list.set(edits);
    } catch (error) {
      // Without a connection, the list is read again with the next change.
      if (!(error instanceof UnreachableError)) app.complain(error);
    }
  };
  const show = () => {
    const seen = app.viewing.current?.edit ?? current;
    const place = way.findIndex((edit) => edit.edit === seen) + 1;
    field.value = String(seen === 0 ? 0 : place);
    field.style.setProperty("--part", String(way.length ? Number(field.value) / way.length : 1));
    words.textContent = way.length === 0 ? "Nothing has been done yet." : `Step ${field.value} of ${way.length}. Undo has no limit.`;
    list.render(true);
  };
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), 150);
  };
  panel.addEventListener("shown", () => void load());
  app.objectsChanged.listen(later);
  app.viewing.listen(show);
  return panel;
}

/** @param {(edit: number) => void} look */
function makeRow(look) {
  let number = 0;
  const words = h("span", { class: "name" }), time = h("span", { class: "number" });
  const element = h("div", { class: "row", role: "option", onclick: () => look(number) }, words, time);
  const show = (/** @type {EditSummary} */ edit, /** @type {number} */ current, /** @type {number|null} */ viewed) => {
    number = edit.edit;
    words.textContent = element.title = edit.words;
    time.textContent = new Date(edit.time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit",
      hour12: false });
    element.classList.toggle("undone", edit.undone);
    element.setAttribute("aria-selected", String(edit.edit === (viewed ?? current)));
  };
  return Object.assign(element, { show });
}
