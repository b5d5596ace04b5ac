import test from "node:test";
import assert from "node:assert/strict";
import { Forest, placeAt, placeOf } from "../tracks/forest.js";
import { Tracks, isMovie } from "../tracks/tracks.js";
import { Signal, Value } from "../model/signal.js";
import { ObjectTable } from "../model/objects.js";

const track = (label, from, to, parent = null) => (
  { label, parent, places: Array.from({ length: to - from + 1 }, (_, i) => [from + i, 10 * label, 5 * i, 40]) });

test("a mother lies in the middle of her daughters, and trees below each other", () => {
  const forest = new Forest([track(1, 0, 3), track(2, 4, 9, 1), track(3, 4, 5, 1), track(4, 6, 9, 3), track(5, 6, 9, 3), track(9, 2, 9)]);
  const rows = Object.fromEntries([...forest.branches].map(([label, { row }]) => [label, row]));
  assert.deepEqual(rows, { 1: 0.75, 2: 0, 3: 1.5, 4: 1, 5: 2, 9: 3 });
  assert.equal(forest.rows, 4);
  assert.equal(forest.branches.get(5).generation, 2);
  assert.deepEqual(forest.seen(0.9, 1.6).map((branch) => branch.track.label), [4, 3]);
});

test("a very long lineage is laid out without recursion", () => {
  const tracks = [];
  for (let i = 0; i < 20_000; i++) {
    tracks.push(track(2 * i + 1, i, i, i ? 2 * i - 1 : null), track(2 * i + 2, i, i, i ? 2 * i - 1 : null));
  }
  assert.equal(new Forest(tracks).rows, 20_001);
});

test("arrow keys follow time, and step over divisions and to neighbours", () => {
  const forest = new Forest([track(1, 0, 3), track(2, 4, 9, 1), track(3, 4, 5, 1)]);
  assert.deepEqual(forest.next({ t: 2, label: 1 }, "right"), { t: 3, label: 1 });
  assert.deepEqual(forest.next({ t: 3, label: 1 }, "right"), { t: 4, label: 2 });
  assert.deepEqual(forest.next({ t: 4, label: 3 }, "left"), { t: 3, label: 1 });
  assert.equal(forest.next({ t: 0, label: 1 }, "left"), null);
  assert.deepEqual(forest.next({ t: 9, label: 2 }, "down"), { t: 3, label: 1 });
  assert.deepEqual(forest.next({ t: 4, label: 3 }, "up"), { t: 3, label: 1 });
});

test("the place of a track is found, and the nearest one in a gap", () => {
  const one = { label: 1, parent: null, places: [[0, 1, 1, 9], [1, 1, 1, 9], [5, 1, 1, 9]] };
  assert.equal(placeAt(one, 2)[0], 1);
  assert.equal(placeAt(one, 4)[0], 5);
  assert.equal(placeAt(one, 9)[0], 5);
  assert.equal(placeOf(one, 2), null);
  assert.equal(placeOf(one, 5)[0], 5);
});

/** An application with a movie whose server has these tracks. */
function application(tracks) {
  const asked = [], performed = [];
  const objects = new ObjectTable();
  const rows = () => [...tracks.values()].map(({ label, parent }) => ({ label, parent, t: [0, 1], z: [0, 1], area: 1, box: [0, 0, 1, 1] }));
  objects.reset(rows());
  const app = {
    asked, performed, said: [],
    api: { get: async (path) => {
      asked.push(path);
      const wanted = path.split("labels=")[1]?.split(",").map(Number);
      return { edit: 1, tracks: [...tracks.values()].filter(({ label }) => !wanted || wanted.includes(label)) };
    } },
    document: { address: "/images/1", plane: { t: 0, z: 0 }, image: { shape: { t: 10, z: 1 } }, objects, edit: 1 },
    opened: new Signal(), objectsChanged: new Signal(), redraw: new Signal(), turned: new Signal(),
    selection: new Value(new Set()), toolName: new Value("point"),
    perform: (gesture) => performed.push(gesture), say: (text) => app.said.push(text), complain: assert.fail,
  };
  return app;
}

const settled = () => new Promise((done) => setTimeout(done));

test("only what has changed is asked for again, with the daughters of what has changed", async () => {
  const known = new Map([[1, track(1, 0, 3)], [2, track(2, 4, 9, 1)], [3, track(3, 4, 9, 1)], [4, track(4, 0, 9)]]);
  const app = application(known);
  const tracks = new Tracks(app);
  tracks.setMode(true);
  await settled();
  assert.deepEqual(app.asked, ["/images/1/tracks?labels=1,2,3,4"]);
  assert.equal(tracks.tracks.size, 4);
  app.objectsChanged.emit();
  await settled();
  assert.equal(app.asked.length, 1);
  known.set(1, track(1, 0, 2));
  app.document.objects.update([{ ...app.document.objects.get(1) }], [4]);
  app.objectsChanged.emit();
  await settled();
  assert.equal(app.asked[1], "/images/1/tracks?labels=1,2,3");
  assert.equal(tracks.tracks.get(1).places.length, 3);
  assert.equal(tracks.tracks.has(4), false);
});

test("edits name the selected nodes in the order of time, and say what is missing", async () => {
  const app = application(new Map([[1, track(1, 0, 3)], [2, track(2, 4, 9)], [3, track(3, 4, 9)]]));
  const tracks = new Tracks(app);
  tracks.setMode(true);
  await settled();
  tracks.connect();
  assert.match(app.said[0], /^Select an object/);
  tracks.select([{ t: 4, label: 2 }, { t: 3, label: 1 }]);
  tracks.connect();
  tracks.select([{ t: 4, label: 2 }, { t: 3, label: 1 }, { t: 4, label: 3 }]);
  tracks.connect();
  tracks.select([{ t: 5, label: 2 }, { t: 5, label: 3 }]);
  tracks.swap();
  tracks.scope.set("past");
  tracks.cut();
  tracks.scope.set("");
  tracks.select([{ t: 5, label: 2 }]);
  tracks.cut();
  tracks.remove();
  assert.deepEqual(app.performed.map(({ edit, scope, nodes }) => [edit, scope, nodes]), [
    ["connect", undefined, [[3, 1], [4, 2]]], ["divide", undefined, [[3, 1], [4, 2], [4, 3]]], ["swap", undefined, [[5, 2], [5, 3]]],
    ["break", "future", [[5, 3]]], ["break", undefined, [[5, 2]]], ["delete", undefined, [[5, 2]]],
  ]);
  assert.deepEqual(tracks.nodes.current, []);
});

test("what is selected in the image is selected in the tree", async () => {
  const app = application(new Map([[1, track(1, 0, 3)], [2, track(2, 4, 9)]]));
  const tracks = new Tracks(app);
  tracks.setMode(true);
  await settled();
  app.selection.set(new Set([1]));
  app.document.plane = { t: 6, z: 0 };
  app.selection.set(new Set([1, 2]));
  assert.deepEqual(tracks.nodes.current, [{ t: 0, label: 1 }, { t: 6, label: 2 }]);
  app.selection.set(new Set([2]));
  assert.deepEqual(tracks.nodes.current, [{ t: 6, label: 2 }]);
  tracks.restore();
  assert.deepEqual([...app.selection.current], [1, 2]);
});

test("tracks belong to movies of one slice", () => {
  assert.equal(isMovie({ shape: { t: 5, z: 1 } }), true);
  assert.equal(isMovie({ shape: { t: 5, z: 3 } }), false);
  assert.equal(isMovie({ shape: { t: 1, z: 9 } }), false);
  assert.equal(isMovie(undefined), false);
  const app = application(new Map());
  app.document.image.shape = { t: 1, z: 4 };
  const tracks = new Tracks(app);
  tracks.setMode(true);
  assert.equal(tracks.mode.current, false);
  assert.match(app.said[0], /^Tracks belong to movies/);
});
