// Below the image, as long as an object is in work: its masks, its threshold, commit and clear.

import { h, byId, slider, toggle } from "./dom.js";
import { eachRun, maskArea } from "../model/masks.js";
import { clear, commit } from "../model/actions.js";
import { continuable, continued } from "../model/continuing.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/types.js").Mask} Mask */

const SIDE = 40;

/** @param {App} app */
export function card(app) {
  const box = byId("card");
  const words = h("div", { class: "card-words" });
  const choices = h("div", { class: "candidates", role: "radiogroup", "aria-label": "Masks, small to large" });
  const threshold = slider({ words: "Threshold", min: -8, max: 8, step: 0.25, value: 0,
    input: (value) => app.current?.setThreshold(value) });
  const commitButton = h("button", { type: "button", class: "primary", title: "Commit (C)", onclick: () => commit(app) },
    h("span", {}, "Commit"), h("kbd", {}, "C"));
  const volumeButton = h("button", { type: "button", title: "Follow the object through the other slices (Shift S)",
    onclick: () => app.volume.start() }, "To volume");
  const goesOn = toggle("", (continues) => app.settings.change({ continues }),
    "The prompts of this plane add to the selected object instead of making a new one (Shift O)");
  const clearButton = h("button", { type: "button", title: "Clear (Shift C, Esc)", onclick: () => clear(app) },
    "Clear");
  box.append(words, choices, threshold.row,
    h("div", { class: "card-actions" },
      h("div", { class: "pair" }, goesOn.row, volumeButton), h("div", { class: "pair" }, clearButton, commitButton)));
  const show = () => {
    const { current } = app;
    box.hidden = !current || current.isEmpty;
    if (!current || current.isEmpty) return;
    const group = current.active;
    words.textContent = title(app);
    words.classList.toggle("busy", current.isBusy);
    commitButton.disabled = !current.hasMask;
    volumeButton.hidden = !app.volume.isPossible || app.volume.isHere;
    const other = current.replaces || current.groups.length > 1 ? null : continuable(app);
    goesOn.row.hidden = other === null;
    goesOn.set(app.settings.current.continues);
    if (goesOn.row.lastElementChild) goesOn.row.lastElementChild.textContent = `Continue object ${nameOf(app, other)}`;
    const label = continued(app, current);
    const commits = label ? `Add to ${nameOf(app, label)}` : app.volume.isHere ? "Commit all" : "Commit";
    if (commitButton.firstElementChild) commitButton.firstElementChild.textContent = commits;
    const candidate = group?.candidates[group.chosen];
    threshold.row.hidden = !candidate?.decoded || current.groups.length > 1;
    threshold.set(group?.threshold ?? 0);
    showCandidates(app, choices);
  };
  for (const signal of [app.currentChanged, app.objectsChanged, app.volume.changed]) signal.listen(show);
  app.settings.value.listen(show);
  app.selection.listen(show);
}

/** @param {App} app @param {number|null} label */
function nameOf(app, label) {
  if (label === null) return "";
  return app.document?.objects.get(label)?.name ?? (label >= 0xff000000 ? "" : String(label));
}

/** @param {App} app */
function title(app) {
  const { current } = app;
  if (!current) return "";
  if (current.replaces) return `Object ${current.replaces}, reopened`;
  if (current.groups.length > 1) return `${current.groups.length} objects`;
  const mask = current.active?.mask;
  return mask ? `${maskArea(mask).toLocaleString("en")} px` : current.isBusy ? "Segmenting…" : "Add a point on the object";
}

/** @param {App} app @param {HTMLElement} choices */
function showCandidates(app, choices) {
  const { current } = app;
  const group = current?.active;
  const candidates = group && current.groups.length === 1 ? group.candidates : [];
  choices.hidden = candidates.length < 2;
  choices.replaceChildren(...(candidates.length < 2 ? [] : candidates.map((candidate, i) => h("button", {
    type: "button", role: "radio", class: "candidate", "aria-checked": String(i === group?.chosen),
    "aria-label": `Mask ${i + 1} of ${candidates.length}, expected quality ${Math.round(candidate.score * 100)} %`,
    title: "Alt and wheel, or [ and ]", onclick: () => current?.choose(i, group),
  }, picture(candidate.mask, largest(candidates.map(({ mask }) => mask))), h("span", {},
    `${Math.round(candidate.score * 100)} %`)))));
}

/** @param {Mask[]} masks @returns {[number, number, number, number]} the box around all of them */
function largest(masks) {
  return [Math.min(...masks.map(({ box }) => box[0])), Math.min(...masks.map(({ box }) => box[1])),
    Math.max(...masks.map(({ box }) => box[2])), Math.max(...masks.map(({ box }) => box[3]))];
}

/**
 * A small picture of a mask.
 * @param {Mask} mask
 * @param {number[]} frame
 */
function picture(mask, frame) {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const canvas = h("canvas", { width: SIDE * ratio, height: SIDE * ratio });
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const scale = (SIDE * ratio - 4) / Math.max(frame[2] - frame[0], frame[3] - frame[1]);
  const top = (SIDE * ratio - (frame[2] - frame[0]) * scale) / 2, left = (SIDE * ratio - (frame[3] - frame[1]) * scale) / 2;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--accent");
  eachRun(mask, (y, x0, x1) => context.fillRect(left + (x0 - frame[1]) * scale, top + (y - frame[0]) * scale,
    Math.max(0.6, (x1 - x0) * scale), Math.max(0.6, scale + 0.3)));
  return canvas;
}
