// Windows over the page.

import { h, iconButton } from "./dom.js";

/**
 * Opens a window; it is gone when it is closed.
 * @param {string} title
 * @param {(Node|string|null)[]} content
 * @param {{wide?: boolean, closed?: () => void}} [options]
 */
export function openDialog(title, content, options) {
  const { wide = false, closed } = options ?? {};
  /** @type {HTMLDialogElement} */
  const dialog = h("dialog", { class: wide ? "wide" : "", "aria-label": title, onclose: () => { dialog.remove(); closed?.(); } },
    h("header", {}, h("h1", {}, title), iconButton("close", "Close", () => dialog.close(), "Esc")),
    h("div", { class: "dialog-body" }, ...content));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
