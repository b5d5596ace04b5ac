// Plays a movie: the next time point follows when the one before has been seen, and not before.

import { Value } from "./signal.js";
import { turn } from "./turning.js";

/** Milliseconds for which a plane is waited for that does not come. */
const PATIENCE = 1500;

export class Player {
  /**
   * @param {import("./app.js").App} app
   * @param {() => boolean} isComplete whether all of the plane that is shown has come
   */
  constructor(app, isComplete) {
    this.app = app;
    this.isComplete = isComplete;
    this.playing = new Value(false);
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.shownSince = 0;
    app.opened.listen(() => this.stop());
  }

  toggle() {
    if (this.playing.current) this.stop();
    else this.start();
  }

  start() {
    const { document } = this.app;
    if (!document || document.image.shape.t < 2) {
      this.app.say("This image has one time point.");
      return;
    }
    this.playing.set(true);
    this.shownSince = performance.now();
    this.wait();
  }

  stop() {
    clearTimeout(this.timer);
    this.playing.set(false);
  }

  wait() { this.timer = setTimeout(() => this.tick(), 1000 / this.app.settings.current.speed); }

  tick() {
    const { document } = this.app;
    if (!document) return this.stop();
    if (!this.isComplete() && performance.now() - this.shownSince < PATIENCE) {
      this.timer = setTimeout(() => this.tick(), 30);
      return;
    }
    const { plane, image } = document;
    if (!turn(this.app, { ...plane, t: (plane.t + 1) % image.shape.t })) return this.stop();
    this.app.direction = { axis: "t", sign: 1 };
    this.shownSince = performance.now();
    this.wait();
  }
}
