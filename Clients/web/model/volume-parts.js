// What is sent of an object in a stack, and its masks, slice by slice.

import { optionsOf as promptOptions } from "./current.js";

/** @typedef {import("./types.js").Mask} Mask */
/** @typedef {import("./works.js").PlaneWork} PlaneWork */
/** @typedef {import("./volume.js").Part} Part */
/** @typedef {import("./volume.js").Key} Key */

/**
 * The prompts of a slice, with the mask that is seen there.
 * @param {PlaneWork} work
 * @returns {Key}
 */
export function keyOf({ plane, current }) {
  const group = current.active;
  return { z: plane.z, prompts: group?.prompts ?? [], ...(group?.mask ? { mask: group.mask } : {}) };
}

/**
 * How the object goes on from slice to slice.
 * @param {import("./settings.js").Choices} choices
 * @param {{first: number|null, last: number|null}} range the slices to which it is limited
 */
export function optionsOf({ projection, overlap, emptySlices }, { first, last }) {
  return { projection, overlap_threshold: overlap, stop_after_empty: emptySlices, ...(first === null ? {} : { first }),
    ...(last === null ? {} : { last }) };
}

/**
 * The masks of all slices, as a gesture takes them: those that are seen on slices with prompts, and those that have come.
 * @param {PlaneWork[]} works
 * @param {Iterable<Part>} parts
 * @returns {{z: number, mask: Mask, [key: string]: any}[]}
 */
export function collected(works, parts) {
  const own = works.flatMap(({ plane, current }) => {
    const group = current.active;
    if (!group?.mask) return [];
    const candidate = group.candidates[group.chosen];
    return [{ z: plane.z, mask: group.mask, prompts: group.prompts, options: promptOptions(group), score: candidate?.score,
      stability: candidate?.stability, threshold: group.threshold || undefined }];
  });
  const keys = new Set(works.map(({ plane }) => plane.z));
  const others = [...parts].filter(({ z }) => !keys.has(z))
    .map(({ z, mask, score, stability }) => ({ z, mask, score, stability }));
  return [...own, ...others].sort((a, b) => a.z - b.z);
}
