// A first round in five steps, each of which ends by being done.

import { h, byId, icon, iconButton } from "./dom.js";

/** @typedef {import("../model/app.js").App} App */

const STEPS = [
  { wants: ["preview"], title: "See a mask", words: "Move the pointer over an object. Its mask appears before you click." },
  { wants: ["prompt"], title: "Take it", words: "Click on the object. The bar below offers masks from small to large." },
  { wants: ["commit"], title: "Commit it", words: "Press C. The object is saved, and the next one can follow at once." },
  { wants: ["accept"], title: "All at once", words: "Open “Automatic” on the right, segment the image, and accept the objects you like." },
  { wants: ["undo"], title: "Undo", words: "Press Ctrl Z. Everything can be undone, always, even after a restart." },
];

/** @param {App} app */
export function tour(app) {
  const box = byId("tour");
  let step = 0;
  let isRunning = false;
  const marks = h("ol", { class: "tour-steps", "aria-label": "Steps" });
  const title = h("h2", {}), words = h("p", {});
  box.append(h("header", {}, title, iconButton("close", "End the tour", () => end())), words, marks);
  const show = () => {
    box.hidden = !isRunning;
    if (!isRunning) return;
    const isOver = step >= STEPS.length;
    title.textContent = isOver ? "That was all" : STEPS[step].title;
    words.textContent = isOver ? "You know what matters. The key ? shows the rest." : STEPS[step].words;
    marks.replaceChildren(...STEPS.map((one, i) => h("li", { class: i < step ? "done" : i === step ? "now" : "", title: one.title }, i < step ? icon("check") : String(i + 1))));
    if (isOver) setTimeout(end, 6000);
  };
  const end = () => {
    isRunning = false;
    app.settings.change({ tourDone: true });
    show();
  };
  app.happened.listen((event) => {
    if (!isRunning || step >= STEPS.length || !STEPS[step].wants.includes(event)) return;
    step++;
    show();
  });
  const start = () => {
    step = 0;
    isRunning = true;
    show();
  };
  return { start };
}
