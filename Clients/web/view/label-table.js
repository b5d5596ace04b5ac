// What the shader must know of each object: one texel for each label.

import { texture } from "./gl.js";

export const FLAG = { selected: 1, locked: 2, hidden: 4, doubtful: 8, added: 16, gone: 32 };

const WIDTH = 1024;
const HEIGHT = 1024;

export class LabelTable {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.texture = texture(gl, gl.RG8UI, WIDTH, HEIGHT);
    this.data = new Uint8Array(WIDTH * HEIGHT * 2);
    /** @type {Set<number>} rows of the texture that hold something */
    this.filled = new Set();
  }

  /**
   * Replaces the whole table.
   * @param {Iterable<{label: number, flags: number, kind: number}>} rows
   */
  set(rows) {
    const dirty = new Set(this.filled);
    for (const row of this.filled) this.data.fill(0, row * WIDTH * 2, (row + 1) * WIDTH * 2);
    this.filled.clear();
    for (const { label, flags, kind } of rows) {
      if (flags === 0 && kind === 0) continue;
      const index = label & 0xfffff;
      this.data[index * 2] |= flags;
      this.data[index * 2 + 1] = kind;
      this.filled.add(index >> 10);
    }
    for (const row of this.filled) dirty.add(row);
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    for (const row of dirty) {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, WIDTH, 1, gl.RG_INTEGER, gl.UNSIGNED_BYTE,
        this.data, row * WIDTH * 2);
    }
  }
}
