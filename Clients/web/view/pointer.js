// Mouse, pen, touch and wheel: moves the image, or passes on to the tool.

import { hasPlanes } from "../model/planes.js";
import { turnBy } from "../model/turning.js";

/** @typedef {import("../model/app.js").App} App */
/** @typedef {import("../tools/tool.js").Place} Place */

/** How far a finger trembles, in CSS pixels. */
const FINGER = 5;

export class Pointer {
  /**
   * @param {App} app
   * @param {HTMLElement} element
   */
  constructor(app, element) {
    this.app = app;
    this.element = element;
    /** @type {Map<number, PointerEvent>} fingers that are down */
    this.fingers = new Map();
    /** @type {"none"|"tool"|"pan"|"pinch"} */
    this.mode = "none";
    this.isSpaceDown = false;
    this.isControlDown = false;
    this.lastDown = { time: 0, left: 0, top: 0, clicks: 0 };
    /** @type {PointerEvent|null} */
    this.latest = null;
    /** CSS pixels that a wheel has turned since the last plane. */
    this.turned = 0;
    /**
     * A finger that came down, and may be the first of two.
     * @type {PointerEvent|null}
     */
    this.undecided = null;
    this.listen();
  }

  listen() {
    const { element } = this;
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.up(event));
    element.addEventListener("pointercancel", (event) => this.cancelled(event));
    element.addEventListener("pointerleave", () => this.left());
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    addEventListener("keydown", (event) => this.key(event, true));
    addEventListener("keyup", (event) => this.key(event, false));
    addEventListener("blur", () => { this.isSpaceDown = this.isControlDown = false; });
    this.app.viewport.changed.listen(() => this.again());
    this.app.turned.listen(() => this.again());
    // A click with one tool and the next with another are no double click.
    this.app.toolName.listen(() => { this.lastDown.clicks = 0; });
  }

  /** @param {KeyboardEvent} event @param {boolean} isDown */
  key(event, isDown) {
    if (event.key === "Control" || event.key === "Meta") this.isControlDown = isDown;
    if (event.key === " " && !isField(event.target) && !isControl(event.target)) {
      if (isDown) event.preventDefault();
      this.isSpaceDown = isDown;
      this.showCursor();
    }
  }

  /** @param {MouseEvent} event @returns {Place} */
  place(event) {
    const bounds = this.element.getBoundingClientRect();
    const left = event.clientX - bounds.left, top = event.clientY - bounds.top;
    return { ...this.app.viewport.toImage(left, top), left, top, shift: event.shiftKey, alt: event.altKey,
      ctrl: event.ctrlKey || event.metaKey, secondary: event.button === 2 || (event.buttons & 2) !== 0,
        clicks: this.lastDown.clicks };
  }

  /** @param {PointerEvent} event */
  down(event) {
    this.app.player?.stop();
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch") this.fingers.set(event.pointerId, event);
    if (this.fingers.size === 2) {
      if (!this.undecided) this.app.tool?.cancel();
      this.undecided = null;
      this.mode = "pinch";
    } else if (this.fingers.size < 2) {
      this.count(event);
      this.mode = event.button === 1 || this.isSpaceDown ? "pan" : "tool";
      this.latest = event;
      if (this.mode === "tool" && event.pointerType === "touch") this.undecided = event;
      else if (this.mode === "tool") this.app.tool?.down(this.place(event));
    }
    this.showCursor();
  }

  /** A single finger means the tool. */
  decide() {
    const event = this.undecided;
    this.undecided = null;
    if (event) this.app.tool?.down(this.place(event));
  }

  /**
   * Counts clicks at one place.
   * @param {PointerEvent} event
   */
  count(event) {
    const { time, left, top, clicks } = this.lastDown;
    const isSame = clicks > 0 && event.timeStamp - time < 400
      && Math.hypot(event.clientX - left, event.clientY - top) < 5;
    this.lastDown = { time: event.timeStamp, left: event.clientX, top: event.clientY, clicks: isSame ? clicks + 1 : 1 };
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (this.mode === "pinch") {
      this.pinch(event);
    } else if (this.mode === "pan" && this.latest) {
      this.app.viewport.pan(event.clientX - this.latest.clientX, event.clientY - this.latest.clientY);
    } else if (this.undecided) {
      const { clientX, clientY } = this.undecided;
      if (Math.hypot(event.clientX - clientX, event.clientY - clientY) < FINGER) return;
      this.decide();
    } else if (this.mode === "tool") {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length ? events : [event]) this.app.tool?.drag(this.place(one));
    } else {
      this.app.tool?.hover(this.place(event));
    }
    this.latest = event;
    this.tell(event);
    this.showCursor();
  }

  /** @param {PointerEvent} event */
  pinch(event) {
    const before = [...this.fingers.values()];
    if (!this.fingers.has(event.pointerId) || before.length < 2) return;
    this.fingers.set(event.pointerId, event);
    const after = [...this.fingers.values()];
    const middle = (/** @type {PointerEvent[]} */ two) => (
      { x: (two[0].clientX + two[1].clientX) / 2, y: (two[0].clientY + two[1].clientY) / 2 });
    const distance = (/** @type {PointerEvent[]} */ two) => (
      Math.max(1, Math.hypot(two[0].clientX - two[1].clientX, two[0].clientY - two[1].clientY)));
    const from = middle(before), to = middle(after);
    const bounds = this.element.getBoundingClientRect();
    this.app.viewport.pan(to.x - from.x, to.y - from.y);
    this.app.viewport.zoom(distance(after) / distance(before), to.x - bounds.left, to.y - bounds.top);
  }

  /** @param {PointerEvent} event */
  up(event) {
    this.fingers.delete(event.pointerId);
    if (this.mode === "tool") {
      this.decide();
      this.app.tool?.up(this.place(event));
      if (event.pointerType !== "touch") this.app.tool?.hover(this.place(event));
    }
    if (this.fingers.size === 0) this.mode = "none";
    this.showCursor();
  }

  /** @param {PointerEvent} event */
  cancelled(event) {
    this.fingers.delete(event.pointerId);
    if (this.mode === "tool" && !this.undecided) this.app.tool?.cancel();
    this.undecided = null;
    if (this.fingers.size === 0) this.mode = "none";
  }

  left() {
    if (this.mode !== "none") return;
    this.latest = null;
    this.app.tool?.hover(null);
    this.app.pointer.set(null);
  }

  /** The image has moved under a pointer that stays. */
  again() {
    if (this.mode !== "none" || !this.latest) return;
    this.tell(this.latest);
    this.app.tool?.hover(this.place(this.latest));
  }

  /** @param {PointerEvent} event */
  tell(event) {
    const { y, x } = this.place(event);
    this.app.pointer.set({ y: Math.floor(y), x: Math.floor(x) });
  }

  showCursor() {
    const cursor = this.mode === "pan" ? "grabbing" : this.isSpaceDown ? "grab" : this.app.tool?.cursor ?? "default";
    if (this.element.style.cursor !== cursor) this.element.style.cursor = cursor;
  }

  /** @param {number} amount CSS pixels; towards the user is the next plane */
  turn(amount) {
    const isStep = Math.abs(amount) >= PLANE;
    this.turned = isStep ? 0 : Math.sign(this.turned) === -Math.sign(amount) ? amount : this.turned + amount;
    if (!isStep && Math.abs(this.turned) < PLANE) return;
    this.turned = 0;
    turnBy(this.app, "z", Math.sign(amount));
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const { app } = this;
    const { viewport } = app;
    const bounds = this.element.getBoundingClientRect();
    const left = event.clientX - bounds.left, top = event.clientY - bounds.top;
    const lines = event.deltaMode === 1 ? 33 : event.deltaMode === 2 ? 400 : 1;
    const down = event.deltaY * lines, right = event.deltaX * lines;
    if (event.altKey) {
      app.walk?.(Math.sign(down || right) < 0 ? 1 : -1);
    } else if (event.ctrlKey && this.isControlDown && app.current?.active?.mask) {
      app.current.setThreshold(app.current.active.threshold + Math.sign(down) * 0.25);
    } else if (event.ctrlKey || event.metaKey) {
      // What a trackpad reports for two fingers that part.
      viewport.zoom(Math.exp(-down * 0.01), left, top);
    } else if (event.shiftKey && app.document && hasPlanes(app.document.image.shape)) {
      this.turn(down || right);
    } else if (event.shiftKey) {
      viewport.pan(-(right || down), 0);
    } else if (isWheelOfMouse(event)) {
      viewport.zoom(Math.exp(-Math.sign(down) * Math.min(1, Math.abs(down) / 100) * 0.22), left, top);
    } else {
      viewport.pan(-right, -down);
    }
  }
}

/** CSS pixels of a trackpad for one plane; a step of a wheel is one as well. */
const PLANE = 40;

/**
 * A wheel turns by steps in one direction; a trackpad moves by any amount in both.
 * @param {WheelEvent} event
 */
function isWheelOfMouse(event) {
  return event.deltaMode !== 0 || (event.deltaX === 0 && Math.abs(event.deltaY) >= 50 && Number.isInteger(event.deltaY));
}

/** @param {EventTarget|null} target */
function isControl(target) {
  return target instanceof HTMLButtonElement || target instanceof HTMLInputElement;
}

/** @param {EventTarget|null} target */
export function isField(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
