// Fine-tuning on what was accepted: live curves, cancel, both scores, and one click back.

import { h } from "./dom.js";
import { openDialog } from "./dialogs.js";
import { sentence } from "../model/words.js";
import { counted } from "../model/actions.js";
import { drawCurves } from "./curves.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/types.js").Job} Job */

/** @param {App} app */
export async function openTrain(app) {
  const done = app.images.current.filter((image) => image.status === "done");
  const epochs = h("input", { type: "number", min: "1", max: "10000", value: "20", "aria-label": "Epochs" });
  const words = h("p", { role: "status" }), canvas = h("canvas", { class: "curves", width: 900, height: 360, role: "img",
    "aria-label": "Loss and score during the training" });
  const start = h("button", { type: "button", class: "primary", onclick: () => void run() }, "Start");
  const stop = h("button", { type: "button", onclick: () => void cancel() }, "Cancel");
  const footer = h("footer", {}, stop);
  const models = h("div", { class: "models", role: "radiogroup", "aria-label": "Model" });
  const settings = h("label", { class: "choice" }, "Epochs", epochs, h("span", { class: "spring" }), start);
  /** @type {Job|undefined} */
  let job = app.jobs.current.filter((one) => one.kind === "train").at(-1);
  const run = async () => {
    try {
      const { job: id } = await app.api.post("/train", { epochs: Number(epochs.value) });
      job = await app.api.get(`/jobs/${id}`);
      show();
    } catch (error) {
      words.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const cancel = async () => { if (job) await app.api.delete(`/jobs/${job.id}`).catch((error) => app.complain(error)); };
  const show = () => {
    const isRunning = job ? ["running", "waiting"].includes(job.state) : false;
    settings.hidden = isRunning;
    footer.hidden = !isRunning;
    canvas.hidden = !job?.curves?.length;
    words.textContent = job ? wordsOf(job) : done.length
      ? `The model learns from ${counted(done.length, "image")} marked as done. You can go on working meanwhile.`
      : "Mark the images as done that the model may learn from. Without any, it learns from the accepted objects of all images.";
    if (job?.curves?.length) drawCurves(canvas, job.curves);
  };
  const showModels = async () => {
    const { current, available } = await app.api.get("/models").catch(() => ({ current: null, available: [] }));
    models.replaceChildren(...available.map((/** @type {any} */ one) => h("button", {
      type: "button", role: "radio", class: "model-choice", "aria-checked": String(one.name === current),
        onclick: () => void use(one.name),
    }, h("span", { class: "name" }, one.name), h("span", { class: "hint" }, one.words ?? ""), scoreOf(one.score))));
  };
  const use = async (/** @type {string} */ name) => {
    try {
      await app.api.post("/models/current", { name });
      app.modelName.set(name);
      app.hover?.forget();
      app.say(`${name} is used from now on.`);
      await showModels();
    } catch (error) {
      app.complain(error);
    }
  };
  const stopListening = app.jobs.listen((jobs) => {
    const now = jobs.filter((one) => one.kind === "train").at(-1);
    if (now?.state === "done" && job?.state !== "done") void showModels();
    job = now ?? job;
    show();
  });
  openDialog("Fine-tune the model", [words, settings, canvas, footer, h("h2", {}, "Models"), models],
    { closed: stopListening });
  show();
  await showModels();
}

/** @param {number|null|undefined} score */
function scoreOf(score) {
  return typeof score === "number" ? h("span", { class: "number", title: "Score on images that were kept out" },
    score.toFixed(3)) : h("span", {});
}

/** @param {Job} job */
function wordsOf(job) {
  if (job.state === "failed") return `The training failed: ${sentence(job.error?.message ?? "")}`;
  if (job.state === "cancelled") return "Cancelled. The model is the same as before.";
  if (job.state !== "done") return job.words || "Starting…";
  const { before, after, model } = job.result ?? {};
  const score = (/** @type {any} */ value) => typeof value === "number" ? value.toFixed(3) : "unknown";
  return `${model ?? "The new model"} is ready. Score on images that were kept out: ${score(before)} before, `
    + `${score(after)} now. Choose below which one is used.`;
}
