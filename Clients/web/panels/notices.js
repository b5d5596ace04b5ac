// Short messages that go away by themselves.

import { h, byId, iconButton } from "./dom.js";

const MOST = 3;

/** @param {import("../model/app.js").App} app */
export function notices(app) {
  const place = byId("notices");
  app.notices.listen(({ text, kind = "plain", action, seconds = kind === "problem" ? 8 : 4 }) => {
    for (const other of place.children) if (/** @type {HTMLElement} */ (other).dataset.text === text) other.remove();
    const notice = h("div", { class: `notice ${kind}`, data: { text } }, h("span", {}, text));
    const remove = () => notice.remove();
    if (action) notice.append(h("button", { type: "button", class: "plain", onclick: () => { action.run(); remove(); } }, action.words));
    notice.append(iconButton("close", "Close", remove));
    place.append(notice);
    while (place.children.length > MOST) place.firstElementChild?.remove();
    setTimeout(remove, seconds * 1000);
  });
}
