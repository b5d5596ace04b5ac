// Masks from logits, so that another threshold needs no request.

import { maskOfBits } from "./masks.js";

/** @typedef {import("./types.js").EncodedLogits} EncodedLogits */
/** @typedef {{box: number[], rows: number, cols: number, values: Int8Array, scale: number}} Logits */

/**
 * @param {EncodedLogits} encoded
 * @returns {Logits}
 */
export function decodedLogits(encoded) {
  const text = atob(encoded.data);
  const values = new Int8Array(text.length);
  for (let i = 0; i < text.length; i++) values[i] = text.charCodeAt(i);
  if (values.length !== encoded.rows * encoded.cols) throw new Error("the logits have another size than they say");
  return { box: encoded.box, rows: encoded.rows, cols: encoded.cols, values, scale: encoded.scale };
}

/**
 * The pixels at which the logits, interpolated over their box, are above a threshold.
 * @param {Logits} logits
 * @param {number} threshold
 * @param {{y: number, x: number}} size
 */
export function maskAbove(logits, threshold, size) {
  const cells = cellsAbove(logits, threshold);
  if (!cells) return null;
  const box = pixelsOf(cells, logits, size);
  const [y0, x0, y1, x1] = box;
  const width = x1 - x0;
  if (width <= 0 || y1 <= y0) return null;
  const bits = new Uint8Array((y1 - y0) * width);
  const stepY = logits.rows / (logits.box[2] - logits.box[0]), stepX = logits.cols / (logits.box[3] - logits.box[1]);
  const limit = threshold / logits.scale;
  const { values, rows, cols } = logits;
  const lefts = new Int32Array(width), parts = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const place = Math.min(cols - 1, Math.max(0, (x0 + x + 0.5 - logits.box[1]) * stepX - 0.5));
    lefts[x] = Math.min(cols - 2 < 0 ? 0 : cols - 2, Math.floor(place));
    parts[x] = place - lefts[x];
  }
  const right = cols > 1 ? 1 : 0;
  for (let y = y0; y < y1; y++) {
    const place = Math.min(rows - 1, Math.max(0, (y + 0.5 - logits.box[0]) * stepY - 0.5));
    const top = Math.min(Math.max(0, rows - 2), Math.floor(place)), part = place - top;
    const above = top * cols, below = rows > 1 ? above + cols : above;
    const line = (y - y0) * width;
    for (let x = 0; x < width; x++) {
      const left = lefts[x], along = parts[x];
      const upper = values[above + left] * (1 - along) + values[above + left + right] * along;
      const lower = values[below + left] * (1 - along) + values[below + left + right] * along;
      if (upper * (1 - part) + lower * part > limit) bits[line + x] = 1;
    }
  }
  return maskOfBits(bits, /** @type {[number, number, number, number]} */ (box));
}

/**
 * Rows and columns of the values above the threshold, with one more on each side.
 * @param {Logits} logits
 * @param {number} threshold
 */
function cellsAbove(logits, threshold) {
  const limit = threshold / logits.scale;
  let top = -1, bottom = -1, left = logits.cols, right = -1;
  for (let row = 0; row < logits.rows; row++) {
    for (let col = 0; col < logits.cols; col++) {
      if (logits.values[row * logits.cols + col] <= limit) continue;
      if (top < 0) top = row;
      bottom = row;
      if (col < left) left = col;
      if (col > right) right = col;
    }
  }
  return top < 0 ? null : [top - 1, left - 1, bottom + 2, right + 2];
}

/**
 * @param {number[]} cells
 * @param {Logits} logits
 * @param {{y: number, x: number}} size
 */
function pixelsOf(cells, logits, size) {
  const [y0, x0, y1, x1] = logits.box;
  const stepY = (y1 - y0) / logits.rows, stepX = (x1 - x0) / logits.cols;
  return [
    Math.max(0, Math.floor(y0), Math.floor(y0 + cells[0] * stepY)),
    Math.max(0, Math.floor(x0), Math.floor(x0 + cells[1] * stepX)),
    Math.min(size.y, Math.ceil(y1), Math.ceil(y0 + cells[2] * stepY)),
    Math.min(size.x, Math.ceil(x1), Math.ceil(x0 + cells[3] * stepX)),
  ];
}
