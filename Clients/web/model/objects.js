// The committed objects of an image: rows as the server has them, and how they look with what is on its way.

import { maskArea, centroid } from "./masks.js";
import { planeOf } from "./effects.js";
import { extended, isBetween } from "./planes.js";

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
        const row = newRow(label, gesture, gesture);
        this.overlay.set(label, gesture.replaces ? { ...row, ...this.identity(label), ...this.grown(label, row) } : row);
        break;
      }
      case "commitVolume": {
        const label = gesture.replaces ?? created[0];
        const row = volumeRow(label, gesture);
        const before = gesture.replaces ? this.get(label) : null;
        this.overlay.set(label, before ? { ...row, ...this.identity(label), ...joined([before, row]), box: around([before, row]) } : row);
        break;
      }
      case "commitMany":
        created.forEach((label, i) => this.overlay.set(label, newRow(label, gesture.objects[i], gesture)));
        break;
      case "paint":
        if (gesture.label) change(gesture.label, this.grown(gesture.label, newRow(gesture.label, gesture, gesture), true));
        else this.overlay.set(created[0], newRow(created[0], { ...gesture, source: "brush" }, gesture));
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

  /**
   * Where an object lies that gets pixels on a plane, as long as the server has not counted them.
   * @param {number} label
   * @param {ObjectRow} added
   * @param {boolean} keeps whether it keeps what it has on this plane
   * @returns {Partial<ObjectRow>}
   */
  grown(label, added, keeps = false) {
    const row = this.get(label);
    const plane = { t: added.t?.[0] ?? 0, z: added.z?.[0] ?? 0 };
    if (!row) return {};
    const isElsewhere = row.t && row.z && (row.t[1] - row.t[0] > 1 || row.z[1] - row.z[0] > 1 || !isBetween(row, plane));
    if (!isElsewhere) return keeps ? extended(row, plane) : {};
    return { ...extended(row, plane), box: around([row, added]), centroid: row.centroid,
      area: isBetween(row, plane) ? row.area : row.area + added.area };
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
      box: around(all),
      ...joined(all),
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

/** @param {ObjectRow[]} rows @returns {[number, number, number, number]} */
function around(rows) {
  return [
    Math.min(...rows.map((row) => row.box[0])), Math.min(...rows.map((row) => row.box[1])),
    Math.max(...rows.map((row) => row.box[2])), Math.max(...rows.map((row) => row.box[3])),
  ];
}

/**
 * The planes of all rows together.
 * @param {ObjectRow[]} rows
 * @returns {Partial<ObjectRow>}
 */
function joined(rows) {
  const span = (/** @type {"t"|"z"} */ axis) => {
    const ranges = rows.map((row) => row[axis] ?? [0, 1]);
    return [Math.min(...ranges.map(([from]) => from)), Math.max(...ranges.map(([, to]) => to))];
  };
  return { t: span("t"), z: span("z") };
}

/**
 * An object of several slices.
 * @param {number} label
 * @param {Gesture} gesture
 * @returns {ObjectRow}
 */
function volumeRow(label, gesture) {
  const rows = gesture.objects.map((/** @type {any} */ part) => newRow(label, part, { ...gesture, z: part.z }));
  return { ...rows[0], area: rows.reduce((/** @type {number} */ sum, /** @type {ObjectRow} */ row) => sum + row.area, 0),
    box: around(rows), ...joined(rows) };
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
 * @param {Gesture} gesture
 * @returns {ObjectRow}
 */
function newRow(label, from, gesture) {
  const { t, z } = planeOf(gesture) ?? { t: 0, z: 0 };
  return {
    label, t: [t, t + 1], z: [z, z + 1], class: from.class ?? null, name: null, box: from.mask.box, area: maskArea(from.mask),
    centroid: centroid(from.mask), source: from.source ?? "prompt", score: from.score ?? null,
    stability: from.stability ?? null, model: from.model ?? null, locked: false, accepted: true,
    doubtful: false, parent: null, pending: true,
  };
}
