// How the channels of an image are shown.

/** @typedef {import("./types.js").ImageSummary} ImageSummary */
/** @typedef {{name: string, color: string, visible: boolean, low: number, high: number, gamma: number,
 *   min: number, max: number}} ChannelLook */

/**
 * How many are shown at once: each has tiles of its own, and all that are seen must fit into the
 * textures of the page.
 */
export const MOST_CHANNELS = 4;
const SEVERAL = ["#3aa7ff", "#3ecf7a", "#ff5d5d", "#ffd23f"];

/**
 * The first look at an image: what the file says, and contrast by its percentiles.
 * @param {ImageSummary} image
 * @returns {ChannelLook[]}
 */
export function firstLook(image) {
  const isColor = image.channels.length === 3 && image.dtype === "uint8"
    && image.channels.every((channel, i) => /^(r|g|b)/i.test(channel.name) && "rgb"[i] === channel.name[0].toLowerCase());
  return image.channels.map((channel, i) => {
    const range = isColor ? { low: 0, high: 255 } : limits(channel);
    return {
      name: channel.name || `Channel ${i + 1}`,
      color: colorOf(channel.color) ?? (isColor ? ["#ff0000", "#00ff00", "#0000ff"][i]
        : image.channels.length === 1 ? "#ffffff" : SEVERAL[i % SEVERAL.length]),
      visible: i < MOST_CHANNELS, gamma: 1, ...range,
      min: isColor ? 0 : Math.min(channel.min, range.low), max: isColor ? 255 : Math.max(channel.max, range.high),
    };
  });
}

/**
 * The look at another image of a series: colours, visibility and gamma go on, contrast is each image's own.
 * @param {ImageSummary} image
 * @param {ChannelLook[]} before
 */
export function nextLook(image, before) {
  const first = firstLook(image);
  const fits = before.length === first.length && before.every((look, i) => look.name === first[i].name);
  return first.map((look, i) => {
    const { color, visible, gamma } = fits ? before[i] : look;
    return { ...look, color, visible, gamma };
  });
}

/**
 * The looks after a channel is shown or hidden; null if as many as possible are shown already.
 * @param {ChannelLook[]} looks
 * @param {number} index
 */
export function toggled(looks, index) {
  const visible = !looks[index].visible;
  if (visible && looks.filter((look) => look.visible).length >= MOST_CHANNELS) return null;
  return looks.map((look, i) => i === index ? { ...look, visible } : look);
}

/** @param {import("./types.js").Channel} channel */
function limits({ low, high, min, max }) {
  if (high > low) return { low, high };
  return max > min ? { low: min, high: max } : { low: min, high: min + 1 };
}

/** @param {string|undefined|null} color */
function colorOf(color) {
  const match = /^#?([0-9a-f]{6})/i.exec(color ?? "");
  return match ? `#${match[1].toLowerCase()}` : null;
}
