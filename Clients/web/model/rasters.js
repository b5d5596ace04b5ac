// From what a hand draws to pixels. Points are [y, x] by edges: pixel (0, 0) goes from 0 to 1.

import { maskOfBits } from "./masks.js";

/** @typedef {import("./types.js").Mask} Mask */
/** @typedef {[number, number]} Position */
/** @typedef {{y: number, x: number}} Size */

/**
 * The box of whole pixels around points, widened, within the image; null outside of it.
 * @param {Position[]} points
 * @param {number} margin
 * @param {Size} size
 * @returns {[number, number, number, number]|null}
 */
export function boxAround(points, margin, size) {
  let y0 = Infinity, x0 = Infinity, y1 = -Infinity, x1 = -Infinity;
  for (const [y, x] of points) {
    y0 = Math.min(y0, y);
    x0 = Math.min(x0, x);
    y1 = Math.max(y1, y);
    x1 = Math.max(x1, x);
  }
  y0 = Math.max(0, Math.floor(y0 - margin));
  x0 = Math.max(0, Math.floor(x0 - margin));
  y1 = Math.min(size.y, Math.ceil(y1 + margin) + 1);
  x1 = Math.min(size.x, Math.ceil(x1 + margin) + 1);
  return y0 < y1 && x0 < x1 ? [y0, x0, y1, x1] : null;
}

/**
 * Pixels whose middle is not farther from the stroke than its radius; at least the pixels it goes through.
 * @param {Position[]} points
 * @param {number} radius
 * @param {Size} size
 * @returns {Mask|null}
 */
export function strokeMask(points, radius, size) {
  const reach = Math.max(radius, 0.5);
  const box = boxAround(points, reach, size);
  if (!box) return null;
  const bits = new Uint8Array((box[2] - box[0]) * (box[3] - box[1]));
  for (let i = 0; i < points.length; i++) stampSegment(bits, box, points[Math.max(0, i - 1)], points[i], reach);
  return maskOfBits(bits, box);
}

/**
 * Sets the pixels around one segment.
 * @param {Uint8Array} bits
 * @param {[number, number, number, number]} box
 * @param {Position} a
 * @param {Position} b
 * @param {number} radius
 */
export function stampSegment(bits, box, a, b, radius) {
  const [by0, bx0, by1, bx1] = box;
  const width = bx1 - bx0;
  const y0 = Math.max(by0, Math.floor(Math.min(a[0], b[0]) - radius));
  const y1 = Math.min(by1, Math.ceil(Math.max(a[0], b[0]) + radius));
  const x0 = Math.max(bx0, Math.floor(Math.min(a[1], b[1]) - radius));
  const x1 = Math.min(bx1, Math.ceil(Math.max(a[1], b[1]) + radius));
  const dy = b[0] - a[0], dx = b[1] - a[1];
  const length = dy * dy + dx * dx;
  const limit = radius * radius;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const py = y + 0.5 - a[0], px = x + 0.5 - a[1];
      const along = length > 0 ? Math.min(1, Math.max(0, (py * dy + px * dx) / length)) : 0;
      const ey = py - along * dy, ex = px - along * dx;
      if (ey * ey + ex * ex <= limit) bits[(y - by0) * width + x - bx0] = 1;
    }
  }
}

/**
 * Pixels whose middle is within a polygon, by the even-odd rule.
 * @param {Position[]} points
 * @param {Size} size
 * @returns {Mask|null}
 */
export function polygonMask(points, size) {
  const box = points.length >= 3 ? boxAround(points, 0, size) : null;
  if (!box) return null;
  const [y0, x0, y1, x1] = box;
  const width = x1 - x0;
  const bits = new Uint8Array((y1 - y0) * width);
  for (let y = y0; y < y1; y++) {
    const crossings = rowCrossings(points, y + 0.5);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(x0, Math.ceil(crossings[i] - 0.5));
      const to = Math.min(x1, Math.ceil(crossings[i + 1] - 0.5));
      if (to > from) bits.fill(1, (y - y0) * width + from - x0, (y - y0) * width + to - x0);
    }
  }
  return maskOfBits(bits, box);
}

/**
 * @param {Position[]} points
 * @param {number} y
 */
function rowCrossings(points, y) {
  /** @type {number[]} */
  const crossings = [];
  for (let i = 0; i < points.length; i++) {
    const [ay, ax] = points[i];
    const [by, bx] = points[(i + 1) % points.length];
    if ((ay <= y) !== (by <= y)) crossings.push(ax + (y - ay) / (by - ay) * (bx - ax));
  }
  return crossings.sort((a, b) => a - b);
}

/**
 * Fewer points for the same line, by Douglas and Peucker's rule.
 * @param {Position[]} points
 * @param {number} tolerance
 * @returns {Position[]}
 */
export function simplified(points, tolerance) {
  if (points.length < 3) return points.slice();
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  /** @type {[number, number][]} */
  const rest = [[0, points.length - 1]];
  while (rest.length) {
    const [from, to] = /** @type {[number, number]} */ (rest.pop());
    let farthest = -1, distance = tolerance;
    for (let i = from + 1; i < to; i++) {
      const d = distanceToSegment(points[i], points[from], points[to]);
      if (d > distance) { farthest = i; distance = d; }
    }
    if (farthest < 0) continue;
    keep[farthest] = 1;
    rest.push([from, farthest], [farthest, to]);
  }
  return points.filter((_, i) => keep[i]);
}

/**
 * @param {Position} p
 * @param {Position} a
 * @param {Position} b
 */
export function distanceToSegment(p, a, b) {
  const dy = b[0] - a[0], dx = b[1] - a[1];
  const length = dy * dy + dx * dx;
  const along = length > 0 ? Math.min(1, Math.max(0, ((p[0] - a[0]) * dy + (p[1] - a[1]) * dx) / length)) : 0;
  return Math.hypot(p[0] - a[0] - along * dy, p[1] - a[1] - along * dx);
}
