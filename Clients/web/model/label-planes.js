// The labels of all planes: tiles of those that were shown lately, and which tiles of the others hold something.

import { Signal } from "./signal.js";
import { LabelTiles } from "./label-tiles.js";
import { TILE } from "./effects.js";
import { isSame, keyOf } from "./planes.js";

/** @typedef {import("./planes.js").Plane} Plane */
/** @typedef {import("./types.js").TileHash} TileHash */
/** @typedef {{effect: import("./effects.js").Effect, plane: Plane|null}} PlaneEffect plane: null for all */

/** Planes that are kept, and tiles of all of them together (256 KiB each). */
const MOST_PLANES = 24;
const MOST_TILES = 800;

export class LabelPlanes {
  /**
   * @param {(plane: Plane, row: number, col: number) => Promise<{hash: string, data: Uint32Array|null}>} source
   * @param {{y: number, x: number}} size
   */
  constructor(source, size) {
    this.source = source;
    this.size = size;
    /** @type {Map<string, {plane: Plane, labels: LabelTiles}>} the latest last */
    this.kept = new Map();
    /** @type {Map<string, Map<number, string>>|null} hashes of tiles that hold something; null: not known */
    this.hashes = null;
    /** @type {PlaneEffect[]} */
    this.effects = [];
    this.shown = "";
    /**
     * A tile of some plane looks different, or has come.
     * @type {Signal<void>}
     */
    this.changed = new Signal();
  }

  /**
   * The labels of a plane that is shown from now on.
   * @param {Plane} plane
   */
  show(plane) {
    this.shown = keyOf(plane);
    const labels = this.of(plane);
    // What has changed while another plane was shown is not there, rather than wrong.
    if (labels.known) labels.forget(this.stale(plane, labels));
    return labels;
  }

  /** @param {Plane} plane */
  of(plane) {
    const key = keyOf(plane);
    const labels = this.kept.get(key)?.labels ?? this.make(plane);
    this.kept.delete(key);
    this.kept.set(key, { plane, labels });
    return labels;
  }

  /** @param {Plane} plane */
  make(plane) {
    this.makeRoom();
    const labels = new LabelTiles((row, col) => this.source(plane, row, col), this.size);
    labels.known = this.hashesOf(keyOf(plane));
    labels.setEffects(this.effectsOn(plane));
    labels.changed.listen(() => this.changed.emit());
    return labels;
  }

  makeRoom() {
    const held = (/** @type {LabelTiles} */ labels) => [...labels.tiles.values()].filter(({ shown }) => shown).length;
    let tiles = [...this.kept.values()].reduce((sum, { labels }) => sum + held(labels), 0);
    for (const [key, { labels }] of [...this.kept]) {
      if (this.kept.size < MOST_PLANES && tiles < MOST_TILES) break;
      if (key === this.shown) continue;
      tiles -= held(labels);
      this.kept.delete(key);
    }
  }

  /** @param {string} key */
  hashesOf(key) {
    if (!this.hashes) return null;
    let hashes = this.hashes.get(key);
    if (!hashes) this.hashes.set(key, hashes = new Map());
    return hashes;
  }

  /**
   * Tiles that are kept and are others by now.
   * @param {Plane} plane
   * @param {LabelTiles} labels
   * @returns {TileHash[]}
   */
  stale(plane, labels) {
    return [...labels.tiles.values()]
      .map(({ row, col, hash }) => ({ ...plane, row, col, hash: labels.known?.get(labels.key(row, col)) ?? "0", before: hash }))
      .filter(({ hash, before }) => hash !== before);
  }

  /**
   * Says which tiles of all planes hold something.
   * @param {TileHash[]} tiles
   */
  async setKnown(tiles) {
    this.hashes = new Map();
    const columns = Math.ceil(this.size.x / TILE);
    for (const tile of tiles) this.hashesOf(keyOf(tile))?.set(tile.row * columns + tile.col, tile.hash);
    for (const [key, { labels }] of this.kept) labels.known = this.hashesOf(key);
    const now = this.kept.get(this.shown);
    if (now) await now.labels.refresh(this.stale(now.plane, now.labels));
  }

  /**
   * Takes over which tiles have changed; those of the plane that is shown are fetched, others when it is turned to them.
   * @param {TileHash[]} tiles
   */
  async refresh(tiles) {
    const now = this.kept.get(this.shown);
    const columns = Math.ceil(this.size.x / TILE);
    for (const tile of tiles) {
      if (now && isSame(tile, now.plane)) continue;
      const hashes = this.hashesOf(keyOf(tile));
      if (tile.hash === "0") hashes?.delete(tile.row * columns + tile.col);
      else hashes?.set(tile.row * columns + tile.col, tile.hash);
    }
    if (now) await now.labels.refresh(tiles.filter((tile) => isSame(tile, now.plane)));
  }

  /**
   * Replaces what is on its way to the server.
   * @param {PlaneEffect[]} effects
   */
  setEffects(effects) {
    this.effects = effects;
    for (const { plane, labels } of this.kept.values()) labels.setEffects(this.effectsOn(plane));
  }

  /** @param {Plane} plane */
  effectsOn(plane) {
    return this.effects.filter((one) => !one.plane || isSame(one.plane, plane)).map(({ effect }) => effect);
  }

  /** The planes that hold something, as far as the server has said. */
  filled() {
    return [...this.hashes ?? []].filter(([, tiles]) => tiles.size).map(([key]) => {
      const [t, z] = key.split("/").map(Number);
      return { t, z };
    });
  }
}
