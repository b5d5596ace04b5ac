// Light or dark, as the system has it or as the user wants it.

/** @typedef {import("../model/app.js").App} App */

/** @param {App} app */
export function installTheme(app) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const { theme } = app.settings.current;
    const name = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    if (document.documentElement.dataset.theme === name) return;
    document.documentElement.dataset.theme = name;
    app.theme = {
      stage: name === "dark" ? [0.043, 0.051, 0.067] : [0.87, 0.89, 0.91],
      accent: [0.13, 0.86, 0.77], preview: [1, 0.8, 0.2],
    };
    app.redraw.emit();
  };
  dark.addEventListener("change", show);
  app.settings.value.watch(show);
}
