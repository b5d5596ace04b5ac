// The pixels of the image as textures: what is seen comes first, what was not seen for long goes.

import { texture } from "./gl.js";

/** @typedef {import("../model/types.js").ImageSummary} ImageSummary */
/** @typedef {import("../model/planes.js").Plane} Plane */
/** @typedef {{key: string, plane: Plane, level: number, row: number, col: number, c: number}} Address */
/** @typedef {{texture: WebGLTexture, width: number, height: number, bytes: number, used: number,
 *   histogram: Float64Array}} ImageTile */

const BUDGET = 384 << 20;
/** A browser has six connections to a server; events and gestures need some of them. */
const AT_ONCE = 4;
/** Tiles that are only asked for ahead leave connections to those that are seen. */
const AHEAD_AT_ONCE = 2;
/** Milliseconds of a frame for uploads, of which there is one in any case. */
const TIME = 1.5;
export const BINS = 512;

export class ImageTiles {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {import("../model/api.js").Api} api
   * @param {ImageSummary} image
   * @param {() => void} arrived
   */
  constructor(gl, api, image, arrived) {
    this.gl = gl;
    this.api = api;
    this.image = image;
    // With the version of the file in the address, a tile is kept by the browser for good.
    this.version = image.version ? `&v=${encodeURIComponent(image.version)}` : "";
    this.arrived = arrived;
    /** @type {Map<string, ImageTile>} */
    this.tiles = new Map();
    /** @type {Map<string, AbortController>} */
    this.running = new Map();
    /** @type {{address: Address, data: ArrayBufferView, width: number, height: number}[]} */
    this.received = [];
    /** @type {Map<string, number>} when a tile that failed may be tried again */
    this.failures = new Map();
    this.bytes = 0;
    this.clock = 0;
  }

  /** @param {Plane} plane @param {number} level @param {number} row @param {number} col @param {number} c @returns {Address} */
  address(plane, level, row, col, c) {
    return { key: `${plane.t}/${plane.z}/${level}/${row}/${col}/${c}`, plane, level, row, col, c };
  }

  /** @param {Address} address */
  has({ key }) { return this.tiles.has(key); }

  /** @param {Address} address */
  get(address) {
    const tile = this.tiles.get(address.key);
    if (tile) tile.used = ++this.clock;
    return tile ?? null;
  }

  /**
   * Asks for tiles in this order, and no longer for others.
   * @param {Address[]} wanted
   * @param {Address[]} ahead that may be wanted next
   */
  want(wanted, ahead = []) {
    const received = new Set(this.received.map(({ address }) => address.key));
    const isMissing = (/** @type {Address} */ { key }) => !this.tiles.has(key) && !received.has(key);
    const seen = wanted.filter(isMissing);
    const missing = [...seen, ...ahead.filter(isMissing)];
    // What is seen becomes a texture first.
    const order = new Map(wanted.map(({ key }, i) => [key, i]));
    this.received.sort((a, b) => (order.get(a.address.key) ?? Infinity) - (order.get(b.address.key) ?? Infinity) || 0);
    const keys = new Set(missing.map(({ key }) => key));
    for (const [key, control] of this.running) {
      if (keys.has(key)) continue;
      control.abort();
      this.running.delete(key);
    }
    const now = performance.now();
    for (const [i, address] of missing.entries()) {
      if (this.running.size >= (i < seen.length ? AT_ONCE : AHEAD_AT_ONCE)) break;
      if (this.running.has(address.key) || (this.failures.get(address.key) ?? 0) > now) continue;
      void this.request(address);
    }
  }

  /** @param {Address} address */
  async request(address) {
    const control = new AbortController();
    this.running.set(address.key, control);
    const { plane, level, row, col, c } = address;
    try {
      const response = await this.api.send(
        "GET", `/images/${this.image.id}/pixels/${level}/${plane.t}/${plane.z}/${row}/${col}?c=${c}${this.version}`, undefined, control.signal);
      const width = Number(response.headers.get("X-Width")), height = Number(response.headers.get("X-Height"));
      const data = this.samples(await response.arrayBuffer());
      if (data.length !== width * height) throw new Error("a tile has another size than it says");
      this.received.push({ address, data, width, height });
    } catch {
      if (!control.signal.aborted) {
        this.failures.set(address.key, performance.now() + 2000);
        setTimeout(this.arrived, 2050);
      }
    } finally {
      if (this.running.get(address.key) === control) this.running.delete(address.key);
      this.arrived();
    }
  }

  /** @param {ArrayBuffer} bytes */
  samples(bytes) {
    if (this.image.dtype === "uint8") return new Uint8Array(bytes);
    return this.image.dtype === "uint16" ? new Uint16Array(bytes) : new Float32Array(bytes);
  }

  /** Makes textures of what has come; a few in each frame. Whether more is left. */
  upload() {
    const { gl } = this;
    const deadline = performance.now() + TIME;
    for (let isFirst = true; isFirst || performance.now() < deadline; isFirst = false) {
      const next = this.received.shift();
      if (!next) break;
      const { address, data, width, height } = next;
      const [stored, format, kind] = {
        uint8: [gl.R8UI, gl.RED_INTEGER, gl.UNSIGNED_BYTE],
        uint16: [gl.R16UI, gl.RED_INTEGER, gl.UNSIGNED_SHORT],
        float32: [gl.R32F, gl.RED, gl.FLOAT],
      }[this.image.dtype];
      const made = texture(gl, stored, width, height);
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, format, kind, data);
      const histogram = this.histogram(/** @type {any} */ (data), address.c);
      this.tiles.set(address.key, {
        texture: made, width, height, bytes: data.byteLength, used: ++this.clock, histogram });
      this.bytes += data.byteLength;
    }
    if (this.bytes > BUDGET) this.evict();
    return this.received.length > 0;
  }

  /**
   * How often samples occur between the least and the greatest value of the channel.
   * @param {ArrayLike<number>} data
   * @param {number} c
   */
  histogram(data, c) {
    const { min, max } = this.image.channels[c];
    const bins = new Float64Array(BINS);
    const factor = max > min ? (BINS - 1) / (max - min) : 0;
    const step = Math.max(1, Math.floor(data.length / 16384));
    for (let i = 0; i < data.length; i += step) {
      const bin = (data[i] - min) * factor;
      if (bin >= 0 && bin < BINS) bins[bin | 0] += step;
    }
    return bins;
  }

  evict() {
    const oldest = [...this.tiles].sort((a, b) => a[1].used - b[1].used);
    for (const [key, tile] of oldest) {
      if (this.bytes < BUDGET * 0.8) break;
      this.gl.deleteTexture(tile.texture);
      this.tiles.delete(key);
      this.bytes -= tile.bytes;
    }
  }

  close() {
    for (const control of this.running.values()) control.abort();
    for (const tile of this.tiles.values()) this.gl.deleteTexture(tile.texture);
    this.tiles.clear();
  }
}
