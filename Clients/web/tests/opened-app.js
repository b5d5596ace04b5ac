// The page's model before a server that a test plays.
import { afterEach } from "node:test";
import { App } from "../model/app.js";
import { Outbox } from "../model/outbox.js";
import { MemoryStore } from "../model/store.js";

/** @type {App[]} */
const apps = [];
afterEach(() => {
  for (const app of apps.splice(0)) {
    app.outbox?.close();
    Object.values(app.timers).forEach(clearTimeout);
  }
});

/** Opens the first image; all of it ends with the test. */
export async function openedApp(/** @type {any} */ api) {
  const app = new App(api, null);
  app.planeMemory.planes.clear();
  apps.push(app);
  app.client = "client";
  app.outbox = new Outbox(api, new MemoryStore(), "project", "client", () => app.document?.edit ?? 0);
  await app.open(1);
  return app;
}
