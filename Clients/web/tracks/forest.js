// Tracks as trees: where each is drawn, and how one goes from node to node.

/** @typedef {[number, number, number, number]} Place t, y, x, area */
/** @typedef {{label: number, parent: number|null, places: Place[]}} Track */
/** @typedef {{t: number, label: number}} Node */
/** @typedef {{track: Track, row: number, children: number[], generation: number}} Branch */

/** @param {Node} node */
export function nodeKey({ t, label }) { return `${t}/${label}`; }

/**
 * The place of a track at a time point, or else the nearest one.
 * @param {Track} track
 * @param {number} t
 * @returns {Place}
 */
export function placeAt(track, t) {
  const { places } = track;
  let low = 0, high = places.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle][0] < t) low = middle + 1;
    else high = middle;
  }
  const before = places[low - 1];
  return before && t - before[0] <= Math.abs(places[low][0] - t) ? before : places[low];
}

/** @param {Track} track @param {number} t @returns {Place|null} */
export function placeOf(track, t) {
  const place = placeAt(track, t);
  return place[0] === t ? place : null;
}

/** @param {Track} track */
export function spanOf({ places }) { return [places[0][0], places[places.length - 1][0]]; }

/**
 * Rows for all tracks: the tree of the first root above the second, a mother in the middle of her daughters.
 * Cost: a look at each track, and the sorting of roots and daughters.
 */
export class Forest {
  /** @param {Iterable<Track>} tracks */
  constructor(tracks) {
    /** @type {Map<number, Branch>} */
    this.branches = new Map();
    for (const track of tracks) this.branches.set(track.label, { track, row: 0, children: [], generation: 0 });
    const roots = [];
    for (const branch of this.branches.values()) {
      const mother = branch.track.parent === null ? null : this.branches.get(branch.track.parent);
      if (mother) mother.children.push(branch.track.label);
      else roots.push(branch.track.label);
    }
    this.rows = 0;
    const order = this.sorted(roots);
    for (const root of order) this.layOut(root);
    /** The branches by row, for keys and for what is seen. */
    this.order = [...this.branches.values()].sort((a, b) => a.row - b.row);
  }

  /** @param {number[]} labels */
  sorted(labels) {
    const first = (/** @type {number} */ label) => this.branches.get(label)?.track.places[0][0] ?? 0;
    return labels.sort((a, b) => first(a) - first(b) || a - b);
  }

  /**
   * Gives rows to a tree; without recursion, because lineages may be long.
   * @param {number} root
   */
  layOut(root) {
    const stack = [{ label: root, isBack: false, generation: 0 }];
    while (stack.length) {
      const { label, isBack, generation } = /** @type {{label: number, isBack: boolean, generation: number}} */ (stack.pop());
      const branch = /** @type {Branch} */ (this.branches.get(label));
      if (isBack) {
        const rows = branch.children.map((child) => this.branches.get(child)?.row ?? 0);
        branch.row = (Math.min(...rows) + Math.max(...rows)) / 2;
        continue;
      }
      branch.generation = generation;
      if (branch.children.length === 0) {
        branch.row = this.rows++;
        continue;
      }
      stack.push({ label, isBack: true, generation });
      const children = this.sorted(branch.children);
      for (let i = children.length - 1; i >= 0; i--) stack.push({ label: children[i], isBack: false, generation: generation + 1 });
    }
  }

  /**
   * The branches whose rows are seen.
   * @param {number} from
   * @param {number} to
   */
  seen(from, to) {
    const { order } = this;
    let low = 0, high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order[middle].row < from) low = middle + 1;
      else high = middle;
    }
    const found = [];
    for (let i = low; i < order.length && order[i].row <= to; i++) found.push(order[i]);
    return found;
  }

  /**
   * The node that lies in a direction; null where there is none.
   * @param {Node} node
   * @param {"left"|"right"|"up"|"down"} direction
   * @returns {Node|null}
   */
  next(node, direction) {
    const branch = this.branches.get(node.label);
    if (!branch) return null;
    const { track } = branch;
    const index = track.places.indexOf(placeAt(track, node.t));
    if (direction === "left") {
      if (index > 0) return { t: track.places[index - 1][0], label: track.label };
      const mother = track.parent === null ? null : this.branches.get(track.parent);
      return mother ? { t: spanOf(mother.track)[1], label: mother.track.label } : null;
    }
    if (direction === "right") {
      if (index + 1 < track.places.length) return { t: track.places[index + 1][0], label: track.label };
      const child = this.branches.get(branch.children[0]);
      return child ? { t: child.track.places[0][0], label: child.track.label } : null;
    }
    const step = direction === "up" ? -1 : 1;
    const other = this.order[this.order.indexOf(branch) + step];
    return other ? { t: placeAt(other.track, node.t)[0], label: other.track.label } : null;
  }
}
