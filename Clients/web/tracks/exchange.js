// Tracks to files and from files, as jobs of the server.

import { h } from "../panels/dom.js";
import { openDialog } from "../panels/dialogs.js";
import { follow, showJob } from "../panels/exchange.js";

const FORMATS = [
  ["ctc", "Cell Tracking Challenge folder", true], ["geff", "GEFF", true], ["trackmate", "TrackMate (XML)", true],
  ["csv", "Tables of tracks and objects (CSV)", true], ["tif", "Label stack by track (TIFF)", true], ["svg", "Lineage trees (SVG)", false],
  ["html", "Report with a small movie (HTML)", false],
];

/** @param {import("../model/app.js").App} app */
export function openTrackExchange(app) {
  openDialog("Tracks in files", [...exporting(app), ...importing(app)]);
}

/** @param {import("../model/app.js").App} app */
function exporting(app) {
  const boxes = FORMATS.map(([value, words, checked]) => ({ value: String(value), words: String(words),
    field: h("input", { type: "checkbox", checked: Boolean(checked) }) }));
  const result = h("div", { class: "job", role: "status" });
  const run = async () => {
    const formats = boxes.filter(({ field }) => field.checked).map(({ value }) => value);
    if (formats.length === 0 || !app.document) {
      result.textContent = "Choose at least one format.";
      return;
    }
    await work(app, result, start, `${app.document.address}/tracks/export`, { formats });
  };
  const start = h("button", { type: "button", class: "primary", onclick: () => void run() }, "Export tracks");
  return [h("fieldset", {}, h("legend", {}, "Formats"), ...boxes.map(({ field, words }) => (
    h("label", { class: "check" }, field, h("span", {}, words))))), result, h("footer", {}, start)];
}

/** @param {import("../model/app.js").App} app */
function importing(app) {
  const field = h("input", { type: "text", placeholder: "01_RES, tracks.xml, tracks.geff or labels.tif", "aria-label": "Folder or file to import",
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") void run(); } });
  const result = h("div", { class: "job", role: "status" });
  const run = async () => {
    const path = field.value.trim();
    if (!path || !app.document) {
      result.textContent = "Name a folder or a file first.";
      return;
    }
    const isDone = await work(app, result, start, "/import", { image: app.document.image.id, path });
    if (isDone) result.textContent = "Imported. Undo removes it again.";
    await app.document?.sync();
  };
  const start = h("button", { type: "button", onclick: () => void run() }, "Import tracks");
  const hint = "Objects come from a folder of the Cell Tracking Challenge, a label stack, or the XML of TrackMate with outlines. "
    + "A GEFF, and spots without outlines, give links to the objects that are here. "
    + "The path is on the machine of the server, and counts from the folder of the project.";
  return [h("h2", {}, "Import"), h("p", { class: "hint" }, hint), field, result, h("footer", {}, start)];
}

/**
 * Runs a job; whether it was done.
 * @param {import("../model/app.js").App} app
 * @param {HTMLElement} result
 * @param {HTMLButtonElement} start
 * @param {string} path
 * @param {any} body
 */
async function work(app, result, start, path, body) {
  start.disabled = true;
  let isDone = false;
  try {
    const { job } = await app.api.post(path, body);
    const ended = await follow(app, job, (now) => showJob(result, now));
    isDone = ended.state === "done";
  } catch (error) {
    result.textContent = error instanceof Error ? error.message : String(error);
  }
  start.disabled = false;
  return isDone;
}
