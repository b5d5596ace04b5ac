// Every action of keys.json, and the keyboard that calls them.

import * as actions from "../model/actions.js";
import { turnBy } from "../model/turning.js";
import { TOOLS } from "../tools/index.js";
import { isField } from "../view/pointer.js";
import { trackCommands } from "../tracks/commands.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {{help(): void, goTo(): void, automatic(): void, contrast(): void}} Dialogs */

const STEP = 80;

/**
 * @param {App} app
 * @param {Dialogs} dialogs
 * @returns {Record<string, (index: number) => void>}
 */
export function commands(app, dialogs) {
  const { settings, viewport } = app;
  const tools = Object.fromEntries(TOOLS.map(({ name }) => [`tool.${name}`, () => app.toolName.set(name)]));
  return {
    ...tools,
    commit: () => commitOrAccept(app),
    clear: () => actions.clear(app),
    leave: () => actions.leave(app),
    segment: () => app.current?.ask(),
    automatic: () => (app.volume.isPossible ? app.volume.start() : dialogs.automatic()),
    polarity: () => app.polarity.set(app.polarity.current === "positive" ? "negative" : "positive"),
    smaller: () => walk(app, -1),
    larger: () => walk(app, 1),
    delete: () => deleteHeld(app),
    reopen: () => { const [label] = app.selection.current; if (label !== undefined) void actions.reopen(app, label); },
    turbo: () => settings.change({ turbo: !settings.current.turbo }),
    batch: () => settings.change({ batch: !settings.current.batch }),
    merge: () => actions.merge(app, [...app.selection.current]),
    fillHoles: () => actions.mend(app, "fillHoles"),
    smooth: () => actions.mend(app, "smooth"),
    lock: () => actions.toggleFlag(app, "locked"),
    accepted: () => actions.toggleFlag(app, "accepted"),
    doubtful: () => actions.toggleFlag(app, "doubtful"),
    class: (index) => actions.setClassNumber(app, index + 1),
    noClass: () => actions.setClass(app, null),
    sliceBack: () => turnBy(app, "z", -1),
    sliceOn: () => turnBy(app, "z", 1),
    timeBack: () => turnBy(app, "t", -1),
    timeOn: () => turnBy(app, "t", 1),
    play: () => app.player?.toggle(),
    continue: () => toggleContinuing(app),
    ...trackCommands(app),
    undo: () => actions.undo(app),
    redo: () => actions.redo(app),
    next: () => actions.step(app, 1),
    previous: () => actions.step(app, -1),
    done: () => actions.doneAndNext(app),
    goto: () => dialogs.goTo(),
    fit: () => viewport.fit(),
    zoomIn: () => viewport.zoom(1.25),
    zoomOut: () => viewport.zoom(0.8),
    panLeft: () => viewport.pan(STEP, 0),
    panRight: () => viewport.pan(-STEP, 0),
    panUp: () => viewport.pan(0, STEP),
    panDown: () => viewport.pan(0, -STEP),
    sections: () => app.sections.toggle(),
    labels: () => settings.change({ labelsVisible: !settings.current.labelsVisible }),
    hover: () => toggleHover(app),
    contrast: () => dialogs.contrast(),
    help: () => dialogs.help(),
  };
}

/** @param {App} app */
function commitOrAccept(app) {
  if (actions.commit(app)) return;
  if (app.volume.isHere) app.say("The volume has no slice of the object yet.");
  else if (app.hoveredFound) actions.accept(app, [app.hoveredFound]);
  else app.say("There is no current object. Click on one, or draw a box around it.");
}

/** @param {App} app */
function toggleHover(app) {
  app.settings.change({ hover: !app.settings.current.hover });
  if (!app.settings.current.hover) app.hover?.leave();
  app.say(app.settings.current.hover ? "Masks are shown before a click." : "No masks are shown before a click.");
}

/** @param {App} app */
function toggleContinuing(app) {
  const continues = !app.settings.current.continues;
  app.settings.change({ continues });
  app.say(continues ? "Prompts on other planes continue the selected object." : "Prompts on other planes make new objects.");
}

/**
 * Walks between the masks of the preview or of the object in work, or changes the brush.
 * @param {App} app
 * @param {number} steps to larger ones
 */
export function walk(app, steps) {
  if (app.tool?.hasRadius) {
    const now = app.settings.current.brush;
    const change = Math.max(1, Math.round(now * 0.15));
    app.settings.change({ brush: Math.min(200, Math.max(1, now + steps * change)) });
    app.redraw.emit();
  } else if (app.current && !app.current.isEmpty) {
    app.current.walk(steps);
  } else {
    app.hover?.walk(steps);
  }
}

/** @param {App} app */
function deleteHeld(app) {
  const held = app.heldPrompt;
  if (held && app.current) {
    app.heldPrompt = null;
    app.current.remove(held.group, held.index);
  } else if (app.hoveredFound && app.selection.current.size === 0) {
    app.automatic?.hide([app.hoveredFound]);
  } else {
    actions.remove(app, [...app.selection.current]);
  }
}

/**
 * @param {import("../model/keys.js").Keys} keys
 * @param {Record<string, (index: number) => void>} table
 * @param {() => string} mode in which the page is
 */
export function installKeyboard(keys, table, mode = () => "") {
  addEventListener("keydown", (event) => {
    if (isField(event.target) || document.querySelector("dialog[open]")) return;
    const found = keys.find(event, mode());
    if (!found) return;
    // On a control these keys mean what they always mean.
    if (event.target instanceof HTMLButtonElement && event.key === "Enter") return;
    if (event.target instanceof HTMLInputElement && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    table[found.action]?.(found.index);
  });
}
