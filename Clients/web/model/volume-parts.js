// What is sent of objects in a stack, and their masks, slice by slice. Objects are numbered from 1; what has no number
// belongs to the first.

import { isPositive, optionsOf as promptOptions } from "./current.js";
import { continued } from "./continuing.js";
import { maskContains } from "./masks.js";

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
  return current.groups.map(({ prompts, mask, object = 1 }) => (
    { z: plane.z, ...(object === 1 ? {} : { object }), prompts, ...(mask ? { mask } : {}) }))
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
 * Whether something in work on a slice is pointed at.
 * @param {import("./current.js").CurrentObject|null} current
 */
export function pointsAt(current) { return current?.groups.some(({ prompts }) => prompts.some(isPositive)) ?? false; }

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
  const own = works.flatMap(({ plane, current }) => current.groups.flatMap((group) => {
    if (!group.mask) return [];
    const candidate = group.candidates[group.chosen];
    return [{ object: group.object ?? 1, z: plane.z, mask: group.mask, prompts: group.prompts, options: promptOptions(group),
      score: candidate?.score, stability: candidate?.stability, threshold: group.threshold || undefined }];
  }));
  const others = followed(works, parts)
    .map(({ object = 1, z, mask, score, stability }) => ({ object, z, mask, score, stability }));
  return [...own, ...others].sort((a, b) => a.object - b.object || a.z - b.z);
}

/**
 * Numbers the objects in work, if they can go through the stack.
 * @param {import("./app.js").App} app
 * @param {PlaneWork[]} works those of a time point
 * @returns {{replaces: number|null, count: number}|string} the committed object that goes on and how many objects there are,
 *   or why they cannot
 */
export function numbered(app, works) {
  if (keysOf(works).length === 0) return "Click on an object first: its prompts go through the volume.";
  const named = new Set(works.map(({ current }) => current.replaces ?? continued(app, current)).filter((label) => label !== null));
  if (named.size > 1) {
    return `The prompts belong to the objects ${[...named].join(" and ")}. Commit one of them first.`;
  }
  const [replaces = null] = named;
  const several = works.filter(({ current }) => current.groups.length > 1);
  if (several.length && replaces) return `Object ${replaces} goes on alone. Commit the others first.`;
  if (several.length && works.length > 1) {
    return `Several objects begin on one slice. Commit or clear those on the others (${works.map(({ plane }) => plane.z).join(", ")}).`;
  }
  for (const { current } of works) current.groups.forEach((group, index) => { group.object = index + 1; });
  return { replaces, count: Math.max(...works.map(({ current }) => current.groups.length)) };
}

/**
 * The object whose mask lies under a prompt; null if there is none.
 * @param {import("./works.js").PlaneWork|null} work that of the plane that is shown
 * @param {Part[]} parts shown there
 * @param {import("./types.js").Prompt} prompt
 */
function objectUnder(work, parts, prompt) {
  const place = placeOf(prompt);
  if (!place) return null;
  const [y, x] = place.map(Math.round);
  const own = (work?.current.groups ?? []).find(({ mask }) => mask && maskContains(mask, y, x));
  return own ? own.object ?? 1 : parts.find(({ mask }) => maskContains(mask, y, x))?.object ?? null;
}

/**
 * The object that a new prompt on the plane that is shown belongs to; null if it goes through no stack.
 * @param {import("./volume.js").Volume} volume
 * @param {import("./types.js").Prompt} prompt
 */
export function objectFor(volume, prompt) {
  const { document, works, settings } = volume.app;
  if (!document || !volume.isHere) return null;
  const under = objectUnder(works?.shown ?? null, volume.shownOn(document.plane), prompt);
  const isNew = under === null && settings.current.batch && isPositive(prompt) && !volume.replaces;
  volume.aimed = isNew ? ++volume.lastObject : under ?? volume.aimed;
  return volume.aimed;
}

/** @param {import("./types.js").Prompt} prompt @returns {[number, number]|null} y, x */
function placeOf(prompt) {
  if (prompt.type === "point") return [prompt.y, prompt.x];
  if (prompt.type === "box") return [(prompt.y0 + prompt.y1) / 2, (prompt.x0 + prompt.x1) / 2];
  return null;
}

/**
 * The masks of each object, without its number.
 * @param {ReturnType<typeof collected>} parts
 * @returns {{z: number, mask: Mask, [key: string]: any}[][]}
 */
function byObject(parts) {
  /** @type {Map<number, {z: number, mask: Mask}[]>} */
  const masks = new Map();
  for (const { object, ...part } of parts) masks.set(object, [...masks.get(object) ?? [], part]);
  return [...masks.values()];
}

/**
 * What commits the objects, each on all of its slices; what is committed already keeps its pixels.
 * @param {import("./app.js").App} app
 * @param {ReturnType<typeof collected>} all
 * @param {{replaces: number|null, t: number}} place
 */
export function gesturesOf(app, all, { replaces, t }) {
  const model = app.modelName.current || undefined;
  const modelHash = app.model.current?.hash ?? undefined;
  const kind = replaces ? undefined : app.activeClass.current ?? undefined;
  return byObject(all).map((masks) => {
    const objects = masks.map((mask) => ({ ...mask, source: "prompt", model, modelHash, class: kind }));
    const slices = `${objects.length} ${objects.length === 1 ? "slice" : "slices"}`;
    return {
      gesture: { kind: "commitVolume", objects, rule: "keep", t, z: masks[0].z, ...(replaces ? { replaces } : {}) },
      words: replaces ? `Continue object ${replaces} on ${slices}` : `Commit an object on ${slices}`,
    };
  });
}
