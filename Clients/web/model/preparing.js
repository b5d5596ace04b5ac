// Has the model read what is shown, so that masks are there before a click.

/**
 * Has the model read the plane that is shown; events tell how far it is.
 * @param {import("./app.js").App} app
 */
export async function prepare(app) {
  const { document } = app;
  if (!document) return;
  const { plane } = document;
  app.modelState.set("");
  try {
    const { state } = await app.api.post(`${document.address}/prepare`, { ...plane, client: app.client });
    if (document !== app.document || plane !== document.plane || app.modelState.current !== "") return;
    app.modelState.set(state ?? "");
    if (state === "ready") app.hover?.again();
  } catch {
    // Without a model, or without a connection, brush and edits work all the same.
  }
}
