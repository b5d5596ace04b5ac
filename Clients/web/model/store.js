// Where gestures wait until the server has answered: IndexedDB, and memory where that is missing.

/** @typedef {{seq: number, project: string, client: string, image: number, path: string, body: any,
 *   provisional: number[], words: string}} Entry */

const NAME = "microsam-outbox";

/** Entries in memory only, for tests and browsers without storage. */
export class MemoryStore {
  constructor() {
    /** Whether entries outlive the page. */
    this.keeps = false;
    /** @type {Map<number, Entry>} */
    this.entries = new Map();
  }

  /** @param {string} project @returns {Promise<Entry[]>} */
  async all(project) {
    return [...this.entries.values()].filter((entry) => entry.project === project).sort((a, b) => a.seq - b.seq);
  }

  /**
   * Writes and removes entries, all or none.
   * @param {Entry[]} written
   * @param {number[]} removed
   */
  async change(written, removed) {
    for (const entry of written) this.entries.set(entry.seq, structuredClone(entry));
    for (const seq of removed) this.entries.delete(seq);
  }
}

export class IndexedStore {
  /** @param {IDBDatabase} database */
  constructor(database) {
    this.database = database;
    this.keeps = true;
  }

  /** @returns {Promise<IndexedStore|MemoryStore>} */
  static async open() {
    try {
      return new IndexedStore(await opened());
    } catch {
      return new MemoryStore();
    }
  }

  /** @param {string} project @returns {Promise<Entry[]>} */
  all(project) {
    return new Promise((resolve, reject) => {
      const request = this.database.transaction("entries").objectStore("entries").getAll();
      request.onerror = () => reject(request.error);
      request.onsuccess = () => resolve(
        request.result.filter((entry) => entry.project === project).sort((a, b) => a.seq - b.seq));
    });
  }

  /**
   * Writes and removes entries, all or none.
   * @param {Entry[]} written
   * @param {number[]} removed
   * @returns {Promise<void>}
   */
  change(written, removed) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction("entries", "readwrite", { durability: "strict" });
      const store = transaction.objectStore("entries");
      for (const entry of written) store.put(entry);
      for (const seq of removed) store.delete(seq);
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("entries", { keyPath: "seq" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
