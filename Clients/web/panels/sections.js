// Beside and below the image: planes across the slices, through the place of the pointer, at the scale of the image.

import { byId } from "./dom.js";
import { DEPTH, LENGTH } from "../model/sections.js";
import { sectionColors } from "../view/section-colors.js";
import { eachRun } from "../model/masks.js";
import { turn } from "../model/turning.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../model/sections.js").SectionAxis} SectionAxis */
/** @typedef {import("../model/sections.js").SectionPiece} SectionPiece */
/** @typedef {{canvas: HTMLCanvasElement, axis: SectionAxis, drawn: Map<SectionPiece, {key: string, picture: HTMLCanvasElement}>}} Strip */

/** CSS pixels of a slice: enough to see it, and few enough to see its neighbours. */
const LEAST = 2;
const MOST = 24;

/** @param {App} app */
export function sectionStrips(app) {
  const { sections } = app;
  /** @type {Strip[]} */
  const strips = (/** @type {SectionAxis[]} */ (["y", "x"])).map((axis) => (
    { axis, canvas: /** @type {HTMLCanvasElement} */ (byId(`section-${axis}`)), drawn: new Map() }));
  let isDue = false;
  const draw = () => {
    isDue = false;
    const isShown = sections.isShown && sections.isPossible && app.document !== null;
    byId("section-corner").hidden = !isShown;
    for (const strip of strips) {
      strip.canvas.hidden = !isShown;
      if (isShown) drawStrip(app, strip);
      else strip.drawn.clear();
    }
  };
  const later = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(draw);
  };
  for (const signal of [sections.changed, app.viewport.changed, app.turned, app.opened, app.tableChanged, app.volume.changed]) {
    /** @type {import("../model/signal.js").Signal<any>} */ (signal).listen(later);
  }
  for (const value of [app.channels, app.settings.value, app.imageVisible]) {
    /** @type {import("../model/signal.js").Value<any>} */ (value).listen(later);
  }
  for (const { canvas, axis } of strips) {
    new ResizeObserver(later).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => goTo(app, axis, event));
  }
}

/**
 * CSS pixels of a slice: as thick as the voxels say, within what can be seen.
 * @param {App} app
 */
function thickness(app) {
  const size = app.document?.image.pixelSize;
  const ratio = size?.z && size.x ? size.z / size.x : 1;
  return Math.min(MOST, Math.max(LEAST, app.viewport.scale * ratio));
}

/** @param {App} app @param {Strip} strip */
function drawStrip(app, strip) {
  const { canvas, axis } = strip;
  const context = canvas.getContext("2d");
  const { document, viewport, sections } = app;
  if (!context || !document) return;
  const ratio = Math.min(2, devicePixelRatio || 1);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  // From here on, x goes along the line and y across the slices, in CSS pixels; the strip at the side is drawn transposed.
  if (axis === "y") context.setTransform(ratio, 0, 0, ratio, 0, 0);
  else context.setTransform(0, ratio, ratio, 0, 0, 0);
  const [length, depth] = axis === "y" ? [width, height] : [height, width];
  context.imageSmoothingEnabled = false;
  const thick = thickness(app);
  const origin = axis === "y" ? viewport.toScreen(0, 0).left : viewport.toScreen(0, 0).top;
  const top = depth / 2 - (document.plane.z + 0.5) * thick;
  const slices = /** @type {[number, number]} */ ([-top / thick, (depth - top) / thick]);
  const line = /** @type {[number, number]} */ ([-origin / viewport.scale, (length - origin) / viewport.scale]);
  const found = sections.visible(axis, slices, line);
  const kept = new Map();
  for (const { piece, row, col } of found) {
    const picture = pictureOf(app, strip, piece);
    kept.set(piece, strip.drawn.get(piece));
    context.drawImage(picture, origin + col * LENGTH * viewport.scale, top + row * DEPTH * thick,
      piece.width * viewport.scale, piece.height * thick);
  }
  strip.drawn = kept;
  drawVolume(app, context, axis, origin, top, thick);
  drawCross(app, context, axis, { origin, top, thick, length, depth });
}

/**
 * A piece as a picture; what looks the same is not made again.
 * @param {App} app
 * @param {Strip} strip
 * @param {SectionPiece} piece
 */
function pictureOf(app, strip, piece) {
  const { settings, channels, selection, classes, imageVisible } = app;
  const { fill, colorBy, palette, labelsVisible, contour } = settings.current;
  const style = { fill, colorBy, palette, labelsVisible, contour };
  const looks = channels.current.map((look) => ({ ...look, visible: look.visible && imageVisible.current }));
  const key = JSON.stringify([piece.stamp, style, looks, [...selection.current], colorBy === "class" ? classes.current : 0]);
  const known = strip.drawn.get(piece);
  if (known?.key === key) return known.picture;
  const numbers = new Map(classes.current.map((name, i) => [name, i + 1]));
  const kindOf = (/** @type {number} */ label) => numbers.get(app.document?.objects.get(label)?.class ?? "") ?? 0;
  const picture = document.createElement("canvas");
  picture.width = piece.width;
  picture.height = piece.height;
  const pixels = new ImageData(piece.width, piece.height);
  pixels.data.set(sectionColors(piece, looks, style, kindOf, selection.current));
  picture.getContext("2d")?.putImageData(pixels, 0, 0);
  strip.drawn.set(piece, { key, picture });
  return picture;
}

/**
 * Draws the masks of an object that goes through the volume.
 * @param {App} app
 * @param {CanvasRenderingContext2D} context
 * @param {SectionAxis} axis
 * @param {number} origin
 * @param {number} top
 * @param {number} thick
 */
function drawVolume(app, context, axis, origin, top, thick) {
  const { volume, viewport, sections } = app;
  if (!volume.isHere) return;
  const [red, green, blue] = app.theme.accent.map((value) => Math.round(value * 255));
  context.fillStyle = `rgb(${red} ${green} ${blue} / 55%)`;
  const at = sections.place[axis];
  for (const { z, mask } of volume.collected()) {
    eachRun(mask, (y, from, to) => {
      if (axis === "y" && y === at) context.fillRect(origin + from * viewport.scale, top + z * thick, (to - from) * viewport.scale, thick);
      if (axis === "x" && from <= at && at < to) context.fillRect(origin + y * viewport.scale, top + z * thick, viewport.scale, thick);
    });
  }
}

/**
 * Draws the slice that is shown, and the place of the pointer.
 * @param {App} app
 * @param {CanvasRenderingContext2D} context
 * @param {SectionAxis} axis
 * @param {{origin: number, top: number, thick: number, length: number, depth: number}} frame
 */
function drawCross(app, context, axis, { origin, top, thick, length, depth }) {
  const { document, viewport, sections } = app;
  if (!document) return;
  const slice = top + document.plane.z * thick;
  // Light on dark, so that it is seen on the image and beside it.
  for (const [width, style] of /** @type {[number, string][]} */ ([[3, "rgb(0 0 0 / 45%)"], [1, "rgb(255 255 255 / 90%)"]])) {
    context.lineWidth = width;
    context.strokeStyle = style;
    context.strokeRect(-4, Math.round(slice) - 0.5, length + 8, Math.max(2, Math.round(thick)) + 1);
  }
  const place = origin + (sections.place[axis === "y" ? "x" : "y"] + 0.5) * viewport.scale;
  context.fillStyle = "rgb(128 128 128 / 80%)";
  context.fillRect(Math.round(place), 0, 1, depth);
}

/**
 * Turns to the slice that was clicked.
 * @param {App} app
 * @param {SectionAxis} axis
 * @param {PointerEvent} event
 */
function goTo(app, axis, event) {
  const { document } = app;
  if (!document) return;
  const canvas = /** @type {HTMLElement} */ (event.currentTarget);
  const bounds = canvas.getBoundingClientRect();
  const [across, depth] = axis === "y" ? [event.clientY - bounds.top, bounds.height] : [event.clientX - bounds.left, bounds.width];
  app.player?.stop();
  turn(app, { ...document.plane, z: Math.floor(document.plane.z + 0.5 + (across - depth / 2) / thickness(app)) });
}
