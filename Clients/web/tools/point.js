// Points: preview before a click, click to take it.

import { PromptingTool } from "./prompting.js";
import { commit } from "../model/actions.js";

/** @typedef {import("./tool.js").Place} Place */

export class PointTool extends PromptingTool {
  /** @param {import("../model/app.js").App} app */
  constructor(app) {
    super(app);
    // An automatic object that is taken, rejected or replaced is no preview any more.
    app.automaticChanged.listen(() => { if (app.hover?.shown?.found) app.hover.leave(); });
  }

  /** @param {Place} place */
  down(place) {
    if (this.take(place)) return;
    if (!this.isInside(place)) return;
    const { app } = this;
    const { current, hover } = app;
    if (!current) return;
    const label = this.isNegative(place) ? "negative" : "positive";
    const prompt = /** @type {import("../model/types.js").PointPrompt} */ (
      { type: "point", y: Math.round((place.y - 0.5) * 100) / 100, x: Math.round((place.x - 0.5) * 100) / 100, label });
    const begins = !app.volume.isHere && (current.isEmpty || app.settings.current.batch);
    if (label === "positive" && begins && !current.replaces && hover?.shown && hover.mask) {
      this.takePreview(prompt);
    } else {
      this.add(prompt);
      if (app.settings.current.turbo && current.isEmpty === false) this.commitWhenThere();
    }
  }

  /** @param {import("../model/types.js").PointPrompt} prompt */
  takePreview(prompt) {
    const { app } = this;
    const { current, hover } = app;
    if (!current || !hover?.shown) return;
    if (hover.shown.found && hover.mask) return this.takeFound(prompt, hover.mask);
    current.takePreview(prompt, hover.shown.masks, hover.chosen);
    app.happened.emit("prompt");
    hover.leave();
    if (app.settings.current.turbo) this.commitNow();
    else current.refine();
  }

  /**
   * An automatic object begins the object in work; what is committed is the mask that the prompt
   * gives.
   * @param {import("../model/types.js").PointPrompt} prompt
   * @param {import("../model/types.js").Mask} mask
   */
  takeFound(prompt, mask) {
    const { app } = this;
    app.current?.takeFound(prompt, mask);
    app.happened.emit("prompt");
    app.hover?.leave();
    if (app.settings.current.turbo) this.commitWhenThere();
  }

  /** Turbo: commits as soon as the mask has come. */
  commitWhenThere() {
    const work = this.app.works?.shown;
    if (!work) return;
    const { current } = work;
    const stop = current.changed.listen(() => {
      if (current.isBusy) return;
      stop();
      if (current.hasMask) this.commitNow(work);
    });
  }

  /** @param {import("../model/works.js").PlaneWork} [work] */
  commitNow(work) {
    const { app } = this;
    if (commit(app, work)) {
      app.say("Committed.", { seconds: 1.5, action: { words: "Undo", run: () => app.document?.undo() } });
    }
  }

  /**
   * @param {Place|null} place
   * @param {boolean} isOnPrompt
   */
  look(place, isOnPrompt) {
    super.look(place, isOnPrompt);
    const { app } = this;
    const { hover, current } = app;
    if (!hover) return;
    const isFree = place && this.isInside(place) && !isOnPrompt && current?.isEmpty && app.settings.current.hover
      && !app.hovered && !app.viewing.current && !this.isNegative(place);
    if (isFree) hover.move(Math.floor(place.y), Math.floor(place.x), this.known(place));
    else hover.leave();
  }

  /**
   * The automatic object under a place as a preview that needs no request.
   * @param {Place} place
   */
  known(place) {
    const found = this.foundAt(place);
    const masks = found ? this.app.automatic?.masksOf(found) : null;
    return masks ? { y: Math.floor(place.y), x: Math.floor(place.x), masks, found } : null;
  }
}
