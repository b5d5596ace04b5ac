// All keys, from the same table as the keyboard.

import { h } from "./dom.js";
import { openDialog } from "./dialogs.js";
import { shown } from "../model/keys.js";

/**
 * @param {import("../model/keys.js").Keys} keys
 * @param {() => void} startTour
 */
export function openHelp(keys, startTour) {
  const line = (/** @type {Node[]} */ signs, /** @type {string} */ words) => h("div", { class: "key-line" }, h("span", { class: "signs" }, ...signs), h("span", {}, words));
  const signsOf = (/** @type {string[]} */ list) => (
    list.length > 3 ? [h("kbd", {}, `${shown(list[0])} … ${shown(list[list.length - 1])}`)] : list.map((key) => h("kbd", {}, shown(key))));
  const groups = keys.table.groups.map(({ title, keys: lines }) => h("section", {}, h("h2", {}, title),
    ...lines.map(({ keys: list, words }) => line(signsOf(list), words))));
  const pointer = h("section", {}, h("h2", {}, "Mouse, pen and fingers"),
    ...keys.table.pointer.map(({ gesture, words }) => line([h("kbd", {}, gesture)], words)));
  const tour = h("button", { type: "button", onclick: () => { dialog.close(); startTour(); } }, "Start the tour");
  const dialog = openDialog("Keys", [h("div", { class: "key-columns" }, ...groups, pointer), h("footer", {}, tour)], { wide: true });
}
