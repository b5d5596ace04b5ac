// An object goes through a stack of nine slices; the test is the server.
import test from "node:test";
import assert from "node:assert/strict";
import { clear, commit, leave } from "../model/actions.js";
import { turn } from "../model/turning.js";
import { slicesWords } from "../panels/volume.js";
import { MASK, PART, POINT, STOP, followed, opened, until } from "./followed.js";

test("the prompts of a slice go through the volume, with the mask that is seen", async () => {
  const { api, volume, app, news } = await followed();
  const [{ path, body }] = api.volumes;
  assert.equal(path, `/images/1/volume/${volume.run}`);
  assert.deepEqual(body.keys, [{ z: 4, prompts: [POINT], mask: MASK }]);
  assert.deepEqual([body.t, body.revision, body.replaces], [0, 1, undefined]);
  assert.ok(volume.isRunning && volume.isHere);
  news({ part: { z: 3, mask: PART, score: 0.5, stability: 0.5, origin: "projection" } });
  news({ part: { z: 5, mask: PART, score: 0.5, stability: 0.5, origin: "projection" } });
  assert.deepEqual(volume.slices, [3, 4, 5]);
  assert.deepEqual(volume.shownOn({ t: 0, z: 3 }).map(({ mask }) => mask), [PART]);
  assert.deepEqual(volume.shownOn({ t: 0, z: 4 }), []);
  assert.deepEqual(volume.shownOn({ t: 1, z: 3 }), []);
  news({ part: { z: 5 } });
  assert.deepEqual(volume.slices, [3, 4]);
  news({ state: "done" });
  assert.equal(volume.state, "done");
  assert.equal(app.current?.isEmpty, false);
});

test("prompts on other slices are sent while it runs; what is said of earlier ones does not end it", async () => {
  const { api, volume, app, news } = await followed();
  turn(app, { t: 0, z: 7 });
  app.current?.add(STOP);
  await until(() => api.volumes.length === 2);
  assert.deepEqual(api.volumes[1].body.keys.map(({ z, mask }) => [z, mask]), [[4, MASK], [7, undefined]]);
  assert.equal(api.volumes[1].body.revision, 2);
  news({ revision: 1, state: "done" });
  assert.ok(volume.isRunning);
  news({ part: { z: 7, mask: PART } });
  assert.deepEqual(volume.slices, [4]);
  news({ state: "failed", message: "no" });
  assert.deepEqual([volume.state, volume.message], ["failed", "no"]);
});

test("a commit is one gesture over all slices that have come, and only where nothing is", async () => {
  const { api, volume, app, news } = await followed();
  const document = /** @type {import("../model/document.js").ImageDocument} */ (app.document);
  app.settings.change({ rule: "overwrite" });
  news({ part: { z: 5, mask: PART, score: 0.5, stability: 0.4, origin: "projection" } });
  turn(app, { t: 0, z: 5 });
  news({ state: "done" });
  const created = commit(app);
  assert.ok(Array.isArray(created) && created.length === 1);
  const { body } = /** @type {any} */ (app.outbox?.entries[0]);
  assert.deepEqual([body.kind, body.rule, body.t, body.z], ["commitVolume", "keep", 0, 4]);
  assert.deepEqual(body.objects.map(({ z, mask, score }) => [z, mask, score]), [[4, MASK, 0.9], [5, PART, 0.5]]);
  assert.deepEqual(body.objects[0].prompts, [POINT]);
  assert.equal(volume.isActive, false);
  assert.deepEqual(app.works?.all.filter(({ current }) => !current.isEmpty), []);
  await until(() => api.volumes.some(({ method }) => method === "delete"));
  const [row] = document.objects.all();
  assert.deepEqual([row.z, row.area, row.box], [[4, 6], 10, [10, 10, 12, 13]]);
  await document.labels.load(0, 0);
  assert.equal(document.labels.at(10, 12), row.label);
  turn(app, { t: 0, z: 4 });
  await document.labels.load(0, 0);
  assert.deepEqual([document.labels.at(10, 11), document.labels.at(10, 12)], [row.label, 0]);
});

test("who stops keeps the slices that have come; who discards keeps the prompts", async () => {
  const { api, volume, app, news } = await followed();
  news({ part: { z: 5, mask: PART } });
  leave(app);
  assert.equal(volume.state, "stopped");
  await until(() => api.volumes.at(-1)?.method === "delete");
  news({ part: { z: 6, mask: PART } });
  assert.deepEqual(volume.slices, [4, 5]);
  leave(app);
  assert.equal(volume.isActive, false);
  assert.equal(app.current?.isEmpty, false);
  const before = volume.run;
  volume.start();
  await until(() => api.volumes.length === 3);
  assert.notEqual(volume.run, before);
  clear(app);
  assert.equal(volume.isActive, false);
  assert.equal(app.current?.isEmpty, true);
});

test("prompts that have changed make it run at once, before they are sent", async () => {
  const { api, volume, app, news } = await followed();
  news({ state: "done" });
  assert.equal(volume.isRunning, false);
  turn(app, { t: 0, z: 7 });
  app.current?.add(STOP);
  assert.equal(volume.isRunning, true);
  app.current?.undo();
  await until(() => !volume.isRunning);
  assert.equal(api.volumes.length, 1);
});

test("what events have told is not undone by an answer that comes later", async () => {
  const { api, volume, app } = await followed();
  api.before = () => volume.take({ run: volume.run, revision: volume.revision, state: "done" });
  turn(app, { t: 0, z: 7 });
  app.current?.add(STOP);
  await until(() => api.volumes.length === 2 && !volume.latest.isBusy);
  assert.equal(volume.state, "done");
});

test("without a prompt, or on an image without slices nothing begins", async () => {
  const { api, app, volume, said } = await opened();
  volume.start();
  assert.match(said[0], /Click on an object first/);
  assert.equal(volume.isPossible, false);
  app.current?.add(POINT);
  assert.equal(volume.isPossible, true);
  app.current?.add(POINT, true);
  assert.equal(volume.isPossible, true);
  assert.deepEqual(api.volumes, []);
  assert.equal(volume.isActive, false);
});

test("a commit waits for slices that are on their way, and takes none of earlier prompts", async () => {
  const { api, volume, app, news, said } = await followed();
  for (const z of [3, 5, 6, 7]) news({ part: { z, mask: PART, score: 0.5, stability: 0.5, origin: "projection" } });
  news({ state: "done" });
  turn(app, { t: 0, z: 6 });
  app.current?.add(STOP);
  commit(app);
  assert.match(said.at(-1) ?? "", /committed when all slices are there/);
  assert.deepEqual(app.outbox?.entries, []);
  await until(() => api.volumes.length === 2);
  news({ part: { z: 7 } });
  news({ state: "done" });
  const sent = (app.outbox?.entries ?? []).map((/** @type {any} */ { body }) => body.objects.map(({ z }) => z));
  assert.deepEqual(sent, [[3, 4, 5]]);
  assert.equal(volume.isActive, false);
});

test("who stops after a change keeps only what belongs to the new prompts", async () => {
  const { api, volume, app, news } = await followed();
  for (const z of [3, 5, 6]) news({ part: { z, mask: PART, score: 0.5, stability: 0.5, origin: "projection" } });
  news({ state: "done" });
  app.current?.add({ ...POINT, x: 12 });
  await until(() => api.volumes.length === 2);
  news({ part: { z: 5, mask: MASK, score: 0.5, stability: 0.5, origin: "projection" } });
  volume.stop();
  assert.deepEqual(volume.slices, [4, 5]);
});

test("other options begin again, and a limit of slices ends with the object", async () => {
  const { api, app, volume } = await followed();
  await until(() => api.volumes.length === 1);
  assert.equal(api.volumes[0].body.options.projection, "single_point");
  const { run } = volume;
  app.settings.change({ projection: "mask", overlap: 0.3 });
  volume.range = { first: 2, last: null };
  volume.later();
  await until(() => api.volumes.length === 3);
  assert.deepEqual(api.volumes.slice(1).map(({ method }) => method), ["delete", "post"]);
  assert.notEqual(volume.run, run);
  assert.deepEqual(api.volumes[2].body.options, { projection: "mask", overlap_threshold: 0.3, stop_after_empty: 1, first: 2 });
  assert.equal(api.volumes[2].body.revision, 1);
  volume.clear();
  assert.deepEqual(volume.range, { first: null, last: null });
  volume.later();
  assert.equal(volume.state, "none");
});

test("the last positive prompt that is taken away ends the run", async () => {
  const { api, volume, app } = await followed();
  app.current?.remove(0, 0);
  await until(() => !volume.isActive);
  assert.equal(api.volumes.at(-1)?.method, "delete");
});

test("a page that has missed events asks for all masks", async () => {
  const { api, volume } = await followed();
  api.state = { run: volume.run, revision: 1, state: "done", parts: [{ z: 2, mask: PART }, { z: 3, mask: PART }] };
  await volume.sync();
  assert.deepEqual([volume.slices, volume.state], [[2, 3, 4], "done"]);
});

test("slices in words", () => {
  assert.deepEqual([[], [3], [3, 4, 7]].map((slices) => slicesWords(slices)), ["No slice yet", "Slice 3", "3 slices, 3–7"]);
  assert.equal(slicesWords([3, 4], 2), "2 objects: 2 slices, 3–4");
});
