// A list of any length, with elements only for what is seen.

import { h } from "./dom.js";

/**
 * @template T
 */
export class VirtualList {
  /**
   * @param {{size: number, horizontal?: boolean, label: string, make: () => HTMLElement,
   *   fill: (element: HTMLElement, item: T, index: number) => void, step?: (steps: number) => void}} options
   *   size: of an item, in CSS pixels; step: what the arrow keys do
   */
  constructor(options) {
    this.options = options;
    /** @type {T[]} */
    this.items = [];
    /** @type {Map<number, HTMLElement>} */
    this.shown = new Map();
    /** @type {HTMLElement[]} */
    this.spare = [];
    this.room = h("div", { class: "list-room" });
    this.element = h("div", { class: `list ${options.horizontal ? "horizontal" : ""}`, role: "listbox", tabIndex: 0,
      "aria-label": options.label, onscroll: () => this.render(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) }, this.room);
    new ResizeObserver(() => this.render()).observe(this.element);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!steps || !this.options.step) return;
    event.preventDefault();
    event.stopPropagation();
    this.options.step(steps);
  }

  /** @param {T[]} items */
  set(items) {
    this.items = items;
    this.room.style[this.options.horizontal ? "width" : "height"] = `${items.length * this.options.size}px`;
    this.render(true);
  }

  /** @param {boolean} all whether items that are shown already are filled again */
  render(all = false) {
    const { size, horizontal, make, fill } = this.options;
    const offset = horizontal ? this.element.scrollLeft : this.element.scrollTop;
    const extent = horizontal ? this.element.clientWidth : this.element.clientHeight;
    const first = Math.max(0, Math.floor(offset / size) - 3);
    const last = Math.min(this.items.length, Math.ceil((offset + extent) / size) + 3);
    for (const [index, element] of this.shown) {
      if (index >= first && index < last) continue;
      element.hidden = true;
      this.spare.push(element);
      this.shown.delete(index);
    }
    for (let index = first; index < last; index++) {
      let element = this.shown.get(index);
      const isNew = !element;
      if (!element) {
        element = this.spare.pop() ?? make();
        if (!element.parentNode) this.room.append(element);
        element.hidden = false;
        element.style.transform = horizontal ? `translateX(${index * size}px)` : `translateY(${index * size}px)`;
        this.shown.set(index, element);
      }
      if (isNew || all) fill(element, this.items[index], index);
    }
  }

  /** @param {number} index */
  reveal(index) {
    const { size, horizontal } = this.options;
    const extent = horizontal ? this.element.clientWidth : this.element.clientHeight;
    const offset = horizontal ? this.element.scrollLeft : this.element.scrollTop;
    const at = index * size;
    if (at >= offset && at + size <= offset + extent) return;
    const to = Math.max(0, at - (extent - size) / 2);
    if (horizontal) this.element.scrollLeft = to;
    else this.element.scrollTop = to;
  }
}

/**
 * Fills an element that knows how to show an item.
 * @param {HTMLElement} element
 * @param {any[]} what
 */
export function showIn(element, ...what) { (/** @type {any} */ (element)).show(...what); }
