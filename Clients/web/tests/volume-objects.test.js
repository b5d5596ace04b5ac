// Several objects go through a stack of nine slices; the test is the server.
import test from "node:test";
import assert from "node:assert/strict";
import { commit } from "../model/actions.js";
import { turn } from "../model/turning.js";
import { objectFor } from "../model/volume-parts.js";
import { MASK, PART, POINT, STOP, bothFollowed, until } from "./followed.js";

test("several objects go through the volume at once, and each is committed as its own", async () => {
  const { api, app, volume } = await bothFollowed();
  const other = { ...POINT, x: 50 };
  assert.deepEqual(api.volumes[0].body.keys.map(({ object, prompts }) => [object, prompts]), [[undefined, [POINT]], [2, [other]]]);
  const news = (/** @type {any} */ part) => volume.take({ run: volume.run, revision: 1, state: "running", part });
  news({ object: 1, z: 5, mask: PART, score: 0.5, stability: 0.5, origin: "projection" });
  news({ object: 2, z: 5, mask: MASK, score: 0.5, stability: 0.5, origin: "projection" });
  news({ object: 2, z: 3, mask: MASK, score: 0.5, stability: 0.5, origin: "projection" });
  assert.deepEqual([volume.slices, volume.objectCount], [[3, 4, 5], 2]);
  assert.deepEqual(volume.shownOn({ t: 0, z: 5 }).map(({ mask }) => mask), [PART, MASK]);
  volume.take({ run: volume.run, revision: 1, state: "done" });
  commit(app);
  const sent = (app.outbox?.entries ?? []).map((/** @type {any} */ { body }) => [body.kind, body.objects.map(({ z }) => z)]);
  assert.deepEqual(sent, [["commitVolume", [4, 5]], ["commitVolume", [3, 4, 5]]]);
  assert.equal(volume.isActive, false);
});

test("a prompt belongs to the object under it, and otherwise to the one that was touched last", async () => {
  const { api, app, volume } = await bothFollowed();
  const far = { box: [40, 40, 50, 50], runs: [0, 100] };
  for (const [object, mask] of [[1, PART], [2, far]]) {
    volume.take({ run: volume.run, revision: 1, state: "running", part: { object, z: 6, mask } });
  }
  turn(app, { t: 0, z: 6 });
  assert.equal(objectFor(volume, { ...STOP, y: 45, x: 45 }), 2);
  assert.equal(objectFor(volume, { ...STOP, y: 11, x: 11 }), 1);
  assert.equal(objectFor(volume, { ...STOP, y: 200, x: 200 }), 1);
  app.settings.change({ batch: true });
  assert.equal(objectFor(volume, { ...POINT, y: 200, x: 200 }), 3);
  app.current?.addTo({ ...STOP, y: 45, x: 45 }, 2);
  await until(() => api.volumes.length === 2);
  assert.deepEqual(api.volumes[1].body.keys.map(({ z, object, prompts }) => [z, object, prompts.length]),
    [[4, undefined, 1], [4, 2, 1], [6, 2, 1]]);
});

test("without the first object the second one stays the second", async () => {
  const { api, app, volume } = await bothFollowed();
  for (const object of [1, 2]) volume.take({ run: volume.run, revision: 1, state: "running", part: { object, z: object + 5, mask: MASK } });
  app.current?.remove(0, 0);
  await until(() => api.volumes.length === 2);
  assert.deepEqual(api.volumes[1].body.keys.map(({ object }) => object), [2]);
  assert.deepEqual(volume.collected().map(({ object, z }) => [object, z]), [[2, 4], [2, 7]]);
});

test("an object that is taken away takes its slices along", async () => {
  const { api, app, volume } = await bothFollowed();
  volume.take({ run: volume.run, revision: 1, state: "running", part: { object: 2, z: 5, mask: MASK } });
  app.current?.remove(1, 0);
  await until(() => api.volumes.length === 2);
  assert.deepEqual(volume.slices, [4]);
});
