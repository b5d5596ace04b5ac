// Planes across the slices of a stack, through the place of the pointer: pieces of pixels and labels, and when they are asked for.

import { Signal } from "./signal.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").ImageSummary} ImageSummary */
/** @typedef {"y"|"x"} SectionAxis y: through a row of every slice; x: through a column */
/** @typedef {{axis: SectionAxis, t: number, at: number, row: number, col: number}} Piece */
/** @typedef {{width: number, height: number, channels: (ArrayLike<number>|null)[], labels: Uint32Array|null, stamp: number,
 *   isOld: boolean}} SectionPiece */

/** A piece has a row for each of so many slices, and so many pixels of a line. */
export const DEPTH = 64;
export const LENGTH = 512;

/** Pieces that are kept, those that are asked for of one axis, and requests at a time. */
const MOST_KEPT = 48;
export const MOST_PIECES = 6;
const AT_ONCE = 2;
/** Milliseconds for which the pointer rests before it is followed. */
const REST = 100;

export class Sections {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.isShown = false;
    /** The place of the pointer, or where it was last. */
    this.place = { y: 0, x: 0 };
    /** @type {Map<string, SectionPiece>} the latest last */
    this.pieces = new Map();
    /** @type {Piece[]} what is missing, the nearest first */
    this.missing = [];
    /** @type {Map<string, number>} when a piece that failed may be tried again */
    this.failures = new Map();
    this.running = 0;
    this.stamp = 0;
    /** @type {Signal<void>} */
    this.changed = new Signal();
    app.pointer.listen((place) => this.follow(place));
    app.opened.listen(({ size }) => {
      this.pieces.clear();
      this.missing = [];
      this.place = { y: Math.floor(size.y / 2), x: Math.floor(size.x / 2) };
      this.changed.emit();
    });
    app.objectsChanged.listen(() => this.renew());
    app.viewing.listen(() => this.renew());
  }

  /** Whether there is something across the slices to see. */
  get isPossible() { return (this.app.document?.image.shape.z ?? 1) > 1; }

  toggle() {
    if (!this.isShown && !this.isPossible) {
      this.app.say("This image has no slices to look across.");
      return;
    }
    this.isShown = !this.isShown;
    if (!this.isShown) this.missing = [];
    this.changed.emit();
  }

  /** @param {{y: number, x: number}|null} place */
  follow(place) {
    const size = this.app.document?.size;
    if (!this.isShown || !place || !size) return;
    if (place.y < 0 || place.x < 0 || place.y >= size.y || place.x >= size.x) return;
    clearTimeout(this.app.timers.sections);
    this.app.timers.sections = setTimeout(() => {
      this.place = { ...place };
      this.changed.emit();
    }, REST);
  }

  /** Labels may be others; they are asked for again, and shown as they were until they come. */
  renew() {
    for (const piece of this.pieces.values()) piece.isOld = true;
    if (this.isShown) this.changed.emit();
  }

  /** @param {Piece} piece */
  keyOf({ axis, t, at, row, col }) { return `${axis}/${t}/${at}/${row}/${col}`; }

  /**
   * The pieces of a part of a plane that are there; others are asked for.
   * @param {SectionAxis} axis
   * @param {[number, number]} slices the first, and the one after the last
   * @param {[number, number]} line pixels, likewise
   * @returns {{piece: SectionPiece, row: number, col: number}[]}
   */
  visible(axis, slices, line) {
    const { document } = this.app;
    if (!document) return [];
    const { shape } = document.image;
    const at = this.place[axis];
    const count = axis === "y" ? shape.x : shape.y;
    const middle = { row: document.plane.z / DEPTH, col: this.place[axis === "y" ? "x" : "y"] / LENGTH };
    /** @type {Piece[]} */
    const wanted = [];
    for (let row = Math.floor(Math.max(0, slices[0]) / DEPTH); row * DEPTH < Math.min(slices[1], shape.z); row++) {
      for (let col = Math.floor(Math.max(0, line[0]) / LENGTH); col * LENGTH < Math.min(line[1], count); col++) {
        wanted.push({ axis, t: document.plane.t, at, row, col });
      }
    }
    // A band through the pointer is enough.
    const distance = (/** @type {Piece} */ { row, col }) => Math.abs(row + 0.5 - middle.row) + Math.abs(col + 0.5 - middle.col);
    const near = wanted.sort((a, b) => distance(a) - distance(b)).slice(0, MOST_PIECES);
    this.want(axis, near);
    return near.flatMap((piece) => {
      const found = this.pieces.get(this.keyOf(piece));
      return found ? [{ piece: found, row: piece.row, col: piece.col }] : [];
    });
  }

  /**
   * @param {SectionAxis} axis
   * @param {Piece[]} wanted
   */
  want(axis, wanted) {
    const now = performance.now();
    const missing = wanted.filter((piece) => {
      const key = this.keyOf(piece);
      const known = this.pieces.get(key);
      return (!known || known.isOld) && (this.failures.get(key) ?? 0) <= now;
    });
    this.missing = [...this.missing.filter((piece) => piece.axis !== axis), ...missing];
    while (this.running < AT_ONCE) {
      const next = this.missing.shift();
      if (!next) break;
      void this.load(next);
    }
  }

  /** @param {Piece} piece */
  async load(piece) {
    const { app } = this;
    const { document } = app;
    if (!document) return;
    const key = this.keyOf(piece);
    const known = this.pieces.get(key);
    this.running++;
    // Asked for once; what changes meanwhile makes it old again.
    if (known) known.isOld = false;
    try {
      const { axis, t, at, row, col } = piece;
      const address = `${document.address}/sections/${axis}/${t}/${at}/${row}/${col}`;
      const edit = app.viewing.current ? `?edit=${app.viewing.current.edit}` : "";
      const [channels, { data, width, height }] = await Promise.all([
        known?.channels ?? this.channels(document.image, address), this.bytes(`${address}/labels${edit}`)]);
      if (document !== app.document) return;
      this.pieces.delete(key);
      this.pieces.set(key, { width, height, channels, labels: new Uint32Array(data), stamp: ++this.stamp, isOld: known?.isOld ?? false });
      for (const oldest of [...this.pieces.keys()].slice(0, Math.max(0, this.pieces.size - MOST_KEPT))) this.pieces.delete(oldest);
    } catch {
      if (known) known.isOld = true;
      this.failures.set(key, performance.now() + 2000);
      setTimeout(() => this.changed.emit(), 2050);
    } finally {
      this.running--;
      this.changed.emit();
    }
  }

  /**
   * The samples of the channels that are shown; null for others.
   * @param {ImageSummary} image
   * @param {string} address
   */
  channels(image, address) {
    const version = image.version ? `&v=${encodeURIComponent(image.version)}` : "";
    return Promise.all(this.app.channels.current.map(async ({ visible }, c) => {
      if (!visible) return null;
      const { data } = await this.bytes(`${address}/pixels?c=${c}${version}`);
      if (image.dtype === "uint8") return new Uint8Array(data);
      return image.dtype === "uint16" ? new Uint16Array(data) : new Float32Array(data);
    }));
  }

  /** @param {string} path */
  async bytes(path) {
    const response = await this.app.api.send("GET", path);
    const width = Number(response.headers.get("X-Width")), height = Number(response.headers.get("X-Height"));
    return { data: await response.arrayBuffer(), width, height };
  }
}
