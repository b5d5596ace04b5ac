// How the image and the objects look.

import { MOST_CHANNELS, toggled } from "../model/channels.js";
import { h, icon, iconButton, segments, slider, toggle } from "./dom.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/channels.js").ChannelLook} ChannelLook */

/** @param {App} app */
export function layers(app) {
  const list = h("div", { class: "channels" });
  const contrast = iconButton("contrast", "Automatic contrast", () => app.contrast?.(), "A");
  const panel = h("section", { class: "panel scrolls" },
    h("header", { class: "panel-head" }, h("h2", {}, "Image"), eye(app.imageVisible, "Image"), contrast),
    list, h("h2", {}, "Objects"), ...looks(app));
  /** @type {string} */
  let names = "";
  app.channels.watch((channels) => {
    const now = channels.map(({ name, min, max }) => `${name} ${min} ${max}`).join();
    if (now === names) {
      channels.forEach((look, i) => (/** @type {any} */ (list.children[i])).show(look));
    } else {
      names = now;
      list.replaceChildren(...channels.map((look, i) => channel(app, look, i)));
      list.classList.toggle("many", channels.length > MOST_CHANNELS);
    }
  });
  return panel;
}

/** @param {import("../model/signal.js").Value<boolean>} value @param {string} words */
function eye(value, words) {
  const button = h("button", { type: "button", class: "icon-button", "aria-label": `${words} visible`,
    title: `${words}: show or hide`,
    onclick: () => value.set(!value.current) });
  value.watch((on) => {
    button.setAttribute("aria-pressed", String(on));
    button.replaceChildren(icon(on ? "eye" : "hidden"));
  });
  return button;
}

/** @param {App} app @param {ChannelLook} look @param {number} index */
function channel(app, look, index) {
  const change = (/** @type {Partial<ChannelLook>} */ changes) => (
    app.channels.set(app.channels.current.map((one, i) => i === index ? { ...one, ...changes } : one)));
  const visible = h("button", { type: "button", class: "icon-button", "aria-label": `${look.name} visible`,
    onclick: () => showOrHide(app, index) });
  const color = h("input", { type: "color", "aria-label": `Colour of ${look.name}`,
    oninput: () => change({ color: color.value }) });
  const span = look.max - look.min || 1;
  const step = span <= 4 ? span / 500 : Math.max(1, Math.round(span / 500));
  const low = slider({ words: "Black", min: look.min, max: look.max, step, value: look.low,
    input: (value) => change({ low: Math.min(value, app.channels.current[index].high - step) }) });
  const high = slider({ words: "White", min: look.min, max: look.max, step, value: look.high,
    input: (value) => change({ high: Math.max(value, app.channels.current[index].low + step) }) });
  const gamma = slider({ words: "Gamma", min: 0.2, max: 4, step: 0.05, value: look.gamma,
    input: (value) => change({ gamma: value }) });
  const element = h("div", { class: "channel" },
    h("div", { class: "channel-head" }, visible, h("span", { class: "name" }, look.name), color),
    low.row, high.row, gamma.row);
  const show = (/** @type {ChannelLook} */ now) => {
    visible.setAttribute("aria-pressed", String(now.visible));
    visible.replaceChildren(icon(now.visible ? "eye" : "hidden"));
    element.classList.toggle("off", !now.visible);
    if (color.value !== now.color) color.value = now.color;
    low.set(now.low);
    high.set(now.high);
    gamma.set(now.gamma);
  };
  Object.assign(element, { show });
  show(look);
  return element;
}

/** @param {App} app @param {number} index */
function showOrHide(app, index) {
  const looks = app.channels.current;
  const next = toggled(looks, index);
  if (next) {
    app.channels.set(next);
  } else {
    app.say(`At most ${MOST_CHANNELS} channels are shown at once. Hide one of them to see `
      + `${looks[index].name}.`);
  }
}

/** @param {App} app */
function looks(app) {
  const { settings } = app;
  const visible = toggle("Show objects", (labelsVisible) => settings.change({ labelsVisible }), "Hide or show (Q)");
  const contour = toggle("Outlines", (on) => settings.change({ contour: on }));
  const fill = slider({ words: "Fill", min: 0, max: 1, step: 0.05, value: settings.current.fill,
    input: (value) => settings.change({ fill: value }) });
  const by = segments("Colour by", [{ value: "object", words: "by object" }, { value: "class", words: "by class" }],
    (value) => settings.change({ colorBy: /** @type {"object"|"class"} */ (value) }));
  const palette = segments("Palette", [
    { value: "vivid", words: "many colours" },
    { value: "safe", words: "colour-blind safe", title: "Eight colours that people with any colour vision can tell apart" },
  ], (value) => settings.change({ palette: /** @type {"vivid"|"safe"} */ (value) }));
  const hover = toggle("Preview before a click", (on) => { settings.change({ hover: on }); if (!on) app.hover?.leave(); },
    "On or off (Y)");
  settings.value.watch((choices) => {
    visible.set(choices.labelsVisible);
    contour.set(choices.contour);
    fill.set(choices.fill);
    by.set(choices.colorBy);
    palette.set(choices.palette);
    hover.set(choices.hover);
  });
  return [visible.row, contour.row, fill.row, by.group, palette.group, h("h2", {}, "Pointer"), hover.row];
}
