// Below the image of a movie: what can be done with tracks, and their trees.

import { h, byId, icon, iconButton } from "../panels/dom.js";
import { follow } from "../panels/exchange.js";
import { TreeView } from "./tree.js";
import { isMovie } from "./tracks.js";
import { openTrackExchange } from "./exchange.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("./tracks.js").Tracks} Tracks */
/** @typedef {import("./tracks.js").Scope} Scope */

/** @param {App} app @param {Tracks} tracks */
export function tracksPanel(app, tracks) {
  const place = byId("tracks");
  const canvas = h("canvas", { class: "tree", tabIndex: 0, role: "application",
    "aria-label": "Lineage trees; arrow keys go from object to object" });
  place.append(h("div", { class: "track-bar" }, linking(app, tracks), edits(tracks), scopes(tracks), number(tracks), h("div", { class: "spring" }),
    suspicions(tracks), iconButton("export", "Export or import tracks", () => openTrackExchange(app)),
    iconButton("close", "Leave the tracks", () => tracks.setMode(false), "Shift T")), canvas);
  new TreeView(app, tracks, canvas);
  tracks.mode.watch((on) => {
    place.hidden = !on;
    document.body.classList.toggle("tracks-mode", on);
  });
  opener(app, tracks);
}

/**
 * The button beside the slider of time points.
 * @param {App} app
 * @param {Tracks} tracks
 */
function opener(app, tracks) {
  const button = h("button", { type: "button", class: "tracks-opener", title: "Tracks: links through time, and lineage trees (Shift T)",
    onclick: () => tracks.setMode(!tracks.mode.current) }, icon("lineage"), "Tracks");
  byId("planes").append(button);
  app.opened.listen((document) => { button.hidden = !isMovie(document.image); });
  tracks.mode.watch((on) => button.setAttribute("aria-pressed", String(on)));
}

/** @param {App} app @param {Tracks} tracks */
function linking(app, tracks) {
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Linking" });
  let job = 0;
  const stop = iconButton("close", "Cancel the linking", () => void app.api.delete(`/jobs/${job}`));
  const progress = h("div", { class: "pair", hidden: true }, bar, stop);
  const run = async (/** @type {"loose"|"all"} */ extent) => {
    const { document } = app;
    if (!document) return;
    start.hidden = anew.hidden = true;
    progress.hidden = false;
    bar.value = 0;
    try {
      ({ job } = await app.api.post(`${document.address}/tracks/link`, { extent }));
      const ended = await follow(app, job, (now) => { bar.value = now.total ? now.done / now.total : 0; });
      if (ended.state === "cancelled") app.say("The linking was cancelled; nothing has changed.");
      await document.sync();
    } catch (error) {
      app.complain(error);
    }
    start.hidden = anew.hidden = false;
    progress.hidden = true;
  };
  const start = h("button", { type: "button", class: "primary", title: "Link what has no links yet, in all time points",
    onclick: () => void run("loose") }, "Link");
  const anew = iconButton("reopen", "Link everything anew; the tracks that are there are given up", () => void run("all"));
  tracks.mode.listen(() => { start.disabled = false; });
  return h("div", { class: "pair" }, start, anew, progress);
}

/** @param {Tracks} tracks */
function edits(tracks) {
  const button = (/** @type {string} */ words, /** @type {string} */ key, /** @type {string} */ title, /** @type {() => void} */ act) => (
    h("button", { type: "button", class: "track-edit", title: `${title} (${key})`, "aria-keyshortcuts": key, onclick: act }, words,
      h("kbd", { "aria-hidden": "true" }, key)));
  return h("div", { class: "pair", role: "group", "aria-label": "Edits of tracks" },
    button("Connect", "A", "The later selected object comes from the earlier; with several, it divides", () => tracks.connect()),
    button("Break", "B", "Cut the track in front of the selected object", () => tracks.cut()),
    button("Swap", "S", "Two objects of one time point were taken for each other", () => tracks.swap()),
    button("Merge", "M", "Objects of one time point are one", () => tracks.merge()),
    button("Delete", "D", "Delete the selected objects", () => tracks.remove()));
}

/** @param {Tracks} tracks */
function scopes(tracks) {
  const field = h("select", { "aria-label": "Scope of edits", title: "How far edits reach from the selected object (0 to 4)",
    onchange: () => tracks.scope.set(/** @type {Scope} */ (field.value)) },
  h("option", { value: "" }, "usual"), h("option", { value: "one" }, "one"), h("option", { value: "past" }, "past"),
  h("option", { value: "future" }, "future"), h("option", { value: "all" }, "all"));
  tracks.scope.watch((value) => {
    field.value = value;
    field.classList.toggle("chosen", value !== "");
  });
  return field;
}

/** @param {Tracks} tracks */
function number(tracks) {
  const field = h("input", { type: "number", min: "1", step: "1", "aria-label": "Number of the track",
    title: "Another, free number for the selected track",
    onchange: () => { tracks.relabel(Number(field.value)); field.blur(); } });
  const show = () => {
    const [node] = tracks.nodes.current;
    field.value = node && node.label < 0xff000000 ? String(node.label) : "";
    field.disabled = !node;
  };
  tracks.nodes.watch(show);
  tracks.changed.listen(show);
  return field;
}

/** @param {Tracks} tracks */
function suspicions(tracks) {
  const words = h("span", { class: "hint", role: "status" });
  tracks.suspicions.words.watch((text) => { words.textContent = text; words.title = text; });
  return h("div", { class: "pair suspicions" }, words,
    iconButton("left", "Previous suspicious place", () => void tracks.suspicions.walk(-1), "Shift J"),
    h("button", { type: "button", class: "track-edit", title: "Next place that looks wrong (J)",
      onclick: () => void tracks.suspicions.walk(1) }, icon("doubt"), h("kbd", { "aria-hidden": "true" }, "J")));
}
