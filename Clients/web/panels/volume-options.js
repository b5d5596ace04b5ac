// How an object goes on from slice to slice, below the bar of its slices.

import { h, slider } from "./dom.js";

/** @typedef {import("../model/app.js").App} App */

/** What the model is shown of a mask in the next slice, by the server's words. */
const PROJECTIONS = [["single_point", "one point inside"], ["points", "several points"], ["box", "its box"], ["mask", "the mask"],
  ["points_and_mask", "points and mask"]];

/** @param {App} app */
export function volumeOptions(app) {
  const { volume, settings } = app;
  const projection = h("select", { "aria-label": "Shown in the next slice",
    onchange: () => change({ projection: projection.value }) },
  ...PROJECTIONS.map(([value, words]) => h("option", { value }, words)));
  const overlap = slider({ words: "Least overlap", min: 0, max: 1, step: 0.05, value: settings.current.overlap,
    input: (overlap) => change({ overlap }) });
  const empty = number("Ends after", 1, (value) => change({ emptySlices: Math.min(1000, Math.max(1, value ?? 1)) }));
  const first = number("From slice", 0, (value) => limit({ first: value }));
  const last = number("To slice", 0, (value) => limit({ last: value }));
  const change = (/** @type {Partial<import("../model/settings.js").Choices>} */ changes) => {
    settings.change(changes);
    volume.later();
  };
  const limit = (/** @type {Partial<typeof volume.range>} */ changes) => {
    volume.range = { ...volume.range, ...changes };
    volume.later();
  };
  const fields = h("div", { class: "volume-options", hidden: true },
    h("label", { class: "choice" }, h("span", {}, "Next slice sees"), projection), overlap.row,
    h("label", { class: "choice" }, h("span", {}, "Ends after"), empty, h("span", {}, "empty slices")),
    h("label", { class: "choice" }, h("span", {}, "Slices"), first, h("span", {}, "to"), last));
  const button = h("button", { type: "button", title: "How the object goes on from slice to slice", "aria-expanded": "false",
    onclick: () => {
      fields.hidden = !fields.hidden;
      button.setAttribute("aria-expanded", String(!fields.hidden));
    } }, "Options");
  const show = () => {
    const choices = settings.current;
    projection.value = choices.projection;
    overlap.set(choices.overlap);
    fill(empty, choices.emptySlices);
    fill(first, volume.range.first);
    fill(last, volume.range.last);
    first.max = last.max = String((app.document?.image.shape.z ?? 1) - 1);
  };
  return { button, fields, show };
}

/**
 * A field for a whole number; empty: null.
 * @param {string} words
 * @param {number} min
 * @param {(value: number|null) => void} change
 */
function number(words, min, change) {
  const field = h("input", { type: "number", min: String(min), step: "1", "aria-label": words, onchange: () => {
    const value = Math.round(Number(field.value));
    change(field.value === "" || !Number.isFinite(value) ? null : Math.max(min, value));
  } });
  return field;
}

/** @param {HTMLInputElement} field @param {number|null} value */
function fill(field, value) {
  // What is being typed stays.
  if (globalThis.document.activeElement !== field) field.value = value === null ? "" : String(value);
}
