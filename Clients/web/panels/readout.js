// Below the image: scale bar, place of the pointer, label under it; and what is looked at from the history.

import { h, byId } from "./dom.js";

/** @typedef {import("../model/app.js").App} App */

/** @param {App} app */
export function readout(app) {
  const plane = h("span", {}), place = h("span", {}), label = h("span", {}), zoom = h("span", {});
  byId("readout").append(plane, place, label, zoom);
  let isDue = false;
  const show = () => {
    isDue = false;
    const pointer = app.pointer.current;
    const size = app.document?.size;
    const isInside = pointer && size && pointer.y >= 0 && pointer.x >= 0 && pointer.y < size.y && pointer.x < size.x;
    const shape = app.document?.image.shape;
    plane.textContent = app.document && shape ? planeSigns(app.document.plane, shape) : "";
    place.textContent = isInside ? `y ${pointer.y}  x ${pointer.x}` : "";
    const number = isInside ? app.document?.labels.at(pointer.y, pointer.x) : 0;
    const row = number ? app.document?.objects.get(number) : null;
    label.textContent = number ? `${number >= 0xff000000 ? "new object" : `object ${number}`}${row?.class ? ` · ${row.class}` : ""}` : "";
    zoom.textContent = `${formatted(app.viewport.scale * 100)} %`;
  };
  const later = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(show);
  };
  app.pointer.listen(later);
  app.viewport.changed.listen(later);
  app.opened.listen(later);
  app.turned.listen(later);
  scaleBar(app);
  banner(app);
}

/**
 * @param {import("../model/planes.js").Plane} plane
 * @param {import("../model/planes.js").Shape} shape
 */
function planeSigns({ t, z }, shape) {
  return [shape.t > 1 ? `t ${t}` : "", shape.z > 1 ? `z ${z}` : ""].filter(Boolean).join("  ");
}

/** @param {number} value */
function formatted(value) { return value >= 10 ? value.toFixed(0) : value.toPrecision(2); }

/** @param {App} app */
function scaleBar(app) {
  const line = h("div", { class: "scale-line" }), words = h("span", {});
  byId("scalebar").append(words, line);
  const show = () => {
    const image = app.document?.image;
    if (!image) return;
    const unit = image.pixelSize ? image.pixelSize.unit.replace("micrometer", "µm").replace(/^um$/, "µm") : "px";
    const size = image.pixelSize?.x ?? 1;
    const length = round(120 / app.viewport.scale * size);
    line.style.width = `${length / size * app.viewport.scale}px`;
    words.textContent = `${length} ${unit}`;
  };
  app.viewport.changed.listen(show);
  app.opened.listen(show);
}

/**
 * The largest of 1, 2, 5, 10, … that is not more.
 * @param {number} value
 */
function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = [5, 2, 1].find((one) => one * power <= value) ?? 1;
  return Number((digit * power).toPrecision(1));
}

/** @param {App} app */
function banner(app) {
  const bar = byId("banner");
  const words = h("span", {});
  bar.append(words,
    h("button", { type: "button", onclick: () => app.look(null) }, "Back to now"),
    h("button", { type: "button", class: "primary", onclick: () => {
      const edit = app.viewing.current?.edit;
      app.look(null);
      if (edit !== undefined) app.document?.goTo(edit);
    } }, "Continue from here"));
  app.viewing.listen((viewing) => {
    bar.hidden = !viewing;
    if (viewing) words.textContent = "This is an earlier state. Looking at it changes nothing.";
  });
}
