// Starts the page: makes its parts and connects them.

import { Api } from "./model/api.js";
import { App } from "./model/app.js";
import { connect } from "./model/session.js";
import { Keys } from "./model/keys.js";
import { View } from "./view/view.js";
import { Pointer } from "./view/pointer.js";
import { installTools } from "./tools/index.js";
import { h, byId } from "./panels/dom.js";
import { commands, installKeyboard, walk } from "./panels/commands.js";
import { installTheme } from "./panels/theme.js";
import { installFocus } from "./panels/focus.js";
import { topbar } from "./panels/topbar.js";
import { toolbar } from "./panels/toolbar.js";
import { options } from "./panels/options.js";
import { card } from "./panels/card.js";
import { readout } from "./panels/readout.js";
import { notices } from "./panels/notices.js";
import { side } from "./panels/side.js";
import { film } from "./panels/film.js";
import { planes } from "./panels/planes.js";
import { volumeBar } from "./panels/volume.js";
import { sectionStrips } from "./panels/sections.js";
import { Player } from "./model/player.js";
import { tour } from "./panels/tour.js";
import { openHelp } from "./panels/help.js";
import { openGoTo } from "./panels/goto.js";
import { openExport, openImport } from "./panels/exchange.js";
import { openTrain } from "./panels/train.js";
import { Tracks } from "./tracks/tracks.js";
import { tracksPanel } from "./tracks/panel.js";

const OPEN = "microsam-open";

async function start() {
  const api = new Api();
  const app = new App(api, storage());
  // For the console, and for the tests.
  Object.assign(globalThis, { annotator: app });
  const keys = new Keys(await (await fetch("keys.json")).json());
  installTheme(app);
  const view = new View(app, /** @type {HTMLCanvasElement} */ (byId("canvas")),
    /** @type {HTMLCanvasElement} */ (byId("overlay")));
  Object.assign(app, { view });
  app.player = new Player(app, () => view.image.isComplete);
  installTools(app);
  new Pointer(app, byId("overlay"));
  app.walk = (steps) => walk(app, steps);
  app.contrast = () => contrast(app, view);
  const { start: startTour } = tour(app);
  notices(app);
  const panels = side(app);
  const dialogs = {
    help: () => openHelp(keys, startTour),
    goTo: () => openGoTo(app),
    exportDialog: () => openExport(app),
    importDialog: () => openImport(app),
    train: () => void openTrain(app),
    automatic: () => {
      panels.choose("automatic");
      byId("panel-automatic").dispatchEvent(new Event("ask"));
    },
    contrast: () => contrast(app, view),
  };
  topbar(app, dialogs);
  toolbar(app, keys);
  options(app);
  card(app);
  readout(app);
  film(app);
  planes(app);
  volumeBar(app);
  sectionStrips(app);
  installFocus();
  app.tracks = new Tracks(app);
  tracksPanel(app, app.tracks);
  installKeyboard(keys, commands(app, dialogs), () => app.tracks?.mode.current ? "tracks" : "");
  await connect(app);
  await openFirst(app);
  if (app.project?.tour && !app.settings.current.tourDone) startTour();
  await laidOut();
  document.body.dataset.ready = "true";
}

/**
 * Opens the image that was open before, or the first that is not done.
 * @param {App} app
 */
async function openFirst(app) {
  const images = app.images.current;
  const kept = Number(sessionStorage.getItem(OPEN));
  app.opened.listen((document) => sessionStorage.setItem(OPEN, String(document.image.id)));
  const first = images.find(({ id }) => id === kept) ?? images.find(({ status }) => status === "new" || status === "work") ?? images[0];
  if (first) await app.open(first.id);
  else app.say("This project has no images.", { kind: "problem", seconds: 60 });
}

/**
 * @param {App} app
 * @param {View} view
 */
function contrast(app, view) {
  app.channels.set(app.channels.current.map((look, c) => ({ ...look,
    ...(look.visible ? view.image.automaticContrast(c) : null) })));
}

function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** Waits until the parts of the page have their sizes, after which the image no longer moves; a page in the background draws nothing. */
function laidOut() {
  return new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
    setTimeout(done, 500);
  });
}

start().catch((error) => {
  const isForbidden = error?.status === 401;
  document.body.replaceChildren(h("div", { class: "failure", role: "alert" },
    h("h1", {}, "The annotator cannot start"),
    h("p", {}, isForbidden ? "This address has no valid token. Open the address that the program printed." : String(error?.message ?? error)),
    h("button", { type: "button", class: "primary", onclick: () => location.reload() }, "Try again")));
  document.body.dataset.ready = "failed";
});
