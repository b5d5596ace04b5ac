// The state of the page: what is open, chosen and shown. Panels and tools read it and listen to it.

import { Signal, Value } from "./signal.js";
import { Settings } from "./settings.js";
import { Viewport } from "./viewport.js";
import { ImageDocument } from "./document.js";
import { Hover } from "./hover.js";
import { LabelTiles } from "./label-tiles.js";
import { PlaneMemory } from "./planes.js";
import { Works } from "./works.js";
import { prepare } from "./preparing.js";
import { learnClasses } from "./classes.js";
import { nextLook } from "./channels.js";
import { Volume } from "./volume.js";
import { Sections } from "./sections.js";
import { sentence } from "./words.js";

/** @typedef {import("./types.js").ImageSummary} ImageSummary */
/** @typedef {import("./types.js").Project} Project */
/** @typedef {import("./types.js").Job} Job */
/** @typedef {{text: string, kind?: "plain"|"problem", action?: {words: string, run: () => void}, seconds?: number}} Notice */
/** @typedef {{bits: Uint8Array, box: [number, number, number, number], version: number, erases: boolean}} Stroke */

export class App {
  /**
   * @param {import("./api.js").Api} api
   * @param {Storage|null} storage
   */
  constructor(api, storage) {
    this.api = api;
    this.storage = storage;
    this.settings = new Settings(storage);
    this.viewport = new Viewport();
    /** @type {import("./outbox.js").Outbox|null} */
    this.outbox = null;
    this.client = "";
    /** @type {Project|null} */
    this.project = null;
    /** @type {Value<ImageSummary[]>} */
    this.images = new Value(/** @type {ImageSummary[]} */ ([]));
    /** @type {ImageDocument|null} */
    this.document = null;
    /** @type {Works|null} */
    this.works = null;
    /** @type {import("./current.js").CurrentObject|null} the object in work on the plane that is shown */
    this.current = null;
    /** @type {Hover|null} */
    this.hover = null;
    /** @type {import("./automatic.js").Automatic|null} */
    this.automatic = null;
    /** @type {import("./player.js").Player|null} */
    this.player = null;
    this.tracks = /** @type {import("../tracks/tracks.js").Tracks|null} */ (null);
    this.planeMemory = PlaneMemory.ofTab();
    /** @type {import("./planes.js").Direction} */
    this.direction = { axis: "z", sign: 1 };
    /** @type {Record<string, ReturnType<typeof setTimeout>>} */
    this.timers = {};

    /**
     * Another image is open.
     * @type {Signal<ImageDocument>}
     */
    this.opened = new Signal();
    /**
     * Another plane of the image is shown.
     * @type {Signal<import("./planes.js").Plane>}
     */
    this.turned = new Signal();
    /**
     * Something is to be drawn.
     * @type {Signal<void>}
     */
    this.redraw = new Signal();
    /**
     * The shader's table of objects is old.
     * @type {Signal<void>}
     */
    this.tableChanged = new Signal();
    /**
     * Objects of the open image are others.
     * @type {Signal<void>}
     */
    this.objectsChanged = new Signal();
    /**
     * The object in work is another.
     * @type {Signal<void>}
     */
    this.currentChanged = new Signal();
    /** @type {Signal<void>} */
    this.automaticChanged = new Signal();
    /** @type {Signal<Notice>} */
    this.notices = new Signal();
    /**
     * Something that the tour waits for.
     * @type {Signal<string>}
     */
    this.happened = new Signal();

    /** @type {import("../tools/tool.js").Tool|null} */
    this.tool = null;
    this.toolName = new Value("point");
    this.polarity = new Value(/** @type {"positive"|"negative"} */ ("positive"));
    this.selection = new Value(/** @type {Set<number>} */ (new Set()));
    this.channels = new Value(/** @type {import("./channels.js").ChannelLook[]} */ ([]));
    this.imageVisible = new Value(true);
    this.automaticVisible = new Value(true);
    this.classes = new Value(/** @type {string[]} */ ([]));
    this.activeClass = new Value(/** @type {string|null} */ (null));
    this.viewing = new Value(/** @type {{edit: number, labels: LabelTiles}|null} */ (null));
    this.pointer = new Value(/** @type {{y: number, x: number}|null} */ (null));
    this.modelState = new Value("");
    this.progress = new Value(/** @type {{words: string, done: number, total: number}|null} */ (null));
    this.jobs = new Value(/** @type {Job[]} */ ([]));
    this.connected = new Value(true);
    this.modelName = new Value("");
    /** What the model is; null as long as it is not loaded. */
    this.model = new Value(/** @type {import("./types.js").ModelDescription|null} */ (null));

    /**
     * Walks between smaller and larger masks.
     * @type {((steps: number) => void)|null}
     */
    this.walk = null;
    /**
     * Sets the contrast by what is seen.
     * @type {(() => void)|null}
     */
    this.contrast = null;
    this.openings = 0;
    this.hovered = 0;
    this.hoveredFound = 0;
    /** @type {{group: number, index: number, part: string}|null} */
    this.heldPrompt = null;
    /** @type {Stroke|null} */
    this.stroke = null;
    this.theme = { stage: /** @type {[number, number, number]} */ ([0.05, 0.06, 0.08]), accent: [0.16, 0.83, 0.75],
      preview: [1, 0.82, 0.25] };
    this.volume = new Volume(this);
    this.sections = new Sections(this);
    for (const value of [this.settings.value, this.selection]) value.listen(() => this.tableChanged.emit());
    for (const value of [this.channels, this.imageVisible, this.automaticVisible, this.viewing]) {
      value.listen(() => this.redraw.emit());
    }
  }

  /** @param {string} text @param {Partial<Notice>} [more] */
  say(text, more = {}) { this.notices.emit({ text, ...more }); }

  /** @param {any} error */
  complain(error) {
    if (error?.code === "replaced" || error?.name === "AbortError") return;
    this.say(error instanceof Error ? sentence(error.message) : String(error), { kind: "problem" });
  }

  /**
   * Opens an image of the series.
   * @param {number} id
   */
  async open(id) {
    if (!this.outbox || this.document?.image.id === id) return;
    const turn = ++this.openings;
    /** @type {ImageSummary} */
    let image;
    try {
      // Only here the limits of the channels are measured.
      image = await this.api.get(`/images/${id}`);
    } catch (error) {
      this.complain(error);
      return;
    }
    if (turn !== this.openings) return;
    if (image.problem) {
      this.say(`${image.name} cannot be opened: ${image.problem}`, { kind: "problem", seconds: 12 });
      return;
    }
    this.leaveImage();
    const plane = this.planeMemory.of(id, image.shape);
    const document = new ImageDocument(this.api, this.outbox, image, plane);
    this.direction = { axis: image.shape.z > 1 ? "z" : "t", sign: 1 };
    this.document = document;
    this.channels.set(nextLook(image, this.channels.current));
    this.viewport.setImage(document.size);
    this.makeWork(document);
    this.opened.emit(document);
    this.redraw.emit();
    void prepare(this);
    await document.sync().catch((error) => this.complain(error));
    learnClasses(this);
  }

  /** @param {ImageDocument} document */
  makeWork(document) {
    this.works = new Works(this, document);
    this.hover = new Hover((y, x, signal) => (
      this.api.post(`${document.address}/preview`, { y, x, ...document.plane, client: this.client }, signal)));
    this.hover.changed.listen(() => {
      if (this.hover?.mask) this.happened.emit("preview");
      this.redraw.emit();
    });
    document.labelPlanes.changed.listen(() => this.redraw.emit());
    document.changed.listen(() => {
      this.forgetGone();
      this.tableChanged.emit();
      this.objectsChanged.emit();
    });
    this.showWork();
    this.objectsChanged.emit();
  }

  /** Goes on with what is in work on the plane that is shown. */
  showWork() {
    const { document, works } = this;
    if (!document || !works) return;
    const { current, automatic } = works.show(document.plane);
    this.current = current;
    this.automatic = automatic;
    this.currentChanged.emit();
    this.automaticChanged.emit();
    this.tableChanged.emit();
  }

  leaveImage() {
    this.tool?.cancel();
    this.volume.clear();
    this.works?.clear();
    this.hover?.forget();
    this.document?.close();
    this.viewing.set(null);
    this.selection.set(new Set());
    this.hovered = this.hoveredFound = 0;
    this.stroke = null;
  }

  /** Objects that are gone are no longer selected. */
  forgetGone() {
    const { selection, document } = this;
    if (!document || selection.current.size === 0) return;
    const left = [...selection.current].filter((label) => document.objects.get(label));
    if (left.length !== selection.current.size) selection.set(new Set(left));
  }

  /**
   * Does a gesture in the open image; while an earlier state is looked at, nothing.
   * @param {import("./types.js").Gesture} gesture
   * @param {string} words
   */
  perform(gesture, words) {
    if (!this.viewing.current) return this.document?.perform(gesture, words) ?? [];
    this.say("This is an earlier state. To change something, go back to now, or continue from here.");
    return [];
  }

  /** The labels to draw. */
  shownLabels() {
    const { document, automatic, viewing } = this;
    const isShown = this.automaticVisible.current && !viewing.current;
    return {
      committed: viewing.current?.labels ?? document?.labels ?? null,
      automatic: isShown ? automatic?.run?.labels ?? null : null,
      earlier: isShown && automatic?.gone.size ? automatic.before?.labels ?? null : null,
    };
  }

  labelStyle() {
    const { fill, contour, colorBy, palette, labelsVisible } = this.settings.current;
    return { fill, contour, colorBy, palette, labelsVisible, hovered: this.hovered, hoveredFound: this.hoveredFound,
      accent: this.theme.accent, preview: this.theme.preview };
  }

  /**
   * Shows labels as they were after an edit; nothing is changed by that.
   * @param {number|null} edit
   */
  look(edit) {
    const { document } = this;
    if (!document || edit === null || edit === document.edit) {
      this.viewing.set(null);
      return;
    }
    const { plane } = document;
    const labels = new LabelTiles((row, col) => document.labelTile(plane, row, col, edit), document.size, 200);
    labels.changed.listen(() => this.redraw.emit());
    this.viewing.set({ edit, labels });
  }

  /** @param {number} label */
  setHovered(label) {
    if (label === this.hovered) return;
    this.hovered = label;
    this.redraw.emit();
  }

  /** @param {number} label */
  setHoveredFound(label) {
    if (label === this.hoveredFound) return;
    this.hoveredFound = label;
    this.redraw.emit();
  }
}
