import test, { afterEach } from "node:test";
import assert from "node:assert/strict";
import { UnreachableError } from "../model/api.js";
import { Outbox } from "../model/outbox.js";
import { savingTitle, savingWords } from "../model/saving.js";
import { IndexedStore, MemoryStore } from "../model/store.js";

/** A browser's store with room for a few entries; beyond that it fails as IndexedDB does. */
class SmallStore extends MemoryStore {
  constructor(room) {
    super();
    this.keeps = true;
    this.room = room;
  }

  async change(written, removed) {
    const added = written.filter(({ seq }) => !this.entries.has(seq)).length;
    if (added && this.entries.size - removed.length + added > this.room) {
      throw new DOMException("no room", "QuotaExceededError");
    }
    await super.change(written, removed);
  }
}

const outboxes = [];
afterEach(() => { for (const outbox of outboxes.splice(0)) outbox.close(); });

function offline(store) {
  const api = { isDown: true, post: async () => {
    if (api.isDown) throw new UnreachableError();
    return { edit: 1, tiles: [], objects: [], removed: [], created: [] };
  } };
  const outbox = new Outbox(/** @type {any} */ (api), store, "project", "client", () => 0);
  outboxes.push(outbox);
  return { api, outbox };
}

function add(outbox, count) {
  for (let i = 0; i < count; i++) outbox.add(1, "gestures", { kind: "paint" }, "Paint");
}

async function until(test) {
  for (let i = 0; i < 200 && !test(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(test());
}

test("what the browser has stored is said to be kept", async () => {
  const { outbox } = offline(new SmallStore(9));
  add(outbox, 2);
  await until(() => !outbox.state.current.online);
  const state = outbox.state.current;
  assert.equal(savingWords(state, false), "offline, 2 kept here");
  assert.match(savingTitle(state, false), /are kept in this browser/);
});

test("without room the page says what a reload loses", async () => {
  const store = new SmallStore(2);
  const { api, outbox } = offline(store);
  add(outbox, 3);
  await until(() => !outbox.state.current.online && outbox.state.current.unkept === 1);
  assert.equal(savingWords(outbox.state.current, false), "offline, 3 wait, a reload loses 1");
  assert.match(savingTitle(outbox.state.current, false), /could not store 1 of your 3 gestures: do not close or reload/);
  assert.equal((await store.all("project")).length, 2);

  // Once others are sent there is room again, and none is lost.
  const stored = [];
  outbox.answered.listen(() => void store.all("project").then((entries) => stored.push(entries.map(({ seq }) => seq))));
  api.isDown = false;
  const last = outbox.entries[2].seq;
  outbox.retry();
  await until(() => outbox.entries.length === 0 && outbox.state.current.unkept === 0);
  assert.ok(stored.some((seqs) => seqs.includes(last)), "the one that had found no room");
  assert.equal(savingWords(outbox.state.current, true), "saved");
  assert.equal((await store.all("project")).length, 0);
});

test("a store that fails always loses nothing while the page is open", async () => {
  const { api, outbox } = offline(new SmallStore(0));
  add(outbox, 2);
  await until(() => outbox.state.current.unkept === 2 && !outbox.state.current.online);
  assert.equal(savingWords(outbox.state.current, false), "offline, a reload loses 2");
  assert.equal(savingWords({ ...outbox.state.current, problem: "no space" }, true), "not saved, a reload loses 2");
  assert.match(savingTitle({ ...outbox.state.current, problem: "no space" }, true), /^No space. This browser could not/);
  api.isDown = false;
  outbox.retry();
  await until(() => outbox.entries.length === 0);
  assert.equal(outbox.state.current.unkept, 0);
});

test("without IndexedDB a reload loses all that waits", async () => {
  assert.equal("indexedDB" in globalThis, false, "node has none");
  const store = await IndexedStore.open();
  assert.ok(store instanceof MemoryStore);
  const { outbox } = offline(store);
  add(outbox, 1);
  await until(() => outbox.state.current.unkept === 1 && !outbox.state.current.online);
  assert.equal(savingWords(outbox.state.current, false), "offline, a reload loses 1");
});

test("a full disk, or a database that the browser has closed, is noticed", async () => {
  const full = { transaction: () => {
    const transaction = { error: new DOMException("full", "QuotaExceededError"), onabort: () => undefined,
      objectStore: () => ({ put: () => queueMicrotask(() => transaction.onabort()), delete: () => undefined }) };
    return transaction;
  } };
  const closed = { transaction: () => { throw new DOMException("closed", "InvalidStateError"); } };
  for (const database of [full, closed]) {
    const { outbox } = offline(new IndexedStore(/** @type {any} */ (database)));
    add(outbox, 1);
    await until(() => outbox.state.current.unkept === 1);
  }
});
