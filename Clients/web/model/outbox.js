// Gestures on their way to the server, in order, under keys that make a repetition harmless.

import { Signal, Value } from "./signal.js";
import { RefusedError, UnreachableError } from "./api.js";

/** @typedef {import("./store.js").Entry} Entry */
/**
 * @typedef {{keeps: boolean, all(project: string): Promise<Entry[]>,
 *   change(written: Entry[], removed: number[]): Promise<void>}} Store
 *
 * problem: why the server cannot save; unkept: how many of those that wait are not stored, so that a
 * reload loses them
 * @typedef {{waiting: number, unkept: number, online: boolean, problem: string}} OutboxState
 */
/** @typedef {import("./types.js").EditAnswer} EditAnswer */

/** Labels that the page gives to objects until the server has named them. */
export const PROVISIONAL = 0xff000000;

const LABEL_FIELDS = ["label", "labels", "from", "to", "replaces"];
const MOST_CONFLICTS = 5;

export class Outbox {
  /**
   * @param {{post(path: string, body: any): Promise<any>}} api
   * @param {Store} store
   * @param {string} project
   * @param {string} client
   * @param {(image: number) => number} base the current edit of an image
   */
  constructor(api, store, project, client, base) {
    this.api = api;
    this.store = store;
    this.project = project;
    this.client = client;
    this.base = base;
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {Set<number>} those that the store has not taken */
    this.unkept = new Set();
    this.sending = false;
    this.pause = 0;
    this.isClosed = false;
    /** @type {ReturnType<typeof setTimeout>|null} */
    this.timer = null;
    this.lastSeq = 0;
    this.state = new Value(/** @type {OutboxState} */ (
      { waiting: 0, unkept: 0, online: true, problem: "" }));
    /**
     * The list of entries is another.
     * @type {Signal<void>}
     */
    this.changed = new Signal();
    /** @type {Signal<{entry: Entry, answer: EditAnswer}>} */
    this.answered = new Signal();
    /** @type {Signal<{entry: Entry, error: RefusedError}>} */
    this.refused = new Signal();
    /** @type {Signal<{entry: Entry, body: any}>} */
    this.conflict = new Signal();
  }

  /**
   * Takes over what was kept by this client, and by others that are no more.
   * @param {(client: string) => Promise<boolean>} isAlive
   */
  async restore(isAlive) {
    const kept = await this.store.all(this.project);
    /** @type {Map<string, boolean>} */
    const alive = new Map();
    for (const { client } of kept) {
      if (!alive.has(client)) alive.set(client, client !== this.client && await isAlive(client));
    }
    this.entries = kept.filter((entry) => !alive.get(entry.client));
    this.lastSeq = kept.reduce((last, entry) => Math.max(last, entry.seq), 0);
    this.tell();
    this.wake();
    return this.entries.length;
  }

  /**
   * Keeps a request and sends it when its turn has come.
   * @param {number} image
   * @param {string} path behind the image's address
   * @param {any} body
   * @param {string} words
   * @param {number[]} provisional labels that the answer names
   */
  add(image, path, body, words, provisional = []) {
    this.lastSeq = Math.max(Date.now() * 1000, this.lastSeq + 1);
    const key = crypto.randomUUID();
    /** @type {Entry} */
    const entry = {
      seq: this.lastSeq, project: this.project, client: this.client, image, path, words, provisional,
      body: { key, client: this.client, ...body },
    };
    this.entries.push(entry);
    void this.keep(entry);
    this.tell();
    this.wake();
    return entry;
  }

  /**
   * Stores an entry, and notes whether that could be done.
   * @param {Entry} entry
   */
  async keep(entry) {
    const isKept = await this.store.change([entry], []).then(() => this.store.keeps, () => false);
    if (isKept) this.unkept.delete(entry.seq);
    else if (this.entries.includes(entry)) this.unkept.add(entry.seq);
    if (this.unkept.size !== this.state.current.unkept) this.show();
    return isKept;
  }

  /**
   * Stores an entry no longer; those that found no room before may find it now.
   * @param {Entry} entry
   * @param {Entry[]} renamed
   */
  async forget(entry, renamed = []) {
    this.unkept.delete(entry.seq);
    const kept = renamed.filter(({ seq }) => !this.unkept.has(seq));
    await this.store.change(kept, [entry.seq]).catch(() => undefined);
    if (!this.store.keeps) return;
    for (const other of this.entries.filter(({ seq }) => this.unkept.has(seq))) {
      if (!await this.keep(other)) break;
    }
  }

  /** @param {number} image */
  of(image) { return this.entries.filter((entry) => entry.image === image); }

  /** Tries again now. */
  retry() {
    this.pause = 0;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.wake();
  }

  /** Ends the sending; what waits stays kept. */
  close() {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  wake() {
    if (this.isClosed) return;
    if (!this.sending && !this.timer && this.entries.length) void this.run();
  }

  async run() {
    this.sending = true;
    let conflicts = 0;
    while (this.entries.length) {
      const entry = this.entries[0];
      try {
        const answer = await this.api.post(`/images/${entry.image}/${entry.path}`, this.bodyOf(entry));
        conflicts = 0;
        this.online(true);
        await this.finish(entry, answer);
      } catch (error) {
        if (error instanceof RefusedError && error.status === 409 && ++conflicts <= MOST_CONFLICTS) {
          this.conflict.emit({ entry, body: error.body });
        } else if (error instanceof RefusedError && error.status < 500 && error.status !== 401) {
          conflicts = 0;
          await this.drop(entry, error);
        } else {
          this.online(!(error instanceof UnreachableError), error instanceof RefusedError ? error.message : "");
          this.later();
          break;
        }
      }
    }
    this.sending = false;
  }

  /** @param {Entry} entry */
  bodyOf(entry) { return { ...entry.body, base: this.base(entry.image) }; }

  later() {
    if (this.isClosed) return;
    this.pause = Math.min(5000, Math.max(400, this.pause * 2));
    this.timer = setTimeout(() => { this.timer = null; this.wake(); }, this.pause);
  }

  /**
   * @param {Entry} entry
   * @param {EditAnswer} answer
   */
  async finish(entry, answer) {
    this.entries.shift();
    /** @type {Map<number, number>} */
    const names = new Map();
    entry.provisional.forEach((label, i) => {
      const real = answer.created?.[i];
      if (real !== undefined) names.set(label, real);
    });
    const renamed = names.size ? this.entries.filter((other) => other.image === entry.image && rename(other.body, names)) : [];
    // Told before anything waits, so that nobody uses the old labels in between.
    this.unkept.delete(entry.seq);
    this.answered.emit({ entry, answer });
    this.tell();
    await this.forget(entry, renamed);
  }

  /**
   * @param {Entry} entry
   * @param {RefusedError} error
   */
  async drop(entry, error) {
    this.entries.shift();
    await this.forget(entry);
    this.online(true);
    this.refused.emit({ entry, error });
    this.tell();
  }

  /**
   * @param {boolean} online
   * @param {string} problem
   */
  online(online, problem = "") {
    if (online && !problem) this.pause = 0;
    this.show({ online, problem });
  }

  /** @param {Partial<OutboxState>} changes */
  show(changes = {}) {
    const counts = { waiting: this.entries.length, unkept: this.unkept.size };
    this.state.set({ ...this.state.current, ...counts, ...changes });
  }

  tell() {
    this.show();
    this.changed.emit();
  }
}

/**
 * Puts the server's labels in the place of those of the page; whether there were any.
 * @param {any} body
 * @param {Map<number, number>} names
 */
function rename(body, names) {
  let found = false;
  const other = (/** @type {any} */ label) => {
    const name = names.get(label);
    if (name !== undefined) found = true;
    return name ?? label;
  };
  for (const field of LABEL_FIELDS) {
    if (Array.isArray(body[field])) body[field] = body[field].map(other);
    else if (typeof body[field] === "number") body[field] = other(body[field]);
  }
  return found;
}
