// The committed objects of an image: rows as the server has them, and how they look with what is on its way.

import { maskArea, centroid } from "./masks.js";

/** @typedef {import("./types.js").ObjectRow} ObjectRow */
/** @typedef {import("./types.js").Gesture} Gesture */

export class ObjectTable {
  constructor() {
    /** @type {Map<number, ObjectRow>} */
    this.confirmed = new Map();
    /** @type {Map<number, ObjectRow|null>} null: gone */
    this.overlay = new Map();
    this.largest = 0;
    /** @type {ObjectRow[]|null} */
    this.list = null;
  }

  /** @param {ObjectRow[]} rows */
  reset(rows) {
    this.confirmed = new Map(rows.map((row) => [row.label, row]));
    this.largest = rows.reduce((largest, row) => Math.max(largest, row.label), this.largest);
    this.list = null;
  }

  /**
   * @param {ObjectRow[]} rows
   * @param {number[]} removed
   */
  update(rows, removed) {
    for (const label of removed) this.confirmed.delete(label);
    for (const row of rows) {
      this.confirmed.set(row.label, row);
      this.largest = Math.max(this.largest, row.label);
    }
    this.list = null;
  }

  /** @param {number} label @returns {ObjectRow|null} */
  get(label) {
    const over = this.overlay.get(label);
    return over !== undefined ? over : this.confirmed.get(label) ?? null;
  }

  /** All objects, in the order of their labels. */
  all() {
    if (!this.list) {
      const rows = [];
      for (const row of this.confirmed.values()) if (!this.overlay.has(row.label)) rows.push(row);
      for (const row of this.overlay.values()) if (row) rows.push(row);
      this.list = rows.sort((a, b) => a.label - b.label);
    }
    return this.list;
  }

  /**
   * Replaces what is on its way to the server.
   * @param {{gesture: Gesture, created: number[]}[]} pending
   */
  setPending(pending) {
    this.overlay = new Map();
    for (const { gesture, created } of pending) this.overlayOf(gesture, created);
    this.list = null;
  }

  /**
   * @param {Gesture} gesture
   * @param {number[]} created
   */
  overlayOf(gesture, created) {
    const change = (/** @type {number} */ label, /** @type {Partial<ObjectRow>} */ changes) => {
      const row = this.get(label);
      if (row) this.overlay.set(label, { ...row, ...changes, pending: true });
    };
    switch (gesture.kind) {
      case "commit": {
        const label = gesture.replaces ?? created[0];
        this.overlay.set(label, { ...newRow(label, gesture), ...(gesture.replaces ? this.identity(label) : {}) });
        break;
      }
      case "commitMany":
        created.forEach((label, i) => this.overlay.set(label, newRow(label, gesture.objects[i])));
        break;
      case "paint":
        if (gesture.label) change(gesture.label, {});
        else this.overlay.set(created[0], newRow(created[0], { ...gesture, source: "brush" }));
        break;
      case "delete":
        for (const label of gesture.labels) this.overlay.set(label, null);
        break;
      case "merge":
        this.merge(gesture.labels);
        break;
      case "relabel":
        this.renamed(gesture.from, gesture.to);
        break;
      case "class":
        for (const label of gesture.labels) change(label, { class: gesture.class });
        break;
      case "name":
        change(gesture.label, { name: gesture.name });
        break;
      case "flags":
        for (const label of gesture.labels) change(label, flags(gesture));
        break;
    }
  }

  /** @param {number} label @returns {Partial<ObjectRow>} */
  identity(label) {
    const row = this.get(label);
    return row ? { class: row.class, name: row.name, locked: row.locked } : {};
  }

  /** @param {number[]} labels */
  merge(labels) {
    const rows = labels.map((label) => this.get(label)).filter((row) => row !== null);
    const [first] = /** @type {ObjectRow[]} */ (rows);
    if (!first) return;
    const all = /** @type {ObjectRow[]} */ (rows);
    this.overlay.set(first.label, {
      ...first,
      pending: true,
      area: all.reduce((sum, row) => sum + row.area, 0),
      box: [
        Math.min(...all.map((row) => row.box[0])), Math.min(...all.map((row) => row.box[1])),
        Math.max(...all.map((row) => row.box[2])), Math.max(...all.map((row) => row.box[3])),
      ],
    });
    for (const row of all.slice(1)) this.overlay.set(row.label, null);
  }

  /** @param {number} from @param {number} to */
  renamed(from, to) {
    const row = this.get(from);
    if (!row) return;
    this.overlay.set(from, null);
    if (!this.get(to)) this.overlay.set(to, { ...row, label: to, pending: true });
  }
}

/** @param {Gesture} gesture @returns {Partial<ObjectRow>} */
function flags(gesture) {
  /** @type {Partial<ObjectRow>} */
  const changes = {};
  if (gesture.locked !== undefined) changes.locked = gesture.locked;
  if (gesture.accepted !== undefined) changes.accepted = gesture.accepted;
  if (gesture.doubtful !== undefined) changes.doubtful = gesture.doubtful;
  return changes;
}

/**
 * @param {number} label
 * @param {any} from a commit, or an object of many
 * @returns {ObjectRow}
 */
function newRow(label, from) {
  return {
    label, class: from.class ?? null, name: null, box: from.mask.box, area: maskArea(from.mask),
    centroid: centroid(from.mask), source: from.source ?? "prompt", score: from.score ?? null,
    stability: from.stability ?? null, model: from.model ?? null, locked: false, accepted: true,
    doubtful: false, parent: null, pending: true,
  };
}
