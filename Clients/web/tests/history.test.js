import test from "node:test";
import assert from "node:assert/strict";
import { EditHistory } from "../model/history.js";

/** A server with edits that follow each other; what was asked is noted. */
function server(count) {
  const edits = Array.from({ length: count }, (_, i) => edit(i + 1, i));
  const asked = [];
  const own = { edits, asked, current: count, request: async (limit) => {
    asked.push(limit);
    return { current: own.current, edits: [...own.edits].reverse().slice(0, limit ?? Infinity) };
  } };
  return own;
}

function edit(number, parent) {
  return { edit: number, parent, time: "2026-01-01T00:00:00Z", client: "", kind: "paint", words: `${number}`, undone: false };
}

test("every one of many edits is reached", async () => {
  const { request, asked } = server(1234);
  const history = new EditHistory(request);
  await history.read();
  assert.equal(history.edits.length, 1234);
  assert.deepEqual(history.edits.slice(0, 2).map((one) => one.edit), [1234, 1233]);
  assert.equal(history.words(1234), "Step 1234 of 1234. Undo has no limit.");
  assert.equal(history.words(3), "Step 3 of 1234. Undo has no limit.");
  assert.deepEqual([history.editAt(0), history.editAt(1), history.editAt(1234)], [0, 1, 1234]);
  assert.deepEqual(asked, [200, null]);
});

test("what is known is not read again", async () => {
  const own = server(700);
  const history = new EditHistory(own.request);
  await history.read();
  own.edits.push(edit(701, 700));
  own.current = 701;
  own.asked.length = 0;
  await history.read();
  assert.deepEqual(own.asked, [200]);
  assert.equal(history.words(701), "Step 701 of 701. Undo has no limit.");
});

test("after more edits than the latest ones hold, all are read", async () => {
  const own = server(300);
  const history = new EditHistory(own.request);
  await history.read();
  for (let i = 301; i <= 800; i++) own.edits.push(edit(i, i - 1));
  own.current = 800;
  await history.read();
  assert.equal(history.way.length, 800);
});

test("with many edits undone, those that count are reached still", async () => {
  const own = server(1300);
  const history = new EditHistory(own.request);
  await history.read();
  own.current = 650;
  await history.read();
  assert.equal(history.words(650), "Step 650 of 650. Undo has no limit.");
  assert.equal(history.editAt(2), 2);
  assert.equal(history.placeOf(651), null);
  assert.match(history.words(1000), /^This edit is undone/);
  own.current = 0;
  await history.read();
  assert.equal(history.edits.length, 1300);
  assert.equal(history.words(0), "All is undone. Redo brings it back.");
});

test("edits of another branch are undone", async () => {
  const own = server(3);
  own.edits.push(edit(4, 1), edit(5, 4));
  own.current = 5;
  const history = new EditHistory(own.request);
  await history.read();
  assert.deepEqual(history.way.map((one) => one.edit), [1, 4, 5]);
  assert.deepEqual(history.edits.filter((one) => history.placeOf(one.edit) === null).map((one) => one.edit), [3, 2]);
});

test("an answer that comes late changes nothing", async () => {
  const own = server(2);
  let late = () => {};
  let isFirst = true;
  const history = new EditHistory((limit) => {
    const answer = own.request(limit);
    if (!isFirst) return answer;
    isFirst = false;
    return new Promise((resolve) => { late = () => resolve(answer); });
  });
  const first = history.read();
  own.edits.push(edit(3, 2));
  own.current = 3;
  assert.equal(await history.read(), true);
  late();
  assert.equal(await first, false);
  assert.equal(history.current, 3);
});

test("without edits nothing has been done", async () => {
  const history = new EditHistory(server(0).request);
  await history.read();
  assert.equal(history.words(0), "Nothing has been done yet.");
});
