// Masks as runs: what gestures and predictions are made of.

/** @typedef {import("./types.js").Mask} Mask */
/** @typedef {[number, number, number, number]} Box */

/**
 * Calls back for each horizontal run of a mask: row, first column, column after the last.
 * @param {Mask} mask
 * @param {(y: number, x0: number, x1: number) => void} visit
 */
export function eachRun(mask, visit) {
  const [y0, x0, , x1] = mask.box;
  const width = x1 - x0;
  let position = 0;
  for (let i = 0; i < mask.runs.length; i++) {
    const end = position + mask.runs[i];
    if (i % 2 === 1) {
      for (let start = position; start < end;) {
        const row = Math.floor(start / width);
        const stop = Math.min(end, (row + 1) * width);
        visit(y0 + row, x0 + start - row * width, x0 + stop - row * width);
        start = stop;
      }
    }
    position = end;
  }
}

/** @param {Mask} mask */
export function maskArea(mask) {
  let area = 0;
  for (let i = 1; i < mask.runs.length; i += 2) area += mask.runs[i];
  return area;
}

/**
 * @param {Mask} mask
 * @param {number} y
 * @param {number} x
 */
export function maskContains(mask, y, x) {
  const [y0, x0, y1, x1] = mask.box;
  if (y < y0 || y >= y1 || x < x0 || x >= x1) return false;
  const place = (y - y0) * (x1 - x0) + x - x0;
  let position = 0;
  for (let i = 0; i < mask.runs.length; i++) {
    position += mask.runs[i];
    if (place < position) return i % 2 === 1;
  }
  return false;
}

/**
 * How much two masks have in common: intersection over union.
 * @param {Mask} a
 * @param {Mask} b
 */
export function overlap(a, b) {
  const bits = maskBits(b), [y0, x0, y1, x1] = b.box;
  let common = 0;
  eachRun(a, (y, from, to) => {
    if (y < y0 || y >= y1) return;
    for (let x = Math.max(from, x0); x < Math.min(to, x1); x++) common += bits[(y - y0) * (x1 - x0) + x - x0];
  });
  return common / Math.max(1, maskArea(a) + maskArea(b) - common);
}

/**
 * One byte for each pixel of the box: 1 inside, 0 outside.
 * @param {Mask} mask
 */
export function maskBits(mask) {
  const [y0, x0, y1, x1] = mask.box;
  const bits = new Uint8Array((y1 - y0) * (x1 - x0));
  let position = 0;
  for (let i = 0; i < mask.runs.length; i++) {
    if (i % 2 === 1) bits.fill(1, position, position + mask.runs[i]);
    position += mask.runs[i];
  }
  return bits;
}

/**
 * The mask of bytes that are not 0 within a box, in the smallest box; null if there are none.
 * @param {Uint8Array} bits
 * @param {Box} box
 * @returns {Mask|null}
 */
export function maskOfBits(bits, box) {
  const [y0, x0, y1, x1] = box;
  const width = x1 - x0;
  let top = y1, bottom = y0 - 1, left = x1, right = x0 - 1;
  for (let y = y0; y < y1; y++) {
    const from = (y - y0) * width;
    let first = -1, last = -1;
    for (let i = 0; i < width; i++) if (bits[from + i]) { first = i; break; }
    if (first < 0) continue;
    for (let i = width - 1; i >= first; i--) if (bits[from + i]) { last = i; break; }
    top = Math.min(top, y);
    bottom = y;
    left = Math.min(left, x0 + first);
    right = Math.max(right, x0 + last);
  }
  if (bottom < top) return null;
  return { box: [top, left, bottom + 1, right + 1], runs: runsOf(bits, box, [top, left, bottom + 1, right + 1]) };
}

/**
 * @param {Uint8Array} bits
 * @param {Box} from the box of the bytes
 * @param {Box} to the box of the runs, within the other
 */
function runsOf(bits, from, to) {
  const width = from[3] - from[1];
  /** @type {number[]} */
  const runs = [];
  let inside = 0, length = 0;
  for (let y = to[0]; y < to[2]; y++) {
    const start = (y - from[0]) * width - from[1];
    for (let x = to[1]; x < to[3]; x++) {
      const bit = bits[start + x] ? 1 : 0;
      if (bit === inside) {
        length++;
      } else {
        runs.push(length);
        inside = bit;
        length = 1;
      }
    }
  }
  runs.push(length);
  return runs;
}

/**
 * Pixels of a mask for which a test holds; null if there are none.
 * @param {Mask} mask
 * @param {(y: number, x: number) => boolean} test
 */
export function filtered(mask, test) {
  const bits = maskBits(mask);
  const [y0, x0, , x1] = mask.box;
  const width = x1 - x0;
  for (let i = 0; i < bits.length; i++) {
    const row = Math.floor(i / width);
    if (bits[i] && !test(y0 + row, x0 + i - row * width)) bits[i] = 0;
  }
  return maskOfBits(bits, mask.box);
}

/** @param {Mask} mask */
export function centroid(mask) {
  let y = 0, x = 0, area = 0;
  eachRun(mask, (row, from, to) => {
    const length = to - from;
    area += length;
    y += row * length;
    x += (from + to - 1) / 2 * length;
  });
  return /** @type {[number, number]} */ (area ? [y / area, x / area] : [0, 0]);
}

/**
 * Whether two masks are the same pixels.
 * @param {Mask} a
 * @param {Mask} b
 */
export function sameMask(a, b) {
  return a.box.every((edge, i) => edge === b.box[i]) && a.runs.length === b.runs.length
    && a.runs.every((run, i) => run === b.runs[i]);
}

/**
 * The mask as a prompt: run lengths by column over the whole image, in the compressed form of the COCO tools.
 * @param {Mask} mask
 * @param {{y: number, x: number}} size
 * @returns {import("./types.js").MaskPrompt}
 */
export function maskPrompt(mask, size) {
  const bits = maskBits(mask);
  const [y0, x0, y1, x1] = mask.box;
  const width = x1 - x0;
  /** @type {number[]} */
  const counts = [];
  let inside = 0, length = x0 * size.y;
  for (let x = x0; x < x1; x++) {
    for (let y = 0; y < size.y; y++) {
      const bit = y >= y0 && y < y1 ? bits[(y - y0) * width + x - x0] : 0;
      if (bit === inside) { length++; continue; }
      counts.push(length);
      inside = bit;
      length = 1;
    }
  }
  const rest = (size.x - x1) * size.y;
  if (inside === 0) counts.push(length + rest);
  else counts.push(length, ...(rest > 0 ? [rest] : []));
  return { type: "mask", size: [size.y, size.x], counts: compressed(counts) };
}

/** @param {number[]} counts */
function compressed(counts) {
  let text = "";
  for (let i = 0; i < counts.length; i++) {
    let value = i > 2 ? counts[i] - counts[i - 2] : counts[i];
    for (let more = true; more;) {
      let digit = value & 0x1f;
      value >>= 5;
      more = digit & 0x10 ? value !== -1 : value !== 0;
      if (more) digit |= 0x20;
      text += String.fromCharCode(digit + 48);
    }
  }
  return text;
}
