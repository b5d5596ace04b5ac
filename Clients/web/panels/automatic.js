// Automatic segmentation: sliders that answer while they are dragged, and what is taken of the result.

import { h, segments, slider, toggle } from "./dom.js";
import { MODES, SLIDERS } from "../model/automatic.js";
import { accept, acceptWhereEmpty, counted } from "../model/actions.js";

/** @typedef {import("../model/app.js").App} App */

/** @param {App} app */
export function automaticPanel(app) {
  const modes = h("div", {});
  const sliders = h("div", { class: "sliders" });
  const words = h("p", { class: "words", role: "status" });
  const difference = h("p", { class: "words difference" });
  const visible = toggle("Show the result", (on) => app.automaticVisible.set(on));
  app.automaticVisible.watch((on) => visible.set(on));
  const run = h("button", { type: "button", class: "primary wide", title: "Shift S", onclick: () => ask() }, "Segment the image");
  const stop = h("button", { type: "button", class: "wide", onclick: () => app.automatic?.stop() }, "Cancel");
  const take = h("div", { class: "stack" },
    h("button", { type: "button", class: "primary wide", onclick: () => accept(app, null) }, "Accept all"),
    h("button", { type: "button", class: "wide", onclick: () => void acceptWhereEmpty(app),
      title: "Only objects that overlap no accepted object" }, "Accept non-overlapping"),
    h("button", { type: "button", class: "wide", onclick: () => app.automatic?.clear() }, "Reject all"));
  const help = h("p", { class: "hint" }, "With the arrow tool, a click takes one object and a right click rejects it.");
  const panel = h("section", { class: "panel scrolls" }, modes, sliders, run, stop, words, difference, visible.row, take, help);
  let mode = "ais";
  /** @type {Record<string, number>} */
  let parameters = {};
  const ask = () => app.automatic?.ask(mode, parameters);
  const choose = (/** @type {string} */ chosen) => {
    mode = chosen;
    parameters = {};
    sliders.replaceChildren(...(SLIDERS[mode] ?? []).map(({ name, words, min, max, step, initial }) => slider({
      words, min, max, step, value: suited(app, mode, name) ?? initial,
      input: (value) => {
        parameters = { ...parameters, [name]: value };
        // Only what follows the network is done again, so this answers while the slider is dragged.
        if (app.automatic?.run || app.automatic?.isBusy) ask();
      },
    }).row));
  };
  const showModes = () => {
    const known = app.model.current?.modes ?? [];
    const choice = segments("Mode", known.map((one) => ({ value: one, words: MODES[one] ?? one })), 
    (one) => {
      choice.set(one);
      choose(one);
    });
    modes.replaceChildren(...(known.length > 1 ? [choice.group] : []));
    choice.set(known[0] ?? "ais");
    choose(known[0] ?? "ais");
    run.disabled = known.length === 0;
    words.textContent = known.length === 0 ? app.modelState.current === "loading" ? "The model is being loaded." : "No model is loaded." : "";
  };
  app.model.watch(showModes);
  const show = () => {
    const { automatic } = app;
    const isBusy = automatic?.isBusy ?? false;
    const offered = automatic?.offered.length ?? 0;
    run.hidden = isBusy && !automatic?.run;
    stop.hidden = !isBusy || Boolean(automatic?.run);
    run.textContent = automatic?.run ? "Segment again" : segmentWords(app);
    take.hidden = help.hidden = visible.row.hidden = !automatic?.run;
    for (const button of take.querySelectorAll("button")) button.disabled = offered === 0 && button !== take.lastElementChild;
    if (app.model.current) words.textContent = automatic?.run ? found(automatic.run.objects.size, offered) : isBusy ? "Segmenting…" : "";
    const { added, gone } = automatic ?? { added: new Set(), gone: new Set() };
    difference.replaceChildren(...(automatic?.before ? [
      h("span", { class: "added" }, `+${added.size} new`), h("span", { class: "gone" }, `−${gone.size} gone`), h("span",
        {}, "against before"),
    ] : []));
  };
  app.automaticChanged.listen(show);
  show();
  panel.addEventListener("ask", ask);
  return panel;
}

/** @param {App} app */
function segmentWords(app) {
  const { t, z } = app.document?.image.shape ?? { t: 1, z: 1 };
  return z > 1 ? "Segment this slice" : t > 1 ? "Segment this time point" : "Segment the image";
}

/** @param {number} all @param {number} offered what is left of them */
function found(all, offered) {
  if (offered === all) return `${counted(all, "object")} found`;
  return `${offered ? offered.toLocaleString("en") : "None"} left of ${counted(all, "object")}`;
}

/**
 * What suits the model, if it says so.
 * @param {App} app
 * @param {string} mode
 * @param {string} name
 * @returns {number|undefined}
 */
function suited(app, mode, name) {
  const options = app.model.current?.suitedOptions;
  if (!options) return undefined;
  const camel = { center_distance_threshold: "centerDistanceThreshold", boundary_distance_threshold: "boundaryDistanceThreshold",
    foreground_threshold: "foregroundThreshold", min_size: "minimumSize", seed_depth: "seedDepth", pred_iou_thresh: "scoreThreshold",
    stability_score_thresh: "stabilityThreshold", box_nms_thresh: "boxOverlapThreshold", nms_threshold: "overlapThreshold",
    min_mask_region_area: "minimumRegionArea" }[name] ?? name;
  const part = { ais: options.watershed, apg: options.prompts, amg: options.filter }[mode];
  const value = part?.[camel] ?? part?.thresholds?.[camel];
  return typeof value === "number" ? value : undefined;
}
