// Objects in work on their way through a stack: the server follows them from the slices that have prompts.
//
// state      prompts change       all slices are done   Stop       Clear, commit, another image
// none       nothing              -                     -          nothing
// running    goes on with them    done                  stopped    none
// done       running              -                     -          none
// failed     running              -                     -          none
// stopped    stay as they are     -                     -          none

import { Signal } from "./signal.js";
import { Latest } from "./latest.js";
import { isPositive } from "./current.js";
import { collected, followed, gesturesOf, keysOf, nameOf, numbered, optionsOf, pointsAt } from "./volume-parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Mask} Mask */
/** @typedef {import("./types.js").Prompt} Prompt */
/** @typedef {import("./works.js").PlaneWork} PlaneWork */
/** @typedef {{object?: number, z: number, mask: Mask, score: number, stability: number,
 *   origin: "prompts"|"projection"|"shape", revision?: number}} Part object: 1, if nothing is said; revision: of the
 *   prompts that it is known to belong to */
/** @typedef {{object?: number, z: number, prompts: Prompt[], mask?: Mask}} Key */
/** @typedef {"none"|"running"|"done"|"stopped"|"failed"} VolumeProgress */
/** @typedef {{run: string, revision: number, state: "running"|"done"|"failed", message?: string,
 *   part?: {object?: number, z: number, mask?: Mask} & Partial<Part>, parts?: Part[]}} VolumeNews */

/** Milliseconds without a change after which prompts that have changed are sent. */
const REST = 120;

export class Volume {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {VolumeProgress} */
    this.state = "none";
    this.run = "";
    this.address = "";
    this.t = 0;
    /** @type {number|null} the committed object that goes on */
    this.replaces = null;
    this.revision = 0;
    /** The prompts that were sent last, as text. */
    this.sent = "";
    this.message = "";
    /** @type {{first: number|null, last: number|null}} the slices to which the object is limited; null: no limit */
    this.range = { first: null, last: null };
    /** How the object goes on from slice to slice, as the server was told. */
    this.options = {};
    /** The highest number of an object, and the object that was touched last. */
    this.lastObject = 1;
    this.aimed = 1;
    /** All is committed when it is there. */
    this.commitsLater = false;
    /** Prompts may have changed that were not sent yet. */
    this.isWaiting = false;
    /** @type {Map<string, Part>} by object and slice */
    this.parts = new Map();
    /** @type {Signal<void>} */
    this.changed = new Signal();
    this.latest = new Latest(
      (/** @type {any} */ body, signal) => app.api.post(this.address, body, signal),
      // How far it is comes as events, which may be there before this answer.
      () => undefined,
      (error) => this.fail(error),
    );
    this.changed.listen(() => app.redraw.emit());
    app.currentChanged.listen(() => this.later());
  }

  get isActive() { return this.state !== "none"; }

  /** Whether masks may still come, or change. */
  get isRunning() { return this.state === "running" || this.isWaiting; }

  /** Whether the plane that is shown is one of the object's time point. */
  get isHere() { return this.isActive && this.app.document?.plane.t === this.t; }

  /**
   * What has prompts on a time point, by slice.
   * @param {number} t
   * @returns {PlaneWork[]}
   */
  works(t) {
    return (this.app.works?.all ?? []).filter(({ plane, current }) => plane.t === t && !current.isEmpty)
      .sort((a, b) => a.plane.z - b.plane.z);
  }

  /** Slices with prompts. */
  get keySlices() { return this.works(this.t).map(({ plane }) => plane.z); }

  /** Slices with a mask, ascending. */
  get slices() { return [...new Set(this.collected().map(({ z }) => z))].sort((a, b) => a - b); }

  /** How many objects there are. */
  get objectCount() { return new Set(this.collected().map(({ object }) => object)).size; }

  /** Whether the prompts on the plane that is shown can go through the volume. */
  get isPossible() { return this.app.document !== null && this.app.document.image.shape.z > 1 && pointsAt(this.app.current); }

  /** Begins to follow what is in work. */
  start() {
    const { app } = this;
    const { document } = app;
    if (!document) return;
    const found = numbered(app, this.works(document.plane.t));
    if (typeof found === "string") return void app.say(found);
    this.forget();
    this.t = document.plane.t;
    this.replaces = found.replaces;
    this.lastObject = this.aimed = found.count;
    this.begin(document.address);
    this.update();
    this.changed.emit();
    app.happened.emit("volume");
  }

  /**
   * Another run, with the options that are set now.
   * @param {string} address of the image
   */
  begin(address) {
    this.run = crypto.randomUUID();
    this.address = `${address}/volume/${this.run}`;
    this.options = optionsOf(this.app.settings.current, this.range);
    this.revision = 0;
    this.sent = "";
    this.state = "running";
  }

  /** Sends prompts or options that have changed, once they are left alone for a moment. */
  later() {
    if (!this.isActive) return;
    this.isWaiting = this.state !== "stopped";
    clearTimeout(this.app.timers.volume);
    this.app.timers.volume = setTimeout(() => this.update(), REST);
    this.changed.emit();
  }

  update() {
    if (!this.isActive || this.state === "stopped") return;
    const works = this.works(this.t);
    // A mask that is on its way is worth waiting for: the object goes on from what is seen.
    if (works.some(({ current }) => current.isBusy)) return;
    const keys = keysOf(works);
    if (keys.length === 0) {
      this.clear();
      return;
    }
    this.isWaiting = false;
    const { document, settings } = this.app;
    // The server keeps the options of a run.
    if (document && JSON.stringify(optionsOf(settings.current, this.range)) !== JSON.stringify(this.options)) {
      this.end();
      this.parts = new Map();
      this.begin(document.address);
    }
    const sent = JSON.stringify(keys);
    if (sent === this.sent) return this.settle();
    this.sent = sent;
    this.parts = new Map([...this.parts].filter(([, part]) => keys.some(({ object = 1 }) => object === (part.object ?? 1))));
    this.state = "running";
    this.message = "";
    this.latest.ask({ keys, t: this.t, revision: ++this.revision, client: this.app.client, options: this.options,
      ...(this.replaces ? { replaces: this.replaces } : {}) });
    this.changed.emit();
  }

  /**
   * Takes over what the server says.
   * @param {VolumeNews} news
   */
  take(news) {
    if (news.run.toLowerCase() !== this.run || this.state === "stopped" || !this.isActive) return;
    const { part, parts } = news;
    if (parts) this.parts = new Map(parts.map((one) => [nameOf(one), { ...one, revision: news.revision }]));
    if (part?.mask) this.parts.set(nameOf(part), /** @type {Part} */ ({ ...part, revision: news.revision }));
    else if (part) this.parts.delete(nameOf(part));
    // What is said of earlier prompts is over.
    if (news.revision >= this.revision) {
      this.state = news.state;
      this.message = news.message ?? "";
      if (news.state === "done") for (const one of this.parts.values()) one.revision = this.revision;
    }
    this.settle();
  }

  /** Commits what waits for that, once all is there. */
  settle() {
    if (this.commitsLater && this.state === "done" && !this.isWaiting) this.commit();
    else this.changed.emit();
  }

  /** Asks for what was told while nobody listened. */
  async sync() {
    if (!this.isActive || this.state === "stopped") return;
    const { run } = this;
    try {
      const news = await this.app.api.get(this.address);
      if (run === this.run) this.take(news);
    } catch (error) {
      if (run === this.run && this.isActive) this.fail(error);
    }
  }

  /** @param {any} error */
  fail(error) {
    this.state = "failed";
    this.message = error instanceof Error ? error.message : String(error);
    this.app.complain(error);
    this.changed.emit();
  }

  /** Ends the work of the server; the slices that have come for these prompts stay. */
  stop() {
    if (!this.isRunning) return;
    const isKnown = (/** @type {Part} */ { revision }) => !this.isWaiting && revision === this.revision;
    this.parts = new Map([...this.parts].filter(([, part]) => isKnown(part)));
    this.end();
    this.state = "stopped";
    this.changed.emit();
  }

  /** Takes the masks of all slices off the screen; the prompts stay. */
  clear() {
    if (!this.isActive) return;
    this.forget();
    this.changed.emit();
  }

  /** Takes the prompts of all slices away, too. */
  clearAll() {
    const works = this.works(this.t);
    this.clear();
    for (const { current } of works) current.clear();
  }

  forget() {
    if (this.isActive && this.state !== "stopped") this.end();
    this.isWaiting = this.commitsLater = false;
    this.state = "none";
    this.parts = new Map();
    this.message = "";
    this.range = { first: null, last: null };
  }

  end() {
    this.isWaiting = this.commitsLater = false;
    clearTimeout(this.app.timers.volume);
    this.latest.cancel();
    this.app.api.delete(this.address).catch(() => undefined);
  }

  /**
   * The masks to show on a plane; where an object has prompts, the masks of these are shown.
   * @param {import("./planes.js").Plane} plane
   * @returns {Part[]}
   */
  shownOn({ t, z }) {
    if (!this.isActive || t !== this.t) return [];
    return followed(this.works(t), this.parts.values()).filter((part) => part.z === z);
  }

  /**
   * The masks of all slices, as a gesture takes them: those that are seen on slices with prompts, and those that have come.
   * @returns {{object: number, z: number, mask: Mask, [key: string]: any}[]}
   */
  collected() {
    return collected(this.works(this.t), this.parts.values());
  }

  /**
   * Commits the objects on all slices, each as one gesture. Slices that are on their way are waited for: earlier masks may
   * not belong to the prompts any more.
   * @returns {number[]} the labels of new objects, until the server has named them
   */
  commit() {
    const { app, replaces, t } = this;
    this.commitsLater = false;
    if (this.isWaiting) this.update();
    if (this.isRunning) {
      this.commitsLater = true;
      app.say("It is committed when all slices are there. Esc stops, and C then commits those that have come.");
      return [];
    }
    const gestures = gesturesOf(app, this.collected(), { replaces, t });
    if (gestures.length === 0) return [];
    app.look(null);
    this.clearAll();
    app.hover?.leave();
    const created = gestures.flatMap(({ gesture, words }) => app.perform(gesture, words));
    app.happened.emit("commit");
    return created;
  }
}
