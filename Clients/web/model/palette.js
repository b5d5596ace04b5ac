// Colours of objects and classes.

/** Bright colours, far from each other. */
const VIVID = [
  "#ff5d5d", "#ffa62b", "#f2d43d", "#a3e048", "#3ecf7a", "#2fd0c4", "#3aa7ff", "#6f7bff", "#b06bff",
  "#f062d0", "#ff7fa8", "#c9a26b", "#8fd3ff", "#d4f06a", "#ffb59e", "#9df2c3",
];

/** Colours that people with any kind of colour vision can tell apart (Okabe and Ito). */
const SAFE = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#dddddd"];

export const PALETTES = { vivid: VIVID, safe: SAFE };

/** @param {string} color as #rrggbb @returns {[number, number, number]} 0 to 255 */
export function rgb(color) {
  const value = parseInt(color.slice(1), 16);
  return [value >> 16 & 255, value >> 8 & 255, value & 255];
}

/**
 * The place of an object's colour in a palette; the shader does the same.
 * @param {number} label
 * @param {number} count
 */
export function colorIndex(label, count) {
  const low = label >= 0xff000000 ? label & 0xffffff : label;
  return (Math.imul(low, 0x9e3779b1) >>> 16) % count;
}

/**
 * @param {number} label
 * @param {"vivid"|"safe"} palette
 */
export function objectColor(label, palette) {
  const colors = PALETTES[palette];
  return colors[colorIndex(label, colors.length)];
}
