// What keys and buttons do. Each action has a name, which keys.json and the panels use.

import { maskArea, maskOfBits, maskPrompt } from "./masks.js";
import { TILE } from "./effects.js";
import { note } from "./session.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").ImageStatus} ImageStatus */

/** @param {number} count @param {string} one */
export function counted(count, one) { return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`; }

/**
 * Commits the object in work.
 * @param {App} app
 */
export function commit(app) {
  const { current, document, settings } = app;
  if (!current || !document) return false;
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
  const isOne = objects.length === 1;
  const gesture = isOne
    ? { kind: "commit", ...objects[0], rule, ...(current.replaces ? { replaces: current.replaces } : {}) }
    : { kind: "commitMany", objects, rule };
  const words = current.replaces ? `Change object ${current.replaces}` : `Commit ${counted(objects.length, "object")}`;
  current.clear();
  app.hover?.leave();
  const created = app.perform(gesture, words);
  app.happened.emit("commit");
  return created;
}

/**
 * The options by which the model gives the chosen mask again.
 * @param {import("./current.js").Group} group
 */
function optionsOf({ candidates, chosen, threshold }) {
  const areas = candidates.map(({ mask }) => maskArea(mask));
  const smaller = areas.filter((area, i) => area < areas[chosen] || (area === areas[chosen] && i < chosen)).length;
  return {
    ...(candidates.length === 3 ? { masks: ["smallest", "middle", "largest"][smaller] } : {}),
    ...(threshold ? { mask_threshold: threshold } : {}),
  };
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
 * Takes only the objects that lie where nothing is committed.
 * @param {App} app
 */
export function acceptWhereEmpty(app) {
  const { automatic, document } = app;
  if (!automatic || !document) return;
  const free = automatic.offered.filter(({ box }) => !document.objects.all().some((row) => (
    row.box[0] < box[2] && row.box[2] > box[0] && row.box[1] < box[3] && row.box[3] > box[1]
    && meets(app, row.label, box))));
  if (free.length === 0) app.say("Every object of the result touches a committed one.");
  else accept(app, free.map(({ label }) => label));
}

/**
 * Whether pixels of a committed object and of an automatic one are the same, as far as tiles are here.
 * @param {App} app
 * @param {number} label
 * @param {number[]} box
 */
function meets(app, label, box) {
  const found = app.automatic?.run?.labels;
  const committed = app.document?.labels;
  if (!found || !committed) return true;
  const own = app.document?.boxOf(label) ?? box;
  for (let y = Math.max(box[0], own[0]); y < Math.min(box[2], own[2]); y++) {
    for (let x = Math.max(box[1], own[1]); x < Math.min(box[3], own[3]); x++) {
      if (committed.at(y, x) === label && found.at(y, x) !== 0) return true;
    }
  }
  return false;
}

/** @param {App} app @param {number[]} labels */
export function remove(app, labels) {
  if (labels.length === 0) return;
  app.perform({ kind: "delete", labels }, `Delete ${counted(labels.length, "object")}`);
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
function needsSelection(app) { app.say("Select an object first: click it with the arrow tool, or in the list."); }

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
 * Puts a committed object back into work.
 * @param {App} app
 * @param {number} label
 */
export async function reopen(app, label) {
  const { document, current } = app;
  if (!document || !current) return;
  const row = document.objects.get(label);
  if (!row) return;
  try {
    const { prompts, options } = row.pending ? { prompts: [], options: null } : await app.api.get(`${document.address}/objects/${label}`);
    const mask = await maskOfObject(app, label);
    const usable = prompts?.length ? prompts : mask ? [maskPrompt(mask, document.size)] : [];
    if (usable.length === 0 || document !== app.document) return;
    app.activeClass.set(row.class);
    current.reopen(label, usable, mask, options?.mask_threshold ?? 0);
    app.selection.set(new Set());
    app.toolName.set("point");
  } catch (error) {
    app.complain(error);
  }
}

/**
 * The pixels of an object.
 * @param {App} app
 * @param {number} label
 */
export async function maskOfObject(app, label) {
  const { document } = app;
  const box = document?.boxOf(label);
  if (!document || !box) return null;
  const [y0, x0, y1, x1] = box;
  const waits = [];
  for (let row = Math.floor(y0 / TILE); row * TILE < y1; row++) {
    for (let col = Math.floor(x0 / TILE); col * TILE < x1; col++) waits.push(document.labels.load(row, col));
  }
  await Promise.all(waits);
  const bits = new Uint8Array((y1 - y0) * (x1 - x0));
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) if (document.labels.at(y, x) === label) bits[(y - y0) * (x1 - x0) + x - x0] = 1;
  }
  return maskOfBits(bits, [y0, x0, y1, x1]);
}

/**
 * Begins a new object from the mask of a committed one.
 * @param {App} app
 */
export async function useAsPrompt(app) {
  const [label] = app.selection.current;
  if (label === undefined) return needsSelection(app);
  const mask = await maskOfObject(app, label);
  if (!mask || !app.document || !app.current) return;
  app.current.add(maskPrompt(mask, app.document.size), app.settings.current.batch);
  app.toolName.set("point");
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

/** @param {App} app */
export function doneAndNext(app) {
  if (app.current?.hasMask) commit(app);
  setStatus(app, "done");
  const images = app.images.current;
  const index = images.findIndex((image) => image.id === app.document?.image.id);
  if (index + 1 < images.length) step(app, 1);
  else app.say("Done. This was the last image of the series.");
}
