// The masks in work: current object, preview, brush. Each is a small texture in its box.

import { texture } from "./gl.js";
import { maskBits } from "../model/masks.js";

/** @typedef {import("../model/types.js").Mask} Mask */
/** @typedef {{source: any, texture: WebGLTexture, box: number[], value: number}} Slot */

/** What the shader paints; later ones lie above. */
export const MASK = { preview: 2, current: 1, brush: 3, eraser: 4, volume: 5 };

export class MaskTextures {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    /** @type {Map<string, Slot>} */
    this.slots = new Map();
  }

  /**
   * Shows a mask under a name; what is the same is not uploaded again.
   * @param {string} name
   * @param {Mask|null} mask
   * @param {number} value
   */
  setMask(name, mask, value) {
    const before = this.slots.get(name);
    if (before && before.source === mask && before.value === value) return;
    if (!mask) this.remove(name);
    else this.place(name, mask, maskBits(mask), mask.box, value);
  }

  /**
   * @param {string} name
   * @param {any} source by which it is known that it is the same
   * @param {Uint8Array} bits
   * @param {number[]} box
   * @param {number} value
   */
  place(name, source, bits, box, value) {
    const { gl } = this;
    this.remove(name);
    const height = box[2] - box[0], width = box[3] - box[1];
    const made = texture(gl, gl.R8UI, width, height);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RED_INTEGER, gl.UNSIGNED_BYTE, bits);
    this.slots.set(name, { source, texture: made, box, value });
  }

  /** @param {string} name */
  remove(name) {
    const slot = this.slots.get(name);
    if (!slot) return;
    this.gl.deleteTexture(slot.texture);
    this.slots.delete(name);
  }

  /**
   * Removes all whose names are not among these.
   * @param {Set<string>} names
   */
  keep(names) {
    for (const name of [...this.slots.keys()]) if (!names.has(name)) this.remove(name);
  }

  /** In the order in which they are drawn. */
  ordered() {
    const order = [MASK.volume, MASK.preview, MASK.current, MASK.brush, MASK.eraser];
    return [...this.slots.values()].sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
  }
}
