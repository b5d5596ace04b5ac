// The lineage trees below the image: time runs to the right, as on the slider. Only what is seen is drawn.

import { objectColor } from "../model/palette.js";
import { placeAt, spanOf } from "./forest.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("./tracks.js").Tracks} Tracks */
/** @typedef {import("./forest.js").Branch} Branch */

const ROW = 15;
const LEFT = 46;
const RIGHT = 14;
const TOP = 18;

export class TreeView {
  /**
   * @param {App} app
   * @param {Tracks} tracks
   * @param {HTMLCanvasElement} canvas
   */
  constructor(app, tracks, canvas) {
    this.app = app;
    this.tracks = tracks;
    this.canvas = canvas;
    this.scroll = 0;
    this.isRequested = false;
    for (const signal of [tracks.changed, app.turned, app.selection, tracks.nodes, tracks.mode, app.settings.value, app.opened]) {
      (/** @type {any} */ (signal)).listen(() => this.request());
    }
    tracks.nodes.listen(() => this.reveal());
    new ResizeObserver(() => this.request()).observe(canvas);
    canvas.addEventListener("wheel", (event) => { event.preventDefault(); this.scrollTo(this.scroll + event.deltaY); }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => app.setHovered(this.at(event)?.label ?? 0));
    canvas.addEventListener("pointerleave", () => app.setHovered(0));
  }

  get height() { return this.canvas.clientHeight; }
  get count() { return Math.max(1, (this.app.document?.image.shape.t ?? 1) - 1); }

  /** @param {number} t */
  left(t) { return LEFT + t / this.count * (this.canvas.clientWidth - LEFT - RIGHT); }

  /** @param {number} row */
  top(row) { return TOP + (row + 0.5) * ROW - this.scroll; }

  /** @param {number} to */
  scrollTo(to) {
    const most = Math.max(0, TOP + this.tracks.forest.rows * ROW + 4 - this.height);
    this.scroll = Math.max(0, Math.min(most, to));
    this.request();
  }

  /** Scrolls to the node that was chosen last. */
  reveal() {
    const { current } = this.tracks.nodes;
    const branch = this.tracks.forest.branches.get(current[current.length - 1]?.label);
    if (!branch || this.height === 0) return;
    const top = this.top(branch.row);
    if (top < TOP + ROW) this.scrollTo(this.scroll + top - TOP - ROW);
    else if (top > this.height - ROW) this.scrollTo(this.scroll + top - this.height + ROW);
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.canvas.focus({ preventScroll: true });
    this.app.player?.stop();
    const node = this.at(event);
    if (node) this.tracks.pick(node, event.shiftKey || event.ctrlKey || event.metaKey);
    else if (!event.shiftKey) this.tracks.select([]);
  }

  /**
   * The node under the pointer, or null.
   * @param {PointerEvent} event
   */
  at({ offsetX, offsetY }) {
    if (offsetY < TOP) return null;
    const row = (offsetY - TOP + this.scroll) / ROW - 0.5;
    const t = Math.round((offsetX - LEFT) / (this.canvas.clientWidth - LEFT - RIGHT) * this.count);
    /** @type {{node: import("./forest.js").Node, distance: number}|null} */
    let best = null;
    for (const { track, row: place } of this.tracks.forest.seen(row - 0.6, row + 0.6)) {
      const [first, last] = spanOf(track);
      const beside = Math.max(this.left(first) - 6 - offsetX, offsetX - this.left(last) - 6, 0);
      const distance = Math.abs(place - row) + beside / 10;
      if (beside < 8 && (!best || distance < best.distance)) best = { node: { t: placeAt(track, t)[0], label: track.label }, distance };
    }
    return best?.node ?? null;
  }

  request() {
    if (this.isRequested || !this.tracks.mode.current) return;
    this.isRequested = true;
    requestAnimationFrame(() => { this.isRequested = false; this.draw(); });
  }

  draw() {
    const { canvas, tracks } = this;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const ratio = Math.min(2, devicePixelRatio || 1);
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(canvas);
    const colors = { text: style.getPropertyValue("--text"), muted: style.getPropertyValue("--muted"),
      line: style.getPropertyValue("--line"), accent: style.getPropertyValue("--accent") };
    const from = (this.scroll - TOP) / ROW - 1, to = (this.scroll + height) / ROW + 1;
    context.font = `11px ${style.fontFamily}`;
    this.drawTime(context, colors, width, height);
    context.save();
    context.beginPath();
    context.rect(0, TOP, width, height - TOP);
    context.clip();
    for (const branch of tracks.forest.seen(from - 200, to + 200)) this.drawBranch(context, branch, colors, from, to);
    this.drawNodes(context, colors);
    context.restore();
    if (tracks.tracks.size === 0) this.drawEmpty(context, colors, width, height);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Record<string, string>} colors
   * @param {number} width
   * @param {number} height
   */
  drawTime(context, colors, width, height) {
    const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((one) => one * (width - LEFT - RIGHT) / this.count >= 44) ?? 1000;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 1;
    for (let t = 0; t <= this.count; t += step) {
      const x = Math.round(this.left(t)) + 0.5;
      context.strokeStyle = colors.line;
      context.beginPath();
      context.moveTo(x, TOP);
      context.lineTo(x, height);
      context.stroke();
      context.fillStyle = colors.muted;
      context.fillText(String(t), x, TOP / 2);
    }
    const now = Math.round(this.left(this.app.document?.plane.t ?? 0)) + 0.5;
    context.strokeStyle = colors.accent;
    context.beginPath();
    context.moveTo(now, TOP - 3);
    context.lineTo(now, height);
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Branch} branch
   * @param {Record<string, string>} colors
   * @param {number} from
   * @param {number} to
   */
  drawBranch(context, { track, row, children }, colors, from, to) {
    const [first, last] = spanOf(track);
    const y = this.top(row);
    const { palette } = this.app.settings.current;
    const isChosen = this.app.selection.current.has(track.label);
    context.strokeStyle = objectColor(track.label, palette);
    context.lineWidth = 1.5;
    for (const child of children) {
      const branch = this.tracks.forest.branches.get(child);
      if (!branch) continue;
      context.beginPath();
      context.moveTo(this.left(last), y);
      context.lineTo(this.left(last), this.top(branch.row));
      context.lineTo(this.left(branch.track.places[0][0]), this.top(branch.row));
      context.stroke();
    }
    if (row < from || row > to) return;
    context.lineWidth = isChosen ? 5 : 3;
    let start = first, before = first;
    const line = () => {
      context.beginPath();
      context.moveTo(this.left(start) - (start === before ? 2 : 0), y);
      context.lineTo(this.left(before) + (start === before ? 2 : 0), y);
      context.stroke();
    };
    for (const [t] of track.places) {
      if (t > before + 1) {
        line();
        start = t;
      }
      before = t;
    }
    line();
    context.fillStyle = isChosen ? colors.text : colors.muted;
    context.textAlign = "right";
    if (track.parent === null) context.fillText(track.label >= 0xff000000 ? "…" : String(track.label), this.left(first) - 8, y + 0.5);
  }

  /** @param {CanvasRenderingContext2D} context @param {Record<string, string>} colors */
  drawNodes(context, colors) {
    for (const { t, label } of this.tracks.nodes.current) {
      const branch = this.tracks.forest.branches.get(label);
      if (!branch) continue;
      context.beginPath();
      context.arc(this.left(t), this.top(branch.row), 5, 0, 2 * Math.PI);
      context.fillStyle = colors.text;
      context.fill();
      context.strokeStyle = objectColor(label, this.app.settings.current.palette);
      context.lineWidth = 2.5;
      context.stroke();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Record<string, string>} colors
   * @param {number} width
   * @param {number} height
   */
  drawEmpty(context, colors, width, height) {
    context.fillStyle = colors.muted;
    context.textAlign = "center";
    context.fillText("No objects yet. Segment the time points, or import tracks.", width / 2, height / 2);
  }
}
