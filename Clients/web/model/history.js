// Every edit of an image, however many there are, and the way to its current state.

/** @typedef {import("./types.js").EditSummary} EditSummary */
/** @typedef {{current: number, edits: EditSummary[]}} HistoryAnswer */

/**
 * How many of the latest edits are asked for first. Edits never change, so earlier ones are read
 * once.
 */
const LATEST = 200;

export class EditHistory {
  /**
   * @param {(limit: number|null) => Promise<HistoryAnswer>} request for so many of the latest
   *   edits; null: for all
   */
  constructor(request) {
    this.request = request;
    this.turn = 0;
    this.current = 0;
    /** @type {EditSummary[]} the latest first */
    this.edits = [];
    /** @type {EditSummary[]} what leads to the current state, oldest first */
    this.way = [];
    /** @type {Map<number, number>} the place of each edit on the way, from 1 */
    this.places = new Map();
  }

  /** Reads what is new; false if a later reading has begun meanwhile. */
  async read() {
    const turn = ++this.turn;
    let answer = await this.request(LATEST);
    let isWhole = answer.edits.length < LATEST;
    if (!isWhole && !this.meets(answer.edits)) {
      answer = await this.request(null);
      isWhole = true;
    }
    if (turn !== this.turn) return false;
    this.take(answer, isWhole);
    return true;
  }

  /**
   * Whether no edit is missing between these and those that are known.
   * @param {EditSummary[]} latest
   */
  meets(latest) {
    const newest = this.edits[0]?.edit ?? 0;
    return latest.some(({ edit }) => edit <= newest);
  }

  /** @param {HistoryAnswer} answer @param {boolean} isWhole whether these are all edits */
  take({ current, edits }, isWhole) {
    const known = isWhole ? [] : this.edits;
    const all = new Map([...known, ...edits].map((edit) => [edit.edit, edit]));
    this.current = current;
    this.edits = [...all.values()].sort((a, b) => b.edit - a.edit);
    this.way = [];
    for (let edit = all.get(current); edit; edit = all.get(edit.parent)) this.way.push(edit);
    this.way.reverse();
    this.places = new Map(this.way.map(({ edit }, i) => [edit, i + 1]));
  }

  /**
   * The place of a state on the way to the current one: 0 is the beginning; null: it is undone.
   * @param {number} edit
   */
  placeOf(edit) { return edit === 0 ? 0 : this.places.get(edit) ?? null; }

  /** @param {number} place */
  editAt(place) { return place === 0 ? 0 : this.way[place - 1]?.edit ?? null; }

  /**
   * Where a state is, in words.
   * @param {number} seen the edit that is shown
   */
  words(seen) {
    const place = this.placeOf(seen);
    if (this.edits.length === 0) return "Nothing has been done yet.";
    if (place === null) return "This edit is undone.";
    if (this.way.length === 0) return "All is undone. Redo brings it back.";
    return `Step ${place} of ${this.way.length}. Undo has no limit.`;
  }
}
