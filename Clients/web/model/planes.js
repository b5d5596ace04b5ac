// Planes of stacks and movies: slices z and time points t, both counted from 0 as y and x are.

/** @typedef {{t: number, z: number}} Plane */
/** @typedef {{t: number, z: number}} Shape how many time points and slices there are */
/** @typedef {"t"|"z"} Axis */
/** @typedef {{axis: Axis, sign: number}} Direction of the last turn */
/** @typedef {{t?: number[], z?: number[]}} Extent first, and the one after the last */

/** @param {Plane} plane */
export function keyOf({ t, z }) { return `${t}/${z}`; }

/** @param {Plane} a @param {Plane} b */
export function isSame(a, b) { return a.t === b.t && a.z === b.z; }

/** @param {Shape} shape */
export function hasPlanes({ t, z }) { return t > 1 || z > 1; }

/**
 * Where an image is opened: the middle of a stack, the beginning of a movie.
 * @param {Shape} shape
 * @returns {Plane}
 */
export function firstPlane({ z }) { return { t: 0, z: Math.floor(z / 2) }; }

/**
 * The plane of the image that is nearest.
 * @param {Plane} plane
 * @param {Shape} shape
 * @returns {Plane}
 */
export function within({ t, z }, shape) {
  const kept = (/** @type {number} */ value, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, Math.round(value)));
  return { t: kept(t, shape.t), z: kept(z, shape.z) };
}

/**
 * The axis that the keys of an axis turn: an image without slices has only its time points to turn, and the other way round.
 * @param {Axis} axis
 * @param {Shape} shape
 * @returns {Axis}
 */
export function turnedAxis(axis, shape) {
  const other = axis === "z" ? "t" : "z";
  return shape[axis] > 1 || shape[other] === 1 ? axis : other;
}

/**
 * Whether a plane is between the first and the last ones of an object.
 * @param {Extent} extent
 * @param {Plane} plane
 */
export function isBetween(extent, plane) {
  const fits = (/** @type {number[]|undefined} */ range, /** @type {number} */ value) => !range || (value >= range[0] && value < range[1]);
  return fits(extent.t, plane.t) && fits(extent.z, plane.z);
}

/**
 * The plane of an object that is nearest to another one.
 * @param {Extent} extent
 * @param {Plane} plane
 * @returns {Plane}
 */
export function nearest(extent, plane) {
  const kept = (/** @type {number[]|undefined} */ range, /** @type {number} */ value) => (
    range ? Math.min(range[1] - 1, Math.max(range[0], value)) : value);
  return { t: kept(extent.t, plane.t), z: kept(extent.z, plane.z) };
}

/**
 * The planes of an object, with one more.
 * @param {Extent} extent
 * @param {Plane} plane
 * @returns {{t: number[], z: number[]}}
 */
export function extended(extent, plane) {
  const grown = (/** @type {number[]|undefined} */ range, /** @type {number} */ value) => (
    range ? [Math.min(range[0], value), Math.max(range[1], value + 1)] : [value, value + 1]);
  return { t: grown(extent.t, plane.t), z: grown(extent.z, plane.z) };
}

/**
 * Where an object lies, in few signs: t 0–4  z 12.
 * @param {Extent} extent
 * @param {Shape} shape
 */
export function extentWords(extent, shape) {
  const part = (/** @type {Axis} */ axis) => {
    const range = extent[axis];
    if (!range || shape[axis] === 1) return "";
    return range[1] - range[0] > 1 ? `${axis} ${range[0]}–${range[1] - 1}` : `${axis} ${range[0]}`;
  };
  return [part("t"), part("z")].filter(Boolean).join("  ");
}

/**
 * A plane in words: time point 3, slice 12.
 * @param {Plane} plane
 * @param {Shape} shape
 */
export function planeWords({ t, z }, shape) {
  return [shape.t > 1 ? `time point ${t}` : "", shape.z > 1 ? `slice ${z}` : ""].filter(Boolean).join(", ");
}

/**
 * The planes that may be shown next, the likeliest first.
 * @param {Plane} plane
 * @param {Shape} shape
 * @param {Direction} direction
 * @returns {Plane[]}
 */
export function ahead(plane, shape, { axis, sign }) {
  const other = axis === "z" ? "t" : "z";
  const steps = [[axis, sign], [axis, 2 * sign], [axis, -sign], [axis, 3 * sign], [axis, 4 * sign], [other, 1], [other, -1]];
  /** @type {Plane[]} */
  const planes = [];
  for (const [name, step] of /** @type {[Axis, number][]} */ (steps)) {
    const to = plane[name] + step;
    if (to >= 0 && to < shape[name]) planes.push({ ...plane, [name]: to });
  }
  return planes;
}

const KEY = "microsam-planes";

/** Which plane of which image was shown, as long as the tab is open. */
export class PlaneMemory {
  /** @param {Pick<Storage, "getItem"|"setItem">|null} storage */
  constructor(storage) {
    this.storage = storage;
    /** @type {Map<number, Plane>} */
    this.planes = new Map();
    try {
      for (const [id, t, z] of JSON.parse(storage?.getItem(KEY) ?? "[]")) this.planes.set(id, { t: Number(t) || 0, z: Number(z) || 0 });
    } catch {
      // What another program left there is of no use.
    }
  }

  /** That of this tab, if the browser keeps anything. */
  static ofTab() {
    try {
      return new PlaneMemory(globalThis.sessionStorage ?? null);
    } catch {
      return new PlaneMemory(null);
    }
  }

  /** @param {number} image @param {Shape} shape */
  of(image, shape) { return within(this.planes.get(image) ?? firstPlane(shape), shape); }

  /** @param {number} image @param {Plane} plane */
  keep(image, plane) {
    this.planes.set(image, plane);
    try {
      this.storage?.setItem(KEY, JSON.stringify([...this.planes].map(([id, { t, z }]) => [id, t, z])));
    } catch {
      // Without storage it is known until the page is closed.
    }
  }
}
