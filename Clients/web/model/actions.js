// What keys and buttons do. Each action has a name, which keys.json and the panels use.

import { optionsOf } from "./current.js";
import { note } from "./session.js";
import { continued } from "./continuing.js";

export { reopen, useAsPrompt } from "./reopening.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").ImageStatus} ImageStatus */

/** @param {number} count @param {string} one */
export function counted(count, one) { return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`; }

/**
 * Commits the object in work.
 * @param {App} app
 * @param {import("./works.js").PlaneWork|null} work of which plane; that which is shown, if nothing is said
 */
export function commit(app, work = app.works?.shown ?? null) {
  const { document, settings } = app;
  if (!work || !document) return false;
  const { current, plane } = work;
  if (app.volume.isActive && plane.t === app.volume.t) return app.volume.slices.length > 0 && app.volume.commit();
  const ready = current.groups.filter((group) => group.mask);
  if (ready.length === 0) return false;
  app.look(null);
  const model = app.modelName.current || undefined;
  const modelHash = app.model.current?.hash ?? undefined;
  const objects = ready.map((group) => {
    const candidate = group.candidates[group.chosen];
    return { mask: group.mask, prompts: group.prompts, options: optionsOf(group), score: candidate?.score,
      stability: candidate?.stability, threshold: group.threshold || undefined, model, modelHash,
      source: current.source, class: app.activeClass.current ?? undefined };
  });
  const { rule } = settings.current;
  const goesOn = continued(app, current);
  const replaces = current.replaces ?? goesOn;
  const what = objects.length > 1 ? { kind: "commitMany", objects }
    // What is continued keeps its class.
    : { kind: "commit", ...objects[0], ...(replaces ? { replaces } : {}), ...(goesOn ? { class: undefined } : {}) };
  const gesture = { ...what, rule, ...plane };
  const words = goesOn ? `Continue object ${goesOn}` : replaces ? `Change object ${replaces}` : `Commit ${counted(objects.length, "object")}`;
  current.clear();
  app.hover?.leave();
  const created = app.perform(gesture, words);
  app.happened.emit("commit");
  return created;
}

/**
 * Takes what lies under the pointer of the automatic result.
 * @param {App} app
 * @param {number[]|null} labels
 */
export function accept(app, labels) {
  const { automatic, document, settings } = app;
  if (!automatic?.run || !document) return;
  const offered = labels ?? automatic.offered.map(({ label }) => label);
  if (offered.length === 0) return;
  document.request(`automatic/${automatic.run.id}/accept`, { labels: offered, rule: settings.current.rule },
    `Accept ${counted(offered.length, "automatic object")}`);
  automatic.hide(offered);
  app.happened.emit("accept");
}

/**
 * Takes only the objects that lie where nothing is committed, on the screen or off it: the server knows.
 * @param {App} app
 */
export async function acceptWhereEmpty(app) {
  const { automatic, document } = app;
  if (!automatic?.run || !document) return;
  const { run } = automatic;
  try {
    // What is on its way counts as committed.
    await document.settled();
    const { labels } = await app.api.get(`${document.address}/automatic/${run.id}/free`);
    if (automatic.run !== run) return;
    const isFree = new Set(labels);
    const free = automatic.offered.map(({ label }) => label).filter((label) => isFree.has(label));
    if (free.length === 0) app.say("Every object of the result touches a committed one.");
    else accept(app, free);
  } catch (error) {
    app.complain(error);
  }
}

/** @param {App} app @param {number[]} labels */
export function remove(app, labels) {
  if (labels.length === 0) return;
  const isElsewhere = labels.some((label) => {
    const { t, z } = app.document?.objects.get(label) ?? {};
    return (t && t[1] - t[0] > 1) || (z && z[1] - z[0] > 1);
  });
  app.perform({ kind: "delete", labels }, `Delete ${counted(labels.length, "object")}`);
  if (isElsewhere) app.say("Deleted on all planes. The eraser removes what lies on this one.", { action: { words: "Undo", run: () => undo(app) } });
  app.selection.set(new Set());
}

/** @param {App} app @param {number[]} labels the first one stays */
export function merge(app, labels) {
  if (labels.length < 2) {
    app.say("Select two or more objects to merge them: Shift and click adds one.");
    return;
  }
  app.perform({ kind: "merge", labels }, `Merge ${counted(labels.length, "object")}`);
  app.selection.set(new Set([labels[0]]));
}

/** @param {App} app @param {"fillHoles"|"smooth"} kind */
export function mend(app, kind) {
  const labels = [...app.selection.current];
  if (labels.length === 0) return needsSelection(app);
  const more = kind === "smooth" ? { radius: app.settings.current.smooth } : {};
  app.perform({ kind, labels, ...more },
    `${kind === "smooth" ? "Smooth" : "Fill holes of"} ${counted(labels.length, "object")}`);
}

/** What a flag means when it is set, and when it is taken away. */
const FLAG_WORDS = {
  locked: ["Lock", "Unlock"],
  accepted: ["Accept", "Take back the acceptance of"],
  doubtful: ["Mark as doubtful:", "No longer doubtful:"],
};

/** @param {App} app */
export function needsSelection(app) { app.say("Select an object first: click it with the arrow tool, or in the list."); }

/** @param {App} app @param {keyof typeof FLAG_WORDS} flag */
export function toggleFlag(app, flag) {
  const labels = [...app.selection.current];
  if (labels.length === 0) return needsSelection(app);
  const value = !labels.every((label) => app.document?.objects.get(label)?.[flag]);
  const [on, off] = FLAG_WORDS[flag];
  app.perform({ kind: "flags", labels, [flag]: value }, `${value ? on : off} ${counted(labels.length, "object")}`);
}

/**
 * Gives the selected objects a class, and the next ones too.
 * @param {App} app
 * @param {string|null} name
 */
export function setClass(app, name) {
  app.activeClass.set(name);
  const labels = [...app.selection.current];
  if (labels.length === 0) return;
  app.perform({ kind: "class", labels, class: name }, name ? `Class ${name}` : "No class");
}

/** @param {App} app @param {number} number from 1 */
export function setClassNumber(app, number) {
  const name = app.classes.current[number - 1];
  if (name !== undefined) setClass(app, name);
  else app.say(`There is no class ${number}. Classes are made under “Class” on the right.`);
}

/**
 * Undoes the last prompt of the object in work, or else the last gesture.
 * @param {App} app
 */
export function undo(app) {
  if (app.current && !app.current.isEmpty && app.current.undo()) return;
  if (!app.document?.canUndo()) {
    app.say("There is nothing to undo.");
    return;
  }
  app.document.undo();
  app.happened.emit("undo");
}

/** @param {App} app */
export function redo(app) {
  if (app.document?.canRedo()) app.document.redo();
  else app.say("There is nothing to redo.");
}

/**
 * Leaves the innermost thing that is going on.
 * @param {App} app
 */
export function leave(app) {
  if (app.tool?.isBusy) app.tool.cancel();
  else if (app.viewing.current) app.look(null);
  else if (app.volume.isRunning) app.volume.stop();
  else if (app.volume.isActive) app.volume.clear();
  else if (app.current && !app.current.isEmpty) app.current.clear();
  else if (app.hover?.shown) app.hover.leave();
  else if (app.selection.current.size) app.selection.set(new Set());
  app.redraw.emit();
}

/** @param {App} app @param {number} steps in the series */
export function step(app, steps) {
  const images = app.images.current;
  const index = images.findIndex((image) => image.id === app.document?.image.id);
  const next = images[index + steps];
  if (next) void app.open(next.id);
  else app.say(steps > 0 ? "This is the last image." : "This is the first image.");
}

/** @param {App} app @param {ImageStatus} status */
export function setStatus(app, status) {
  const { document } = app;
  if (!document) return;
  const words = { new: "Mark as new", work: "Mark as in progress", done: "Mark as done", skipped: "Skip the image" }[status];
  app.perform({ kind: "status", status }, words);
  note(app, document.image.id, { edit: document.edit, status });
}

/**
 * Clears the object in work, on all slices if it goes through the volume.
 * @param {App} app
 */
export function clear(app) {
  if (app.volume.isHere) app.volume.clearAll();
  else app.current?.clear();
}

/** @param {App} app */
export function doneAndNext(app) {
  for (const work of app.works?.all ?? []) if (work.current.hasMask) commit(app, work);
  setStatus(app, "done");
  const images = app.images.current;
  const index = images.findIndex((image) => image.id === app.document?.image.id);
  if (index + 1 < images.length) step(app, 1);
  else app.say("Done. This was the last image of the series.");
}
