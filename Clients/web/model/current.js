// The object that is being made: prompts that can be moved, masks to choose from, a threshold to turn.

import { Signal } from "./signal.js";
import { Latest } from "./latest.js";
import { decodedLogits, maskAbove } from "./logits.js";
import { maskArea, overlap } from "./masks.js";

/** @typedef {import("./types.js").Prompt} Prompt */
/** @typedef {import("./types.js").PredictedMask} PredictedMask */
/** @typedef {PredictedMask & {decoded?: import("./logits.js").Logits}} Candidate */
/** @typedef {{id: number, prompts: Prompt[], candidates: Candidate[], chosen: number, threshold: number,
 *   mask: import("./types.js").Mask|null, object?: number}} Group one object; object: its number among those that go
 *   through a stack */

export class CurrentObject {
  /**
   * @param {(body: any, signal: AbortSignal) => Promise<{masks: PredictedMask[]}>} predict
   * @param {{y: number, x: number}} size
   */
  constructor(predict, size) {
    this.size = size;
    /** @type {Group[]} */
    this.groups = [];
    /**
     * The committed object that was reopened.
     * @type {number|null}
     */
    this.replaces = null;
    /** @type {string} */
    this.source = "prompt";
    /** @type {string[]} prompts before each change */
    this.steps = [];
    this.lastId = 0;
    /** @type {Signal<void>} */
    this.changed = new Signal();
    /** @type {Signal<any>} */
    this.failed = new Signal();
    this.latest = new Latest(
      (/** @type {any} */ body, signal) => predict(body, signal),
      (answer) => this.take(answer.masks),
      (error) => { this.changed.emit(); this.failed.emit(error); },
    );
  }

  get isEmpty() { return this.groups.length === 0; }
  get isBusy() { return this.latest.isBusy; }
  get hasMask() { return this.groups.some((group) => group.mask); }

  /** The group to which new prompts belong. */
  get active() { return this.groups.at(-1) ?? null; }

  remember() { this.steps.push(JSON.stringify(this.groups.map(({ id, prompts, object }) => ({ id, prompts, object })))); }

  /**
   * @param {Prompt} prompt
   * @param {boolean} asNew whether it begins another object
   */
  add(prompt, asNew = false) {
    this.remember();
    let group = this.active;
    if (!group || asNew) group = this.begin();
    this.put(prompt, group);
  }

  /**
   * Adds a prompt to one of several objects, which goes on to this plane with it.
   * @param {Prompt} prompt
   * @param {number} object
   */
  addTo(prompt, object) {
    this.remember();
    const group = this.groups.find((one) => one.object === object) ?? this.begin();
    group.object = object;
    // What was touched last is what candidates and threshold belong to.
    this.groups = [...this.groups.filter((one) => one !== group), group];
    this.put(prompt, group);
  }

  /** @param {Prompt} prompt @param {Group} group */
  put(prompt, group) {
    const isBox = prompt.type === "box";
    group.prompts = [...group.prompts.filter((other) => !isBox || other.type !== "box"), prompt];
    this.ask();
  }

  /** @returns {Group} */
  begin() {
    const group = { id: ++this.lastId, prompts: [], candidates: [], chosen: 0, threshold: 0, mask: null };
    this.groups.push(group);
    return group;
  }

  /**
   * Takes a mask that is known already, from a preview, so that it is there without waiting.
   * @param {Prompt} prompt
   * @param {PredictedMask[]} masks
   * @param {number} chosen
   */
  takePreview(prompt, masks, chosen) {
    this.remember();
    const group = this.begin();
    group.prompts = [prompt];
    group.candidates = masks;
    this.choose(chosen, group);
  }

  /**
   * Begins with a mask that was found without the prompt; that which the prompt gives there takes
   * its place.
   * @param {Prompt} prompt
   * @param {import("./types.js").Mask} mask
   */
  takeFound(prompt, mask) {
    this.remember();
    const group = this.begin();
    group.prompts = [prompt];
    group.mask = mask;
    this.ask();
  }

  /** Asks for the logits of a mask that came from a preview; the mask stays as it is until then. */
  refine() { this.ask(); }

  /**
   * @param {number} group
   * @param {number} index
   * @param {Prompt} prompt
   * @param {boolean} isStep whether undo comes back to before this
   */
  replace(group, index, prompt, isStep) {
    if (isStep) this.remember();
    const one = this.groups[group];
    one.prompts = one.prompts.map((other, i) => i === index ? prompt : other);
    this.ask();
  }

  /** @param {number} group @param {number} index */
  remove(group, index) {
    this.remember();
    this.groups[group].prompts.splice(index, 1);
    this.groups = this.groups.filter((one) => one.prompts.length);
    if (this.isEmpty) this.clear();
    else this.ask();
  }

  /** Takes the last change of the prompts back; false if there is none. */
  undo() {
    const step = this.steps.pop();
    if (step === undefined) return false;
    /** @type {{id: number, prompts: Prompt[], object?: number}[]} */
    const before = JSON.parse(step);
    this.groups = before.map(({ id, prompts, object }) => {
      const now = this.groups.find((group) => group.id === id);
      return now ? { ...now, prompts }
        : { id, prompts, object, candidates: [], chosen: 0, threshold: 0, mask: null };
    });
    if (this.groups.length === 0) this.clear();
    else this.ask();
    return true;
  }

  clear() {
    this.latest.cancel();
    this.groups = [];
    this.steps = [];
    this.replaces = null;
    this.source = "prompt";
    this.changed.emit();
  }

  /**
   * Goes on with a committed object.
   * @param {number} label
   * @param {Prompt[]} prompts
   * @param {import("./types.js").Mask|null} mask
   * @param {number} threshold with which it was made
   */
  reopen(label, prompts, mask, threshold = 0) {
    this.clear();
    this.replaces = label;
    const group = this.begin();
    group.prompts = prompts;
    group.mask = mask;
    group.threshold = threshold;
    this.ask();
  }

  ask() {
    const groups = this.groups.filter((group) => group.prompts.some(isPositive));
    for (const group of this.groups) if (!groups.includes(group)) { group.mask = null; group.candidates = []; }
    if (groups.length === 0) this.latest.cancel();
    else this.latest.ask(requestFor(groups));
    this.changed.emit();
  }

  /** @param {PredictedMask[]} masks */
  take(masks) {
    for (const group of this.groups) {
      const own = masks.filter((mask) => mask.id === undefined || mask.id === group.id)
        .sort((a, b) => maskArea(a.mask) - maskArea(b.mask));
      if (own.length === 0) continue;
      const chosen = this.chosenOf(own, group);
      // The threshold was turned for the logits before; one that was committed belongs to these.
      if (group.candidates.length) group.threshold = 0;
      group.candidates = own.map((mask) => (
        { ...mask, decoded: mask.logits ? decodedLogits(mask.logits) : undefined }));
      this.choose(chosen, group);
    }
    this.changed.emit();
  }

  /**
   * Which of the new masks, from small to large, goes on with what was chosen.
   * @param {PredictedMask[]} masks
   * @param {Group} group
   */
  chosenOf(masks, { candidates, chosen, mask }) {
    if (masks.length === 1) return 0;
    if (candidates.length === masks.length) return chosen;
    if (candidates.length || !mask) return best(masks);
    const shares = masks.map((one) => overlap(one.mask, mask));
    return shares.indexOf(Math.max(...shares));
  }

  /**
   * @param {number} index
   * @param {Group|null} group
   */
  choose(index, group = this.active) {
    if (!group || group.candidates.length === 0) return;
    group.chosen = Math.min(group.candidates.length - 1, Math.max(0, index));
    group.mask = group.candidates[group.chosen].mask;
    if (group.threshold !== 0) this.setThreshold(group.threshold, group);
    this.changed.emit();
  }

  /** @param {number} steps */
  walk(steps) {
    const group = this.active;
    if (group) this.choose(group.chosen + steps, group);
  }

  /**
   * @param {number} threshold of the logits; 0 is what the model means
   * @param {Group|null} group
   */
  setThreshold(threshold, group = this.active) {
    const candidate = group?.candidates[group.chosen];
    if (!group || !candidate?.decoded) return;
    group.threshold = Math.min(12, Math.max(-12, Math.round(threshold * 100) / 100));
    group.mask = group.threshold === 0 ? candidate.mask : maskAbove(candidate.decoded, group.threshold, this.size);
    this.changed.emit();
  }
}

/** @param {Prompt} prompt */
export function isPositive(prompt) {
  return !("label" in prompt) || prompt.label !== "negative";
}

/** @param {PredictedMask[]} masks */
export function best(masks) {
  return masks.reduce((index, mask, i) => mask.score > masks[index].score ? i : index, 0);
}

/**
 * The options by which the model gives the chosen mask again.
 * @param {Group} group
 */
export function optionsOf({ candidates, chosen, threshold }) {
  const areas = candidates.map(({ mask }) => maskArea(mask));
  const smaller = areas.filter((area, i) => area < areas[chosen] || (area === areas[chosen] && i < chosen)).length;
  return {
    ...(candidates.length === 3 ? { masks: ["smallest", "middle", "largest"][smaller] } : {}),
    ...(threshold ? { mask_threshold: threshold } : {}),
  };
}

/** @param {Group[]} groups */
function requestFor(groups) {
  const isAmbiguous = groups.length === 1 && groups[0].prompts.length === 1 && groups[0].prompts[0].type === "point";
  return {
    objects: groups.map(({ id, prompts }) => ({ id, prompts })),
    options: isAmbiguous ? { masks: "all" } : {},
    logits: groups.length === 1,
  };
}
