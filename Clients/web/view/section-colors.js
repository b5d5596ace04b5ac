// The colours of planes across slices: the same as those that the shader gives to the slices.

import { objectColor, PALETTES, rgb } from "../model/palette.js";

/** @typedef {import("../model/channels.js").ChannelLook} ChannelLook */
/** @typedef {import("../model/sections.js").SectionPiece} SectionPiece */
/** @typedef {{fill: number, colorBy: "object"|"class", palette: "vivid"|"safe", labelsVisible: boolean, contour: boolean}} Style */

/**
 * The pixels of a piece as colours.
 * @param {SectionPiece} piece
 * @param {ChannelLook[]} looks
 * @param {Style} style
 * @param {(label: number) => number} kindOf number of the class of an object from 1; 0 for none
 * @param {Set<number>} selected
 * @returns {Uint8ClampedArray} red, green, blue, opacity
 */
export function sectionColors({ width, height, channels, labels }, looks, style, kindOf, selected) {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255;
  channels.forEach((samples, c) => { if (samples && looks[c]?.visible) add(pixels, samples, looks[c]); });
  if (labels && style.labelsVisible) lay(pixels, labels, width, height, style, kindOf, selected);
  return pixels;
}

/**
 * Adds a channel in its colour.
 * @param {Uint8ClampedArray} pixels
 * @param {ArrayLike<number>} samples
 * @param {ChannelLook} look
 */
function add(pixels, samples, { color, low, high, gamma }) {
  const [red, green, blue] = rgb(color);
  const factor = 1 / Math.max(high - low, 1e-12);
  for (let i = 0; i < samples.length; i++) {
    const linear = Math.min(1, Math.max(0, (samples[i] - low) * factor));
    const value = gamma === 1 ? linear : linear ** (1 / gamma);
    pixels[4 * i] += red * value;
    pixels[4 * i + 1] += green * value;
    pixels[4 * i + 2] += blue * value;
  }
}

/**
 * Lays objects over the image, with their outlines.
 * @param {Uint8ClampedArray} pixels
 * @param {Uint32Array} labels
 * @param {number} width
 * @param {number} height
 * @param {Style} style
 * @param {(label: number) => number} kindOf
 * @param {Set<number>} selected
 */
function lay(pixels, labels, width, height, style, kindOf, selected) {
  /** @type {Map<number, {color: number[], isSelected: boolean}>} */
  const known = new Map();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label === 0) continue;
    let look = known.get(label);
    if (!look) known.set(label, look = { color: colorOf(label, style, kindOf), isSelected: selected.has(label) });
    const x = i % width, y = (i - x) / width;
    const isEdge = (x > 0 && labels[i - 1] !== label) || (x + 1 < width && labels[i + 1] !== label)
      || (y > 0 && labels[i - width] !== label) || (y + 1 < height && labels[i + width] !== label);
    const color = isEdge && look.isSelected ? [255, 255, 255] : look.color;
    const alpha = isEdge && (style.contour || look.isSelected) ? 1 : Math.min(1, style.fill + (look.isSelected ? 0.15 : 0));
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = pixels[4 * i + c] * (1 - alpha) + color[c] * alpha;
  }
}

/**
 * @param {number} label
 * @param {Style} style
 * @param {(label: number) => number} kindOf
 */
function colorOf(label, { colorBy, palette }, kindOf) {
  if (colorBy === "object") return rgb(objectColor(label, palette));
  const kind = kindOf(label);
  const colors = PALETTES[palette];
  return kind === 0 ? [158, 158, 158] : rgb(colors[(kind - 1) % colors.length]);
}
