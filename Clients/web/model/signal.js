/**
 * A value that tells when it changes.
 * @template T
 */
export class Value {
  /** @param {T} value */
  constructor(value) {
    this.current = value;
    /** @type {Set<(value: T) => void>} */
    this.listeners = new Set();
  }

  /** @param {T} value */
  set(value) {
    if (Object.is(value, this.current)) return;
    this.current = value;
    this.emit();
  }

  emit() {
    for (const listener of [...this.listeners]) listener(this.current);
  }

  /**
   * Calls back now and at each change, until the returned function is called.
   * @param {(value: T) => void} listener
   */
  watch(listener) {
    const stop = this.listen(listener);
    listener(this.current);
    return stop;
  }

  /**
   * Calls back at each change.
   * @param {(value: T) => void} listener
   */
  listen(listener) {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }
}

/**
 * Something that happens again and again.
 * @template T
 */
export class Signal {
  constructor() {
    /** @type {Set<(value: T) => void>} */
    this.listeners = new Set();
  }

  /** @param {(value: T) => void} listener */
  listen(listener) {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  /** @param {T extends void ? [] : [T]} values */
  emit(...values) {
    for (const listener of [...this.listeners]) listener(/** @type {T} */ (values[0]));
  }
}
