// Label tiles as textures, in every level of detail. A coarse texture takes of each square the label in its middle.

import { texture } from "./gl.js";
import { TILE } from "../model/effects.js";

/** @typedef {import("../model/label-tiles.js").LabelTiles} LabelTiles */
/** @typedef {{texture: WebGLTexture, uploaded: Map<number, number>, used: number}} Group */

const MOST_GROUPS = 400;
/** Milliseconds of a frame for uploads; the rest follows in the next frames. */
const TIME = 1.2;
const COARSEST = 5;

export class LabelTextures {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {LabelTiles} labels
   */
  constructor(gl, labels) {
    this.gl = gl;
    this.labels = labels;
    /** @type {Map<string, Group>} */
    this.groups = new Map();
    this.clock = 0;
    this.uploads = 0;
    this.stop = labels.outdated.listen((key) => {
      for (const group of this.groups.values()) group.uploaded.delete(key);
    });
  }

  /**
   * The textures for what is seen, with their places in the image; uploads what has changed.
   * @param {import("../model/viewport.js").Viewport} viewport
   * @param {number} ratio
   */
  visible(viewport, ratio) {
    const { labels } = this;
    const scale = viewport.scale * ratio;
    const detail = Math.min(COARSEST, Math.max(0, Math.floor(Math.log2(1 / scale) + 0.01)));
    const span = TILE << detail;
    const [y0, x0, y1, x1] = viewport.visible();
    const deadline = performance.now() + TIME;
    let isComplete = true;
    this.uploads = 0;
    /** @type {{texture: WebGLTexture, box: number[]}[]} */
    const found = [];
    for (let row = Math.floor(y0 / span); row * span < y1; row++) {
      for (let col = Math.floor(x0 / span); col * span < x1; col++) {
        const { group, isWhole } = this.prepared(detail, row, col, deadline);
        isComplete &&= isWhole;
        if (group) found.push({ texture: group.texture, box: [row * span, col * span, (row + 1) * span, (col + 1) * span] });
      }
    }
    this.evict();
    return { found, isComplete };
  }

  /**
   * @param {number} detail
   * @param {number} row
   * @param {number} col
   * @param {number} deadline after which nothing is uploaded any more
   */
  prepared(detail, row, col, deadline) {
    const { labels } = this;
    const key = `${detail}/${row}/${col}`;
    let group = this.groups.get(key) ?? null;
    let isWhole = true;
    const members = 1 << detail;
    for (let r = row * members; r < Math.min((row + 1) * members, labels.rows); r++) {
      for (let c = col * members; c < Math.min((col + 1) * members, labels.cols); c++) {
        const member = labels.key(r, c);
        const version = group?.uploaded.get(member);
        const tile = labels.tiles.get(member) ?? (version === undefined ? labels.tile(r, c) : null);
        if (!tile || tile.version === version || (!tile.shown && version === undefined)) continue;
        if (this.uploads > 0 && performance.now() > deadline) {
          isWhole = false;
          continue;
        }
        if (!group) {
          group = { texture: texture(this.gl, this.gl.R32UI, TILE, TILE), uploaded: new Map(), used: 0 };
          this.groups.set(key, group);
        }
        this.upload(group.texture, tile.shown, detail, r % members, c % members);
        group.uploaded.set(member, tile.version);
        this.uploads++;
      }
    }
    if (group) group.used = ++this.clock;
    return { group, isWhole };
  }

  /**
   * @param {WebGLTexture} to
   * @param {Uint32Array|null} data
   * @param {number} detail
   * @param {number} row within the group
   * @param {number} col
   */
  upload(to, data, detail, row, col) {
    const { gl } = this;
    const side = TILE >> detail;
    const part = reduced(data, detail);
    gl.bindTexture(gl.TEXTURE_2D, to);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, col * side, row * side, side, side, gl.RED_INTEGER, gl.UNSIGNED_INT, part);
  }

  evict() {
    if (this.groups.size <= MOST_GROUPS) return;
    const oldest = [...this.groups].sort((a, b) => a[1].used - b[1].used).slice(0, this.groups.size - MOST_GROUPS);
    for (const [key, group] of oldest) {
      this.gl.deleteTexture(group.texture);
      this.groups.delete(key);
    }
  }

  close() {
    this.stop();
    for (const group of this.groups.values()) this.gl.deleteTexture(group.texture);
    this.groups.clear();
  }
}

/**
 * @param {Uint32Array|null} data
 * @param {number} detail
 */
export function reduced(data, detail) {
  const side = TILE >> detail;
  if (!data) return new Uint32Array(side * side);
  if (detail === 0) return data;
  const step = 1 << detail, middle = step >> 1;
  const part = new Uint32Array(side * side);
  for (let y = 0; y < side; y++) {
    const line = (y * step + middle) * TILE + middle;
    for (let x = 0; x < side; x++) part[y * side + x] = data[line + x * step];
  }
  return part;
}
