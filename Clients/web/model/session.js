// Connects the page to a project: who we are, what was kept, what the server tells.

import { IndexedStore } from "./store.js";
import { Outbox } from "./outbox.js";
import { sentence } from "./words.js";
import { learnClasses } from "./classes.js";
import { showChange } from "./turning.js";
import { prepare } from "./preparing.js";

/** @typedef {import("./app.js").App} App */

/**
 * Reads the project, and sends what an earlier page could not.
 * @param {App} app
 */
export async function connect(app) {
  const project = await app.api.get("/project");
  app.project = project;
  app.client = await ownClient();
  const store = await IndexedStore.open();
  const outbox = new Outbox(app.api, store, project.id ?? project.name, app.client, (image) => (
    app.document?.image.id === image ? app.document.edit
      : app.images.current.find((one) => one.id === image)?.edit ?? 0));
  app.outbox = outbox;
  outbox.refused.listen(({ entry, error }) => refused(app, entry, error));
  outbox.answered.listen(({ entry, answer }) => answered(app, entry, answer));
  outbox.conflict.listen(({ entry, body }) => note(app, entry.image, { edit: body.current }));
  app.images.set(project.images);
  const { state, current } = await app.api.get("/models").catch(() => ({}));
  modelChanged(app, state ?? { name: current ?? project.model?.name ?? "", description: project.model ?? null });
  learnClasses(app);
  const kept = await outbox.restore(isAlive).catch(() => {
    app.say("This browser may have gestures from before, but they cannot be read.",
      { kind: "problem" });
    return 0;
  });
  if (kept) app.say(`${kept} ${kept === 1 ? "gesture" : "gestures"} kept from before ${kept === 1 ? "is" : "are"} being sent.`);
  listen(app);
}

/** The name of this page: the same after a reload, another one in each tab. */
async function ownClient() {
  const kept = sessionStorage.getItem("microsam-client");
  const client = kept && !(await isAlive(kept)) ? kept : crypto.randomUUID();
  sessionStorage.setItem("microsam-client", client);
  // Held as long as the page lives, so that other pages know of it.
  void navigator.locks?.request(`microsam-${client}`, () => new Promise(() => undefined));
  return client;
}

/** @param {string} client */
async function isAlive(client) {
  const state = await navigator.locks?.query();
  return (state?.held ?? []).some((lock) => lock.name === `microsam-${client}`);
}

/**
 * @param {App} app
 * @param {import("./store.js").Entry} entry
 * @param {import("./types.js").EditAnswer} answer
 */
function answered(app, entry, answer) {
  note(app, entry.image, answer);
  if (entry.image !== app.document?.image.id) return;
  const run = acceptedRun(entry);
  if (run && answer.created?.length) app.works?.withRun(run)?.accepted(run, entry.body.labels, answer.edit);
  void offer(app, entry.path, answer.edit);
  if (entry.path === "undo" || entry.path === "redo") showChange(app, answer.tiles ?? [], entry.path === "undo" ? "Undone" : "Redone");
  if (!entry.provisional.length) return;
  const { selection } = app;
  if (!entry.provisional.some((label) => selection.current.has(label))) return;
  const names = new Map(entry.provisional.map((label, i) => [label, answer.created?.[i] ?? label]));
  selection.set(new Set([...selection.current].map((label) => names.get(label) ?? label)));
}

/**
 * The server does not do what was asked; what was taken of an automatic result is offered again.
 * @param {App} app
 * @param {import("./store.js").Entry} entry
 * @param {import("./api.js").RefusedError} error
 */
function refused(app, entry, error) {
  app.say(`“${entry.words}” could not be done: ${error.message}`, { kind: "problem", seconds: 10 });
  app.works?.withRun(acceptedRun(entry))?.show(entry.body.labels);
}

/**
 * The run of which an entry accepts objects.
 * @param {import("./store.js").Entry} entry
 */
function acceptedRun(entry) { return /^automatic\/(.+)\/accept$/.exec(entry.path)?.[1] ?? null; }

/**
 * Keeps what an automatic result offers in step with the edits that count.
 * @param {App} app
 * @param {string} kind
 * @param {number} edit the current edit
 */
async function offer(app, kind, edit) {
  const { works, document } = app;
  const taken = works?.all.filter(({ automatic }) => automatic.acceptances.length) ?? [];
  if (taken.length === 0 || !document) return;
  // A jump may lead to another branch of the history, which numbers do not tell.
  const history = kind === "goto" ? await app.api.get(`${document.address}/history`).catch(() => null) : null;
  const done = history?.edits.filter((/** @type {import("./types.js").EditSummary} */ one) => !one.undone && one.edit <= history.current);
  const way = done ? new Set(done.map((/** @type {any} */ one) => one.edit)) : null;
  for (const { automatic } of taken) automatic.moved(edit, way);
}

/**
 * Keeps the summaries of the film strip in step.
 * @param {App} app
 * @param {number} id
 * @param {{edit: number, status?: import("./types.js").ImageStatus}} change
 */
export function note(app, id, change) {
  app.images.set(app.images.current.map((image) => image.id === id ? { ...image, ...pick(change) } : image));
}

/** @param {any} change */
function pick(change) {
  /** @type {any} */
  const taken = {};
  for (const name of ["edit", "canUndo", "canRedo", "status"]) if (change[name] !== undefined) taken[name] = change[name];
  if (typeof change.objects === "number") taken.objects = change.objects;
  return taken;
}

/** @param {App} app */
function listen(app) {
  const events = new EventSource("/api/1/events");
  let isFirst = true;
  events.addEventListener("open", () => {
    app.connected.set(true);
    app.outbox?.retry();
    if (!isFirst) {
      void app.document?.sync().catch(() => undefined);
      void app.volume.sync();
      void refreshImages(app);
    }
    isFirst = false;
  });
  events.addEventListener("error", () => app.connected.set(false));
  const on = (/** @type {string} */ name, /** @type {(data: any) => void} */ act) => (
    events.addEventListener(name, (event) => act(JSON.parse(event.data))));
  on("state", ({ image, t, z, state, message }) => {
    if (image !== app.document?.image.id || t !== app.document?.plane.t || z !== app.document?.plane.z) return;
    app.modelState.set(state === "failed" && message ? `failed: ${message}` : state);
    if (state !== "preparing") app.progress.set(null);
    if (state === "ready") app.hover?.again();
  });
  on("progress", (news) => progressed(app, news));
  on("edit", (data) => edited(app, data));
  on("job", (job) => jobChanged(app, job));
  on("volume", (news) => app.volume.take(news));
  on("model", (news) => {
    const isOther = modelChanged(app, news);
    if (isOther) void prepare(app);
  });
}

/**
 * Takes over what the server says about its model; whether another one is ready.
 * @param {App} app
 * @param {{name: string, state?: string, description?: any, message?: string}} news
 */
function modelChanged(app, { name, state, description, message }) {
  app.modelName.set(name);
  if (state === "loading") app.modelState.set("loading");
  else if (app.modelState.current === "loading") app.modelState.set("");
  if (state === "failed") app.modelState.set(`failed: ${message ?? ""}`);
  const before = app.model.current;
  app.model.set(description ?? null);
  if (!description || before?.name === description.name) return false;
  app.hover?.forget();
  return true;
}

/**
 * @param {App} app
 * @param {{stage?: string, words?: string, done?: number, total?: number}} news
 */
function progressed(app, { stage, words, done, total }) {
  const before = app.progress.current;
  if (done !== undefined && total !== undefined) {
    app.progress.set(done >= total ? null : { words: before?.words ?? "working", done, total });
  } else if (stage) {
    app.progress.set({ words: words ?? stage, done: 0, total: 0 });
  }
}

/** @param {App} app @param {any} data */
function edited(app, data) {
  if (data.client === app.client) return;
  note(app, data.image, data);
  const { document } = app;
  if (document?.image.id !== data.image || !document) return;
  void document.take({ canUndo: true, canRedo: false, ...data });
  void offer(app, data.kind, data.edit);
}

/** @param {App} app */
export async function refreshImages(app) {
  const { images } = await app.api.get("/project");
  app.images.set(images);
}

/** @param {App} app @param {import("./types.js").Job} job */
export function jobChanged(app, job) {
  const others = app.jobs.current.filter((one) => one.id !== job.id);
  const before = app.jobs.current.find((one) => one.id === job.id);
  app.jobs.set([...others, job].sort((a, b) => a.id - b.id));
  if (before?.state === job.state || !["done", "failed"].includes(job.state)) return;
  const name = { export: "Export", import: "Import", link: "Linking", train: "Fine-tuning" }[job.kind] ?? "The job";
  if (job.state === "failed") app.say(`${name} failed: ${sentence(job.error?.message ?? "")}`, { kind: "problem" });
  else if (job.kind !== "train") app.say(job.result?.folder ? `The results are in ${job.result.folder}.` : `${name} is done.`);
  if (job.kind === "import") void app.document?.sync().catch(() => undefined);
}
