// Draws labels: first as numbers into buffers of the screen's size, then as colours and outlines from these.

import { clipRect, program, texture } from "./gl.js";
import { COLORS, LABELS, RECTANGLE, SCREEN } from "./shaders.js";
import { LabelTable } from "./label-table.js";
import { LabelTextures } from "./label-textures.js";
import { MaskTextures } from "./mask-textures.js";
import { PALETTES, rgb } from "../model/palette.js";
import { TILE } from "../model/effects.js";

/** @typedef {import("../model/viewport.js").Viewport} Viewport */
/** @typedef {import("../model/label-tiles.js").LabelTiles} LabelTiles */
/** @typedef {{framebuffer: WebGLFramebuffer, texture: WebGLTexture}} Buffer */
/** @typedef {{fill: number, contour: boolean, colorBy: "object"|"class", palette: "vivid"|"safe",
 *   labelsVisible: boolean, hovered: number, hoveredFound: number, accent: number[], preview: number[]}} Style */

/** Label planes whose textures are kept when others are shown, so that turning back shows them at once. */
const MOST_HIDDEN = 6;

export class LabelLayer {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.numbers = program(gl, RECTANGLE, LABELS);
    this.colors = program(gl, SCREEN, COLORS);
    this.committed = new LabelTable(gl);
    this.automatic = new LabelTable(gl);
    this.earlier = new LabelTable(gl);
    this.masks = new MaskTextures(gl);
    this.palette = texture(gl, gl.RGBA8, 16, 2);
    this.uploadPalettes();
    /** @type {Buffer[]} committed, automatic, masks */
    this.buffers = [];
    this.width = this.height = 0;
    /** @type {Map<LabelTiles, LabelTextures>} */
    this.textures = new Map();
  }

  uploadPalettes() {
    const { gl } = this;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    for (const [row, colors] of [PALETTES.vivid, PALETTES.safe].entries()) {
      const data = new Uint8Array(colors.flatMap((color) => [...rgb(color), 255]));
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, colors.length, 1, gl.RGBA, gl.UNSIGNED_BYTE, data);
    }
  }

  /** @param {number} width @param {number} height */
  resize(width, height) {
    if (width === this.width && height === this.height) return;
    const { gl } = this;
    for (const buffer of this.buffers) {
      gl.deleteFramebuffer(buffer.framebuffer);
      gl.deleteTexture(buffer.texture);
    }
    this.width = width;
    this.height = height;
    this.buffers = [0, 1, 2].map(() => {
      const target = texture(gl, gl.R32UI, width, height);
      const framebuffer = /** @type {WebGLFramebuffer} */ (gl.createFramebuffer());
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, target, 0);
      return { framebuffer, texture: target };
    });
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** @param {LabelTiles} labels */
  texturesOf(labels) {
    const textures = this.textures.get(labels) ?? new LabelTextures(this.gl, labels);
    // The latest last.
    this.textures.delete(labels);
    this.textures.set(labels, textures);
    return textures;
  }

  /**
   * Gives back the textures of labels that are no longer shown, but for those that were shown lately.
   * @param {(LabelTiles|null)[]} shown
   */
  keep(shown) {
    const hidden = [...this.textures].filter(([labels]) => !shown.includes(labels));
    for (const [labels, textures] of hidden.slice(0, Math.max(0, hidden.length - MOST_HIDDEN))) {
      textures.close();
      this.textures.delete(labels);
    }
  }

  /**
   * @param {Viewport} viewport
   * @param {number} ratio
   * @param {{committed: LabelTiles|null, automatic: LabelTiles|null, earlier: LabelTiles|null}} shown
   * @param {Style} style
   * @returns {boolean} whether all that has come is drawn
   */
  draw(viewport, ratio, shown, style) {
    const { gl } = this;
    this.keep([shown.committed, shown.automatic, shown.earlier]);
    gl.bindVertexArray(null);
    this.numbers.use();
    this.numbers.int("labels", 0);
    this.numbers.int("table", 1);
    const complete = [
      this.fillBuffer(0, () => this.drawTiles(viewport, ratio, shown.committed, null, 0)),
      this.fillBuffer(1, () => {
        const first = this.drawTiles(viewport, ratio, shown.earlier, this.earlier, 0x80000000);
        return this.drawTiles(viewport, ratio, shown.automatic, null, 0) && first;
      }),
      this.fillBuffer(2, () => this.drawMasks(viewport)),
    ];
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.drawColors(shown, style, ratio);
    return complete.every(Boolean);
  }

  /** @param {number} index @param {() => boolean} draw */
  fillBuffer(index, draw) {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.buffers[index].framebuffer);
    gl.clearBufferuiv(gl.COLOR, 0, new Uint32Array(4));
    return draw();
  }

  /**
   * @param {Viewport} viewport
   * @param {number} ratio
   * @param {LabelTiles|null} labels
   * @param {LabelTable|null} marked
   * @param {number} top
   */
  drawTiles(viewport, ratio, labels, marked, top) {
    if (!labels) return true;
    const { gl, numbers } = this;
    const { found, isComplete } = this.texturesOf(labels).visible(viewport, ratio);
    numbers.use();
    numbers.int("marked", marked ? 1 : 0);
    numbers.uint("top", top);
    numbers.uint("value", 0);
    numbers.floats("extent", TILE, TILE);
    numbers.floats("texels", 0, 0, TILE, TILE);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, (marked ?? this.committed).texture);
    gl.activeTexture(gl.TEXTURE0);
    for (const { texture: tile, box } of found) {
      numbers.floats("place", ...clipRect(viewport, box));
      gl.bindTexture(gl.TEXTURE_2D, tile);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
    return isComplete;
  }

  /** @param {Viewport} viewport */
  drawMasks(viewport) {
    const { gl, numbers } = this;
    numbers.use();
    numbers.int("marked", 0);
    numbers.uint("top", 0);
    gl.activeTexture(gl.TEXTURE0);
    for (const { texture: mask, box, value } of this.masks.ordered()) {
      const height = box[2] - box[0], width = box[3] - box[1];
      numbers.uint("value", value);
      numbers.floats("extent", width, height);
      numbers.floats("texels", 0, 0, width, height);
      numbers.floats("place", ...clipRect(viewport, box));
      gl.bindTexture(gl.TEXTURE_2D, mask);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
    return true;
  }

  /**
   * @param {{committed: LabelTiles|null, automatic: LabelTiles|null}} shown
   * @param {Style} style
   * @param {number} ratio
   */
  drawColors(shown, style, ratio) {
    const { gl, colors } = this;
    colors.use();
    const inputs = [
      ["committed", this.buffers[0].texture], ["automatic", this.buffers[1].texture], ["masks", this.buffers[2].texture],
      ["committedTable", this.committed.texture], ["automaticTable", this.automatic.texture], ["palette", this.palette],
    ];
    inputs.forEach(([name, input], i) => {
      gl.activeTexture(gl.TEXTURE0 + i);
      gl.bindTexture(gl.TEXTURE_2D, /** @type {WebGLTexture} */ (input));
      colors.int(/** @type {string} */ (name), i);
    });
    const isSafe = style.palette === "safe";
    colors.int("colors", PALETTES[style.palette].length);
    colors.int("paletteRow", isSafe ? 1 : 0);
    colors.floats("fill", style.fill);
    colors.int("contour", style.contour ? 1 : 0);
    colors.int("byClass", style.colorBy === "class" ? 1 : 0);
    colors.int("showsCommitted", shown.committed && style.labelsVisible ? 1 : 0);
    colors.int("showsAutomatic", shown.automatic ? 1 : 0);
    colors.int("showsMasks", this.masks.slots.size ? 1 : 0);
    colors.uint("hovered", style.hovered);
    colors.uint("hoveredFound", style.hoveredFound);
    colors.int("width", Math.max(1, Math.round(ratio)));
    colors.floats("accent", ...style.accent);
    colors.floats("preview", ...style.preview);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.disable(gl.BLEND);
  }
}
