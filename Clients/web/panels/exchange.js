// Export and import, as jobs of the server.

import { h } from "./dom.js";
import { openDialog } from "./dialogs.js";
import { sentence } from "../model/words.js";
import { counted } from "../model/actions.js";
import { jobChanged } from "../model/session.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/types.js").Job} Job */

const FORMATS = [
  ["tif", "Label image (TIFF)", true], ["csv", "Table of measurements (CSV)", true], ["overlay", "Picture with outlines", false],
  ["geojson", "Outlines for QuPath (GeoJSON)", false], ["roi", "Regions for ImageJ", false], ["coco", "COCO", false],
  ["ome-zarr", "Label image (OME-Zarr)", false],
];

/** For images with slices. */
const VOLUME_FORMATS = [["stl", "Surfaces (STL)", false], ["obj", "Surfaces (OBJ)", false]];

/** @param {App} app */
export function openExport(app) {
  const hasSlices = (app.document?.image.shape.z ?? 1) > 1;
  const formats = [...FORMATS, ...hasSlices ? VOLUME_FORMATS : []];
  const boxes = formats.map(([value, words, checked]) => ({ value: String(value),
    field: h("input", { type: "checkbox", checked: Boolean(checked) }), words: String(words) }));
  const which = h("select", { "aria-label": "Which images" },
    h("option", { value: "open" }, "this image"), h("option", { value: "done" }, "images that are done"), h("option",
      { value: "all" }, "all images"));
  if (app.images.current.length < 2) which.hidden = true;
  const result = h("div", { class: "job", role: "status" });
  const start = h("button", { type: "button", class: "primary", onclick: () => void run() }, "Export");
  const run = async () => {
    const formats = boxes.filter(({ field }) => field.checked).map(({ value }) => value);
    const images = imagesFor(app, which.value);
    if (formats.length === 0 || images?.length === 0) {
      result.textContent = formats.length === 0 ? "Choose at least one format." : "No image is marked as done yet.";
      return;
    }
    start.disabled = true;
    try {
      const { job } = await app.api.post("/export", { images, formats });
      await follow(app, job, (now) => showJob(result, now));
    } catch (error) {
      result.textContent = error instanceof Error ? error.message : String(error);
    }
    start.disabled = false;
  };
  openDialog("Export results", [
    h("fieldset", {}, h("legend", {}, "Formats"), ...boxes.map(({ field, words }) => h("label", { class: "check" }, field,
      h("span", {}, words)))),
    which, result, h("footer", {}, start),
  ]);
}

/** @param {App} app @param {string} which */
function imagesFor(app, which) {
  if (which === "all") return null;
  if (which === "open") return app.document ? [app.document.image.id] : [];
  return app.images.current.filter((image) => image.status === "done").map((image) => image.id);
}

/** @param {HTMLElement} place @param {Job} job */
export function showJob(place, job) {
  if (job.state === "failed") place.replaceChildren(h("p", { class: "problem" }, sentence(job.error?.message ?? "The job failed")));
  else if (job.state === "done") {
    place.replaceChildren(
      h("p", {}, job.result?.folder ? `Written to ${job.result.folder}:` : "Done."),
      h("ul", { class: "files" }, ...(job.result?.files ?? []).map((/** @type {string} */ name) => h("li", {}, name))));
  } else {
    place.replaceChildren(h("progress", { max: job.total || 1, value: job.done || 0 }), h("p", { class: "hint" },
      job.words || "Working…"));
  }
}

/**
 * Calls back until a job has ended.
 * @param {App} app
 * @param {number} id
 * @param {(job: Job) => void} show
 * @returns {Promise<Job>}
 */
export async function follow(app, id, show) {
  for (;;) {
    const known = app.jobs.current.find((job) => job.id === id);
    const job = known && isOver(known) ? known : await app.api.get(`/jobs/${id}`);
    show(job);
    if (isOver(job)) {
      jobChanged(app, job);
      return job;
    }
    await new Promise((resolve) => {
      const stop = app.jobs.listen(() => { stop(); resolve(null); });
      setTimeout(() => { stop(); resolve(null); }, 1500);
    });
  }
}

/** @param {Job} job */
function isOver(job) { return ["done", "failed", "cancelled"].includes(job.state); }

/** @param {App} app */
export function openImport(app) {
  const { t, z } = app.document?.image.shape ?? { t: 1, z: 1 };
  const field = h("input", { type: "file", multiple: t * z > 1, "aria-label": "File with objects" });
  const separate = h("input", { type: "checkbox" });
  const result = h("div", { class: "job", role: "status" });
  const start = h("button", { type: "button", class: "primary", onclick: () => void run() }, "Import");
  const run = async () => {
    const chosen = [...field.files ?? []];
    if (chosen.length === 0 || !app.document) {
      result.textContent = "Choose a file first.";
      return;
    }
    start.disabled = true;
    try {
      // The names tell the order of frames where each has a file; the numbers in them count.
      chosen.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
      const files = [];
      for (const file of chosen) files.push({ name: file.name, data: await encoded(file) });
      const { job } = await app.api.post("/import", { image: app.document.image.id, files, eachPlane: separate.checked });
      const ended = await follow(app, job, (now) => showJob(result, now));
      if (ended.state === "done") {
        // It is said when they are there to be seen.
        await app.document?.sync();
        result.textContent = `${counted(ended.result?.objects ?? 0, "object")} imported into the image. Undo removes them again.`;
      }
    } catch (error) {
      result.textContent = error instanceof Error ? error.message : String(error);
    }
    start.disabled = false;
  };
  const planes = t > 1 ? "frame" : "slice";
  openDialog("Import objects into this image", [
    h("p", { class: "hint" }, "A label image of Cellpose, StarDist or ilastik (TIFF, PNG), "
      + "regions of ImageJ (.roi, .zip), COCO (.json) or GeoJSON. They become objects that you correct; Shift A accepts those that are selected."),
    ...t * z > 1 ? [h("p", { class: "hint" }, `One file with all ${planes}s, or one for each ${planes}.`),
      h("label", { class: "check" }, separate,
        h("span", {}, `Each ${planes} was segmented by itself: equal numbers are different objects`))] : [],
    field, result, h("footer", {}, start),
  ]);
}

/** @param {File} file @returns {Promise<string>} */
function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
