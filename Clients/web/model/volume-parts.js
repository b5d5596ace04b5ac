// What is sent of objects in a stack, and their masks, slice by slice. Objects are numbered from 1: the first object in
// work on one slice is the first one on the others, too.

import { isPositive, optionsOf as promptOptions } from "./current.js";

/** @typedef {import("./types.js").Mask} Mask */
/** @typedef {import("./works.js").PlaneWork} PlaneWork */
/** @typedef {import("./volume.js").Part} Part */
/** @typedef {import("./volume.js").Key} Key */

/**
 * The prompts of a slice, with the masks that are seen there; the first object goes without saying.
 * @param {PlaneWork} work
 * @returns {Key[]}
 */
function keysOn({ plane, current }) {
  return current.groups.map(({ prompts, mask }, index) => (
    { z: plane.z, ...(index ? { object: index + 1 } : {}), prompts, ...(mask ? { mask } : {}) }))
    .filter(({ prompts }) => prompts.length > 0);
}

/**
 * The prompts of all slices. An object that is pointed at nowhere is none.
 * @param {PlaneWork[]} works
 * @returns {Key[]}
 */
export function keysOf(works) {
  const keys = works.flatMap(keysOn);
  const meant = new Set(keys.filter(({ prompts }) => prompts.some(isPositive)).map(({ object }) => object));
  return keys.filter(({ object }) => meant.has(object));
}

/**
 * The name of a part among those of all objects.
 * @param {{object?: number, z: number}} part
 */
export function nameOf({ object = 1, z }) { return `${object} ${z}`; }

/**
 * How objects go on from slice to slice.
 * @param {import("./settings.js").Choices} choices
 * @param {{first: number|null, last: number|null}} range the slices to which they are limited
 */
export function optionsOf({ projection, overlap, emptySlices }, { first, last }) {
  return { projection, overlap_threshold: overlap, stop_after_empty: emptySlices, ...(first === null ? {} : { first }),
    ...(last === null ? {} : { last }) };
}

/**
 * Masks that have come for objects without prompts on their slice; where there are prompts, the masks of these are shown.
 * @param {PlaneWork[]} works
 * @param {Iterable<Part>} parts
 */
export function followed(works, parts) {
  const prompted = new Set(works.flatMap(keysOn).map(nameOf));
  return [...parts].filter((part) => !prompted.has(nameOf(part)));
}

/**
 * The masks of all slices, as a gesture takes them: those that are seen on slices with prompts, and those that have come.
 * @param {PlaneWork[]} works
 * @param {Iterable<Part>} parts
 * @returns {{object: number, z: number, mask: Mask, [key: string]: any}[]}
 */
export function collected(works, parts) {
  const own = works.flatMap(({ plane, current }) => current.groups.flatMap((group, index) => {
    if (!group.mask) return [];
    const candidate = group.candidates[group.chosen];
    return [{ object: index + 1, z: plane.z, mask: group.mask, prompts: group.prompts, options: promptOptions(group),
      score: candidate?.score, stability: candidate?.stability, threshold: group.threshold || undefined }];
  }));
  const others = followed(works, parts)
    .map(({ object = 1, z, mask, score, stability }) => ({ object, z, mask, score, stability }));
  return [...own, ...others].sort((a, b) => a.object - b.object || a.z - b.z);
}

/**
 * The masks of each object, without its number.
 * @param {ReturnType<typeof collected>} parts
 * @returns {{z: number, mask: Mask, [key: string]: any}[][]}
 */
export function byObject(parts) {
  /** @type {Map<number, {z: number, mask: Mask}[]>} */
  const masks = new Map();
  for (const { object, ...part } of parts) masks.set(object, [...masks.get(object) ?? [], part]);
  return [...masks.values()];
}

/**
 * The words for what is committed.
 * @param {number|null} replaces
 * @param {number} count of slices
 */
export function commitWords(replaces, count) {
  const slices = `${count} ${count === 1 ? "slice" : "slices"}`;
  return replaces ? `Continue object ${replaces} on ${slices}` : `Commit an object on ${slices}`;
}
