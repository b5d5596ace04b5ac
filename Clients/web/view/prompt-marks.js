// How prompts look, and which one is under the pointer.

import { distanceToSegment } from "../model/rasters.js";
import { isPositive } from "../model/current.js";

/** @typedef {import("../model/types.js").Prompt} Prompt */
/** @typedef {import("../model/viewport.js").Viewport} Viewport */

export const COLOR = { positive: "#2ee6a8", negative: "#ff5c77", line: "#ffffff", shade: "rgba(0,0,0,0.65)" };
const REACH = 9;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Viewport} viewport
 * @param {Prompt} prompt
 * @param {boolean} isHeld
 */
export function drawPrompt(context, viewport, prompt, isHeld) {
  const color = isPositive(prompt) ? COLOR.positive : COLOR.negative;
  if (prompt.type === "point") {
    const { left, top } = viewport.toScreen(prompt.y + 0.5, prompt.x + 0.5);
    drawPoint(context, left, top, color, isPositive(prompt), isHeld);
  } else if (prompt.type === "box") {
    const from = viewport.toScreen(prompt.y0, prompt.x0), to = viewport.toScreen(prompt.y1, prompt.x1);
    drawBox(context, from.left, from.top, to.left, to.top, isHeld);
  } else if (prompt.type === "polygon" || prompt.type === "scribble") {
    drawLine(context, viewport, prompt.points.map(([y, x]) => [y + 0.5, x + 0.5]), color, prompt.type === "polygon", isHeld);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} top
 * @param {string} color
 * @param {boolean} positive
 * @param {boolean} isHeld
 */
function drawPoint(context, left, top, color, positive, isHeld) {
  const radius = isHeld ? 8 : 6.5;
  context.beginPath();
  context.arc(left, top, radius, 0, 2 * Math.PI);
  context.fillStyle = color;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = "#ffffff";
  context.stroke();
  context.beginPath();
  context.moveTo(left - 3, top);
  context.lineTo(left + 3, top);
  if (positive) {
    context.moveTo(left, top - 3);
    context.lineTo(left, top + 3);
  }
  context.lineWidth = 1.6;
  context.strokeStyle = "#10131a";
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {boolean} isHeld
 */
export function drawBox(context, x0, y0, x1, y1, isHeld) {
  for (const [width, style] of /** @type {[number, string][]} */ ([[isHeld ? 5 : 4, COLOR.shade], [isHeld ? 2.5 : 1.75, COLOR.positive]])) {
    context.lineWidth = width;
    context.strokeStyle = style;
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
  context.fillStyle = COLOR.positive;
  for (const [x, y] of [[x0, y0], [x1, y0], [x0, y1], [x1, y1]]) context.fillRect(x - 3.5, y - 3.5, 7, 7);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Viewport} viewport
 * @param {number[][]} points by edges
 * @param {string} color
 * @param {boolean} isClosed
 * @param {boolean} isHeld
 */
export function drawLine(context, viewport, points, color, isClosed, isHeld) {
  if (points.length === 0) return;
  context.beginPath();
  points.forEach(([y, x], i) => {
    const { left, top } = viewport.toScreen(y, x);
    if (i === 0) context.moveTo(left, top);
    else context.lineTo(left, top);
  });
  if (isClosed) context.closePath();
  context.lineJoin = context.lineCap = "round";
  context.lineWidth = isHeld ? 5.5 : 4;
  context.strokeStyle = COLOR.shade;
  context.stroke();
  context.lineWidth = isHeld ? 3 : 2;
  context.strokeStyle = color;
  context.stroke();
}

/**
 * Which prompt is under a point of the screen, and which part of it.
 * @param {import("../model/current.js").Group[]} groups
 * @param {Viewport} viewport
 * @param {number} left
 * @param {number} top
 * @returns {{group: number, index: number, part: string}|null}
 */
export function promptAt(groups, viewport, left, top) {
  for (let group = groups.length - 1; group >= 0; group--) {
    for (let index = groups[group].prompts.length - 1; index >= 0; index--) {
      const part = partAt(groups[group].prompts[index], viewport, left, top);
      if (part) return { group, index, part };
    }
  }
  return null;
}

/**
 * @param {Prompt} prompt
 * @param {Viewport} viewport
 * @param {number} left
 * @param {number} top
 */
function partAt(prompt, viewport, left, top) {
  if (prompt.type === "point") {
    const mark = viewport.toScreen(prompt.y + 0.5, prompt.x + 0.5);
    return Math.hypot(mark.left - left, mark.top - top) <= REACH ? "all" : null;
  }
  if (prompt.type === "box") {
    const from = viewport.toScreen(prompt.y0, prompt.x0), to = viewport.toScreen(prompt.y1, prompt.x1);
    const inY = top >= from.top - REACH && top <= to.top + REACH, inX = left >= from.left - REACH && left <= to.left + REACH;
    if (!inX || !inY) return null;
    let part = "";
    if (Math.abs(top - from.top) <= REACH * 0.7) part += "n";
    else if (Math.abs(top - to.top) <= REACH * 0.7) part += "s";
    if (Math.abs(left - from.left) <= REACH * 0.7) part += "w";
    else if (Math.abs(left - to.left) <= REACH * 0.7) part += "e";
    return part || null;
  }
  if (prompt.type === "mask") return null;
  const points = prompt.points.map(([y, x]) => {
    const mark = viewport.toScreen(y + 0.5, x + 0.5);
    return /** @type {[number, number]} */ ([mark.top, mark.left]);
  });
  const count = prompt.type === "polygon" ? points.length : points.length - 1;
  if (points.length === 1) return Math.hypot(points[0][1] - left, points[0][0] - top) <= REACH ? "all" : null;
  for (let i = 0; i < count; i++) {
    if (distanceToSegment([top, left], points[i], points[(i + 1) % points.length]) <= REACH * 0.7) return "all";
  }
  return null;
}
