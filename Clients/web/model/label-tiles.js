// The labels of an image in tiles: as the server has them, and as they look with what is on its way to it.

import { Signal } from "./signal.js";
import { TILE } from "./effects.js";
import { maskOfBits } from "./masks.js";

/** @typedef {import("./effects.js").Effect} Effect */
/** @typedef {{row: number, col: number, confirmed: Uint32Array|null, shown: Uint32Array|null, hash: string,
 *   version: number, used: number}} LabelTile */
/** @typedef {(row: number, col: number) => Promise<{hash: string, data: Uint32Array|null}>} TileSource */

let clock = 0;

/**
 * The pixels of a label in a box; null if there are none, or as long as a tile there has not come.
 * @param {LabelTiles} labels
 * @param {number} label
 * @param {[number, number, number, number]} box
 */
export function maskOfLabel(labels, label, box) {
  const [y0, x0, y1, x1] = box;
  const bits = new Uint8Array((y1 - y0) * (x1 - x0));
  let isWhole = true;
  for (let row = Math.floor(y0 / TILE); row * TILE < y1; row++) {
    for (let col = Math.floor(x0 / TILE); col * TILE < x1; col++) {
      const tile = labels.tile(row, col);
      if (!tile) isWhole = false;
      if (!tile?.shown) continue;
      for (let y = Math.max(y0, row * TILE); y < Math.min(y1, (row + 1) * TILE); y++) {
        const from = (y - row * TILE) * TILE - col * TILE, to = (y - y0) * (x1 - x0) - x0;
        for (let x = Math.max(x0, col * TILE); x < Math.min(x1, (col + 1) * TILE); x++) {
          if (tile.shown[from + x] === label) bits[to + x] = 1;
        }
      }
    }
  }
  return isWhole ? maskOfBits(bits, box) : null;
}

export class LabelTiles {
  /**
   * @param {TileSource} source
   * @param {{y: number, x: number}} size
   * @param {number} capacity how many tiles are kept at most
   */
  constructor(source, size, capacity = 400) {
    this.source = source;
    this.size = size;
    this.capacity = capacity;
    this.rows = Math.ceil(size.y / TILE);
    this.cols = Math.ceil(size.x / TILE);
    /** @type {Map<number, LabelTile>} */
    this.tiles = new Map();
    /** @type {Map<number, Promise<LabelTile|null>>} */
    this.loading = new Map();
    /** @type {Map<number, string>|null} hashes of all tiles that hold something; null: not known */
    this.known = null;
    /** @type {Effect[]} */
    this.effects = [];
    /**
     * A tile that is not kept is another by now.
     * @type {Signal<number>}
     */
    this.outdated = new Signal();
    /**
     * A tile looks different, or has come.
     * @type {Signal<LabelTile>}
     */
    this.changed = new Signal();
  }

  /** @param {number} row @param {number} col */
  key(row, col) { return row * this.cols + col; }

  /**
   * Says which tiles hold something, so that empty ones are never asked for.
   * @param {import("./types.js").TileHash[]} hashes
   */
  setKnown(hashes) {
    this.known = new Map(hashes.map((tile) => [this.key(tile.row, tile.col), tile.hash]));
  }

  /**
   * The tile if it is there; otherwise null, and it is on its way.
   * @param {number} row
   * @param {number} col
   */
  tile(row, col) {
    if (row < 0 || col < 0 || row >= this.rows || col >= this.cols) return null;
    const key = this.key(row, col);
    let tile = this.tiles.get(key);
    if (!tile) {
      void this.load(row, col);
      // One of which it is known that it is empty has come at once.
      tile = this.tiles.get(key);
    }
    if (!tile) return null;
    tile.used = ++clock;
    return tile;
  }

  /**
   * @param {number} row
   * @param {number} col
   * @returns {Promise<LabelTile|null>} null if it could not be had
   */
  load(row, col) {
    const key = this.key(row, col);
    const there = this.tiles.get(key);
    if (there) return Promise.resolve(there);
    if (this.known && !this.known.has(key)) return Promise.resolve(this.place(row, col, "0", null));
    return this.fetch(row, col);
  }

  /**
   * Asks the server for a tile, whether it is there or not.
   * @param {number} row
   * @param {number} col
   */
  fetch(row, col) {
    const key = this.key(row, col);
    const running = this.loading.get(key);
    if (running) return running;
    /** @type {Promise<LabelTile|null>} */
    const promise = this.source(row, col)
      // What was given up meanwhile is older than what is asked for instead.
      .then(({ hash, data }) => this.loading.get(key) === promise ? this.place(row, col, hash, data) : this.tiles.get(key) ?? null,
        () => null)
      .finally(() => { if (this.loading.get(key) === promise) this.loading.delete(key); });
    this.loading.set(key, promise);
    return promise;
  }

  /**
   * Keeps tiles no longer that are others by now; they are fetched when somebody asks for them.
   * @param {import("./types.js").TileHash[]} hashes
   */
  forget(hashes) {
    for (const { row, col } of hashes) {
      const key = this.key(row, col);
      this.tiles.delete(key);
      this.loading.delete(key);
      this.outdated.emit(key);
    }
  }

  /**
   * Fetches tiles that are kept and have another hash by now.
   * @param {import("./types.js").TileHash[]} hashes
   */
  async refresh(hashes) {
    const waits = [];
    for (const { row, col, hash } of hashes) {
      const key = this.key(row, col);
      if (this.known) {
        if (hash === "0") this.known.delete(key);
        else this.known.set(key, hash);
      }
      const tile = this.tiles.get(key);
      if (tile && tile.hash === hash) continue;
      if (tile && hash === "0") { this.place(row, col, "0", null); continue; }
      // What is being fetched now may be older than this hash.
      this.loading.delete(key);
      if (tile) waits.push(this.fetch(row, col));
      else this.outdated.emit(key);
    }
    await Promise.all(waits);
  }

  /**
   * @param {number} row
   * @param {number} col
   * @param {string} hash
   * @param {Uint32Array|null} data null: nothing but background
   */
  place(row, col, hash, data) {
    const key = this.key(row, col);
    let tile = this.tiles.get(key);
    if (!tile) {
      tile = { row, col, confirmed: data, shown: data, hash, version: 0, used: ++clock };
      this.tiles.set(key, tile);
      this.evict();
    }
    tile.confirmed = data;
    tile.hash = hash;
    this.renew(tile);
    return tile;
  }

  /**
   * Replaces what is on its way to the server; tiles that it touches look different at once.
   * @param {Effect[]} effects
   */
  setEffects(effects) {
    const before = this.effects;
    this.effects = effects;
    let same = 0;
    while (same < before.length && same < effects.length && before[same] === effects[same]) same++;
    const gone = before.slice(same), come = effects.slice(same);
    for (const tile of this.tiles.values()) {
      const touched = (/** @type {Effect} */ effect) => effect.touches(tile.row, tile.col);
      if (gone.some(touched) || come.some(touched)) this.renew(tile);
    }
  }

  /** @param {LabelTile} tile */
  renew(tile) {
    const effects = this.effects.filter((effect) => effect.touches(tile.row, tile.col));
    if (effects.length === 0) {
      tile.shown = tile.confirmed;
    } else {
      tile.shown = tile.confirmed ? tile.confirmed.slice() : new Uint32Array(TILE * TILE);
      for (const effect of effects) effect.apply(tile.shown, tile.row, tile.col);
    }
    tile.version = ++clock;
    this.changed.emit(tile);
  }

  evict() {
    if (this.tiles.size <= this.capacity) return;
    const oldest = [...this.tiles.entries()].filter(([, tile]) => tile.confirmed || tile.shown)
      .sort((a, b) => a[1].used - b[1].used);
    for (const [key] of oldest.slice(0, Math.max(0, oldest.length - Math.floor(this.capacity * 0.8)))) {
      this.tiles.delete(key);
    }
  }

  /**
   * Whether a label has a pixel in a box; true as long as a tile there has not come.
   * @param {number} label
   * @param {number[]} box
   */
  holds(label, box) {
    for (let row = Math.floor(box[0] / TILE); row * TILE < box[2]; row++) {
      for (let col = Math.floor(box[1] / TILE); col * TILE < box[3]; col++) {
        const tile = this.tiles.get(this.key(row, col));
        if (tile ? tile.shown?.includes(label) : !this.known || this.known.has(this.key(row, col))) return true;
      }
    }
    return false;
  }

  /**
   * The label at a pixel; null outside and as long as its tile is not there.
   * @param {number} y
   * @param {number} x
   */
  at(y, x) {
    if (y < 0 || x < 0 || y >= this.size.y || x >= this.size.x) return null;
    const tile = this.tile(Math.floor(y / TILE), Math.floor(x / TILE));
    if (!tile) return null;
    return tile.shown ? tile.shown[(y % TILE) * TILE + (x % TILE)] : 0;
  }
}
