// What is in work on each plane: an object with its prompts, and an automatic result. Both stay with their plane.

import { Automatic } from "./automatic.js";
import { CurrentObject } from "./current.js";
import { keyOf } from "./planes.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./planes.js").Plane} Plane */
/** @typedef {{plane: Plane, current: CurrentObject, automatic: Automatic}} PlaneWork */

/** The server keeps 16 results, of 512 MiB together (4 bytes for each pixel); the plane that is shown may have two. */
const MOST_RUNS = 12;
const MOST_BYTES = 384 << 20;

export class Works {
  /**
   * @param {App} app
   * @param {import("./document.js").ImageDocument} document
   */
  constructor(app, document) {
    this.app = app;
    this.document = document;
    /** @type {Map<string, PlaneWork>} the latest last */
    this.byPlane = new Map();
    this.shown = this.on(document.plane);
  }

  /**
   * The work on a plane that is shown from now on; where nothing is in work, none is kept.
   * @param {Plane} plane
   */
  show(plane) {
    const before = this.shown;
    if (keyOf(before.plane) === keyOf(plane)) return before;
    before.automatic.settle();
    if (before.current.isEmpty && !before.automatic.run && !before.automatic.isBusy) this.byPlane.delete(keyOf(before.plane));
    this.shown = this.on(plane);
    return this.shown;
  }

  /** @param {Plane} plane */
  on(plane) {
    const key = keyOf(plane);
    const work = this.byPlane.get(key) ?? this.make(plane);
    this.byPlane.delete(key);
    this.byPlane.set(key, work);
    return work;
  }

  /** @param {Plane} plane @returns {PlaneWork} */
  make(plane) {
    const { app } = this;
    const { address, size } = this.document;
    const { client } = app;
    const current = new CurrentObject((body, signal) => (
      app.api.post(`${address}/predict`, { ...body, ...plane, client }, signal)), size);
    const automatic = new Automatic(app.api, address, size, client, plane);
    current.changed.listen(() => { app.currentChanged.emit(); app.tableChanged.emit(); });
    current.failed.listen((error) => app.complain(error));
    automatic.changed.listen(() => {
      if (automatic.run) app.happened.emit("automatic");
      this.limit();
      app.automaticChanged.emit();
      app.tableChanged.emit();
    });
    automatic.drawn.listen(() => app.redraw.emit());
    automatic.failed.listen((error) => app.complain(error));
    return { plane, current, automatic };
  }

  get all() { return [...this.byPlane.values()]; }

  /** Those of other planes that somebody may come back to. */
  get elsewhere() {
    return this.all.filter((work) => work !== this.shown && (!work.current.isEmpty || work.automatic.offered.length > 0));
  }

  get isSegmenting() { return this.all.some(({ automatic }) => automatic.isBusy); }

  /** Ends what is being segmented. */
  stop() { for (const { automatic } of this.all) if (automatic.isBusy) automatic.stop(); }

  /**
   * The automatic result with this name.
   * @param {string|null} run
   */
  withRun(run) { return this.all.find(({ automatic }) => run !== null && automatic.run?.id === run)?.automatic ?? null; }

  /** Gives the oldest results back before the server forgets them by itself. */
  limit() {
    const { y, x } = this.document.size;
    const most = Math.max(1, Math.min(MOST_RUNS, Math.floor(MOST_BYTES / (4 * y * x))));
    const others = this.all.filter((work) => work !== this.shown && work.automatic.run);
    for (const { automatic } of others.slice(0, Math.max(0, others.length + 1 - most))) automatic.clear();
  }

  clear() {
    for (const { current, automatic } of this.all) {
      current.clear();
      automatic.clear();
    }
    this.byPlane.clear();
  }
}
