// An object of several planes: prompts on a plane where it has no pixels yet can add to it.

import { hasPlanes, isBetween } from "./planes.js";

/** @typedef {import("./app.js").App} App */

/**
 * The selected object if it has no pixels on the plane that is shown; otherwise null.
 * @param {App} app
 * @returns {number|null}
 */
export function continuable(app) {
  const { document, selection } = app;
  if (!document || !hasPlanes(document.image.shape) || selection.current.size !== 1) return null;
  const [label] = selection.current;
  const row = document.objects.get(label);
  if (!row) return null;
  return isBetween(row, document.plane) && document.labels.holds(label, row.box) ? null : label;
}

/**
 * The object to which the next commit adds its pixels; null: it makes a new one, or changes a reopened one.
 * @param {App} app
 * @param {import("./current.js").CurrentObject|null} current
 */
export function continued(app, current) {
  if (!current || current !== app.current || current.replaces || current.groups.length !== 1) return null;
  return app.settings.current.continues ? continuable(app) : null;
}
