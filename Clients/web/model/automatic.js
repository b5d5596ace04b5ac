// Automatic segmentation: runs whose parameters answer while a slider is dragged, and what changed between them.

import { Signal } from "./signal.js";
import { Latest } from "./latest.js";
import { LabelTiles, maskOfLabel } from "./label-tiles.js";

/** @typedef {{label: number, box: [number, number, number, number], area: number, centroid: [number, number],
 *   score?: number|null}} Found */
/** @typedef {{id: string, labels: LabelTiles, objects: Map<number, Found>}} Run */
/** @typedef {{edit: number, labels: number[], isUndone: boolean}} Acceptance */
/** @typedef {{name: string, words: string, min: number, max: number, step: number, initial: number}} Slider */

/** Thresholds of the decoder's maps, which two modes share. */
const MAP_SLIDERS = [
  slider("center_distance_threshold", "Centre distance", 0, 1, 0.01, 0.5),
  slider("boundary_distance_threshold", "Boundary distance", 0, 1, 0.01, 0.5),
  slider("foreground_threshold", "Foreground", 0, 1, 0.01, 0.5),
];

/**
 * The parameters worth a slider, by mode.
 * @type {Record<string, Slider[]>}
 */
export const SLIDERS = {
  ais: [
    ...MAP_SLIDERS,
    slider("seed_depth", "Seed depth", 0, 0.5, 0.01, 0),
    slider("min_size", "Smallest object", 0, 500, 5, 0),
  ],
  apg: [
    ...MAP_SLIDERS,
    slider("nms_threshold", "Overlap", 0, 1, 0.01, 0.9),
    slider("min_size", "Smallest object", 0, 500, 5, 25),
  ],
  amg: [
    slider("pred_iou_thresh", "Expected quality", 0, 1, 0.01, 0.88),
    slider("stability_score_thresh", "Stability", 0, 1, 0.01, 0.95),
    slider("box_nms_thresh", "Overlap", 0, 1, 0.01, 0.7),
    slider("min_mask_region_area", "Smallest object", 0, 500, 5, 0),
  ],
};

/** @type {Record<string, string>} */
export const MODES = { ais: "Decoder", apg: "Prompts", amg: "Grid" };

/**
 * @param {string} name
 * @param {string} words
 * @param {number} min
 * @param {number} max
 * @param {number} step
 * @param {number} initial
 * @returns {Slider}
 */
function slider(name, words, min, max, step, initial) { return { name, words, min, max, step, initial }; }

export class Automatic {
  /**
   * @param {import("./api.js").Api} api
   * @param {string} address of the image
   * @param {{y: number, x: number}} size
   * @param {string} client
   * @param {import("./planes.js").Plane} plane to which the results belong
   */
  constructor(api, address, size, client, plane = { t: 0, z: 0 }) {
    this.api = api;
    this.address = address;
    this.size = size;
    this.client = client;
    this.plane = plane;
    /** @type {Run|null} */
    this.run = null;
    /** @type {Run|null} */
    this.before = null;
    /**
     * Objects that were rejected or taken already.
     * @type {Set<number>}
     */
    this.hidden = new Set();
    /**
     * Masks of objects of the run that were asked for.
     * @type {Map<number, import("./types.js").PredictedMask[]>}
     */
    this.known = new Map();
    /**
     * What was accepted of the run, and by which edits.
     * @type {Acceptance[]}
     */
    this.acceptances = [];
    /**
     * Objects that the run before did not have.
     * @type {Set<number>}
     */
    this.added = new Set();
    /**
     * Objects of the run before that are gone.
     * @type {Set<number>}
     */
    this.gone = new Set();
    /** @type {Signal<void>} */
    this.changed = new Signal();
    /**
     * A tile has come.
     * @type {Signal<void>}
     */
    this.drawn = new Signal();
    /** @type {Signal<any>} */
    this.failed = new Signal();
    this.latest = new Latest(
      (/** @type {any} */ body, signal) => this.compute(body, signal),
      (run) => this.take(run),
      (error) => { this.changed.emit(); this.failed.emit(error); },
    );
  }

  get isBusy() { return this.latest.isBusy; }

  /** Objects that are still offered. */
  get offered() { return this.run ? [...this.run.objects.values()].filter(({ label }) => !this.hidden.has(label)) : []; }

  /** @param {string} mode @param {Record<string, number>} parameters */
  ask(mode, parameters) {
    this.latest.ask({ mode, parameters });
    this.changed.emit();
  }

  stop() {
    this.latest.cancel();
    this.changed.emit();
  }

  /**
   * @param {any} body
   * @param {AbortSignal} signal
   * @returns {Promise<Run>}
   */
  async compute(body, signal) {
    const { run } = await this.api.post(`${this.address}/automatic`, { ...body, ...this.plane, client: this.client }, signal);
    const address = `${this.address}/automatic/${run}`;
    const { objects } = await this.api.get(`${address}/objects`, signal);
    const { t, z } = this.plane;
    const labels = new LabelTiles((row, col) => this.api.labels(`${address}/labels/${t}/${z}/${row}/${col}`), this.size, 200);
    labels.changed.listen(() => this.drawn.emit());
    return { id: run, labels, objects: new Map(objects.map((/** @type {Found} */ found) => [found.label, found])) };
  }

  /** @param {Run} run */
  take(run) {
    if (this.before) this.forget(this.before);
    this.before = this.run;
    this.run = run;
    this.known = new Map();
    this.hidden = new Set();
    this.acceptances = [];
    this.compare();
    this.changed.emit();
  }

  /**
   * An object of the run as a mask that is known without a request; null as long as its tiles
   * have not come.
   * @param {number} label
   */
  masksOf(label) {
    const known = this.known.get(label);
    const found = this.run?.objects.get(label);
    if (known || !this.run || !found) return known ?? null;
    const mask = maskOfLabel(this.run.labels, label, found.box);
    if (!mask) return null;
    const masks = [{ mask, score: found.score ?? 0, stability: 0 }];
    this.known.set(label, masks);
    return masks;
  }

  compare() {
    this.added = new Set();
    this.gone = new Set();
    if (!this.run || !this.before) return;
    const signature = (/** @type {Found} */ found) => `${found.box} ${found.area}`;
    const earlier = new Set([...this.before.objects.values()].map(signature));
    const now = new Set([...this.run.objects.values()].map(signature));
    for (const found of this.run.objects.values()) if (!earlier.has(signature(found))) this.added.add(found.label);
    for (const found of this.before.objects.values()) if (!now.has(signature(found))) this.gone.add(found.label);
  }

  /** @param {number[]} labels */
  hide(labels) {
    // Once something is taken or rejected, what was before is of no interest.
    this.settle();
    for (const label of labels) this.hidden.add(label);
    this.hidden = new Set(this.hidden);
    this.changed.emit();
  }

  /** Forgets the result before, with which this one was compared. */
  settle() {
    if (this.before) this.forget(this.before);
    this.before = null;
    this.compare();
  }

  /** @param {number[]} labels */
  show(labels) {
    const back = new Set(labels);
    this.hidden = new Set([...this.hidden].filter((label) => !back.has(label)));
    this.changed.emit();
  }

  /**
   * Notes that an edit of the image accepted objects of a run.
   * @param {string} run
   * @param {number[]} labels
   * @param {number} edit
   */
  accepted(run, labels, edit) {
    if (run === this.run?.id) this.acceptances.push({ edit, labels, isUndone: false });
  }

  /**
   * Offers objects again whose acceptance was undone, and no longer those whose acceptance was redone.
   *
   * Edits are numbered in their order, so an edit after the current one is undone.
   * @param {number} edit the current edit
   * @param {Set<number>|null} way the edits that lead to it, if they are known
   */
  moved(edit, way = null) {
    const isUndone = (/** @type {Acceptance} */ one) => (
      way ? !way.has(one.edit) : one.edit > edit || (one.isUndone && one.edit !== edit));
    const changed = this.acceptances.filter((one) => isUndone(one) !== one.isUndone);
    if (changed.length === 0) return;
    for (const one of changed) one.isUndone = !one.isUndone;
    const labels = (/** @type {boolean} */ undone) => (
      this.acceptances.filter((one) => one.isUndone === undone).flatMap((one) => one.labels));
    this.show(labels(true));
    this.hide(labels(false));
  }

  /** Takes everything off the screen, and tells the server. */
  clear() {
    this.latest.cancel();
    for (const run of [this.run, this.before]) if (run) this.forget(run);
    this.run = this.before = null;
    this.known = new Map();
    this.hidden = new Set();
    this.acceptances = [];
    this.compare();
    this.changed.emit();
  }

  /** @param {Run} run */
  forget(run) { this.api.delete(`${this.address}/automatic/${run.id}`).catch(() => undefined); }
}
