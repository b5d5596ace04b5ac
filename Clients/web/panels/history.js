// Everything that was done, in words. A slider looks back; looking changes nothing.

import { h } from "./dom.js";
import { VirtualList } from "./virtual-list.js";
import { UnreachableError } from "../model/api.js";
import { EditHistory } from "../model/history.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/types.js").EditSummary} EditSummary */

/** @param {App} app */
export function historyPanel(app) {
  let history = new EditHistory(async () => ({ current: 0, edits: [] }));
  const field = h("input", { type: "range", min: "0", max: "0", step: "1", "aria-label": "Look back in the history",
    oninput: () => app.look(history.editAt(Number(field.value))) });
  const words = h("p", { class: "hint" });
  /** @type {VirtualList<EditSummary>} */
  const list = new VirtualList({ size: 40, label: "History", make: () => makeRow((edit) => app.look(edit)),
    fill: (element, edit) => (/** @type {any} */ (element)).show(edit, history, seen()) });
  const panel = h("section", { class: "panel column" }, h("h2", {}, "History"), field, words, list.element);
  const seen = () => app.viewing.current?.edit ?? history.current;
  const begin = () => {
    const { api, document } = app;
    const address = `${document?.address}/history`;
    history = new EditHistory((limit) => (
      api.get(limit === null ? address : `${address}?limit=${limit}`)));
  };
  const load = async () => {
    if (!app.document || panel.hidden) return;
    const read = history;
    try {
      if (!await read.read() || read !== history) return;
      field.max = String(history.way.length);
      show();
      list.set(history.edits);
    } catch (error) {
      // Without a connection, the list is read again with the next change.
      if (!(error instanceof UnreachableError)) app.complain(error);
    }
  };
  const show = () => {
    const last = history.way.length;
    field.value = String(history.placeOf(seen()) ?? last);
    field.style.setProperty("--part", String(last ? Number(field.value) / last : 1));
    words.textContent = history.words(seen());
    list.render(true);
  };
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), 150);
  };
  panel.addEventListener("shown", () => void load());
  app.opened.listen(() => { begin(); later(); });
  app.objectsChanged.listen(later);
  app.viewing.listen(show);
  return panel;
}

/** @param {(edit: number) => void} look */
function makeRow(look) {
  let number = 0;
  const words = h("span", { class: "name" }), time = h("span", { class: "number" });
  const element = h("div", { class: "row", role: "option", onclick: () => look(number) }, words, time);
  const show = (/** @type {EditSummary} */ edit, /** @type {EditHistory} */ history,
    /** @type {number} */ seen) => {
    number = edit.edit;
    words.textContent = element.title = edit.words;
    time.textContent = new Date(edit.time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit",
      hour12: false });
    element.classList.toggle("undone", history.placeOf(edit.edit) === null);
    element.setAttribute("aria-selected", String(edit.edit === seen));
  };
  return Object.assign(element, { show });
}
