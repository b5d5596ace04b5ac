// Places of a movie that look wrong, one after the other.

import { Value } from "../model/signal.js";

/** @typedef {{kind: string, node: [number, number], others: [number, number][], y: number, x: number, excess: number}} Suspicion */

const KINDS = /** @type {Record<string, string>} */ ({ lateMother: "ends after its daughter begins", manyDaughters: "many daughters",
  closeSecond: "a close second", jump: "jump", sizeChange: "size changes", shortTrack: "short track" });

export class Suspicions {
  /**
   * @param {import("../model/app.js").App} app
   * @param {import("./tracks.js").Tracks} tracks
   */
  constructor(app, tracks) {
    this.app = app;
    this.tracks = tracks;
    /** @type {{edit: number, places: Suspicion[]}|null} */
    this.list = null;
    this.index = -1;
    this.words = new Value("");
  }

  forget() {
    this.list = null;
    this.index = -1;
    this.words.set("");
  }

  /**
   * Goes to the next place that looks wrong.
   * @param {number} steps
   */
  async walk(steps) {
    const { document } = this.app;
    if (!document) return;
    if (this.list?.edit !== document.edit) {
      const found = await this.app.api.get(`${document.address}/tracks/suspicions`).catch((error) => this.app.complain(error));
      if (!found || document !== this.app.document) return;
      // Where a place was repaired, the next one has taken its number.
      if (this.list && found.places.length < this.list.places.length && steps > 0) this.index -= 1;
      this.list = found;
    }
    const { places } = /** @type {{places: Suspicion[]}} */ (this.list);
    if (places.length === 0) {
      this.words.set("nothing looks wrong");
      return;
    }
    this.index = (Math.max(-1, this.index) + steps + (this.index < 0 && steps < 0 ? 1 : 0) + places.length) % places.length;
    const { kind, node: [t, label] } = places[this.index];
    this.words.set(`${this.index + 1} of ${places.length}: ${KINDS[kind] ?? kind}`);
    await this.tracks.refresh();
    this.tracks.pick({ t, label }, false);
  }
}
