// Below the image: which slice and which time point is shown, and where else something is in work.

import { h, byId, icon, iconButton } from "./dom.js";
import { hasPlanes, planeWords } from "../model/planes.js";
import { turn, turnBy } from "../model/turning.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/planes.js").Axis} Axis */

const WORDS = { t: { one: "Time point", back: "Previous time point", on: "Next time point", keys: ["<", ">"] },
  z: { one: "Slice", back: "Previous slice", on: "Next slice", keys: [",", "."] } };
const MOST_MARKS = 3;

/** @param {App} app */
export function planes(app) {
  const place = byId("planes");
  const axes = [axis(app, "t"), axis(app, "z")];
  const work = h("div", { class: "plane-work", role: "group", "aria-label": "In work on other planes" });
  place.append(h("div", { class: "plane-axes" }, ...axes.map(({ row }) => row)), work);
  const show = () => {
    const { document } = app;
    place.hidden = !document || !hasPlanes(document.image.shape);
    if (document) for (const { show: showAxis } of axes) showAxis(document);
    showWork(app, work);
  };
  app.opened.listen(show);
  app.turned.listen(show);
  app.currentChanged.listen(() => showWork(app, work));
  app.automaticChanged.listen(() => showWork(app, work));
}

/**
 * @param {App} app
 * @param {Axis} name
 */
function axis(app, name) {
  const { one, back, on, keys } = WORDS[name];
  const to = (/** @type {number} */ value) => {
    app.player?.stop();
    if (app.document) turn(app, { ...app.document.plane, [name]: value });
    // What was not possible is not shown either.
    if (app.document) show(app.document);
  };
  const field = h("input", { type: "range", min: "0", step: "1", "aria-label": one, oninput: () => to(Number(field.value)) });
  const number = h("input", { type: "number", min: "0", step: "1", "aria-label": `Number of the ${one.toLowerCase()}`,
    onchange: () => { to(Number(number.value)); number.blur(); } });
  const last = h("span", { class: "number" });
  const row = h("div", { class: "plane-axis" },
    name === "t" ? playButton(app) : null,
    h("span", { class: "plane-name", title: `${back} ${keys[0]}, ${on.toLowerCase()} ${keys[1]}; Shift and wheel over the image` }, one),
    iconButton("left", back, () => turnBy(app, name, -1), keys[0]), field, iconButton("right", on, () => turnBy(app, name, 1), keys[1]),
    number, last, name === "t" ? speed(app) : null);
  const show = (/** @type {import("../model/document.js").ImageDocument} */ { image, plane }) => {
    const count = image.shape[name];
    row.hidden = count < 2;
    field.max = number.max = String(count - 1);
    field.value = number.value = String(plane[name]);
    field.setAttribute("aria-valuetext", `${one} ${plane[name]} of 0 to ${count - 1}`);
    field.style.setProperty("--part", String(plane[name] / Math.max(1, count - 1)));
    last.textContent = `/ ${count - 1}`;
  };
  return { row, show };
}

/** @param {App} app */
function playButton(app) {
  const button = iconButton("play", "Play", () => app.player?.toggle());
  const show = (/** @type {boolean} */ isPlaying) => {
    button.replaceChildren(icon(isPlaying ? "pause" : "play"));
    button.title = `${isPlaying ? "Pause" : "Play"} (Shift P)`;
    button.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
  };
  app.player?.playing.watch(show);
  return button;
}

/** @param {App} app */
function speed(app) {
  const field = h("select", { "aria-label": "Time points per second", title: "Time points per second",
    onchange: () => app.settings.change({ speed: Number(field.value) }) },
  ...[1, 2, 5, 10, 20].map((value) => h("option", { value: String(value) }, `${value} / s`)));
  app.settings.value.watch((choices) => { field.value = String(choices.speed); });
  return field;
}

/**
 * The other planes on which an object or an automatic result waits; a click turns to one.
 * @param {App} app
 * @param {HTMLElement} place
 */
function showWork(app, place) {
  const { document, works } = app;
  const others = document && works ? works.elsewhere : [];
  place.hidden = others.length === 0;
  if (!document || others.length === 0) return;
  const { shape } = document.image;
  const distance = (/** @type {{plane: {t: number, z: number}}} */ { plane }) => (
    Math.abs(plane.t - document.plane.t) + Math.abs(plane.z - document.plane.z));
  const marks = others.sort((a, b) => distance(a) - distance(b)).slice(0, MOST_MARKS).map(({ plane, current }) => {
    const what = current.isEmpty ? "an automatic result" : "an object in work";
    const words = planeWords(plane, shape);
    return h("button", { type: "button", class: "chip", title: `${what} waits on ${words}`,
      onclick: () => { app.player?.stop(); turn(app, plane); } }, icon(current.isEmpty ? "many" : "point"),
    shape.t > 1 && shape.z > 1 ? `t ${plane.t}, z ${plane.z}` : words);
  });
  place.replaceChildren(h("span", { class: "hint" }, "Not committed:"), ...marks,
    ...(others.length > MOST_MARKS ? [h("span", { class: "hint" }, `+ ${others.length - MOST_MARKS}`)] : []));
}
