// Elements in few words.

/**
 * Makes an element. Names that begin with "on" are listeners, "class" and "aria-…" attributes, the rest properties.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {(Node|string|null|undefined|false)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name.includes("-") || name === "role" || name === "for" || name === "list") element.setAttribute(name,
      String(value));
    else (/** @type {any} */ (element))[name] = value;
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** @param {string} id */
export function byId(id) { return /** @type {HTMLElement} */ (document.getElementById(id)); }

/**
 * A button with a sign; what it does is its accessible name.
 * @param {string} name of the sign
 * @param {string} words
 * @param {() => void} act
 * @param {string} [key]
 */
export function iconButton(name, words, act, key = "") {
  return h("button", {
    type: "button", class: "icon-button", title: key ? `${words} (${key})` : words, "aria-label": words, onclick: act,
  }, icon(name));
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Lines of the signs, on a field of 24 by 24.
 * @type {Record<string, string>}
 */
const LINES = {
  select: "M6 3l12 9-5.5 1 3 6-2.5 1.2-3-6L6 18z",
  point: "M12 8v8M8 12h8M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  box: "M5 5h14v14H5zM3.5 3.5h3v3h-3zM17.5 3.5h3v3h-3zM3.5 17.5h3v3h-3zM17.5 17.5h3v3h-3z",
  lasso: "M12 4c5 0 9 2.5 9 6s-4 6-9 6-9-2.5-9-6 4-6 9-6zM8 15.5c-1.5 1-1.5 3 0 3.5 1.5.5 2 1.5 1 2.5",
  scribble: "M3 17c2-8 5-12 7-10s-3 9-1 10 5-9 7-8-2 7 0 8 3-1 5-3",
  brush: "M20 4c-4 1-9 6-11 9l2 2c3-2 8-7 9-11zM8 14c-3 0-3 3-5 5 3 1 7 0 7-3z",
  eraser: "M9 19l-5-5 9-9 6 6-8 8zM9 19h11M8.5 9.5l6 6",
  fill: "M11 4l8 8-7 7-8-8zM11 4L8 2M4.5 11.5h14M20 15c-1.5 2-1.5 4 0 4s1.5-2 0-4z",
  split: "M12 3v4M12 10v4M12 17v4M9 6H4v12h5M15 6h5v12h-5",
  merge: "M3 12h6M21 12h-6M7 9l3 3-3 3M17 9l-3 3 3 3M12 4v3M12 17v3",
  pick: "M14 6l4 4M12 8l4 4-8 8H4v-4zM15 5a2.8 2.8 0 0 1 4 4l-2 2-4-4z",
  undo: "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3",
  redo: "M16 5l4 4-4 4M20 9H10a5.5 5.5 0 0 0 0 11h3",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5c0-3.5 5-3.5 5 0 0 2-2.5 2.2-2.5 4M12 16.5v.5",
  theme: "M12 4a8 8 0 1 0 8 8 6 6 0 0 1-8-8z",
  eye: "M2 12c4-7 16-7 20 0-4 7-16 7-20 0zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  hidden: "M3 3l18 18M5 9c-1 .8-2 1.8-3 3 3.5 6 11 7 16 3.5M9 6.5c5-1.5 10 1 13 5.5-.7 1-1.5 2-2.5 3",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  doubt: "M12 4l9 16H3zM12 10v4.5M12 17v.5",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  smooth: "M3 14c3-8 6-8 9 0s6 8 9 0",
  holes: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  reopen: "M4 12a8 8 0 1 1 2.5 5.8M4 12l-1.5-3M4 12l3-1.5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  check: "M4 12.5l5 5L20 6.5",
  unaccepted: "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z",
  skip: "M5 5l8 7-8 7zM17 5v14",
  close: "M5 5l14 14M19 5L5 19",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  bolt: "M13 2L5 14h6l-1 8 9-13h-6z",
  many: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  contrast: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  export: "M12 15V4M8 8l4-4 4 4M4 14v6h16v-6",
  import: "M12 4v11M8 11l4 4 4-4M4 14v6h16v-6",
  train: "M3 20h18M5 16l5-5 4 3 6-8M15 6h5v5",
  prompt: "M4 5h16v11H9l-5 4z",
  play: "M7 4l13 8-13 8z",
  pause: "M8 5v14M16 5v14",
  lineage: "M3 12h7M10 12V6h11M10 12v6h11",
};

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", LINES[name] ?? "");
  svg.append(path);
  return svg;
}

/**
 * A slider with its name and its value.
 * @param {{words: string, min: number, max: number, step: number, value: number, unit?: string,
 *   input: (value: number) => void}} options
 */
export function slider({ words, min, max, step, value, unit = "", input }) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const output = h("output", {}, "");
  const field = h("input", {
    type: "range", min: String(min), max: String(max), step: String(step), value: String(value), "aria-label": words,
    oninput: () => { show(); input(Number(field.value)); },
  });
  const show = () => {
    output.textContent = Number(field.value).toFixed(digits) + unit;
    field.style.setProperty("--part", String((Number(field.value) - min) / (max - min || 1)));
  };
  show();
  const row = h("label", { class: "slider" }, h("span", {}, words), output, field);
  return {
    row, field,
    /** @param {number} next */
    set: (next) => { field.value = String(next); show(); },
  };
}

/**
 * A choice between a few words, side by side.
 * @template {string} T
 * @param {string} name
 * @param {{value: T, words: string, title?: string}[]} choices
 * @param {(value: T) => void} choose
 */
export function segments(name, choices, choose) {
  const buttons = choices.map(({ value, words, title }) => h("button", {
    type: "button", role: "radio", title, "aria-checked": "false", data: { value }, onclick: () => choose(value),
  }, words));
  const group = h("div", { class: "segments", role: "radiogroup", "aria-label": name }, ...buttons);
  return {
    group,
    /** @param {T} value */
    set: (value) => buttons.forEach((button) => button.setAttribute("aria-checked", String(button.dataset.value === value))),
  };
}

/**
 * A switch with words.
 * @param {string} words
 * @param {(on: boolean) => void} act
 * @param {string} [title]
 */
export function toggle(words, act, title) {
  const field = h("input", { type: "checkbox", role: "switch", onchange: () => act(field.checked) });
  const row = h("label", { class: "toggle", title }, field, h("span", { class: "knob" }), h("span", {}, words));
  return {
    row,
    /** @param {boolean} on */
    set: (on) => { field.checked = on; },
  };
}
