// The classes that objects can have.

/** @typedef {import("./app.js").App} App */

/**
 * Classes of this user, of the project, and of the open image, in this order.
 * @param {App} app
 */
export function learnClasses(app) {
  const names = new Set([...app.settings.current.classes, ...(app.project?.classes ?? [])]);
  for (const row of app.document?.objects.all() ?? []) if (row.class) names.add(row.class);
  if (names.size !== app.classes.current.length) app.classes.set([...names]);
}

/**
 * @param {App} app
 * @param {string} name
 */
export function addClass(app, name) {
  const word = name.trim();
  if (!word || app.classes.current.includes(word)) return;
  app.classes.set([...app.classes.current, word]);
  app.settings.change({ classes: app.classes.current });
}
