// Below: the images of the series, with their status.

import { h, byId } from "./dom.js";
import { counted, step } from "../model/actions.js";
import { VirtualList } from "./virtual-list.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/types.js").ImageSummary} ImageSummary */

export const STATUS = { new: "new", work: "in progress", done: "done", skipped: "skipped" };

/** @param {App} app */
export function film(app) {
  const place = byId("film");
  /** @type {VirtualList<ImageSummary>} */
  const list = new VirtualList({ size: 100, horizontal: true, label: "Images", step: (steps) => step(app, steps), make: () => makeFrame(app),
    fill: (element, image, index) => (/** @type {any} */ (element)).show(image, index) });
  place.append(list.element);
  const show = () => {
    const images = app.images.current;
    place.hidden = images.length < 2;
    document.body.classList.toggle("has-film", images.length > 1);
    list.set(images);
  };
  app.images.watch(show);
  app.objectsChanged.listen(() => {
    const open = app.document;
    const image = app.images.current.find(({ id }) => id === open?.image.id);
    if (image && open) image.objects = open.objects.all().length;
  });
  app.opened.listen((document) => {
    list.render(true);
    list.reveal(app.images.current.findIndex((image) => image.id === document.image.id));
  });
}

/** @param {App} app */
function makeFrame(app) {
  let id = 0;
  const picture = h("img", { alt: "", loading: "lazy", draggable: false });
  const name = h("span", { class: "film-name" }), dot = h("span", { class: "film-status" });
  const element = h("div", { class: "frame", role: "option", tabIndex: -1, onclick: () => void app.open(id) }, picture,
    dot, name);
  const show = (/** @type {ImageSummary} */ image, /** @type {number} */ index) => {
    if (id !== image.id) picture.src = `/api/1/images/${image.id}/thumbnail${image.version ? `?v=${encodeURIComponent(image.version)}` : ""}`;
    id = image.id;
    name.textContent = image.name;
    dot.dataset.status = image.status;
    const isOpen = image.id === app.document?.image.id;
    element.setAttribute("aria-selected", String(isOpen));
    element.setAttribute("aria-label", `Image ${index + 1}, ${image.name}, ${STATUS[image.status]}`);
    element.title = `${image.name} · ${STATUS[image.status]} · ${counted(image.objects, "object")}`;
  };
  return Object.assign(element, { show });
}
