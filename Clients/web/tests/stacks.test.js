// A stack of three slices and two time points: what belongs to a plane stays there.
import test from "node:test";
import assert from "node:assert/strict";
import { UnreachableError } from "../model/api.js";
import { commit } from "../model/actions.js";
import { continuable } from "../model/continuing.js";
import { showChange, showObject, turn } from "../model/turning.js";
import { openedApp } from "./opened-app.js";

const MASK = { box: [10, 10, 12, 12], runs: [0, 4] };
const OTHER = { box: [20, 20, 22, 22], runs: [0, 4] };
const SUMMARY = { id: 1, name: "a", shape: { t: 2, z: 3, y: 300, x: 300, c: 1 }, edit: 0, canUndo: false, canRedo: false,
  channels: [], levels: [] };

/** A server that keeps what it was asked, and answers what a test says. */
class FakeApi {
  constructor() {
    this.isDown = false;
    /** @type {{path: string, body: any}[]} */
    this.sent = [];
    /** @type {string[]} */
    this.asked = [];
    /** @type {any[]} */
    this.objects = [];
    /** @type {any[]} */
    this.known = [];
    /** @type {any[]} */
    this.answers = [];
    this.runs = 0;
  }

  async labels(path) {
    this.asked.push(path);
    return { hash: "h", data: new Uint32Array(65536).fill(Number(/labels\/\d+\/(\d+)/.exec(path)?.[1]) + 50) };
  }

  async get(path) {
    if (path.includes("/automatic/")) return { objects: [{ label: 1, box: [0, 0, 1, 1], area: 1, centroid: [0, 0] }] };
    if (path.endsWith("/objects")) return { edit: 0, objects: this.objects };
    if (path.endsWith("/labels")) return { edit: 0, tiles: this.known };
    return structuredClone(SUMMARY);
  }

  async post(path, body) {
    if (path.endsWith("/prepare")) return { state: "ready" };
    this.sent.push({ path, body: structuredClone(body) });
    if (path.endsWith("/predict")) {
      return { masks: body.objects.map(({ id }) => ({ id, mask: body.z === 1 ? MASK : OTHER, score: 1, stability: 1 })) };
    }
    if (path.endsWith("/automatic")) return { run: `run-${++this.runs}`, count: 1 };
    if (this.isDown) throw new UnreachableError();
    return this.answers.shift() ?? { edit: 1, tiles: [], objects: [], removed: [], created: [], canUndo: true, canRedo: false };
  }

  async delete(path) { this.sent.push({ path, body: null }); }
}

/** @param {(api: FakeApi) => void} [prepared] */
async function opened(prepared = () => undefined) {
  const api = new FakeApi();
  prepared(api);
  const app = await openedApp(api);
  const { document } = app;
  assert.ok(document);
  return { api, app, document };
}

async function until(test) {
  for (let i = 0; i < 200 && !test(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(test());
}

const POINT = /** @type {any} */ ({ type: "point", y: 11, x: 11, label: "positive" });

test("an object in work stays with its plane, and is committed there", async () => {
  const { api, app, document } = await opened();
  assert.deepEqual(document.plane, { t: 0, z: 1 });
  app.current?.add(POINT);
  turn(app, { t: 0, z: 2 });
  assert.equal(app.current?.isEmpty, true);
  assert.deepEqual(app.works?.elsewhere.map(({ plane }) => plane.z), [1]);
  turn(app, { t: 0, z: 1 });
  await until(() => app.current?.hasMask);
  assert.deepEqual(app.current?.active?.prompts, [POINT]);
  const { body } = api.sent.filter(({ path }) => path.endsWith("/predict"))[0];
  assert.deepEqual([body.t, body.z], [0, 1]);
  const work = app.works?.shown;
  turn(app, { t: 1, z: 0 });
  commit(app, work);
  await until(() => api.sent.some(({ path }) => path.endsWith("/gestures")));
  const sent = api.sent.find(({ path }) => path.endsWith("/gestures"))?.body;
  assert.deepEqual([sent.t, sent.z, sent.mask], [0, 1, MASK]);
  assert.deepEqual(app.works?.elsewhere, []);
});

test("what is on its way is seen on its plane only", async () => {
  const { api, app, document } = await opened();
  api.isDown = true;
  const [label] = document.perform({ kind: "commit", mask: MASK, prompts: [], rule: "keep" }, "Commit");
  await document.labels.load(0, 0);
  assert.equal(document.labels.at(10, 10), label);
  turn(app, { t: 0, z: 0 });
  await document.labels.load(0, 0);
  assert.equal(document.labels.at(10, 10), 0);
  assert.deepEqual(document.objects.get(label)?.z, [1, 2]);
  document.perform({ kind: "delete", labels: [label] }, "Delete");
  turn(app, { t: 0, z: 1 });
  assert.equal(document.labels.at(10, 10), 0);
});

test("what another page changes on a plane that is not shown is asked for when it is turned to", async () => {
  const { api, app, document } = await opened();
  await document.labels.load(0, 0);
  turn(app, { t: 0, z: 2 });
  await document.take({ edit: 3, objects: [{ label: 51 }], removed: [], canUndo: true, canRedo: false,
    tiles: [{ t: 0, z: 1, row: 0, col: 0, hash: "h" }, { t: 1, z: 1, row: 0, col: 0, hash: "h" }] });
  assert.deepEqual(api.asked, []);
  assert.ok(document.objects.get(51));
  turn(app, { t: 0, z: 1 });
  assert.equal(document.labels.at(10, 10), null);
  await until(() => document.labels.at(10, 10) === 51);
  assert.deepEqual(api.asked, ["/images/1/labels/0/1/0/0"]);
});

test("a selected object goes on with the prompts of a plane where it has no pixels", async () => {
  const row = { label: 7, class: "nucleus", name: null, box: [10, 10, 12, 12], t: [0, 1], z: [1, 2], area: 4, centroid: [11, 11] };
  const { api, app, document } = await opened((server) => { server.objects = [row]; server.known = [{ t: 0, z: 1, row: 0, col: 0, hash: "h" }]; });
  app.selection.set(new Set([7]));
  app.activeClass.set("other");
  assert.equal(continuable(app), null);
  turn(app, { t: 0, z: 2 });
  assert.equal(continuable(app), 7);
  app.current?.add(POINT);
  await until(() => app.current?.hasMask);
  app.settings.change({ continues: true });
  api.isDown = true;
  commit(app);
  assert.deepEqual(document.objects.all().map(({ label, area, z }) => ({ label, area, z })), [{ label: 7, area: 8, z: [1, 3] }]);
  assert.deepEqual(document.objects.get(7)?.box, [10, 10, 22, 22]);
  assert.equal(document.objects.get(7)?.class, "nucleus");
  const { body } = /** @type {any} */ (app.outbox?.entries[0]);
  assert.deepEqual([body.replaces, body.t, body.z, body.class], [7, 0, 2, undefined]);
  await document.labels.load(0, 0);
  assert.equal(document.labels.at(20, 20), 7);
  assert.equal(continuable(app), null);
});

test("an object elsewhere and an undo elsewhere are turned to", async () => {
  const { app, document } = await opened();
  /** @type {any[]} */
  const notices = [];
  app.notices.listen((notice) => notices.push(notice));
  showObject(app, /** @type {any} */ ({ label: 1, box: [0, 0, 5, 5], t: [1, 2], z: [0, 1] }));
  assert.deepEqual(document.plane, { t: 1, z: 0 });
  showChange(app, [{ t: 1, z: 0 }, { t: 0, z: 0 }], "Undone");
  assert.deepEqual(document.plane, { t: 1, z: 0 });
  showChange(app, [{ t: 0, z: 2 }, { t: 0, z: 1 }], "Undone");
  assert.deepEqual(document.plane, { t: 0, z: 1 });
  assert.equal(notices[0].text, "Undone on time point 0, slice 1.");
  notices[0].action.run();
  assert.deepEqual(document.plane, { t: 1, z: 0 });
});

test("an automatic result stays with its plane; the oldest are given back", async () => {
  const { api, app } = await opened();
  app.automatic?.ask("ais", {});
  await until(() => app.automatic?.run);
  const { body } = api.sent.filter(({ path }) => path.endsWith("/automatic"))[0];
  assert.deepEqual([body.t, body.z], [0, 1]);
  await app.automatic?.run?.labels.load(0, 0);
  assert.deepEqual(api.asked, ["/images/1/automatic/run-1/labels/0/1/0/0"]);
  const first = app.automatic;
  turn(app, { t: 0, z: 0 });
  assert.equal(app.automatic?.run, null);
  assert.equal(app.works?.withRun("run-1"), first);
  app.works?.document && (app.works.document.size = { y: 10_000, x: 10_000 });
  app.automatic?.ask("ais", {});
  await until(() => app.automatic?.run);
  assert.equal(first?.run, null);
  assert.ok(api.sent.some(({ path }) => path === "/images/1/automatic/run-1"));
});

test("who is drawing does not turn", async () => {
  const { app, document } = await opened();
  app.tool = /** @type {any} */ ({ isBusy: true, cancel() {} });
  assert.equal(turn(app, { t: 0, z: 0 }), false);
  assert.deepEqual(document.plane, { t: 0, z: 1 });
});
