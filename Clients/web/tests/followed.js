// A stack of nine slices with an object in work, for tests; the test is the server.

import assert from "node:assert/strict";
import { UnreachableError } from "../model/api.js";
import { openedApp } from "./opened-app.js";

export const MASK = { box: [10, 10, 12, 12], runs: [0, 4] };
export const PART = { box: [10, 10, 12, 13], runs: [0, 6] };
export const SUMMARY = { id: 1, name: "a", shape: { t: 2, z: 9, y: 300, x: 300, c: 1 }, edit: 0, canUndo: false, canRedo: false,
  channels: [], levels: [] };
export const POINT = /** @type {any} */ ({ type: "point", y: 11, x: 11, label: "positive" });
export const STOP = { ...POINT, label: "negative" };

export class FakeApi {
  constructor() {
    /** @type {{method: string, path: string, body: any}[]} */
    this.sent = [];
    /** @type {any} */
    this.state = null;
    this.before = () => undefined;
  }

  async labels() { return { hash: "h", data: new Uint32Array(65536) }; }

  async get(path) {
    if (path.includes("/volume/")) return this.state;
    if (path.endsWith("/objects")) return { edit: 0, objects: [] };
    if (path.endsWith("/labels")) return { edit: 0, tiles: [] };
    return structuredClone(SUMMARY);
  }

  async post(path, body) {
    if (path.endsWith("/prepare")) return { state: "ready" };
    this.sent.push({ method: "post", path, body: structuredClone(body) });
    if (path.endsWith("/predict")) return { masks: body.objects.map(({ id }) => ({ id, mask: MASK, score: 0.9, stability: 1 })) };
    if (path.includes("/volume/")) this.before();
    if (path.includes("/volume/")) return { run: path.split("/").at(-1).toUpperCase(), revision: body.revision, state: "running" };
    throw new UnreachableError();
  }

  async delete(path) { this.sent.push({ method: "delete", path, body: null }); }

  /** What was asked about runs. */
  get volumes() { return this.sent.filter(({ path }) => path.includes("/volume/")); }
}

export async function opened() {
  const api = new FakeApi();
  const app = await openedApp(api);
  /** @type {string[]} */
  const said = [];
  app.notices.listen(({ text }) => said.push(text));
  return { api, app, volume: app.volume, said };
}

export async function until(test) {
  for (let i = 0; i < 400 && !test(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(test());
}

/** Opens the stack, clicks on an object in slice 4, and sends it through the volume. */
export async function followed() {
  const all = await opened();
  const { app, volume, api } = all;
  app.current?.add(POINT);
  await until(() => app.current?.hasMask && !app.current.isBusy);
  volume.start();
  await until(() => api.volumes.length === 1);
  const news = (/** @type {any} */ more) => volume.take({ run: volume.run.toUpperCase(), revision: volume.revision, state: "running", ...more });
  return { ...all, news };
}

/** Opens the stack, clicks on two objects in slice 4, and sends both through the volume. */
export async function bothFollowed() {
  const all = await opened();
  const { app, volume, api } = all;
  app.current?.add(POINT);
  app.current?.add({ ...POINT, x: 50 }, true);
  await until(() => app.current?.groups.every(({ mask }) => mask) && !app.current.isBusy);
  volume.start();
  await until(() => api.volumes.length === 1);
  return all;
}
