import test, { afterEach } from "node:test";
import assert from "node:assert/strict";
import { ImageDocument, inForce } from "../model/document.js";
import { Outbox, PROVISIONAL } from "../model/outbox.js";
import { MemoryStore } from "../model/store.js";
import { RefusedError, UnreachableError } from "../model/api.js";

const MASK = { box: [10, 10, 12, 12], runs: [0, 4] };

/** A server with one empty image that answers as it is told. */
class FakeApi {
  constructor() {
    this.sent = [];
    this.isDown = false;
    this.answers = [];
    this.tiles = new Map();
  }

  async labels(path) {
    return this.tiles.get(path) ?? { hash: "0", data: null };
  }

  async get(path) {
    if (path.endsWith("/objects")) return { edit: 0, objects: [] };
    if (path.endsWith("/labels")) return { edit: 0, tiles: [] };
    return summary();
  }

  async post(path, body) {
    if (this.isDown) throw new UnreachableError();
    this.sent.push({ path, body: structuredClone(body) });
    const answer = this.answers.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? { edit: 0, tiles: [], objects: [], removed: [], created: [], canUndo: true, canRedo: false };
  }
}

function summary() {
  return { id: 1, name: "a", shape: { t: 1, z: 1, y: 300, x: 300, c: 1 }, edit: 0, canUndo: false, canRedo: false,
    channels: [], levels: [] };
}

/** @type {Outbox[]} */
const outboxes = [];
afterEach(() => { for (const outbox of outboxes.splice(0)) outbox.close(); });

async function opened() {
  const api = new FakeApi();
  const store = new MemoryStore();
  let document;
  const outbox = new Outbox(/** @type {any} */ (api), store, "project", "client", () => document.edit);
  outboxes.push(outbox);
  document = new ImageDocument(/** @type {any} */ (api), outbox, /** @type {any} */ (summary()));
  await document.sync();
  return { api, store, outbox, document };
}

async function until(test) {
  for (let i = 0; i < 200 && !test(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(test());
}

test("a commit is on the screen before the server has answered", async () => {
  const { api, document } = await opened();
  api.isDown = true;
  await document.labels.load(0, 0);
  const [label] = document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  assert.ok(label >= PROVISIONAL);
  assert.equal(document.labels.at(10, 10), label);
  assert.equal(document.objects.get(label)?.area, 4);
  assert.equal(document.labels.at(12, 12), 0);
});

test("between the answer and its tiles, a new object has the server's label", async () => {
  const { api, document } = await opened();
  await document.labels.load(0, 0);
  let send = () => {};
  api.labels = () => new Promise((resolve) => { send = () => resolve({ hash: "h", data: new Uint32Array(65536) }); });
  api.answers.push({ edit: 1, tiles: [{ t: 0, z: 0, row: 0, col: 0, hash: "h" }], created: [7], removed: [],
    objects: [{ label: 7, box: [10, 10, 12, 12], area: 4 }], canUndo: true, canRedo: false });
  api.answers.push(new UnreachableError());
  const [label] = document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  document.perform({ kind: "paint", label, mask: { box: [12, 12, 13, 13], runs: [0, 1] }, rule: "keep" }, "Paint");
  await until(() => document.labels.at(10, 10) === 7);
  assert.equal(document.labels.at(12, 12), 7);
  assert.equal(document.objects.get(label), null);
  assert.equal(document.objects.get(7)?.area, 4);
  await until(() => api.sent.length === 2);
  assert.equal(api.sent[1].body.label, 7);
  send();
});

test("the server's answer takes its place", async () => {
  const { api, document, outbox } = await opened();
  await document.labels.load(0, 0);
  const data = new Uint32Array(65536);
  data[10 * 256 + 10] = 7;
  api.tiles.set("/images/1/labels/0/0/0/0", { hash: "h", data });
  api.answers.push({ edit: 1, tiles: [{ t: 0, z: 0, row: 0, col: 0, hash: "h" }], created: [7], removed: [],
    canUndo: true, canRedo: false,
    objects: [{ label: 7, area: 1, box: [10, 10, 11, 11] }] });
  document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  await until(() => outbox.entries.length === 0 && document.pending.size === 0);
  assert.equal(document.labels.at(10, 10), 7);
  assert.equal(document.labels.at(11, 11), 0);
  assert.equal(document.edit, 1);
  assert.deepEqual(document.objects.all().map((row) => row.label), [7]);
});

test("a gesture on an object without a name gets the name before it is sent", async () => {
  const { api, document, outbox } = await opened();
  api.isDown = true;
  const [label] = document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  document.perform({ kind: "flags", labels: [label], locked: true }, "Lock");
  document.perform({ kind: "paint", label, mask: MASK, rule: "keep" }, "Paint");
  api.isDown = false;
  api.answers.push({ edit: 1, tiles: [], objects: [{ label: 9, area: 4, box: MASK.box }], removed: [], created: [9],
    canUndo: true, canRedo: false });
  outbox.retry();
  await until(() => outbox.entries.length === 0);
  assert.deepEqual(api.sent[1].body.labels, [9]);
  assert.equal(api.sent[2].body.label, 9);
  assert.equal(api.sent[1].body.base, 1);
});

test("without a connection everything is kept, and sent under the same keys", async () => {
  const { api, store, document, outbox } = await opened();
  api.isDown = true;
  for (let i = 0; i < 3; i++) document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  await until(() => !outbox.state.current.online);
  assert.deepEqual(outbox.state.current, { waiting: 3, unkept: 3, online: false, problem: "" });
  const kept = await store.all("project");
  assert.equal(kept.length, 3);

  // A page that comes after a reload.
  const later = new Outbox(/** @type {any} */ (api), store, "project", "another", () => 0);
  outbox.close();
  outboxes.push(later);
  api.isDown = false;
  assert.equal(await later.restore(async () => false), 3);
  await until(() => later.entries.length === 0);
  assert.deepEqual(api.sent.map(({ body }) => body.key), kept.map(({ body }) => body.key));
  assert.deepEqual(api.sent.map(({ body }) => body.client), ["client", "client", "client"]);
  assert.equal((await store.all("project")).length, 0);
});

test("what another living page keeps is left alone", async () => {
  const { api, store, document } = await opened();
  api.isDown = true;
  document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  const other = new Outbox(/** @type {any} */ (api), store, "project", "another", () => 0);
  assert.equal(await other.restore(async (client) => client === "client"), 0);
});

test("a conflict is tried again on the new base, under the same key", async () => {
  const { api, document, outbox } = await opened();
  api.answers.push(new RefusedError(409, { code: "conflict", message: "changed" }, { current: 5, tiles: [],
    objects: [{ label: 3, area: 1, box: [0, 0, 1, 1] }], removed: [] }));
  document.perform({ kind: "delete", labels: [3] }, "Delete");
  await until(() => outbox.entries.length === 0);
  assert.deepEqual(api.sent.map(({ body }) => body.base), [0, 5]);
  assert.equal(api.sent[0].body.key, api.sent[1].body.key);
});

test("what is refused for good disappears again", async () => {
  const { api, document, outbox } = await opened();
  await document.labels.load(0, 0);
  const words = [];
  outbox.refused.listen(({ error }) => words.push(error.message));
  api.answers.push(new RefusedError(422, { code: "noObject", message: "the object is gone" }, {}));
  document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  await until(() => document.pending.size === 0);
  assert.deepEqual(words, ["the object is gone"]);
  assert.equal(document.labels.at(10, 10), 0);
  assert.equal(document.objects.all().length, 0);
});

test("undo without a connection takes back what is seen", async () => {
  const { api, document } = await opened();
  api.isDown = true;
  await document.labels.load(0, 0);
  document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  document.undo();
  assert.equal(document.labels.at(10, 10), 0);
  assert.equal(document.canRedo(), true);
  document.redo();
  assert.ok(document.labels.at(10, 10));
});

test("undo and redo among what waits", () => {
  const one = (kind, name) => /** @type {any} */ ({ gesture: { kind }, name });
  const names = (list) => inForce(list).map(({ name }) => /** @type {any} */ (name));
  assert.deepEqual(names([one("paint", "a"), one("undo")]), []);
  assert.deepEqual(inForce([one("paint", "a"), one("undo"), one("redo")]).length, 1);
  assert.deepEqual(inForce([one("undo"), one("paint", "b")]).length, 1);
});
