// Draws the channels of the image, one over the other, by adding their light.

import { clipRect, program } from "./gl.js";
import { RECTANGLE, WHOLE_NUMBERS, FLOATS } from "./shaders.js";
import { BINS, ImageTiles } from "./image-tiles.js";
import { rgb } from "../model/palette.js";
import { isSame } from "../model/planes.js";

/** @typedef {import("../model/types.js").ImageSummary} ImageSummary */
/** @typedef {import("../model/types.js").Level} Level */
/** @typedef {import("../model/channels.js").ChannelLook} ChannelLook */
/** @typedef {import("../model/planes.js").Plane} Plane */
/** @typedef {{level: Level, row: number, col: number, box: number[]}} Place */

/** Milliseconds for which the plane before stays until the next one has come, so that nothing flashes. */
const STAYS = 400;

export class ImageLayer {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {import("../model/api.js").Api} api
   * @param {() => void} arrived
   */
  constructor(gl, api, arrived) {
    this.gl = gl;
    this.api = api;
    this.arrived = arrived;
    this.whole = program(gl, RECTANGLE, WHOLE_NUMBERS);
    this.floats = program(gl, RECTANGLE, FLOATS);
    /** @type {ImageTiles|null} */
    this.tiles = null;
    /** @type {Place[]} */
    this.seen = [];
    /** Whether all that is seen of the plane has come. */
    this.isComplete = false;
    /** @type {Plane|null} the plane that is drawn */
    this.drawn = null;
    this.waitsSince = 0;
  }

  /** @param {ImageSummary} image */
  open(image) {
    this.tiles?.close();
    this.tiles = new ImageTiles(this.gl, this.api, image, this.arrived);
    this.drawn = null;
    this.waitsSince = 0;
  }

  /**
   * @param {import("../model/viewport.js").Viewport} viewport
   * @param {ChannelLook[]} channels
   * @param {number} ratio pixels of the screen for each CSS pixel
   * @param {Plane} plane
   * @param {Plane[]} ahead planes that may be shown next
   */
  draw(viewport, channels, ratio, plane, ahead) {
    const { gl, tiles } = this;
    if (!tiles) return;
    if (tiles.upload()) this.arrived();
    const shown = channels.map((look, c) => ({ look, c })).filter(({ look }) => look.visible);
    const level = levelFor(tiles.image, viewport.scale * ratio);
    this.seen = placesIn(tiles.image, level, viewport.visible());
    const last = /** @type {Level} */ (tiles.image.levels.at(-1));
    const rough = last === level ? [] : placesIn(tiles.image, last, viewport.visible());
    const addresses = (/** @type {Plane} */ of, /** @type {Place[]} */ places) => places.flatMap(({ level, row, col }) => (
      shown.map(({ c }) => tiles.address(of, level.level, row, col, c))));
    const wanted = addresses(plane, this.seen);
    tiles.want([...addresses(plane, rough), ...wanted], ahead.flatMap((next) => addresses(next, this.seen)));
    this.isComplete = wanted.every((address) => tiles.has(address));
    this.choosePlane(plane);
    this.darken(viewport, ratio);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE);
    const drawing = tiles.image.dtype === "float32" ? this.floats : this.whole;
    drawing.use();
    drawing.int("pixels", 0);
    gl.activeTexture(gl.TEXTURE0);
    for (const { look, c } of shown) {
      const [red, green, blue] = rgb(look.color);
      drawing.floats("color", red / 255, green / 255, blue / 255);
      drawing.floats("curve", look.low, 1 / Math.max(1e-9, look.high - look.low), 1 / look.gamma);
      for (const place of this.seen) this.drawPlace(drawing, viewport, place, c, ratio);
    }
    gl.disable(gl.BLEND);
  }

  /**
   * Draws the plane that is shown as soon as it has come, or has not come for too long.
   * @param {Plane} plane
   */
  choosePlane(plane) {
    const { drawn } = this;
    if (!drawn || isSame(drawn, plane)) {
      this.drawn = plane;
      this.waitsSince = 0;
      return;
    }
    const now = performance.now();
    if (!this.waitsSince) {
      this.waitsSince = now;
      setTimeout(this.arrived, STAYS + 10);
    }
    if (!this.isComplete && now - this.waitsSince < STAYS) return;
    this.drawn = plane;
    this.waitsSince = 0;
  }

  /**
   * Makes the place of the image black, so that light is added to nothing.
   * @param {import("../model/viewport.js").Viewport} viewport
   * @param {number} ratio
   */
  darken(viewport, ratio) {
    const { gl } = this;
    const from = viewport.toScreen(0, 0), to = viewport.toScreen(viewport.size.y, viewport.size.x);
    const left = Math.round(from.left * ratio), right = Math.round(to.left * ratio);
    const bottom = Math.round((viewport.screen.height - to.top) * ratio),
      top = Math.round((viewport.screen.height - from.top) * ratio);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(left, bottom, Math.max(0, right - left), Math.max(0, top - bottom));
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.disable(gl.SCISSOR_TEST);
  }

  /**
   * Draws a place from its tile, or from a coarser one as long as that has not come.
   * @param {import("./gl.js").Program} drawing
   * @param {import("../model/viewport.js").Viewport} viewport
   * @param {Place} place
   * @param {number} c
   * @param {number} ratio
   */
  drawPlace(drawing, viewport, place, c, ratio) {
    const tiles = /** @type {ImageTiles} */ (this.tiles);
    const { image } = tiles;
    const plane = /** @type {Plane} */ (this.drawn);
    const first = image.levels.indexOf(place.level);
    for (const level of image.levels.slice(first)) {
      const stepY = image.shape.y / level.y, stepX = image.shape.x / level.x;
      const row = Math.floor((place.box[0] + place.box[2]) / 2 / stepY / level.tile);
      const col = Math.floor((place.box[1] + place.box[3]) / 2 / stepX / level.tile);
      const tile = tiles.get(tiles.address(plane, level.level, row, col, c));
      if (!tile) continue;
      const top = row * level.tile, left = col * level.tile;
      drawing.floats("place", ...clipRect(viewport, place.box));
      drawing.floats("texels", place.box[1] / stepX - left, place.box[0] / stepY - top,
        place.box[3] / stepX - left, place.box[2] / stepY - top);
      drawing.floats("extent", tile.width, tile.height);
      drawing.floats("footprint", 1 / (viewport.scale * ratio * stepX), 1 / (viewport.scale * ratio * stepY));
      this.gl.bindTexture(this.gl.TEXTURE_2D, tile.texture);
      this.gl.drawArrays(this.gl.TRIANGLE_STRIP, 0, 4);
      return;
    }
  }

  /**
   * Values between which the visible tiles have all but the darkest and the brightest of a thousand samples.
   * @param {number} c
   * @returns {{low: number, high: number}|null} null as long as nothing is there
   */
  automaticContrast(c) {
    const { tiles } = this;
    const { drawn } = this;
    if (!tiles || !drawn) return null;
    const sum = new Float64Array(BINS);
    for (const { level, row, col } of this.seen) {
      const tile = tiles.get(tiles.address(drawn, level.level, row, col, c));
      if (tile) tile.histogram.forEach((count, i) => { sum[i] += count; });
    }
    const total = sum.reduce((a, b) => a + b, 0);
    if (total === 0) return null;
    const { min, max } = tiles.image.channels[c];
    const value = (/** @type {number} */ bin) => min + bin / (BINS - 1) * (max - min);
    const low = quantile(sum, total * 0.001), high = quantile(sum, total * 0.999);
    return { low: value(low), high: value(Math.max(low + 1, high + 1)) };
  }
}

/** @param {Float64Array} counts @param {number} target */
function quantile(counts, target) {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i];
    if (sum >= target) return i;
  }
  return counts.length - 1;
}

/**
 * The coarsest level that has a pixel for each pixel of the screen.
 * @param {ImageSummary} image
 * @param {number} scale pixels of the screen for each pixel of the image
 */
function levelFor(image, scale) {
  let chosen = image.levels[0];
  for (const level of image.levels) if (image.shape.x / level.x * scale <= 1.05) chosen = level;
  return chosen;
}

/**
 * @param {ImageSummary} image
 * @param {Level} level
 * @param {number[]} visible
 */
function placesIn(image, level, visible) {
  const stepY = image.shape.y / level.y, stepX = image.shape.x / level.x;
  const rows = Math.ceil(level.y / level.tile), cols = Math.ceil(level.x / level.tile);
  const height = level.tile * stepY, width = level.tile * stepX;
  /** @type {Place[]} */
  const places = [];
  if (visible[2] <= visible[0] || visible[3] <= visible[1]) return places;
  for (let row = Math.max(0, Math.floor(visible[0] / height)); row < rows && row * height < visible[2]; row++) {
    for (let col = Math.max(0, Math.floor(visible[1] / width)); col < cols && col * width < visible[3]; col++) {
      places.push({ level, row, col, box: [row * height, col * width,
        Math.min(image.shape.y, (row + 1) * height), Math.min(image.shape.x, (col + 1) * width)] });
    }
  }
  const y = (visible[0] + visible[2]) / 2, x = (visible[1] + visible[3]) / 2;
  const distance = (/** @type {Place} */ { box }) => Math.hypot((box[0] + box[2]) / 2 - y, (box[1] + box[3]) / 2 - x);
  return places.sort((a, b) => distance(a) - distance(b));
}
