// An open image: its labels and objects, what is on its way to the server, and what the server says.

import { Signal, Value } from "./signal.js";
import { LabelPlanes } from "./label-planes.js";
import { ObjectTable } from "./objects.js";
import { effectsOf } from "./effects.js";
import { firstPlane, isSame, within } from "./planes.js";
import { PROVISIONAL } from "./outbox.js";

/** @typedef {import("./types.js").ImageSummary} ImageSummary */
/** @typedef {import("./types.js").EditAnswer} EditAnswer */
/** @typedef {import("./types.js").Gesture} Gesture */
/** @typedef {import("./store.js").Entry} Entry */
/** @typedef {import("./planes.js").Plane} Plane */
/** @typedef {{entry: Entry, gesture: Gesture, created: number[],
 *   effects: import("./label-planes.js").PlaneEffect[]}} Pending */

export class ImageDocument {
  /**
   * @param {import("./api.js").Api} api
   * @param {import("./outbox.js").Outbox} outbox
   * @param {ImageSummary} image
   * @param {Plane} plane which is shown first
   */
  constructor(api, outbox, image, plane = firstPlane(image.shape)) {
    this.api = api;
    this.outbox = outbox;
    /** @type {ImageSummary} */
    this.image = image;
    /** @type {Plane} the plane that is shown */
    this.plane = plane;
    this.size = { y: image.shape.y, x: image.shape.x };
    this.edit = image.edit;
    this.objects = new ObjectTable();
    this.labelPlanes = new LabelPlanes((of, row, col) => this.labelTile(of, row, col, null), this.size);
    /** The labels of the plane that is shown. */
    this.labels = this.labelPlanes.show(plane);
    /** @type {Map<number, Pending>} by sequence number */
    this.pending = new Map();
    /**
     * Objects, flags or labels are others.
     * @type {Signal<void>}
     */
    this.changed = new Signal();
    /** @type {Value<{undo: boolean, redo: boolean}>} */
    this.ways = new Value({ undo: image.canUndo, redo: image.canRedo });
    this.listeners = [
      outbox.answered.listen(({ entry, answer }) => { if (entry.image === image.id) void this.onAnswer(entry, answer); }),
      outbox.refused.listen(({ entry }) => { if (entry.image === image.id) this.drop(entry.seq); }),
      outbox.conflict.listen(({ entry, body }) => { if (entry.image === image.id) void this.onConflict(body); }),
    ];
  }

  get address() { return `/images/${this.image.id}`; }

  /**
   * Shows another plane.
   * @param {Plane} plane
   * @returns {boolean} whether it is another
   */
  turn(plane) {
    const to = within(plane, this.image.shape);
    if (isSame(to, this.plane)) return false;
    this.plane = to;
    this.labels = this.labelPlanes.show(to);
    return true;
  }

  /**
   * @param {Plane} plane
   * @param {number} row
   * @param {number} col
   * @param {number|null} edit
   */
  labelTile({ t, z }, row, col, edit) {
    return this.api.labels(`${this.address}/labels/${t}/${z}/${row}/${col}${edit === null ? "" : `?edit=${edit}`}`);
  }

  /** Asks the server for everything; what is there already and is the same stays. */
  async sync() {
    const [image, table, known] = await Promise.all([
      this.api.get(this.address), this.api.get(`${this.address}/objects`), this.api.get(`${this.address}/labels`),
    ]);
    this.image = image;
    this.edit = table.edit;
    this.ways.set({ undo: image.canUndo, redo: image.canRedo });
    this.objects.reset(table.objects);
    await this.labelPlanes.setKnown(known.tiles);
    for (const entry of this.outbox.of(this.image.id)) this.hold(entry);
    this.refreshPending();
  }

  /** @param {number} label */
  isLocked(label) { return this.objects.get(label)?.locked ?? false; }

  /** @param {number} label */
  boxOf(label) { return this.objects.get(label)?.box ?? null; }

  /**
   * Does a gesture: it is on the screen at once, and on its way to the server.
   * @param {Gesture} gesture on the plane that is shown, unless it names another
   * @param {string} words
   * @returns {number[]} the labels of new objects, until the server has named them
   */
  perform(gesture, words) {
    const created = this.newLabels(gesture);
    const entry = this.outbox.add(this.image.id, "gestures", { ...this.plane, ...gesture }, words, created);
    this.hold(entry);
    this.refreshPending();
    return created;
  }

  undo() { this.step("undo", "Undo"); }
  redo() { this.step("redo", "Redo"); }

  /** @param {"undo"|"redo"} path @param {string} words */
  step(path, words) {
    this.hold(this.outbox.add(this.image.id, path, {}, words));
    this.refreshPending();
  }

  /** @param {number} edit */
  goTo(edit) { this.request("goto", { edit }, "Go back in the history"); }

  /**
   * Sends what only the server can do, in its turn.
   * @param {string} path
   * @param {any} body
   * @param {string} words
   */
  request(path, body, words) { this.hold(this.outbox.add(this.image.id, path, body, words)); }

  /**
   * Labels for the objects that a gesture makes; the lower bits are the number that the server is likely to give.
   * @param {Gesture} gesture
   */
  newLabels(gesture) {
    let count = 0;
    if (["commit", "commitVolume"].includes(gesture.kind) && !gesture.replaces) count = 1;
    if (gesture.kind === "paint" && !gesture.label) count = 1;
    if (gesture.kind === "commitMany") count = gesture.objects.length;
    let next = this.objects.largest;
    for (const pending of this.pending.values()) {
      for (const label of pending.created) next = Math.max(next, label - PROVISIONAL);
    }
    return Array.from({ length: count }, (_, i) => PROVISIONAL + ((next + 1 + i) % 0xffffff));
  }

  /** @param {Entry} entry */
  hold(entry) {
    if (this.pending.has(entry.seq)) return;
    const gesture = entry.path === "gestures" ? entry.body : { kind: entry.path };
    this.pending.set(entry.seq, {
      entry, gesture, created: entry.provisional, effects: effectsOf(gesture, entry.provisional, this),
    });
  }

  /** @param {number} seq */
  drop(seq) {
    this.pending.delete(seq);
    this.refreshPending();
  }

  refreshPending() {
    const effective = inForce([...this.pending.values()]);
    this.objects.setPending(effective);
    this.labelPlanes.setEffects(effective.flatMap(({ effects }) => effects));
    this.changed.emit();
  }

  /**
   * Waits until the server has answered everything.
   * @returns {Promise<void>}
   */
  settled() {
    if (this.pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.changed.listen(() => {
        if (this.pending.size > 0) return;
        stop();
        resolve();
      });
    });
  }

  /** Whether there is something to undo, with what is on its way. */
  canUndo() {
    const waiting = [...this.pending.values()];
    return this.ways.current.undo || waiting.some(({ gesture }) => gesture.kind !== "undo");
  }

  canRedo() {
    const last = [...this.pending.values()].at(-1);
    return last ? last.gesture.kind === "undo" : this.ways.current.redo;
  }

  /**
   * @param {Entry} entry
   * @param {EditAnswer} answer
   */
  async onAnswer(entry, answer) {
    this.rename(entry, answer.created ?? []);
    await this.take(answer);
    this.drop(entry.seq);
  }

  /**
   * Shows new objects under the labels that the server gave them, until its tiles come: what is clicked meanwhile
   * has to be known afterwards.
   * @param {Entry} entry
   * @param {number[]} created
   */
  rename(entry, created) {
    const answered = this.pending.get(entry.seq);
    if (!answered || created.length !== answered.created.length || created.length === 0) return;
    answered.created = created;
    // Later gestures may name these objects; the outbox has changed them already.
    for (const pending of this.pending.values()) {
      pending.effects = effectsOf(pending.gesture, pending.created, this);
    }
    this.refreshPending();
  }

  /** @param {any} body */
  async onConflict(body) {
    if (typeof body.current === "number") this.edit = Math.max(this.edit, body.current);
    await this.take({ edit: body.current, canUndo: true, canRedo: false,
      tiles: body.tiles ?? [], objects: body.objects ?? [], removed: body.removed ?? [] });
  }

  /**
   * Takes over what the server says has changed.
   * @param {EditAnswer} answer
   */
  async take(answer) {
    this.edit = answer.edit;
    this.ways.set({ undo: answer.canUndo, redo: answer.canRedo });
    this.objects.update(answer.objects ?? [], answer.removed ?? []);
    await this.labelPlanes.refresh(answer.tiles ?? []);
    this.changed.emit();
  }

  close() { for (const stop of this.listeners) stop(); }
}

/**
 * The gestures that count when the undos and redos among them are done.
 * @param {Pending[]} pending
 */
export function inForce(pending) {
  /** @type {Pending[]} */
  const done = [];
  /** @type {Pending[]} */
  const undone = [];
  for (const one of pending) {
    if (one.gesture.kind === "undo") {
      const last = done.pop();
      if (last) undone.push(last);
    } else if (one.gesture.kind === "redo") {
      const last = undone.pop();
      if (last) done.push(last);
    } else {
      done.push(one);
      undone.length = 0;
    }
  }
  return done;
}
