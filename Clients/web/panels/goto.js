// Go to an image by its number or a part of its name.

import { h } from "./dom.js";
import { openDialog } from "./dialogs.js";
import { STATUS } from "./film.js";
import { VirtualList } from "./virtual-list.js";

/** @typedef {import("../model/types.js").ImageSummary} ImageSummary */

/** @param {import("../model/app.js").App} app */
export function openGoTo(app) {
  /** @type {VirtualList<{image: ImageSummary, index: number}>} */
  const list = new VirtualList({ size: 34, label: "Images", make, fill: (element, item) => (/** @type {any} */ (element)).show(item) });
  /** @type {{image: ImageSummary, index: number}[]} */
  let found = [];
  const go = (/** @type {ImageSummary} */ image) => { dialog.close(); void app.open(image.id); };
  const field = h("input", { type: "search", placeholder: "Number or a part of the name", "aria-label": "Number or a part of the name", autofocus: true,
    oninput: () => search(), onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter" && found[0]) go(found[0].image); } });
  const search = () => {
    const text = field.value.trim().toLowerCase();
    found = app.images.current.map((image, index) => ({ image, index }))
      .filter(({ image, index }) => !text || String(index + 1) === text || image.name.toLowerCase().includes(text))
      .sort((a, b) => Number(String(b.index + 1) === text) - Number(String(a.index + 1) === text));
    list.set(found);
  };
  function make() {
    /** @type {ImageSummary|null} */
    let shown = null;
    const number = h("span", { class: "number" }), name = h("span", { class: "name" }), status = h("span", { class: "kind" });
    const element = h("div", { class: "row", role: "option", onclick: () => { if (shown) go(shown); } }, number, name, status);
    const show = (/** @type {{image: ImageSummary, index: number}} */ { image, index }) => {
      shown = image;
      number.textContent = String(index + 1);
      name.textContent = image.name;
      status.textContent = STATUS[image.status];
    };
    return Object.assign(element, { show });
  }
  const dialog = openDialog("Go to an image", [field, list.element]);
  search();
}
