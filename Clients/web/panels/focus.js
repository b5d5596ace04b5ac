// After a click on a control the keys belong to the image again. Who goes by the keyboard keeps the focus.

import { byId } from "./dom.js";

export function installFocus() {
  const back = () => byId("overlay").focus({ preventScroll: true });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("button, .toggle") : null;
    // A click by the keyboard has no count.
    if (target && event.detail > 0 && !target.closest("dialog") && !document.querySelector("dialog[open]")) back();
  });
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement && !event.target.closest("dialog")) back();
  });
}
