// Above: where we are, whether everything is saved, what the model is doing.

import { h, byId, iconButton, icon } from "./dom.js";
import * as actions from "../model/actions.js";
import { STATUS } from "./film.js";
import { savingTitle, savingWords } from "../model/saving.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/outbox.js").OutboxState} OutboxState */
/** @typedef {{help(): void, goTo(): void, exportDialog(): void, importDialog(): void, train(): void}} Dialogs */

/**
 * @param {App} app
 * @param {Dialogs} dialogs
 */
export function topbar(app, dialogs) {
  const bar = byId("topbar");
  bar.append(
    h("div", { class: "brand" }, h("img", { src: "favicon.svg", alt: "", width: 22, height: 22 }), h("span",
      { class: "brand-name" }, "MicroSAM")),
    place(app, dialogs),
    h("div", { class: "spring" }),
    model(app),
    saving(app),
    history(app),
    menu(app, dialogs),
  );
}

/** @param {App} app @param {Dialogs} dialogs */
function place(app, dialogs) {
  const name = h("button", { type: "button", class: "plain place-name", title: "Go to an image (Ctrl G)",
    onclick: () => dialogs.goTo() });
  const steps = h("div", { class: "pair" },
    iconButton("left", "Previous image", () => actions.step(app, -1), "P"),
    iconButton("right", "Next image", () => actions.step(app, 1), "N"));
  const status = h("button", { type: "button", class: "primary done-button", title: "Mark as done and go on (Shift N)",
    onclick: () => actions.doneAndNext(app) }, icon("check"), h("span", {}, "Done"));
  const other = h("select", { class: "status", "aria-label": "Status of the image", title: "Status of the image",
    onchange: () => actions.setStatus(app, /** @type {any} */ (other.value)) },
  ...Object.entries(STATUS).map(([value, words]) => h("option", { value }, words)));
  const show = () => {
    const images = app.images.current;
    const index = images.findIndex((image) => image.id === app.document?.image.id);
    if (index < 0) return;
    name.textContent = images.length > 1 ? `${images[index].name}  ·  ${index + 1} of ${images.length}` : images[index].name;
    steps.hidden = images.length < 2;
    status.classList.toggle("is-done", images[index].status === "done");
    other.value = images[index].status ?? "new";
    document.title = `${images[index].name} – MicroSAM`;
  };
  app.opened.listen(show);
  app.images.listen(show);
  return h("div", { class: "place" }, steps, name, other, status);
}

/** @param {App} app */
function model(app) {
  const dot = h("span", { class: "dot" });
  const words = h("span", { class: "model-words" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Progress", hidden: true });
  const stop = iconButton("close", "Cancel", () => {
    app.works?.stop();
    app.progress.set(null);
  });
  const box = h("div", { class: "model", title: "What the model is doing" }, dot, words, bar, stop);
  const show = () => {
    const progress = app.progress.current;
    const state = app.modelState.current;
    const isBusy = app.works?.isSegmenting ?? false;
    const name = app.modelName.current;
    const works = progress || isBusy || state === "preparing" || state === "loading";
    dot.dataset.state = !name ? "none" : state.startsWith("failed") ? "failed" : works ? "busy" : state || "new";
    words.textContent = !name ? "no model" : isBusy ? "segmenting" : progress?.words ? progress.words
      : state === "loading" ? `loading ${name}` : state === "preparing" ? "reading the image" : state.startsWith("failed") ? "failed" : name;
    box.title = state.startsWith("failed") ? state : name ? `Model: ${name}` : "No model is loaded; brush and edits work.";
    bar.hidden = !progress;
    stop.hidden = !isBusy;
    if (progress) bar.value = progress.total ? progress.done / progress.total : 0;
  };
  for (const value of [app.modelState, app.modelName, app.progress]) (/** @type {any} */ (value)).listen(show);
  app.automaticChanged.listen(show);
  show();
  return box;
}

/** @param {App} app */
function saving(app) {
  const words = h("span", { class: "saving", role: "status" });
  const show = () => {
    if (!app.outbox) return;
    const state = app.outbox.state.current;
    const text = savingWords(state, app.connected.current);
    if (words.textContent === text) return;
    words.textContent = text;
    const isOffline = /^(offline|not)/.test(text);
    words.dataset.state = isOffline ? "offline" : state.waiting ? "busy" : "saved";
    words.title = savingTitle(state, app.connected.current);
    warn(state, isOffline);
  };
  let wasLosing = false;
  const warn = (/** @type {OutboxState} */ state, /** @type {boolean} */ isOffline) => {
    const isLosing = state.unkept > 0 && isOffline;
    const seconds = isLosing ? 12 : undefined;
    if (state.problem || (isLosing && !wasLosing)) app.say(words.title, { kind: "problem", seconds });
    wasLosing = isLosing;
  };
  app.opened.listen(() => show());
  app.connected.listen(show);
  app.opened.listen(once(() => app.outbox?.state.listen(show)));
  // The browser asks before it loses what it could not store.
  addEventListener("beforeunload", (event) => {
    if (app.outbox?.state.current.unkept) event.preventDefault();
  });
  return words;
}

/** @param {() => void} act */
function once(act) {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

/** @param {App} app */
function history(app) {
  const undo = iconButton("undo", "Undo", () => actions.undo(app), "Ctrl Z");
  const redo = iconButton("redo", "Redo", () => actions.redo(app), "Ctrl Shift Z");
  const show = () => {
    undo.disabled = !(app.document?.canUndo() || !(app.current?.isEmpty ?? true));
    redo.disabled = !app.document?.canRedo();
  };
  app.objectsChanged.listen(show);
  app.currentChanged.listen(show);
  return h("div", { class: "pair" }, undo, redo);
}

/** @param {App} app @param {Dialogs} dialogs */
function menu(app, dialogs) {
  const theme = iconButton("theme", "Light or dark", () => {
    const isDark = document.documentElement.dataset.theme === "dark";
    app.settings.change({ theme: isDark ? "light" : "dark" });
  });
  return h("div", { class: "pair" },
    iconButton("import", "Import objects", () => dialogs.importDialog()),
    iconButton("export", "Export results", () => dialogs.exportDialog()),
    iconButton("train", "Fine-tune the model", () => dialogs.train()),
    theme,
    iconButton("help", "Keys and help", () => dialogs.help(), "?"));
}
