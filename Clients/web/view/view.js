// The canvas: draws when something has changed, and only then.

import { ImageLayer } from "./image-layer.js";
import { LabelLayer } from "./label-layer.js";
import { Overlay } from "./overlay.js";
import { FLAG } from "./label-table.js";
import { MASK } from "./mask-textures.js";
import { ahead, keyOf } from "../model/planes.js";

/** @typedef {import("../model/app.js").App} App */

const MEASURED = 240;

export class View {
  /**
   * @param {App} app
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} overlay
   */
  constructor(app, canvas, overlay) {
    this.app = app;
    this.canvas = canvas;
    const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, powerPreference: "high-performance" });
    if (!gl) throw new Error("this browser has no WebGL 2, which shows the image; another browser or another graphics driver has it");
    this.gl = gl;
    this.request = this.request.bind(this);
    this.image = new ImageLayer(gl, app.api, this.request);
    this.labels = new LabelLayer(gl);
    this.overlay = new Overlay(app, overlay);
    this.isRequested = false;
    this.isTableOld = true;
    /**
     * Milliseconds of script of the newest frames.
     * @type {number[]}
     */
    this.times = [];
    this.listen();
  }

  listen() {
    const { app, canvas } = this;
    new ResizeObserver(() => this.resize()).observe(canvas);
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", () => this.resize());
    app.redraw.listen(this.request);
    app.opened.listen((document) => this.image.open(document.image));
    app.tableChanged.listen(() => { this.isTableOld = true; this.request(); });
    app.viewport.changed.listen(this.request);
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => location.reload());
    this.resize();
  }

  get ratio() { return this.canvas.width / Math.max(1, this.canvas.clientWidth); }

  resize() {
    const { canvas } = this;
    const ratio = Math.min(2, devicePixelRatio || 1);
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    canvas.width = width;
    canvas.height = height;
    this.labels.resize(width, height);
    this.overlay.resize(width, height, ratio);
    this.app.viewport.setScreen(canvas.clientWidth, canvas.clientHeight);
    this.request();
  }

  request() {
    if (this.isRequested) return;
    this.isRequested = true;
    requestAnimationFrame(() => this.frame());
  }

  frame() {
    this.isRequested = false;
    const start = performance.now();
    this.draw();
    this.times.push(performance.now() - start);
    if (this.times.length > MEASURED) this.times.shift();
  }

  draw() {
    const { gl, app, canvas } = this;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.clearColor(...app.theme.stage, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (app.document) {
      if (this.isTableOld) this.renewTables();
      this.placeMasks();
      const { plane, image } = app.document;
      if (app.imageVisible.current) {
        this.image.draw(app.viewport, app.channels.current, this.ratio, plane, ahead(plane, image.shape, app.direction));
      }
      const isComplete = this.labels.draw(app.viewport, this.ratio, app.shownLabels(), app.labelStyle());
      if (!isComplete) this.request();
    }
    this.overlay.draw();
  }

  renewTables() {
    const { app } = this;
    this.isTableOld = false;
    const classes = app.classes.current;
    const selection = app.selection.current;
    const replaced = app.current?.replaces;
    const rows = app.document?.objects.all() ?? [];
    const numbers = new Map(classes.map((name, i) => [name, i + 1]));
    this.labels.committed.set(rows.map((row) => ({
      label: row.label,
      kind: row.class ? numbers.get(row.class) ?? 0 : 0,
      flags: (selection.has(row.label) ? FLAG.selected : 0) | (row.locked ? FLAG.locked : 0)
        | (row.doubtful ? FLAG.doubtful : 0) | (row.label === replaced ? FLAG.hidden : 0),
    })));
    const { added, gone, hidden } = app.automatic ?? { added: [], gone: [], hidden: [] };
    this.labels.automatic.set([
      ...[...added].map((label) => ({ label, kind: 0, flags: FLAG.added })),
      ...[...hidden].map((label) => ({ label, kind: 0, flags: FLAG.hidden })),
    ]);
    this.labels.earlier.set([...gone].map((label) => ({ label, kind: 0, flags: FLAG.gone })));
  }

  placeMasks() {
    const { app } = this;
    const { masks } = this.labels;
    const names = new Set();
    const place = (/** @type {string} */ name, /** @type {any} */ mask, /** @type {number} */ value) => {
      if (!mask) return;
      names.add(name);
      masks.setMask(name, mask, value);
    };
    const where = app.document ? keyOf(app.document.plane) : "";
    for (const { object, mask } of app.document ? app.volume.shownOn(app.document.plane) : []) {
      place(`volume ${where} ${object ?? 1}`, mask, MASK.volume);
    }
    app.current?.groups.forEach((group) => place(`current ${where} ${group.id}`, group.mask, MASK.current));
    if (app.hover && app.current?.isEmpty) place("preview", app.hover.mask, MASK.preview);
    const stroke = app.stroke;
    if (stroke) {
      names.add("stroke");
      if (masks.slots.get("stroke")?.source !== stroke.version) {
        masks.place("stroke", stroke.version, stroke.bits, stroke.box, stroke.erases ? MASK.eraser : MASK.brush);
      }
    }
    masks.keep(names);
  }
}
