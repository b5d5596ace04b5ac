// From keys to actions, by the table in keys.json.

/** @typedef {{keys: string[], action: string, words: string}} KeyLine */
/** @typedef {{groups: {title: string, mode?: string, keys: KeyLine[]}[], pointer: {gesture: string, words: string}[]}} KeyTable */

/**
 * The name of what was pressed, as in the table: Ctrl+Shift+Z, ?, ArrowLeft.
 * @param {{key: string, code?: string, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, altKey: boolean}} event
 */
export function nameOf(event) {
  const { key } = event;
  const isLetter = /^[a-z]$/i.test(key);
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  // A sign that needs Shift on one keyboard and not on another is the same sign.
  if (event.shiftKey && (isLetter || key.length > 1)) parts.push("Shift");
  if (event.altKey && key.length > 1) parts.push("Alt");
  parts.push(isLetter ? key.toUpperCase() : key);
  return parts.join("+");
}

export class Keys {
  /** @param {KeyTable} table */
  constructor(table) {
    this.table = table;
    /** @type {Map<string, Map<string, {action: string, index: number}>>} by mode; "" for keys that hold wherever a mode has no other use for them */
    this.modes = new Map([["", new Map()]]);
    for (const { mode = "", keys } of table.groups) {
      const actions = this.modes.get(mode) ?? new Map();
      this.modes.set(mode, actions);
      for (const line of keys) line.keys.forEach((key, index) => actions.set(key, { action: line.action, index }));
    }
  }

  /**
   * @param {Parameters<typeof nameOf>[0]} event
   * @param {string} mode
   */
  find(event, mode = "") {
    const name = nameOf(event);
    return this.modes.get(mode)?.get(name) ?? this.modes.get("")?.get(name) ?? null;
  }

  /**
   * The first key of an action, for labels.
   * @param {string} action
   */
  keyOf(action) {
    for (const { keys } of this.table.groups) {
      const line = keys.find((one) => one.action === action);
      if (line) return line.keys[0];
    }
    return "";
  }
}

const SIGNS = /** @type {Record<string, string>} */ ({
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Delete: "Del", Backspace: "⌫" });

/** @param {string} key */
export function shown(key) {
  return key.split(/\+(?!$)/).map((part) => SIGNS[part] ?? part).join(" ");
}
