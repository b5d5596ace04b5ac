// What a user has chosen, kept in the browser.

import { Value } from "./signal.js";

/**
 * @typedef {{theme: "system"|"light"|"dark", palette: "vivid"|"safe", fill: number, contour: boolean,
 *   colorBy: "object"|"class", labelsVisible: boolean, rule: import("./types.js").Rule, turbo: boolean,
 *   batch: boolean, brush: number, scribble: number, smooth: number, tourDone: boolean, hover: boolean,
 *   continues: boolean, speed: number, projection: string, overlap: number, emptySlices: number,
 *   classes: string[]}} Choices
 */

/** @type {Choices} */
const DEFAULTS = {
  theme: "system", palette: "vivid", fill: 0.35, contour: true, colorBy: "object", labelsVisible: true,
  rule: "keep", turbo: false, batch: false, brush: 8, scribble: 3, smooth: 2, tourDone: false, hover: true,
  continues: false, speed: 5, projection: "single_point", overlap: 0.5, emptySlices: 1,
  classes: [],
};
const KEY = "microsam-choices";

export class Settings {
  /** @param {Storage|null} storage */
  constructor(storage) {
    this.storage = storage;
    /** @type {Value<Choices>} */
    this.value = new Value({ ...DEFAULTS, ...this.stored() });
  }

  stored() {
    try {
      const kept = JSON.parse(this.storage?.getItem(KEY) ?? "{}");
      return Object.fromEntries(Object.entries(kept).filter(([name, value]) => (
        name in DEFAULTS && typeof value === typeof (/** @type {any} */ (DEFAULTS))[name])));
    } catch {
      return {};
    }
  }

  get current() { return this.value.current; }

  /** @param {Partial<Choices>} changes */
  change(changes) {
    this.value.set({ ...this.value.current, ...changes });
    try {
      this.storage?.setItem(KEY, JSON.stringify(this.value.current));
    } catch {
      // Without storage the choice holds until the page is closed.
    }
  }
}
