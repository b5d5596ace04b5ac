// Tails of tracks over the image: where the objects of this time point were before.

import { objectColor } from "../model/palette.js";
import { placeOf } from "./forest.js";

/** Time points that a tail goes back. */
const LENGTH = 12;

/**
 * @param {import("../model/app.js").App} app
 * @param {CanvasRenderingContext2D} context
 * @returns {boolean} whether anything was drawn
 */
export function drawTails(app, context) {
  const { tracks, document, viewport, settings } = app;
  if (!tracks?.mode.current || !document || !settings.current.labelsVisible || app.viewing.current) return false;
  const { t } = document.plane;
  const [y0, x0, y1, x1] = viewport.visible();
  let isDrawn = false;
  context.lineJoin = context.lineCap = "round";
  for (const track of tracks.tracks.values()) {
    const head = placeOf(track, t);
    if (!head || head[1] < y0 || head[1] > y1 || head[2] < x0 || head[2] > x1) continue;
    isDrawn = true;
    const isChosen = app.selection.current.has(track.label);
    drawTail(context, viewport, points(tracks, track, t), objectColor(track.label, settings.current.palette), isChosen);
  }
  return isDrawn;
}

/**
 * The places of a track up to a time point, the latest first, and before its birth those of its mother.
 * @param {import("./tracks.js").Tracks} tracks
 * @param {import("./forest.js").Track} track
 * @param {number} t
 */
function points(tracks, track, t) {
  const found = [];
  /** @type {import("./forest.js").Track|undefined} */
  let now = track;
  while (now) {
    for (let i = now.places.length - 1; i >= 0; i--) {
      const place = now.places[i];
      if (place[0] > t) continue;
      if (place[0] < t - LENGTH) return found;
      found.push(place);
    }
    now = now.parent === null ? undefined : tracks.tracks.get(now.parent);
  }
  return found;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("../model/viewport.js").Viewport} viewport
 * @param {import("./forest.js").Place[]} places
 * @param {string} color
 * @param {boolean} isChosen
 */
function drawTail(context, viewport, places, color, isChosen) {
  const spots = places.map(([, y, x]) => viewport.toScreen(y + 0.5, x + 0.5));
  for (const [style, width] of /** @type {[string, number][]} */ ([["rgb(8 11 16 / 70%)", 2.5], [color, 0]])) {
    for (let i = 1; i < spots.length; i++) {
      context.globalAlpha = 1 - 0.85 * (i - 1) / LENGTH;
      context.strokeStyle = style;
      context.lineWidth = (isChosen ? 3 : 1.75) + width;
      context.beginPath();
      context.moveTo(spots[i - 1].left, spots[i - 1].top);
      context.lineTo(spots[i].left, spots[i].top);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  const [head] = spots;
  context.beginPath();
  context.arc(head.left, head.top, isChosen ? 4.5 : 2.5, 0, 2 * Math.PI);
  context.fillStyle = isChosen ? "#ffffff" : color;
  context.fill();
  context.strokeStyle = isChosen ? color : "rgb(8 11 16 / 70%)";
  context.lineWidth = isChosen ? 2.5 : 1;
  context.stroke();
}
