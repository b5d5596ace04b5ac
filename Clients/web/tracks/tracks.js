// The tracks of the open movie: what is there, what is selected, and the gestures that change them.

import { Signal, Value } from "../model/signal.js";
import { turn } from "../model/turning.js";
import { Forest, nodeKey, placeAt, placeOf } from "./forest.js";
import { Suspicions } from "./suspicions.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("./forest.js").Track} Track */
/** @typedef {import("./forest.js").Node} Node */
/** @typedef {""|"one"|"past"|"future"|"all"} Scope what is usual for an edit, or what is chosen */

/** More changed tracks than these are asked for all together. */
const MOST_NAMED = 200;

/** How many time points before and after a cut are linked anew. */
const WINDOW = 2;

/** @param {import("../model/types.js").ImageSummary|undefined} image */
export function isMovie(image) { return !!image && image.shape.t > 1 && image.shape.z === 1; }

export class Tracks {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** Whether keys and clicks are about tracks. */
    this.mode = new Value(false);
    this.scope = new Value(/** @type {Scope} */ (""));
    /** @type {Map<number, Track>} */
    this.tracks = new Map();
    this.forest = new Forest([]);
    /** @type {Value<Node[]>} in the order in which they were chosen */
    this.nodes = new Value(/** @type {Node[]} */ ([]));
    /** @type {Node[]} */
    this.formerNodes = [];
    /** @type {Signal<void>} */
    this.changed = new Signal();
    this.suspicions = new Suspicions(app, this);
    /** @type {Map<number, import("../model/types.js").ObjectRow>} rows whose tracks are here */
    this.rows = new Map();
    this.isAsking = false;
    this.isOld = false;
    this.isSelecting = false;
    app.opened.listen(() => this.open());
    app.objectsChanged.listen(() => void this.refresh());
    app.selection.listen(() => this.follow());
    this.mode.listen(() => { void this.refresh(); app.redraw.emit(); });
  }

  open() {
    this.tracks = new Map();
    this.rows = new Map();
    this.suspicions.forget();
    this.nodes.set([]);
    if (!isMovie(this.app.document?.image)) this.mode.set(false);
    this.rebuild();
    void this.refresh();
  }

  /** @param {boolean} on */
  setMode(on) {
    if (on && !isMovie(this.app.document?.image)) {
      this.app.say("Tracks belong to movies: images with time points and one slice.");
      return;
    }
    this.mode.set(on);
    // Edits begin with a selection.
    if (on) this.app.toolName.set("select");
  }

  // What is there

  /** Asks for the tracks that have changed. */
  async refresh() {
    const { document } = this.app;
    if (!document || !this.mode.current) return;
    if (this.isAsking) {
      this.isOld = true;
      return;
    }
    const { confirmed } = document.objects;
    const changed = [...confirmed.values()].filter((row) => this.rows.get(row.label) !== row).map(({ label }) => label);
    const gone = [...this.rows.keys()].filter((label) => !confirmed.has(label));
    if (changed.length + gone.length === 0) return;
    // Whether a mother ends before her daughters begin depends on her places.
    const touched = new Set([...changed, ...gone]);
    for (const row of confirmed.values()) if (row.parent !== null && touched.has(row.parent)) touched.add(row.label);
    const wanted = [...touched].filter((label) => confirmed.has(label));
    const rows = new Map(confirmed);
    this.isAsking = true;
    try {
      const isAll = wanted.length > MOST_NAMED;
      const found = wanted.length === 0 ? { tracks: [] }
        : await this.app.api.get(`${document.address}/tracks${isAll ? "" : `?labels=${wanted.join(",")}`}`);
      if (document !== this.app.document) return;
      if (isAll) this.tracks = new Map();
      else for (const label of touched) this.tracks.delete(label);
      for (const track of found.tracks) this.tracks.set(track.label, { ...track, parent: track.parent ?? null });
      this.rows = rows;
      this.rebuild();
    } catch (error) {
      this.app.complain(error);
    } finally {
      this.isAsking = false;
    }
    if (this.isOld) {
      this.isOld = false;
      await this.refresh();
    }
  }

  rebuild() {
    this.forest = new Forest(this.tracks.values());
    const left = this.nodes.current.filter((node) => this.placeOf(node));
    if (left.length !== this.nodes.current.length) this.select(left);
    this.changed.emit();
    this.app.redraw.emit();
  }

  /** @param {Node} node */
  placeOf({ t, label }) {
    const track = this.tracks.get(label);
    return track ? placeOf(track, t) : null;
  }

  // What is selected

  /** Objects that are selected in the image or in the list are nodes, at this time point or the nearest one. */
  follow() {
    if (this.isSelecting || !this.mode.current) return;
    const { selection, document } = this.app;
    const t = document?.plane.t ?? 0;
    const kept = this.nodes.current.filter(({ label }) => selection.current.has(label));
    const known = new Set(kept.map(({ label }) => label));
    for (const label of selection.current) {
      const track = this.tracks.get(label);
      if (!known.has(label) && track) kept.push({ t: placeAt(track, t)[0], label });
    }
    this.choose(kept);
  }

  /** @param {Node[]} nodes */
  choose(nodes) {
    if (this.nodes.current.length) this.formerNodes = this.nodes.current;
    this.nodes.set(nodes);
    this.app.redraw.emit();
  }

  /**
   * Selects nodes, and their objects in the image.
   * @param {Node[]} nodes
   */
  select(nodes) {
    this.choose(nodes);
    this.isSelecting = true;
    this.app.selection.set(new Set(nodes.map(({ label }) => label)));
    this.isSelecting = false;
  }

  /**
   * Selects a node in the tree, and shows its time point.
   * @param {Node} node
   * @param {boolean} adds
   */
  pick(node, adds) {
    const { current } = this.nodes;
    const isThere = current.some((one) => nodeKey(one) === nodeKey(node));
    this.select(adds ? isThere ? current.filter((one) => nodeKey(one) !== nodeKey(node)) : [...current, node] : [node]);
    this.show(node);
  }

  /** @param {Node} node */
  show(node) {
    const { document, viewport } = this.app;
    if (!document || !turn(this.app, { ...document.plane, t: node.t })) return;
    const place = this.placeOf(node);
    if (!place) return;
    const [, y, x, area] = place;
    const side = Math.sqrt(area);
    const [y0, x0, y1, x1] = viewport.visible();
    if (y < y0 || y > y1 || x < x0 || x > x1) viewport.show([y - side, x - side, y + side, x + side]);
  }

  /** @param {"left"|"right"|"up"|"down"} direction */
  step(direction) {
    const now = this.nodes.current[this.nodes.current.length - 1];
    const first = this.forest.order[0]?.track;
    const next = now ? this.forest.next(now, direction) : first ? { t: first.places[0][0], label: first.label } : null;
    if (next) this.pick(next, false);
  }

  restore() { if (this.formerNodes.length) this.select(this.formerNodes.filter((node) => this.placeOf(node))); }

  // What is changed

  /** The selected nodes in the order of time. */
  ordered() { return [...this.nodes.current].sort((a, b) => a.t - b.t); }

  /**
   * @param {any} edit
   * @param {Node[]} nodes
   * @param {string} words
   */
  perform(edit, nodes, words) {
    this.app.perform({ kind: "track", ...edit, scope: edit.scope || undefined, nodes: nodes.map(({ t, label }) => [t, label]) }, words);
  }

  /** Two nodes: the later comes from the earlier. More: the first divides. */
  connect() {
    const nodes = this.ordered();
    if (nodes.length < 2 || nodes[0].t === nodes[1].t) {
      this.app.say("Select an object, and with Shift one or more of later time points that come from it.");
    } else if (nodes.length === 2) {
      this.perform({ edit: "connect" }, nodes, `Connect ${nodes[0].label} with ${nodes[1].label}`);
    } else {
      this.perform({ edit: "divide" }, nodes, `Divide ${nodes[0].label}`);
    }
  }

  /** Cuts the link between two nodes, or at the sides of one that the scope says. */
  cut() {
    const nodes = this.ordered();
    if (nodes.length === 0) return this.needs();
    const node = nodes[nodes.length - 1];
    const { current } = this.scope;
    const scope = nodes.length > 1 || current === "all" ? "future" : current;
    this.perform({ edit: "break", scope }, [node], `Cut track ${node.label}`);
  }

  swap() {
    const nodes = this.nodes.current;
    if (nodes.length !== 2 || nodes[0].t !== nodes[1].t) {
      this.app.say("Select the two objects of one time point that were taken for each other.");
    } else {
      this.perform({ edit: "swap", scope: this.scope.current }, nodes, `Swap ${nodes[0].label} and ${nodes[1].label}`);
    }
  }

  merge() {
    const nodes = this.nodes.current;
    if (nodes.length < 2 || nodes.some(({ t }) => t !== nodes[0].t)) {
      this.app.say("Select two or more objects of one time point to merge them.");
    } else {
      this.perform({ edit: "merge", scope: this.scope.current }, nodes, `Merge into ${nodes[0].label}`);
    }
  }

  remove() {
    const nodes = this.nodes.current;
    if (nodes.length === 0) return this.needs();
    this.perform({ edit: "delete", scope: this.scope.current }, nodes, "Delete from tracks");
    this.select([]);
  }

  /** @param {number} to */
  relabel(to) {
    const [node] = this.nodes.current;
    if (!node) return this.needs();
    if (!(to > 0 && to < 4294967295) || this.app.document?.objects.get(to)) {
      this.app.say("The number must be free: no object of the movie has it.");
      return;
    }
    this.perform({ edit: "relabel", to, scope: this.scope.current }, [node], `Relabel ${node.label} as ${to}`);
  }

  needs() { this.app.say("Select an object first: click it in the image with the arrow, or in the tree."); }

  /** The selected object, whose parts a line divides without crossing any. */
  apart() { return this.mode.current && this.app.selection.current.size === 1 ? [...this.app.selection.current][0] : 0; }

  /**
   * The gesture that cuts an object and links its parts anew; null while tracks are not what is worked on.
   * @param {number} label
   * @param {number[][]} line
   */
  splitting(label, line) {
    const t = this.app.document?.plane.t ?? 0;
    return this.mode.current ? { kind: "track", edit: "split", nodes: [[t, label]], line, width: 1, window: WINDOW } : null;
  }
}
